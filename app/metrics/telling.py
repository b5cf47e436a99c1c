"""From what was computed to what may be told: the one place where k is applied, whatever the figure.

A formula says of each number on how many people it rests, in the words below. So a figure cannot forget to hide what is
to be hidden; it could only not say of whom it speaks.

All is told on one coarse grid (`app.kit.suppression`): people in fives, shares in steps of two people at least, what
they did to two digits, other numbers to one or two. So sums and differences of what is told are off by more than the
few that they would be of. That there is nobody is not told apart from that there are fewer than k: of a week in which
there was somebody and one in which there was nobody, a month would tell how many.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from app.kit import suppression

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True)
class Heads:
    """So many people, if they are k: told as the multiple of k below."""

    count: int


@dataclass(frozen=True)
class Share:
    """`part` of `whole` people: told where those of the part and all others are each k, in steps that do not say how
    many they are (`suppression.in_steps`)."""

    part: int
    whole: int
    then: Callable[[float], Json] = float
    """What is told of it: what follows from the share as it is told."""


@dataclass(frozen=True)
class Part:
    """Which share of `whole` people `part` are, where how many both are is told beside it: that of the numbers that are
    told, so that it tells no more than they do. Shares of groups fit each other, and exact ones would tell of all."""

    part: int
    whole: int


@dataclass(frozen=True)
class Grows:
    """By which part of themselves people became more or fewer: that of the numbers that are told (`told_growth`)."""

    growth: float | None


@dataclass(frozen=True)
class Times:
    """What people did, so often: told where k did it and nobody more than half of it, to two digits, downwards."""

    count: int
    people: int
    most: int
    """What one of them did, who did the most."""
    then: Callable[[int], Json] = int
    """What is told of it: what follows from the count as it is told."""


@dataclass(frozen=True)
class Rests:
    """A number that rests on so many people, and is told the finer the more they are."""

    value: Json
    people: int


@dataclass(frozen=True)
class Sides:
    """A number that says how many there are of each of some sorts of people: told where each are k."""

    value: Json
    people: tuple[int, ...]


@dataclass(frozen=True)
class Wait:
    """A span of time, that one of so many people may have waited for just so long: told to the half of a power of ten
    (`suppression.roughly`)."""

    value: float | None
    people: int


@dataclass(frozen=True)
class Given:
    """A number that somebody chose beforehand, and nobody's."""

    value: float


@dataclass(frozen=True)
class Split:
    """People in groups. `of` says what there is to tell of those named: of each group of k, and of all others
    together."""

    sizes: Mapping[str, int]
    of: "Callable[[Collection[str]], Mapping[str, Tree]]"
    together: Callable[[Collection[str]], int] | None = None
    """How many people are in any of the groups named, where one person can be in several."""
    named: bool = True
    """Whether the groups are there without anybody in them, so that to name a hidden one tells nothing."""
    follows: "Callable[[Collection[str]], Mapping[str, Tree]] | None" = None
    """What follows from the groups that are told."""

    def hidden(self, k: int) -> frozenset[str]:
        """The groups that are not told of."""
        return frozenset(name for name, size in self.sizes.items() if not suppression.enough(size, k=k))


Number: TypeAlias = Heads | Share | Part | Grows | Times | Rests | Sides | Wait
Tree: TypeAlias = "bool | int | float | str | Number | Given | Split | Sequence[Tree] | Mapping[str, Tree] | None"


