"""Safe mode: whatever a signature would not cover is refused (VC Data Integrity §2.4.3; OB 3.0 certification, 2025-12).

Neither JSON-LD processor for Python has one: keys, types and relative ids that no context defines are dropped without
a word. Instead of writing a second processor, the real one is asked. It is given the document with a mark, a made-up
absolute IRI, in place of every value, and a made-up id for every object: a mark that does not come out among the
statements stood where nothing is signed. A type is tried on a further object in the same place that has that type only.

What comes out depends on the shape of a document alone (keys, nesting, types, contexts), so each shape is tried once.
Strings that become IRIs depend on their value too: they have to be absolute, or are tried as they are.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import pyoxigraph as ox

from badges.documents import Document, pointer_to
from badges.errors import NotConformant, UndefinedTerm
from badges.proofs.compacted import SCHEMES
from badges.proofs.marking import Marking, Path, Place, shape
from badges.proofs.statements import statements
from badges.proofs.vocabulary import RDF_TYPE, graph_terms, meanings, named

RDF_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
_MARK = re.compile(r"urn:mark:(\d+):")


def refuse_unsigned(document: Document) -> None:
    """Returns when every value of `document` reaches the statements, under the term that readers know.

    Raises `UndefinedTerm` or `NotConformant`, naming the first JSON pointer that does not, and `UnknownContext`.
    """
    for pointer in lost_values(document):
        raise UndefinedTerm(
            f"What stands at {pointer[:200]} is not defined by the contexts, so no signature would cover it.",
            pointer=pointer,
        )
    for pointer in _tried(shape(document)).renamed:
        raise NotConformant("This stands under another term than the published one.", pointer=pointer)


def lost_values(document: Document) -> list[str]:
    """JSON pointers of what would not reach the statements; of what is lost as a whole, only the outermost.

    Raises `NotConformant` for what is no JSON-LD, and `UnknownContext`.
    """
    form = shape(document)
    verdict = _tried(form)
    return [
        *verdict.lost,
        *(pointer_to(*path) for path in verdict.iris if not _arrives(form, path, _at(document, path))),
    ]


@dataclass(frozen=True)
class _Verdict:
    lost: tuple[str, ...]
    renamed: tuple[str, ...]
    iris: tuple[Path, ...]
    """Where strings become IRIs."""
    statements: int


@lru_cache(maxsize=512)
def _tried(form: bytes) -> _Verdict:
    marking = Marking()
    whole = orjson.loads(form)
    quads = statements(marking.marked(whole))
    places = marking.places
    urls = frozenset(_urls(whole))
    said, in_json, typed, iris = _sightings(quads, places)
    linked = said.keys() | in_json
    arrived = {"value": linked, "object": linked, "type": (typed & said.keys()) | in_json, "null": in_json}
    # A graph is made of objects: where a term stands for one, processors do not agree on what a string is.
    graphs = graph_terms(urls)
    lost: set[int] = set()
    for n, place in enumerate(places):
        string_for_graph = place.kind == "value" and place.key in graphs
        if n not in arrived[place.kind] or place.parent in lost or string_for_graph:
            lost.add(n)  # parents come first: what is linked only to something lost is lost with it
    return _Verdict(
        lost=_outermost({places[n].path for n in lost}, places),
        renamed=tuple(
            pointer_to(*places[n].path)
            for n, iri in said.items()
            if iri in meanings(urls) and places[n].key not in meanings(urls)[iri]
        ),
        iris=tuple(places[n].path for n in sorted(iris) if places[n].path[-1:] == ("id",) or places[n].kind == "value"),
        statements=len(quads),
    )


def _sightings(quads: list[ox.Quad], places: list[Place]) -> tuple[dict[int, str], set[int], set[int], set[int]]:
    """Per mark the predicate that leads to it; marks inside JSON literals; with a type; that are IRIs."""
    said: dict[int, str] = {}
    in_json: set[int] = set()
    typed: set[int] = set()
    iris: set[int] = set()
    graphs: dict[ox.BlankNode, tuple[int, str]] = {}
    for subject, predicate, value, _ in quads:
        iris.update(_marks(subject))
        said.update({n: "" for n in _marks(subject) if places[n].parent is None})
        if isinstance(value, ox.BlankNode):
            for owner in _marks(subject):
                graphs[value] = owner, predicate.value
        elif isinstance(value, ox.Literal) and value.datatype.value == RDF_JSON:
            in_json.update(_marks(value))
        else:
            said.update(dict.fromkeys(_marks(value), predicate.value))
            iris.update(_marks(value) if isinstance(value, ox.NamedNode) else ())
        if predicate.value == RDF_TYPE:
            typed.update(_marks(subject))
    for subject, _, _, graph in quads:
        if isinstance(graph, ox.BlankNode) and graph in graphs:
            owner, predicate_of_graph = graphs[graph]
            said.update({n: predicate_of_graph for n in _marks(subject) if places[n].parent == owner})
    return said, in_json, typed, iris


def _marks(term: Any) -> list[int]:
    return [int(number) for number in _MARK.findall(term.value)] if isinstance(term, ox.NamedNode | ox.Literal) else []


def _urls(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        yield from named(value.get("@context"))
        for key, child in value.items():
            if key != "@context":
                yield from _urls(child)
    elif isinstance(value, list):
        for child in value:
            yield from _urls(child)


def _outermost(lost: set[Path], places: Iterable[Place]) -> tuple[str, ...]:
    """The lost paths, one for all that lie below something of which nothing arrived."""
    whole: Counter[Path] = Counter()
    missing: Counter[Path] = Counter()
    for path in dict.fromkeys(place.path for place in places):
        for end in range(1, len(path) + 1):
            whole[path[:end]] += 1
            missing[path[:end]] += path in lost
    found = dict.fromkeys(
        next((path[:end] for end in range(1, len(path)) if missing[path[:end]] == whole[path[:end]]), path)
        for path in sorted(lost, key=str)
        if path
    )
    return tuple(pointer_to(*path) for path in found) or (("",) if lost else ())


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def _arrives(form: bytes, path: Path, value: Any) -> bool:
    """Whether the value of a place where strings become IRIs is one. What looks like a keyword is dropped."""
    if not isinstance(value, str):
        return True
    if value.partition(":")[0] in SCHEMES:
        try:
            ox.NamedNode(value)
        except ValueError:
            return False
        return True
    return not value.startswith("@") and _arrives_as_it_is(form, path, value)


@lru_cache(maxsize=512)
def _arrives_as_it_is(form: bytes, path: Path, value: str) -> bool:
    """Whether it makes as many statements as a mark does: a term of the vocabulary, an IRI of a rare scheme."""
    marking = Marking({path: value})
    return len(statements(marking.marked(orjson.loads(form)))) == _tried(form).statements
