"""From what was computed to what may be told: the one place where k is applied, whatever the figure.

A formula says of each number on how many people it rests, in the words below. Numbers that say nothing of that are told
as they are. So a figure cannot forget to hide what is to be hidden; it could only not say of whom it speaks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from app.kit import suppression
from app.metrics import periods
from app.metrics.differencing import Between, Counter, Ledger
from app.metrics.periods import Kind, Window

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True)
class Share:
    """`part` of `whole` people: told where those of the part and all others are each nobody or k, in steps that do not
    say how many they are (`suppression.in_steps`)."""

    part: int
    whole: int
    then: Callable[[float], Json] = float
    """What is told of it: what follows from the share as it is told."""


@dataclass(frozen=True)
class Heads:
    """So many people, nobody being counted twice over time: told where they are k, or nobody."""

    count: int


@dataclass(frozen=True)
class AtLeast:
    """So many people, where other counts add up to it: told as the multiple of k below."""

    count: int


@dataclass(frozen=True)
class Rests:
    """A number that rests on so many people."""

    value: Json
    people: int


@dataclass(frozen=True)
class Sides:
    """A number that says how many there are of each of some sorts of people: told where each are nobody, or k."""

    value: Json
    people: tuple[int, ...]


@dataclass(frozen=True)
class Adds:
    """A number whose months add up to that of the quarter: as `Rests`, and never so that others give it away.

    Of parts of the window of which it was told already, it stays what was told.
    """

    count: int
    people: int
    between: Between
    """On how many people it rests in any span of time."""
    counted: Between | None = None
    """How much of it there is in any span of time; where this is not said, as much as people."""
    apart: bool = False
    """Whether there may be some of it where the figure says that there is nobody."""

    @property
    def counter(self) -> Counter:
        """As something that adds up."""
        return Counter(self.count, self.between, self.counted or self.between, self.apart)


@dataclass(frozen=True)
class Follows:
    """What follows from a number that is told in a place of the same figure, and so tells no more than it does."""

    at: str
    of: Adds
    into: Callable[[int], Json]


@dataclass(frozen=True)
class Mean:
    """The mean of what was told in a place of other windows; where nothing was, of so many people."""

    at: str
    counts: Mapping[Window, int]


@dataclass(frozen=True)
class AllOrNone:
    """Numbers of which each gives away the others: where one cannot be told, none is."""

    parts: Mapping[str, Heads | Rests | Adds]


@dataclass(frozen=True)
class Split:
    """People in groups. What is told of a group, or of all others together, is what `of` says of those named."""

    sizes: Mapping[str, int]
    of: Callable[[Collection[str]], Mapping[str, Json]]
    together: Callable[[Collection[str]], int] | None = None
    """How many people are in any of the groups named, where one person can be in several."""
    among: int | None = None
    """Of how many people they are some, if that is told elsewhere."""
    named: bool = True
    """Whether the groups are there without anybody in them, so that to name a hidden one tells nothing."""
    adds: Callable[[str], Adds] | None = None
    """If each group's months add up to its quarter: by its name, what does."""
    number: str = ""
    """What that number is called in what is told of a group."""
    whole: "tuple[str, Adds] | None" = None
    """Where the sum of all groups is told, and it: where that cannot be told, no group is."""
    follows: Callable[[Collection[str]], Mapping[str, Json]] | None = None
    """What follows from the groups that are told, and so tells no more than they do."""


@dataclass(frozen=True)
class Chain:
    """People in groups, each of which stands against all that follow together: the idle against the active, and so on.

    How many follow is told elsewhere too (how many were active, how many contributed). So that this gives away no group
    further on, they are told from the first on, only as long as neither a group nor those who follow it are few.
    """

    sizes: Mapping[str, int]
    of: Callable[[Collection[str]], Mapping[str, Json]]


Number: TypeAlias = Share | Heads | AtLeast | Rests | Sides | Adds
Told: TypeAlias = Number | Follows | Mean | AllOrNone | Chain | Split
"""What says on whom it rests."""
Tree: TypeAlias = "bool | int | float | str | Told | Sequence[Tree] | Mapping[str, Tree] | None"


