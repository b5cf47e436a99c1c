"""Documents with a mark in place of every value, to see where the JSON-LD processor puts it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from badges.documents import Document, as_list
from badges.errors import NotConformant, TooLarge

Path = tuple[str | int, ...]

TYPES = ("type", "@type")
KEPT = frozenset({"@context", "@language", *TYPES})
"""What decides how other values are read."""
MOST_KEPT = 500
"""Different ones in a document; each is read by itself, and the standards define some thirty types."""


@dataclass(frozen=True)
class Shape:
    """All that the fate of values depends on: keys, nesting, types and contexts. Of what is alike in a list it has one.

    What stands in a list is read item by item (JSON-LD 1.1 API §5.1.2 step 5), so of items alike the fate is the same.
    """

    text: bytes
    """As JSON text; of values nothing but whether they are null, but for those that were asked for."""
    _alike: dict[Path, list[int]]
    """Per list in the document that has items alike, by its path: where in the shape each item is."""

    def places(self, document: Document, paths: Iterable[Path]) -> list[tuple[Path, Any]]:
        """Where in the document, whose shape this is, and what there is, for paths in the shape."""
        found: list[tuple[Path, Any]] = []
        self._gather(document, (), _branching(paths), found)
        return found

    def _gather(self, value: Any, path: Path, branches: "_Branches", found: list[tuple[Path, Any]]) -> None:
        if _END in branches:
            found.append((path, value))
        if path in self._alike:
            for i, place in enumerate(self._alike[path]):
                if place in branches:
                    self._gather(value[i], (*path, i), branches[place], found)
            return
        for step, branch in branches.items():
            if step is not _END:
                self._gather(value[step], (*path, step), branch, found)


_Branches = dict[str | int | None, Any]
"""Paths by their first steps; below each step the rest of them."""

_END = None
"""The step after the last one."""


def _branching(paths: Iterable[Path]) -> _Branches:
    branches: _Branches = {}
    for path in paths:
        here = branches
        for step in path:
            here = here.setdefault(step, {})
        here[_END] = {}
    return branches


def shape(document: Document, as_is: Iterable[Path] = ()) -> Shape:
    """The shape of a document, in which the strings at some paths stay as they are.

    Raises `NotConformant` for what JSON text cannot carry, and `TooLarge`.
    """
    reading = _Reading()
    try:
        form = reading.forms[reading.read(document, (), _branching(as_is))]
        return Shape(orjson.dumps(form, option=orjson.OPT_SORT_KEYS), reading.alike)
    except TypeError as error:
        raise NotConformant(f"The document cannot be written as JSON: {error}.") from error


class _Reading:
    """Gives each shape in a document a number, those alike the same."""

    def __init__(self) -> None:
        self.alike: dict[Path, list[int]] = {}
        self.forms: list[Any] = [0, None]
        """Of each number; the first two are those of values and of null."""
        self._numbers: dict[Any, int] = {}
        self._kept: set[int] = set()

    def read(self, value: Any, path: Path, as_is: _Branches) -> int:
        if isinstance(value, dict):
            return self._read_object(value, path, as_is)
        if isinstance(value, list):
            return self._read_list(value, path, as_is)
        return int(value is None)

    def _read_object(self, node: Document, path: Path, as_is: _Branches) -> int:
        members = []
        for key, child in node.items():
            if key in KEPT:
                number = self._number_of_kept(child)
            elif isinstance(child, dict | list):
                number = self.read(child, (*path, key), as_is.get(key, {}))
            else:
                number = self._number(child, child) if key in as_is else int(child is None)
            members.append((key, number))
        form = {key: self.forms[number] for key, number in members}
        return self._number(tuple(sorted(members)), form)

    def _read_list(self, items: list[Any], path: Path, as_is: _Branches) -> int:
        places: dict[int, int] = {}
        alike = []
        for i, child in enumerate(items):
            if isinstance(child, dict | list):
                number = self.read(child, (*path, i), as_is.get(i, {}))
            else:
                number = self._number(child, child) if i in as_is else int(child is None)
            alike.append(places.setdefault(number, len(places)))
        if len(places) < len(items):
            self.alike[path] = alike
        return self._number(("[", *places), [self.forms[number] for number in places])

    def _number_of_kept(self, value: Any) -> int:
        number = self._number(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), value)
        self._kept.add(number)
        if len(self._kept) > MOST_KEPT:
            raise TooLarge(f"The document has more than {MOST_KEPT} different types, languages and contexts.")
        return number

    def _number(self, sign: Any, form: Any) -> int:
        if sign not in self._numbers:
            self._numbers[sign] = len(self.forms)
            self.forms.append(form)
        return self._numbers[sign]


@dataclass(frozen=True)
class Place:
    """What a mark stands for."""

    kind: str
    """`value`, `null`, `type`, or `object`: of the object's id, or of the object where it has none."""
    path: Path
    key: str
    """The member whose value it is."""
    parent: int | None
    """The mark of the object that has that member."""


