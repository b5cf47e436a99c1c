"""Canonical labels for nodes without an id: RDF Dataset Canonicalization 1.0 (RDFC-1.0), within limits.

Written here because the processor's own canonicaliser labels nodes otherwise than the standard where equal statements
stand in several unnamed graphs (as the proofs of two equal endorsements do), and because its work cannot be bounded:
a document of 7 kB keeps it busy for fifteen seconds (§7.1 Dataset Poisoning).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

import pyoxigraph as ox

from badges.errors import TooLarge

MOST_STEPS = 10_000
"""Neighbours looked at while telling nodes apart of which the same is said; under a tenth of a second."""

_TANGLED = "Too many objects without an id say the same and point at each other; give them ids."

Line = tuple[str, str, str, str]
"""Subject, predicate, object and graph as N-Quads writes them; the default graph is empty."""

_POSITIONS = ((0, "s"), (2, "o"), (3, "g"))


Digest = Literal["sha256", "sha384"]
"""Hash functions that tell nodes apart; the second goes with P-384 keys alone (ECDSA §3.2)."""


def canonical_lines(lines: Iterable[Line], *, digest: Digest = "sha256") -> list[str]:
    """The statements in canonical N-Quads, sorted, each with its line feed. Raises `TooLarge`."""
    lines = dict.fromkeys(lines)  # a dataset is a set
    try:
        labels = _Labelling(lines, digest).labels()
    except RecursionError as error:
        raise TooLarge(_TANGLED) from error
    return sorted(_written(line, labels) for line in lines)


def line(quad: ox.Quad) -> Line:
    """A statement as text."""
    subject, predicate, value, graph = quad
    return str(subject), str(predicate), str(value), "" if isinstance(graph, ox.DefaultGraph) else str(graph)


def _written(line: Line, labels: dict[str, str]) -> str:
    subject, predicate, value, graph = line
    named = f"{labels.get(subject, subject)} {predicate} {labels.get(value, value)}"
    return f"{named} {labels.get(graph, graph)} .\n" if graph else f"{named} .\n"


def _is_blank(term: str) -> bool:
    return term[:2] == "_:"


def _blank_in(line: Line) -> set[str]:
    subject, _, value, graph = line
    found = {subject} if subject[:2] == "_:" else set()  # step by step, as it is asked of every statement twice
    if value[:2] == "_:":
        found.add(value)
    if graph[:2] == "_:":
        found.add(graph)
    return found


class _Issuer:
    """Hands out labels in order (§4.5)."""

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self._prefix = prefix
        self.issued = dict(issued or {})

    def issue(self, node: str) -> str:
        return self.issued.setdefault(node, f"{self._prefix}{len(self.issued)}")

    def copy(self) -> "_Issuer":
        return _Issuer(self._prefix, self.issued)


class _Labelling:
    """The state of one run (§4.2)."""

    def __init__(self, lines: Iterable[Line], digest: Digest) -> None:
        self._new = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}[digest]
        self._lines: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            for node in _blank_in(line):
                self._lines[node].append(line)
        self._first: dict[str, str] = {}
        self._canonical = _Issuer("_:c14n")
        self._steps = 0

    def labels(self) -> dict[str, str]:
        """Per blank node its canonical label (§4.4.3; the numbers are those of its steps)."""
        # 3. What is said of each node, the others unnamed.
        alike: dict[str, list[str]] = defaultdict(list)
        for node in self._lines:
            self._first[node] = self._hash_first_degree(node)
            alike[self._first[node]].append(node)
        # 4. Nodes of which something is said that is said of no other.
        for found in sorted(alike):
            if len(alike[found]) == 1:
                self._canonical.issue(alike[found][0])
        # 5. The others, told apart by what surrounds them.
        for found in sorted(alike):
            paths = []
            for node in alike[found]:
                if node not in self._canonical.issued:
                    issuer = _Issuer("_:b")
                    issuer.issue(node)
                    paths.append(self._hash_n_degree(node, issuer))
            for _, issuer in sorted(paths, key=lambda path: path[0]):
                for node in issuer.issued:
                    self._canonical.issue(node)
        return self._canonical.issued

    def _hash_first_degree(self, node: str) -> str:
        """§4.6.3."""
        written = []
        for line in self._lines[node]:
            others = _blank_in(line)
            names = dict.fromkeys(others, "_:z") | {node: "_:a"} if len(others) > 1 else {node: "_:a"}
            written.append(_written(line, names))
        return self._hash("".join(sorted(written)))

    def _hash_related(self, related: str, predicate: str, issuer: _Issuer, position: str) -> str:
        """§4.7.3."""
        known = self._canonical.issued.get(related) or issuer.issued.get(related) or self._first[related]
        return self._hash(position + ("" if position == "g" else predicate) + known)

    def _hash_n_degree(self, node: str, issuer: _Issuer) -> tuple[str, _Issuer]:
        """§4.8.3."""
        # 3. Neighbours by how they are related.
        neighbours: dict[str, list[str]] = defaultdict(list)
        for line in self._lines[node]:
            for i, position in _POSITIONS:
                if _is_blank(line[i]) and line[i] != node:
                    self._step()
                    neighbours[self._hash_related(line[i], line[1], issuer, position)].append(line[i])
        # 5. Of the neighbours that are related alike, the order that gives the least path.
        data = []
        for related in sorted(neighbours):
            chosen: tuple[str, _Issuer] | None = None
            for order in _orders(neighbours[related]):
                found = self._path(order, issuer.copy(), chosen[0] if chosen else None)
                if found and (chosen is None or found[0] < chosen[0]):
                    chosen = found
            if chosen:
                data.append(related + chosen[0])
                issuer = chosen[1]
        return self._hash("".join(data)), issuer

    def _path(self, order: Iterable[str], issuer: _Issuer, best: str | None) -> tuple[str, _Issuer] | None:
        """§4.8.3 steps 5.4.1 to 5.4.5: the path in this order, or nothing as soon as it cannot be the least."""
        path = ""
        unlabelled = []
        for node in order:
            self._step()
            if node in self._canonical.issued:
                path += self._canonical.issued[node]
            else:
                if node not in issuer.issued:
                    unlabelled.append(node)
                path += issuer.issue(node)
            if _cannot_be_least(path, best):
                return None
        for node in unlabelled:
            found, after = self._hash_n_degree(node, issuer)
            path += f"{issuer.issue(node)}<{found}>"
            issuer = after
            if _cannot_be_least(path, best):
                return None
        return path, issuer

    def _hash(self, text: str) -> str:
        return self._new(text.encode()).hexdigest()

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooLarge(_TANGLED)


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """The permutations that differ: a node is there once for each statement that relates it in this way."""
    different = dict.fromkeys(nodes)
    if len(different) == 1:
        yield nodes
        return
    for first in different:
        rest = nodes.copy()
        rest.remove(first)
        for order in _orders(rest):
            yield [first, *order]


def _cannot_be_least(path: str, best: str | None) -> bool:
    return best is not None and len(path) >= len(best) and path > best
