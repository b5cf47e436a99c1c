"""What has to be so for a rule to apply: a closed set of comparisons, nothing that is executed.

    {eq: [$.a, $.b]}  {ne: …}  {gt: [$.n, 3]}  {ge: …}  {lt: …}  {le: …}
    {in: [$.reaction, [heart, tada]]}       {matches: [@.added[*], "docs/*"]}
    {exists: $.item_user}                   {at_least: [$.attendees~, 3]}     different values
    {any: […]}  {all: […]}  {not: {…}}

Where a path leads to several values, one pair that fits is enough; where it leads nowhere, nothing fits (so `ne` asks
that both are there). A text is no number, and true is not 1.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any, Protocol

from app.sources.paths import Path, Scalar, Scope, is_path, path
from app.sources.texts import Text, text

MOST_DEEP, MOST = 6, 64
_LONGEST_PATTERN, _LONGEST_MATCHED = 200, 2_000


class Condition(Protocol):
    """Something that is so of an event, or not."""

    def holds(self, scope: Scope) -> bool:
        """Whether it is so. Raises `TooMuchInIt`."""


Operand = Path | Text | Scalar | bool


def condition(data: Any) -> Condition:
    """The condition that these data say. Raises `ValueError`."""
    if sum(1 for _ in _objects(data)) > MOST:
        raise ValueError(f"at most {MOST} comparisons are taken")
    return _read(data, MOST_DEEP)


def _objects(data: Any) -> Iterable[None]:
    todo = [data]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield None
            todo += value.values()
        elif isinstance(value, list):
            todo += value


def _read(data: Any, deep: int) -> Condition:
    if deep == 0:
        raise ValueError(f"conditions are at most {MOST_DEEP} levels deep")
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError('a condition is an object with one member, such as {"eq": ["$.a", "b"]}')
    [(word, said)] = data.items()
    if word in _COMPARISONS:
        return _Compares(*_two(word, said), _COMPARISONS[word], wants_all=word == "ne")
    match word:
        case "exists":
            return _Exists(_path(said))
        case "in":
            return _in(said)
        case "matches":
            return _matches(said)
        case "at_least":
            return _at_least(said)
        case "any" | "all" if isinstance(said, list) and said:
            return _Of(tuple(_read(each, deep - 1) for each in said), any if word == "any" else all)
        case "not":
            return _Not(_read(said, deep - 1))
    raise ValueError(f"{str(word)[:40]!r} is no condition, or not with this")


def _path(said: Any) -> Path:
    if not isinstance(said, str):
        raise ValueError("a path is needed here")  # noqa: TRY004  what pydantic tells the caller
    return path(said)


def _operand(said: Any) -> Operand:
    if isinstance(said, str) and is_path(said):
        return path(said) if "|" not in said or said.endswith("]") else text(said)
    if isinstance(said, Scalar | bool):
        return said
    raise ValueError("a path, a text, a number, true or false is needed here; whether something is there, exists says")


def _pair(word: str, said: Any) -> tuple[Any, Any]:
    if not isinstance(said, list) or len(said) != 2:
        raise ValueError(f"{word} takes two, in a list")
    return said[0], said[1]


def _two(word: str, said: Any) -> tuple[Operand, Operand]:
    one, other = _pair(word, said)
    return _operand(one), _operand(other)


def _in(said: Any) -> Condition:
    where, among = _pair("in", said)
    if not isinstance(among, list) or not among:
        raise ValueError("in takes a path and a list")
    return _Of(tuple(_Compares(_path(where), _operand(one), _equal) for one in among), any)


def _matches(said: Any) -> Condition:
    where, pattern = _pair("matches", said)
    if not isinstance(pattern, str) or not 0 < len(pattern) <= _LONGEST_PATTERN:
        raise ValueError(f"matches takes a path and a pattern of at most {_LONGEST_PATTERN} characters, with * and ?")
    return _Matches(_path(where), pattern)


def _at_least(said: Any) -> Condition:
    where, count = _pair("at_least", said)
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError("at_least takes a path and a number from 1 on")
    return _AtLeast(_path(where), count)


def _values(operand: Operand, scope: Scope) -> list[Any]:
    return operand.values(scope) if isinstance(operand, Path | Text) else [operand]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(one: Any, other: Any) -> bool:
    if _is_number(one) and _is_number(other):
        return bool(one == other)
    return type(one) is type(other) and isinstance(one, str | bool) and one == other


def _different(one: Any, other: Any) -> bool:
    return not _equal(one, other)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda one, other: _is_number(one) and _is_number(other) and compare(one, other)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "ne": _different,
    "gt": _ordered(operator.gt),
    "ge": _ordered(operator.ge),
    "lt": _ordered(operator.lt),
    "le": _ordered(operator.le),
}


@dataclass(frozen=True)
class _Compares:
    one: Operand
    other: Operand
    compare: Callable[[Any, Any], bool]
    wants_all: bool = False

    def holds(self, scope: Scope) -> bool:
        ones, others = _values(self.one, scope), _values(self.other, scope)
        scope.looks.take(len(ones) * len(others))
        if not ones or not others:
            return False
        pairs = product(ones, others)
        return (all if self.wants_all else any)(self.compare(one, other) for one, other in pairs)


@dataclass(frozen=True)
class _Exists:
    where: Path

    def holds(self, scope: Scope) -> bool:
        return any(value not in ("", [], {}) for value in self.where.values(scope))


@dataclass(frozen=True)
class _Matches:
    where: Path
    pattern: str

    def holds(self, scope: Scope) -> bool:
        texts = (value for value in self.where.values(scope) if isinstance(value, str))
        return any(fnmatchcase(text[:_LONGEST_MATCHED], self.pattern) for text in texts)


@dataclass(frozen=True)
class _AtLeast:
    where: Path
    count: int

    def holds(self, scope: Scope) -> bool:
        different = {value for value in self.where.values(scope) if isinstance(value, Scalar)}
        return len(different) >= self.count


@dataclass(frozen=True)
class _Of:
    conditions: tuple[Condition, ...]
    how: Callable[[Iterable[bool]], bool]

    def holds(self, scope: Scope) -> bool:
        return self.how(each.holds(scope) for each in self.conditions)


@dataclass(frozen=True)
class _Not:
    condition: Condition

    def holds(self, scope: Scope) -> bool:
        return not self.condition.holds(scope)