class Marking:
    """Puts marks, absolute IRIs, into a shape. Mark n stands for `places[n]`; objects without an id get one.

    Beside each object whose path is in `doubted` come further ones, for each of its types one that has only that.
    Strings that the shape has as they are stay themselves if `as_is`, and are known in any case.
    """

    def __init__(self, *, doubted: frozenset[Path] = frozenset(), as_is: bool = False) -> None:
        self.places: list[Place] = []
        self.types: dict[int, tuple[Path, set[str]]] = {}
        """Per mark of an object its path and its types."""
        self.strings: set[Path] = set()
        self._doubted = doubted
        self._as_is = as_is

    def marked(self, value: Any, path: Path = (), key: str = "", parent: int | None = None) -> list[Any]:
        """`value` with marks, and the further objects."""
        parts = [self._one(value, path, key, parent)]
        if path in self._doubted:
            own = {"@context": value["@context"]} if "@context" in value else {}
            for keyword in TYPES:
                stated = value.get(keyword)
                for i, one in enumerate(as_list(stated)):
                    where = (*path, keyword, i) if isinstance(stated, list) else (*path, keyword)
                    parts.append(own | {"@id": self._mark("type", where, key, parent), keyword: one})
        return parts

    def _mark(self, kind: str, path: Path, key: str, parent: int | None) -> Any:
        self.places.append(Place(kind, path, key, parent))
        return f"urn:mark:{len(self.places) - 1}:"

    def _one(self, value: Any, path: Path, key: str, parent: int | None) -> Any:
        if isinstance(value, list) and value:
            return [part for i, child in enumerate(value) for part in self.marked(child, (*path, i), key, parent)]
        if isinstance(value, dict) and "@value" in value:
            return self._value_object(value, path, key, parent)
        if isinstance(value, dict):
            return self._object(value, path, key, parent)
        mark = self._mark("null" if value is None else "value", path, key, parent)
        if isinstance(value, str):
            self.strings.add(path)
            return value if self._as_is else mark
        return mark

    def _value_object(self, value: Document, path: Path, key: str, parent: int | None) -> Document:
        # The base direction of a text has no agreed place in statements (JSON-LD 1.1 §4.2.4.1): it is as good as null.
        if "@direction" in value:
            self._mark("null", (*path, "@direction"), key, parent)
        mark = self._one(value["@value"], (*path, "@value"), key, parent)
        return {name: mark if name == "@value" else child for name, child in value.items() if name != "@direction"}

    def _object(self, node: Document, path: Path, key: str, parent: int | None) -> Document:
        own = len(self.places)
        self.types[own] = path, {str(one) for keyword in TYPES for one in as_list(node.get(keyword))}
        name_of_id = "id" if "id" in node else "@id"
        marked: Document = {name_of_id: self._mark("object", (*path, "id") if "id" in node else path, key, parent)}
        for name, child in node.items():
            if name in KEPT:
                marked[name] = child
            elif name != name_of_id:
                parts = self.marked(child, (*path, name), name, own)
                marked[name] = parts if len(parts) > 1 else parts[0]
        return marked