@dataclass
class Teller:
    """Tells one figure of one window."""

    k: int
    window: Window
    ledger: Ledger = field(default_factory=Ledger)
    """What was told of other windows."""
    withheld: list[str] = field(default_factory=list)
    """Where something was not told, as JSON pointers into the value."""

    def tell(self, tree: Tree, at: str = "") -> Json:
        """What may be told of it."""
        match tree:
            case Share() | Heads() | AtLeast() | Rests() | Sides() | Adds():
                may, value = self._number(tree, at)
                return self._if(may, value, at)
            case Follows(of_place, of, into):
                may, count = self._number(of, of_place)
                return self._if(may, into(count) if isinstance(count, int) else None, at)
            case Mean(of_place, counts):
                return self._mean(of_place, counts, at)
            case AllOrNone(parts):
                return self._all_or_none(parts, at)
            case Chain():
                return self._chain(tree, at)
            case Split():
                return self._split(tree, at)
            case None | bool() | int() | float() | str():
                return tree
            case Mapping():
                return {name: self.tell(part, pointer(at, name)) for name, part in tree.items()}
            case _:
                return [self.tell(part, f"{at}/{place}") for place, part in enumerate(tree)]

    def _number(self, number: Number, at: str) -> tuple[bool, Json]:
        """Whether it may be told, and as what."""
        match number:
            case Share(part, whole, then):
                share = suppression.in_steps(part, whole, k=self.k)
                if share is None or not suppression.apart(part, whole - part, k=self.k):
                    return False, None
                return True, then(share)
            case Heads(count):
                return count == 0 or self._enough(count), count
            case AtLeast(count):
                return count == 0 or self._enough(count), suppression.at_least(count, k=self.k)
            case Rests(value, people):
                return self._enough(people), value
            case Sides(value, people):
                return suppression.apart(*people, k=self.k), value
            case Adds():
                told = self._adds(number, at)
                return told is not None, told

    def _adds(self, number: Adds, at: str, called: str = "") -> int | None:
        """What is told of it; None where it cannot be. `called` is its name in what stands in that place."""
        if number.people > 0 and not self._enough(number.people):
            return None
        name = f"/{called}" if called else ""
        return self.ledger.tells(at, self.window, number.counter, k=self.k, number=name)

    def _mean(self, of_place: str, counts: Mapping[Window, int], at: str) -> Json:
        found = list[float]()
        for window, count in counts.items():
            said, number = self.ledger.told_of(of_place, window)
            may = number is not None if said else count == 0 or self._enough(count)
            if not may:
                return self._if(False, None, at)
            found.append(count if number is None else number)
        return self._if(bool(found), sum(found) / max(1, len(found)), at)

    def _enough(self, people: int) -> bool:
        return suppression.enough(people, k=self.k)

    def _if(self, may: bool, value: Json, at: str) -> Json:
        if not may:
            self.withheld.append(at)
        return value if may else None

    def _all_or_none(self, parts: Mapping[str, Heads | Rests | Adds], at: str) -> Json:
        trial = Teller(self.k, self.window, self.ledger)
        told = {name: trial.tell(part, f"{at}/{name}") for name, part in parts.items()}
        if not trial.withheld:
            return told
        self.withheld.extend(f"{at}/{name}" for name in parts)
        return dict.fromkeys(parts)

    def _chain(self, chain: Chain, at: str) -> Json:
        names = list(chain.sizes)
        told: dict[str, Json] = {}
        for place, name in enumerate(names[:-1]):
            left = names[place + 1 :]
            pair = suppression.shown(
                {"one": chain.sizes[name], "left": sum(map(chain.sizes.__getitem__, left))}, k=self.k
            )
            if pair.hidden:
                self.withheld.extend(f"{at}/groups/{each}" for each in names[place:])
                other = None if pair.other is None else dict(chain.of(names[place:]))
                return {"groups": told, "other": other}
            told[name] = dict(chain.of((name,)))
        return {"groups": told | {names[-1]: dict(chain.of((names[-1],)))}}

    def _split(self, split: Split, at: str) -> Json:
        place = {name: pointer(f"{at}/groups", name) for name in split.sizes}
        adds = split.adds
        also = {
            name for name in split.sizes if adds is not None and not self._stands(adds(name), place[name], split.number)
        }
        shown = suppression.shown(split.sizes, k=self.k, together=split.together, whole=split.among, also=also)
        if adds is not None and not self._of_this_length(split, at, bool(shown.hidden)):
            shown = suppression.Shown({}, None, frozenset(split.sizes))
        told: dict[str, Json] = {"groups": {name: dict(split.of((name,))) for name in shown.groups}}
        if split.follows is not None:
            told |= split.follows(tuple(shown.groups))
        if shown.hidden:
            told["other"] = None if shown.other is None else dict(split.of(shown.hidden))
            self.withheld.extend(sorted(place[name] for name in shown.hidden) if split.named else [f"{at}/groups"])
        return told

    def _stands(self, number: Adds, at: str, called: str = "") -> bool:
        """Whether it is told, and is still what was told of its parts: groups are told as they are counted now."""
        return self._adds(number, at, called) == number.count

    def _of_this_length(self, split: Split, at: str, in_part: bool) -> bool:
        """Whether groups that add up may be told of a period of this length.

        What is hidden together is their sum less those that are told. Told of one length of periods and, otherwise, of
        another, those differ by few. So where any was hidden, groups are told of one length only; and of weeks never,
        which would leave none for months.
        """
        if periods.kind_of(self.window) is Kind.week:
            return False
        if split.whole is not None and not self._stands(split.whole[1], split.whole[0]):
            return False
        return self.ledger.may_group(at, self.window, in_part=in_part)


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


def numbers(value: Json, at: str = "") -> Iterator[tuple[str, float]]:
    """The JSON pointer of every number in a value, and the number."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from numbers(part, pointer(at, name))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at, value


def nothings(value: Json, at: str = "") -> Iterator[str]:
    """The JSON pointers of everything in a value that tells that there was nothing."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from nothings(part, pointer(at, name))
        counts = [part for part in value.values() if part is not None]
        if counts and all(not isinstance(part, dict | list) and part == 0 for part in counts):
            yield at
    elif isinstance(value, int | float) and value == 0:
        yield at


def pointer(above: str, name: str) -> str:
    """To a part of what is in a place."""
    return f"{above}/{_escaped(name)}"


def _escaped(name: str) -> str:
    """As a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
