"""What inline contexts cost the JSON-LD processor, before it is asked.

It reads a context anew for each object to which the context applies, be it stated there or brought by a type or a term:
so 250 kB of definitions and objects could keep it busy for minutes. Pinned contexts are known and small (`inlining`).
"""

from typing import Any

from badges.documents import as_list
from badges.errors import TooLarge

MOST_DEFINITIONS = 500
"""In one stated context, those inside its scoped contexts included; the largest published one has 300."""
MOST_APPLICATIONS = 100_000
"""Definitions times the objects in which they hold: an eighth of a second for each time that a document is expanded."""


def refuse_heavy_contexts(document: Any) -> None:
    """Returns when the inline contexts of a JSON-LD document are few and small enough. Raises `TooLarge`."""
    _Weighing().objects_in(document)


class _Weighing:
    def __init__(self) -> None:
        self._applications = 0

    def objects_in(self, value: Any) -> int:
        """The number of objects in `value`, contexts apart; counts what the contexts in it cost."""
        if isinstance(value, list):
            return sum(self.objects_in(child) for child in value if isinstance(child, dict | list))
        if not isinstance(value, dict):
            return 0
        objects = 1
        for name, child in value.items():
            if name != "@context" and isinstance(child, dict | list):
                objects += self.objects_in(child)
        if "@context" in value:
            self._apply(_definitions(value["@context"]), objects)
        return objects

    def _apply(self, definitions: int, objects: int) -> None:
        self._applications += definitions * objects
        if definitions > MOST_DEFINITIONS or self._applications > MOST_APPLICATIONS:
            raise TooLarge("The document defines too many terms of its own.")


def _definitions(context: Any) -> int:
    count = 0
    for part in as_list(context):
        for definition in part.values() if isinstance(part, dict) else ():
            count += 1
            if isinstance(definition, dict) and "@context" in definition:
                count += _definitions(definition["@context"])
    return count
