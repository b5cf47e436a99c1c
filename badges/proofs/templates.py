"""What documents of one shape say, worked out once and then filled in.

An issuer's badges differ in what stands in them, seldom in their members, types and contexts, and what a JSON-LD
processor makes of a document depends on those alone, but for strings that become IRIs: these are expanded by the
vocabulary unless they are IRIs as they stand. So the processor is asked about a shape: about a document with a mark, a
made-up absolute IRI, in place of each of its strings. The statements that come back are those of every document of that
shape, with its own strings in place of the marks. Wherever that may not hold, the processor is asked about the
document itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import count
from typing import Any

import orjson
import pyoxigraph as ox

from badges.documents import Document
from badges.errors import BadgeError
from badges.proofs.blank_nodes import Line, line
from badges.proofs.compacted import SCHEMES
from badges.proofs.remembering import Findings
from badges.proofs.statements import statements

LONGEST_SHAPE = 8_192
"""Bytes as JSON text; that of a badge with endorsements has some 3,000."""
MOST_SHAPES = 128

_PLAIN = re.compile(r'[^\x00-\x1f"\\\x7f\ud800-\udfff\ufffe\uffff]*')
"""What stands in a literal as it is; the library writes the rest."""


def lines(document: Document) -> Iterable[Line]:
    """What a JSON-LD document in compacted form (`compacted.py`) says: the `statements` of it, which see for what is
    raised.
    """
    strings: list[str] = []
    try:
        shape = orjson.dumps(_emptied(document, strings))
    except TypeError:  # as no JSON has it; the processor says so
        shape = b""
    template = _template(shape) if 0 < len(shape) <= LONGEST_SHAPE and _was_sighted(shape) else None
    found = template.filled(strings) if template else None
    return map(line, statements(document)) if found is None else found


_SIGHTED: Findings[None] = Findings(4_096)


def _was_sighted(shape: bytes) -> bool:
    """Whether a document of this shape was asked about before: a shape is worked out when it comes again."""
    is_first: list[bool] = []
    _SIGHTED.of(shape, lambda: is_first.append(True))
    return not is_first


def _emptied(value: Any, strings: list[str]) -> Any:
    """`value` with every string replaced by the empty one, but for those that decide how others are read."""
    if isinstance(value, str):
        strings.append(value)
        return ""
    if isinstance(value, dict):
        return {key: child if _decides(key) else _emptied(child, strings) for key, child in value.items()}
    return [_emptied(child, strings) for child in value] if isinstance(value, list) else value


def _decides(key: str) -> bool:
    return key == "type" or (key[:1] == "@" and key not in ("@id", "@value"))


@dataclass(frozen=True)
class _Slot:
    """Where a string of the document stands in the statements."""

    term: int
    string: int
    ends: str | None
    """What follows a literal: its datatype or language, or nothing. None for IRIs."""


@dataclass(frozen=True)
class _Template:
    terms: tuple[str, ...]
    """In N-Quads; those of slots are marks."""
    slots: tuple[_Slot, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    """Numbers of terms."""

    def filled(self, strings: list[str]) -> list[Line] | None:
        """The statements of a document with these strings, or nothing if the vocabulary has a say in one of them."""
        terms = list(self.terms)
        for slot in self.slots:
            string = strings[slot.string]
            try:
                written = _iri(string) if slot.ends is None else _literal(string) + slot.ends
            except ValueError:  # no IRI, or half a surrogate pair
                return None
            terms[slot.term] = written
        return [(terms[s], terms[p], terms[o], terms[g]) for s, p, o, g in self.lines]


def _iri(string: str) -> str:
    # Such a string is an IRI as it stands: no context makes a prefix of these schemes (compacted.py), and a term that
    # looks like an IRI has to mean itself (JSON-LD 1.1 API §4.2.2 step 14.2.5).
    if string.partition(":")[0] not in SCHEMES:
        raise ValueError(string)
    return str(ox.NamedNode(string))


def _literal(string: str) -> str:
    return f'"{string}"' if _PLAIN.fullmatch(string) else str(ox.Literal(string))


@lru_cache(maxsize=MOST_SHAPES)
def _template(shape: bytes) -> _Template | None:
    """What documents of this shape say; nothing where that cannot be told from the shape."""
    emptied = orjson.loads(shape)
    mark = f"urn:mark:{sha256(shape).hexdigest()}:"  # which the shape itself cannot contain
    try:
        quads = statements(_marked(emptied, mark, count()))
    except BadgeError:
        return None
    numbers: dict[str, int] = {}
    found = tuple(_numbered(line(quad), numbers) for quad in quads)
    slots = [_slot(number, term, mark) for term, number in numbers.items() if mark in term]
    return _Template(tuple(numbers), tuple(filter(None, slots)), found) if all(slots) else None


def _numbered(one: Line, numbers: dict[str, int]) -> tuple[int, int, int, int]:
    s, p, o, g = (numbers.setdefault(term, len(numbers)) for term in one)
    return s, p, o, g


def _slot(number: int, term: str, mark: str) -> _Slot | None:
    """None when the mark is a part of something else, as in JSON literals."""
    iri, literal = f"<{mark}", f'"{mark}'
    if term.startswith(iri) and term[len(iri) : -1].isdecimal():
        return _Slot(number, int(term[len(iri) : -1]), None)
    string, quote, ends = term[len(literal) :].partition('"')
    if term.startswith(literal) and quote and string.isdecimal() and mark not in ends:
        return _Slot(number, int(string), ends)
    return None


def _marked(value: Any, mark: str, numbers: Iterator[int]) -> Any:
    """A shape with marks, numbered in the order in which `_emptied` met the strings."""
    if isinstance(value, str):
        return f"{mark}{next(numbers)}"
    if isinstance(value, dict):
        return {key: child if _decides(key) else _marked(child, mark, numbers) for key, child in value.items()}
    return [_marked(child, mark, numbers) for child in value] if isinstance(value, list) else value
