"""Where in an event something stands, and texts that are put together from it. Nothing is evaluated, all is bounded.

    $.pull_request.user.login        in the body
    @.author.username                in the item that a rule is at
    headers.x-discourse-instance     a header, in lower case
    $.pages[0]  $.pages[*]           one of a list; all of a list, or all members of an object
    $.attendees~                     the names of an object's members
    $.id[type=login].id              of a list, the objects of which that member is this text
    $.content['m.relates_to']        a name with other characters

What is not there gives nothing. In texts paths stand in braces: `github:{$.answer.node_id}`. `|day` makes the day
of an instant, `|mailbox` the address of a `mailto:`, and `|id` the id of what may be an id or an object that has one.
`|agent` is by what an xAPI actor is known: an account with where it is one, an OpenID, or the hash of an address;
`|account` the same, and nothing of who is known by an address.
"""

import hashlib
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
_PLACE = re.compile(r"\{([^{}]*)\}")


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


def written(value: Any) -> str | None:
    """A value as a text, if it is one or a number; empty ones say nothing, nor does what no database keeps."""
    if isinstance(value, bool) or not isinstance(value, Scalar):
        return None
    text = str(value).strip()
    return text if text and "\0" not in text else None


def _day(value: Any) -> str | None:
    text = written(value)
    return text[:10] if text else None


def _mailbox(value: Any) -> str | None:
    text = written(value)
    return text.removeprefix("mailto:") or None if text else None


def _id(value: Any) -> str | None:
    """Of what may be an id, an object that has one, or a list of either (JSON-LD)."""
    one = value[0] if isinstance(value, list) and value else value
    return written(one.get("id") if isinstance(one, Mapping) else one)


def _account(value: Any) -> str | None:
    """IEEE 9274.1.1 §4.2.2.1: names of accounts are those of a place, and another's at the next."""
    agent = value if isinstance(value, Mapping) else {}
    account = agent.get("account")
    if isinstance(account, Mapping):
        home, name = written(account.get("homePage")), written(account.get("name"))
        return f"{home.rstrip('/')}#{name}" if home and name else None
    digest = written(agent.get("mbox_sha1sum"))
    return f"mbox_sha1sum:{digest.lower()}" if digest else written(agent.get("openid"))


def _agent(value: Any) -> str | None:
    known, mailbox = _account(value), written(value.get("mbox")) if isinstance(value, Mapping) else None
    if known is not None or mailbox is None:
        return known
    return f"mbox_sha1sum:{hashlib.sha1(mailbox.encode(), usedforsecurity=False).hexdigest()}"


_FILTERS: Mapping[str, Callable[[Any], str | None]] = {
    "day": _day,
    "mailbox": _mailbox,
    "id": _id,
    "account": _account,
    "agent": _agent,
}


@dataclass(frozen=True)
class Place:
    """A path in a text, and how what stands there is written."""

    path: Path
    written: Callable[[Any], str | None] = written

    def texts(self, scope: Scope) -> list[str]:
        return [text for text in map(self.written, self.path.values(scope)) if text is not None]


@dataclass(frozen=True)
class Text:
    """A text with places in it; one that is nothing but a path gives all that stands there."""

    text: str
    parts: tuple[str | Place, ...]

    def __str__(self) -> str:
        return self.text

    def values(self, scope: Scope) -> list[str]:
        """The texts that come of it: several only of a lone path. Raises `TooMuchInIt`."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Place):
            return self.parts[0].texts(scope)
        found = []
        for part in self.parts:
            texts = [part] if isinstance(part, str) else part.texts(scope)
            if len(texts) != 1:
                return []
            found += texts
        return ["".join(found)]

    def one(self, scope: Scope) -> str | None:
        """The text, if exactly one comes of it. Raises `TooMuchInIt`."""
        found = self.values(scope)
        return found[0] if len(found) == 1 else None


def text(said: str) -> Text:
    """The text that a rule says: a path, or words with paths in braces. Raises `ValueError`."""
    if len(said) > LONGEST:
        raise ValueError(f"at most {LONGEST} characters are taken")
    if is_path(said):
        return Text(said, (_place(said),))
    parts: list[str | Place] = []
    at = 0
    for found in _PLACE.finditer(said):
        parts += [said[at : found.start()], _place(found[1])]
        at = found.end()
    parts.append(said[at:])
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
        raise ValueError("a brace is not closed, or stands inside of another")
    return Text(said, tuple(part for part in parts if part != ""))


def _place(said: str) -> Place:
    where, bar, name = said.partition("|")
    if bar and name not in _FILTERS:
        raise ValueError(f"behind | only {' and '.join(_FILTERS)} are known")
    return Place(path(where), _FILTERS[name]) if bar else Place(path(where))