@dataclass
class Teller:
    """Tells one figure, which rests on so many people."""

    k: int
    people: int
    withheld: list[str] = field(default_factory=list)
    """Where something was not told, as JSON pointers into the value."""
    told: int = 0
    """How many numbers that rest on people were."""

    def tell(self, tree: Tree, at: str = "") -> Json:
        """What may be told of it."""
        match tree:
            case Heads() | Share() | Part() | Grows() | Times() | Rests() | Sides() | Wait():
                if not self._may(tree):
                    self.withheld.append(at)
                    return None
                self.told += 1
                return self._told(tree)
            case Given(value):
                return value
            case Split():
                return self._split(tree, at)
            case None | bool() | int() | float() | str():
                self.told += isinstance(tree, int | float)
                return fine(tree, self.people)
            case Mapping():
                return {name: self.tell(part, pointer(at, name)) for name, part in tree.items()}
            case _:
                return [self.tell(part, f"{at}/{place}") for place, part in enumerate(tree)]

    def _may(self, number: Number) -> bool:
        match number:
            case Heads(count):
                return suppression.enough(count, k=self.k)
            case Share(part, whole):
                return suppression.enough(min(part, whole - part), k=self.k)
            case Times(count, people, most):
                return suppression.enough(people, k=self.k) and 2 * most <= count
            case Part(part, whole):
                return suppression.enough(min(part, whole), k=self.k)
            case Grows(growth):
                return growth is not None
            case Rests(_, people) | Wait(_, people):
                return suppression.enough(people, k=self.k)
            case Sides(_, people):
                return suppression.enough(min(people), k=self.k)

    def _told(self, number: Number) -> Json:
        match number:
            case Heads(count):
                return suppression.at_least(count, k=self.k)
            case Share(part, whole, then):
                share = suppression.in_steps(part, whole, k=self.k)
                return None if share is None else then(share)
            case Part(part, whole):
                told = suppression.at_least(whole, k=self.k)
                return round(suppression.at_least(part, k=self.k) / told, 2)
            case Grows(growth):
                return None if growth is None else round(growth, 2)
            case Times(count, people, _, then):
                return fine(then(suppression.coarsely(count, k=self.k)), people)
            case Rests(value, people):
                return fine(value, people)
            case Sides(value, people):
                return fine(value, min(self.people, sum(people)))
            case Wait(value, _):
                return None if value is None else suppression.roughly(value)

    def _split(self, split: Split, at: str) -> Json:
        hidden = split.hidden(self.k)
        shown = [name for name in split.sizes if name not in hidden]
        groups: dict[str, Json] = {name: self.tell(split.of((name,)), pointer(f"{at}/groups", name)) for name in shown}
        told: dict[str, Json] = {"groups": groups}
        if split.follows is not None:
            told |= {name: self.tell(part, pointer(at, name)) for name, part in split.follows(shown).items()}
        if hidden or not split.named:
            # Of groups that are not named, whether there are any is told no more than which.
            may = self._may_sum(split, hidden)
            if split.named:
                self.withheld.extend(pointer(f"{at}/groups", name) for name in split.sizes if name in hidden)
            elif not may:
                self.withheld.append(f"{at}/other")
            told["other"] = self.tell(split.of(hidden), f"{at}/other") if may else None
        return told

    def _may_sum(self, split: Split, hidden: Collection[str]) -> bool:
        """Whether it may be told how many are in hidden groups together: only where all but any one of them could be
        as many, so that no hidden group is known to have anybody in it."""
        few = sum(split.sizes[name] for name in hidden) if split.together is None else split.together(hidden)
        told = suppression.at_least(few, k=self.k)
        return 0 < told <= (self.k - 1) * (len(hidden) - 1)


def told_growth(start: int, end: int, *, k: int) -> float | None:
    """By which part of `start` people they became `end`, both as they are told; None of fewer than k, and where they
    are less than twice k apart without being alike: that may be one person, or, of more than a hundred, next to it."""
    before, after = (suppression.at_least(people, k=k) for people in (start, end))
    if before == 0 or (abs(after - before) == k and before < TELLS_SLOW_GROWTH_FROM):
        return None
    return (after - before) / before


TELLS_SLOW_GROWTH_FROM = 100
"""People: of so many, one step of k is five in a hundred at most."""
FINE_FROM, FINER_FROM, FINEST_FROM = 50, 500, 5_000
"""People: of fewer, a number has one digit behind the point, two, three; and four of more. Further ones would tell how
many there are exactly: an unevenness among n people, and what it is when corrected for small samples, differ by about
1 / n."""


def fine(value: Json, people: int) -> Json:
    """With no part that is finer than may be told of so many people. Whole numbers stay."""
    match value:
        case float():
            return round(value, 1 + sum(people >= least for least in (FINE_FROM, FINER_FROM, FINEST_FROM)))
        case list():
            return [fine(each, people) for each in value]
        case dict():
            return {name: fine(each, people) for name, each in value.items()}
        case _:
            return value


def places(value: Json, at: str = "") -> Iterator[str]:
    """The JSON pointers of everything in a value that is told."""
    if value is None:
        return
    yield at
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places(part, pointer(at, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from places(part, f"{at}/{place}")


def pointer(above: str, name: str) -> str:
    """To a part of what is in a place."""
    return f"{above}/{_escaped(name)}"


def _escaped(name: str) -> str:
    """As a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
