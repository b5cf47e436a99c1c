"""Documents with a mark in place of every value, to see where the JSON-LD processor puts it."""

from dataclasses import dataclass
from typing import Any

import orjson

from badges.documents import Document, as_list
from badges.errors import NotConformant

Path = tuple[str | int, ...]

TYPES = ("type", "@type")
KEPT = frozenset({"@context", "@language", *TYPES})
"""What decides how other values are read."""


def shape(document: Document) -> bytes:
    """All that the fate of values depends on: keys, nesting, lengths, types and contexts, as JSON text.

    Raises `NotConformant` for what JSON text cannot carry.
    """
    try:
        return orjson.dumps(_shape(document), option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise NotConformant(f"The document cannot be written as JSON: {error}.") from error


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: child if key in KEPT else _shape(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_shape(child) for child in value]
    return None if value is None else 0


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
    `as_is` are values that stay themselves.
    """

    def __init__(self, *, doubted: frozenset[Path] = frozenset(), as_is: dict[Path, Any] | None = None) -> None:
        self.places: list[Place] = []
        self.types: dict[int, tuple[Path, set[str]]] = {}
        """Per mark of an object its path and its types."""
        self._doubted = doubted
        self._as_is = as_is or {}

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
        return self._as_is.get(path, f"urn:mark:{len(self.places) - 1}:")

    def _one(self, value: Any, path: Path, key: str, parent: int | None) -> Any:
        if isinstance(value, list) and value:
            return [part for i, child in enumerate(value) for part in self.marked(child, (*path, i), key, parent)]
        if isinstance(value, dict) and "@value" in value:
            return self._value_object(value, path, key, parent)
        if isinstance(value, dict):
            return self._object(value, path, key, parent)
        return self._mark("null" if value is None else "value", path, key, parent)

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
