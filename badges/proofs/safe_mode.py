"""Safe mode: whatever a signature would not cover is refused (VC Data Integrity §2.4.3; OB 3.0 certification, 2025-12).

Neither JSON-LD processor for Python has one: keys, types and relative ids that no context defines are dropped without
a word. Instead of writing a second processor, the real one is asked. It is given the document with a mark, a made-up
absolute IRI, in place of every value, and a made-up id for every object: a mark that does not come out among the
statements stood where nothing is signed. Where an object has fewer types than it states, each is tried on a further
object in the same place.

What comes out depends on the shape of a document alone (keys, nesting, types, contexts), so each shape is tried once,
and of items alike in a list one is. Strings that become IRIs depend on their value too: they have to be absolute, or
terms of the vocabulary, which is tried too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
import pyoxigraph as ox

from badges.documents import Document, pointer_to
from badges.errors import NotConformant, UndefinedTerm
from badges.proofs.compacted import SCHEMES
from badges.proofs.marking import TYPES, Marking, Path, Place, Shape, shape
from badges.proofs.remembering import Findings, remembered
from badges.proofs.statements import statements
from badges.proofs.vocabulary import RDF_TYPE, graph_terms, meanings, named

RDF_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
_MARK = re.compile(r"urn:mark:(\d+):")


def refuse_unsigned(document: Document) -> None:
    """Returns when every value of `document` reaches the statements, under the term that readers know.

    Raises `UndefinedTerm` or `NotConformant`, naming the first JSON pointer that does not, and `UnknownContext`.
    """
    for part in _parts(document):
        found = _told(part)
        for pointer in found.lost:
            raise UndefinedTerm(
                f"What stands at {pointer[:200]} is not defined by the contexts, so no signature would cover it.",
                pointer=pointer,
            )
        for pointer in found.renamed:
            raise NotConformant("This stands under another term than the published one.", pointer=pointer)


def lost_values(document: Document) -> list[str]:
    """JSON pointers of what would not reach the statements; of what is lost as a whole, only the outermost.

    Raises `NotConformant` for what is no JSON-LD, `UnknownContext` and `TooLarge`.
    """
    whole, *proofs = _parts(document)
    lost = [*_told(whole).lost]
    for part in proofs:
        found = (pointer or "/proof" for pointer in _told(part).lost)
        lost += [pointer for pointer in found if f"{pointer}/".startswith("/proof/")]
    return lost


@dataclass(frozen=True)
class _Told:
    """JSON pointers of what is not signed, and of what is under another term."""

    lost: tuple[str, ...]
    renamed: tuple[str, ...]


_SIGNED: Findings[_Told] = Findings(4096)
"""Of documents of which nothing has to be told, for they are asked about again for each of their proofs."""


def _told(part: Document) -> _Told:
    try:
        written = orjson.dumps(part)
    except TypeError as error:
        raise NotConformant(f"The document cannot be written as JSON: {error}.") from error
    return _SIGNED.of(written, lambda: _told_anew(part), worth=lambda told: not (told.lost or told.renamed))


def _told_anew(part: Document) -> _Told:
    form = shape(part)
    renamed = form.places(part, _tried(form.text).renamed)
    return _Told(tuple(_lost(part, form)), tuple(pointer_to(*path) for path, _ in renamed))


def _parts(document: Document) -> list[Document]:
    """The document without its proofs, which is what a proof is over and hence tried anyway; and its proofs.

    What becomes of a proof depends on the contexts and types around it (JSON-LD 1.1 §4.1), not on what else is said.
    """
    if "proof" not in document:
        return [document]
    around = {name: document[name] for name in ("@context", "id", *TYPES, "proof") if name in document}
    return [{name: value for name, value in document.items() if name != "proof"}, around]


def _lost(document: Document, form: Shape) -> list[str]:
    verdict = _tried(form.text)
    lost = [path for path, _ in form.places(document, verdict.lost)]
    strings = [(path, value) for path, value in form.places(document, verdict.iris) if isinstance(value, str)]
    lost += [path for path, value in strings if path[-1] == "id" and not _is_id(value)]
    doubtful = [path for path, value in strings if path[-1] != "id" and not _is_written_out(value)]
    if doubtful:
        form = shape(document, doubtful)
        lost += [path for path, _ in form.places(document, _unresolved(form.text))]
    return [pointer_to(*path) for path in lost]


@dataclass(frozen=True)
class _Verdict:
    """Paths in a shape."""

    lost: tuple[Path, ...]
    renamed: tuple[Path, ...]
    iris: tuple[Path, ...]
    """Where strings become IRIs."""


@dataclass
class _Sightings:
    """What came out, by the numbers of marks."""

    said: dict[int, str] = field(default_factory=dict)
    """The predicate that leads to it; for what stands at the top, none."""
    types: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    iris: set[int] = field(default_factory=set)
    in_json: set[int] = field(default_factory=set)
    """Inside JSON literals, where nulls and types are data."""

    def arrived(self, number: int, kind: str) -> bool:
        if number in self.in_json:
            return True
        return number in self.said and kind != "null" and (kind != "type" or number in self.types)


@remembered
def _tried(form: bytes) -> _Verdict:
    whole = orjson.loads(form)
    marking, quads = _marked(form)
    seen = _seen(marking, quads)
    # Two types may be one IRI; where fewer came out than stand there, each is tried on its own.
    doubted = frozenset(path for n, (path, types) in marking.types.items() if len(seen.types.get(n, ())) < len(types))
    if doubted:
        marking = Marking(doubted=doubted)
        seen = _seen(marking, statements(marking.marked(whole)))
    places = marking.places
    urls = frozenset(_urls(whole))
    # A graph is made of objects: where a term stands for one, processors do not agree on what a string is.
    graphs = graph_terms(urls)
    lost: set[int] = set()
    for n, place in enumerate(places):
        string_for_graph = place.kind == "value" and place.key in graphs
        if place.parent in lost or string_for_graph or not seen.arrived(n, place.kind):
            lost.add(n)  # parents come first: what is linked only to something lost is lost with it
    known = meanings(urls)
    renamed = [n for n, iri in seen.said.items() if iri in known and places[n].key not in known[iri]]
    return _Verdict(
        lost=_outermost({places[n].path for n in lost}, places),
        renamed=tuple(places[n].path for n in renamed),
        iris=tuple(
            place.path
            for n, place in enumerate(places)
            if n in seen.iris and (place.kind == "value" or place.path[-1:] == ("id",))
        ),
    )


@lru_cache(maxsize=1)
def _marked(form: bytes) -> tuple[Marking, list[ox.Quad]]:
    """What a shape says with marks in it; the last, because it is asked for twice in a row (`_unresolved`)."""
    marking = Marking()
    return marking, statements(marking.marked(orjson.loads(form)))


def _seen(marking: Marking, quads: list[ox.Quad]) -> _Sightings:
    seen = _Sightings()
    graphs: dict[ox.BlankNode, tuple[int, str]] = {}
    for subject, predicate, value, _ in quads:
        for n in _marks(subject):
            seen.iris.add(n)
            if marking.places[n].parent is None:
                seen.said[n] = ""
            if predicate.value == RDF_TYPE:
                seen.types[n].add(str(value))
            elif isinstance(value, ox.BlankNode):
                graphs[value] = n, predicate.value
        if isinstance(value, ox.Literal) and value.datatype.value == RDF_JSON:
            seen.in_json.update(_marks(value))
        elif predicate.value != RDF_TYPE:  # types stand there as they are, and might look like marks
            seen.said.update(dict.fromkeys(_marks(value), predicate.value))
            seen.iris.update(_marks(value) if isinstance(value, ox.NamedNode) else ())
    for subject, _, _, graph in quads:
        if isinstance(graph, ox.BlankNode) and graph in graphs:
            owner, predicate_of_graph = graphs[graph]
            seen.said |= {n: predicate_of_graph for n in _marks(subject) if marking.places[n].parent == owner}
    return seen


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


def _outermost(lost: set[Path], places: Iterable[Place]) -> tuple[Path, ...]:
    """The lost paths, one for all that lie below something of which nothing arrived."""
    numbers: dict[tuple[int, str | int], int] = {}
    whole: Counter[int] = Counter()
    missing: Counter[int] = Counter()
    for path in dict.fromkeys(place.path for place in places) if lost else ():
        is_lost = path in lost
        for number in _numbered(path, numbers):
            whole[number] += 1
            missing[number] += is_lost
    found = dict.fromkeys(
        next((path[:end] for end, n in enumerate(_numbered(path[:-1], numbers), 1) if missing[n] == whole[n]), path)
        for path in sorted(lost, key=str)
        if path
    )
    return tuple(found) or (((),) if lost else ())


def _numbered(path: Path, numbers: dict[tuple[int, str | int], int]) -> Iterator[int]:
    """A number for each beginning of a path, the same whenever it begins another."""
    here = 0
    for step in path:
        here = numbers.setdefault((here, step), len(numbers) + 1)
        yield here


def _is_id(value: str) -> bool:
    """Whether an `id` names a node: an absolute IRI, or the label of a blank node."""
    return value.startswith("_:") or _is_absolute(value)


def _is_written_out(value: str) -> bool:
    """Whether it is an IRI whatever the vocabulary says."""
    return value.partition(":")[0] in SCHEMES and _is_absolute(value)


def _is_absolute(value: str) -> bool:
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return True


@remembered
def _unresolved(form: bytes) -> list[Path]:
    """Of the strings that this shape has as they are, those that are neither terms of the vocabulary nor IRIs.

    All are put in at once; where an object then says less by some member than with marks, those are lost.
    """
    marking, marks = _marked(form)
    strings = statements(Marking(as_is=True).marked(orjson.loads(form)))
    missing = Counter(map(_member, marks))
    missing.subtract(map(_member, strings))
    places = [(marking.places[n].path, quad) for quad in marks for n in _marks(quad.object)]
    lost = [path for path, quad in places if path in marking.strings and missing[_member(quad)] > 0]
    return lost or (list(marking.strings) if len(strings) < len(marks) else [])


def _member(quad: ox.Quad) -> tuple[str, str]:
    """Subject, as far as it has a name, and predicate."""
    return "" if isinstance(quad.subject, ox.BlankNode) else str(quad.subject), quad.predicate.value
