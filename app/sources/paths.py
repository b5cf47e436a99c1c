"""Where in an event something stands. Nothing is evaluated, all is bounded.

    $.pull_request.user.login        in the body
    @.author.username                in the item that a rule is at
    headers.x-discourse-instance     a header, in lower case
    $.pages[0]  $.pages[*]           one of a list; all of a list, or all members of an object
    $.attendees~                     the names of an object's members
    $.id[type=login].id              of a list, the objects of which that member is this text
    $.content['m.relates_to']        a name with other characters

What is not there gives nothing. What is made of it, `texts.py` says.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 300
"""Characters of a path or a text."""
MOST_STEPS = 16
MOST_VALUES = 2_500
"""What one path may lead to in one event: a push has up to 2,048 commits."""
MOST_LOOKS = 1_000_000
"""What all rules together look at in one delivery: about a second, and several times what a full push takes."""
_CHARACTERS = 256
"""Of a long text, so many are one look."""

Scalar = str | int | float

_ROOT = re.compile(r"\$|@|headers(?=\.)")
_STEP = re.compile(
    r"\.(?P<name>[A-Za-z0-9_-]+)"
    r"|\['(?P<quoted>[^'\]]{1,200})'\]"
    r"|\[(?P<index>[0-9]{1,4})\]"
    r"|\[(?P<member>[A-Za-z0-9_-]+)=(?P<value>[^\]=]{1,100})\]"
    r"|(?P<all>\[\*\])"
    r"|(?P<names>~)\Z"
)


class TooMuchInIt(ValueError):
    """An event has more in it than a rule looks at."""


class Looks:
    """How often rules may look at something yet, all of them together: at a value, an item, or a pair of them."""

    def __init__(self, left: int = MOST_LOOKS) -> None:
        self.left = left

    def take(self, number: int) -> None:
        """Raises `TooMuchInIt` once there are no more."""
        self.left -= number
        if self.left < 0:
            raise TooMuchInIt("All that the rules of its source look at in this delivery is too much.")


@dataclass(frozen=True)
class Scope:
    """What a path is looked up in."""

    body: Any
    headers: Mapping[str, str]
    item: Any = None
    """What `@` is, while a rule goes through a list."""
    looks: Looks = field(default_factory=Looks, compare=False)

    def at(self, item: Any) -> "Scope":
        return Scope(self.body, self.headers, item, self.looks)


_Step = Callable[[Any], Iterator[Any]]


@dataclass(frozen=True)
class Path:
    """A place, or several, in an event."""

    text: str
    root: str
    steps: tuple[_Step, ...]

    def __str__(self) -> str:
        return self.text

    def values(self, scope: Scope) -> list[Any]:
        """What stands there, null left out. Raises `TooMuchInIt`."""
        found = [{"$": scope.body, "@": scope.item, "headers": scope.headers}[self.root]]
        for step in self.steps:
            further = []
            scope.looks.take(sum(map(_breadth, found)) if isinstance(step, _Having) else len(found))
            for value in found:
                for inner in step(value):
                    further.append(inner)
                    if len(further) > MOST_VALUES:
                        raise TooMuchInIt(f"{self.text} leads to more than {MOST_VALUES} values.")
            found = further
        scope.looks.take(1 + len(found) + sum(len(each) // _CHARACTERS for each in found if isinstance(each, str)))
        return [value for value in found if value is not None]


def is_path(text: str) -> bool:
    """Whether a text names a place rather than being itself."""
    return _ROOT.match(text) is not None


def path(text: str) -> Path:
    """The path that a text says. Raises `ValueError`."""
    root = _ROOT.match(text)
    if root is None or len(text) > LONGEST:
        raise ValueError(f"a path begins with $, @ or headers. and has at most {LONGEST} characters")
    steps: list[_Step] = []
    at = root.end()
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            raise ValueError(f"this path cannot be read from its character {at + 1} on")
        steps.append(_step(step))
        at = step.end()
    if len(steps) > MOST_STEPS:
        raise ValueError(f"a path has at most {MOST_STEPS} steps")
    return Path(text, root[0], tuple(steps))


def _step(found: re.Match[str]) -> _Step:
    kind, given = found.lastgroup, found.groupdict()
    if kind in {"name", "quoted"}:
        return _Named(given[kind])
    if kind == "index":
        return _Numbered(int(given["index"]))
    if kind == "value":
        return _Having(given["member"], given["value"])
    return _all if kind == "all" else _names


@dataclass(frozen=True)
class _Named:
    name: str

    def __call__(self, value: Any) -> Iterator[Any]:
        if isinstance(value, Mapping) and self.name in value:
            yield value[self.name]


@dataclass(frozen=True)
class _Numbered:
    number: int

    def __call__(self, value: Any) -> Iterator[Any]:
        if isinstance(value, list) and self.number < len(value):
            yield value[self.number]


@dataclass(frozen=True)
class _Having:
    member: str
    text: str

    def __call__(self, value: Any) -> Iterator[Any]:
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, dict) and one.get(self.member) == self.text)


def _breadth(value: Any) -> int:
    return 1 + len(value) if isinstance(value, list) else 1


def _all(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, Mapping):
        yield from value.values()


def _names(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value
