"""What is known of a community, as columns of numbers: what every figure is computed from.

Whoever reads them out of the database has merged the memberships of one person, and taken out bots and acts directed
at oneself. Figures are computed from the facts `of_counted`, without people who do not want to be counted; of those,
only their number is there. People, contributions and recognitions are referred to by their row. Rows stand in an order
that does not depend on who reads: by time, then id.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import IntEnum
from functools import cached_property
from hashlib import sha256
from itertools import compress
from typing import Any, Final, Self, TypeVar
from uuid import UUID

import numpy as np
import rfc8785

from app.contributions.rules import Mode
from app.metrics.arrays import Flags, Ints, chosen

T = TypeVar("T")
Named = TypeVar("Named", bound="Table")

NEVER: Final = 2**62
"""Later than every instant."""
NONE: Final = -1
"""Of a column of kinds or channels: not said."""
PASSIVE: Final = frozenset({"attending", "returning"})
"""Types of contributions that say no more than that somebody was there."""


class Depth(IntEnum):
    """How deep somebody takes part; deeper is no better."""

    none = 0
    consume = 1
    respond = 2
    create = 3


DEPTHS: Final[Mapping[Mode, Depth]] = {
    Mode.consume: Depth.consume,
    Mode.contribute: Depth.respond,
    Mode.collaborate: Depth.respond,
    Mode.co_create: Depth.create,
    Mode.champion: Depth.create,
}
"""Nielsen's three ways of taking part, of the five of the CSCCE."""


class Path(IntEnum):
    """How a recognition came about."""

    nomination = 0
    thanks = 1
    direct = 2
    milestone = 3


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one length."""

    def __post_init__(self) -> None:
        if len({len(column) for column in self.columns}) > 1:
            raise ValueError(f"the columns of {type(self).__name__} are of different lengths")

    @property
    def columns(self) -> tuple[Ints, ...]:
        """All of them, in their order."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def __len__(self) -> int:
        return len(self.columns[0])

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]] = ()) -> Self:
        """From rows, whose values are in the order of the columns."""
        read = np.array(list(rows), dtype=np.int64).reshape(-1, len(fields(cls)))
        return cls(*(np.ascontiguousarray(column) for column in read.T))

    def where(self, those: Flags) -> Self:
        """Only the rows that are flagged."""
        return type(self)(*(column[those] for column in self.columns))


@dataclass(frozen=True, eq=False)
class Spells(Table):
    """From when to when something was so of somebody: an affiliation, a break, or that they had left."""

    person: Ints
    what: Ints
    since: Ints
    until: Ints
    """The first instant after; `NEVER` while it lasts."""


@dataclass(frozen=True, eq=False)
class Members(Table):
    """When people came and went, one row a person."""

    joined: Ints
    left: Ints
    counted: Ints
    """Whether they want to be counted."""


@dataclass(frozen=True, eq=False)
class Acts(Table):
    """That somebody did something: one row for each of those who did it together."""

    person: Ints
    at: Ints
    kind: Ints
    contribution: Ints
    channel: Ints


@dataclass(frozen=True, eq=False)
class Helps(Table):
    """That something somebody did was for somebody else."""

    giver: Ints
    receiver: Ints
    at: Ints
    kind: Ints
    contribution: Ints


@dataclass(frozen=True, eq=False)
class Recognitions(Table):
    """What was offered to somebody, and what became of it; `NEVER` of what did not happen."""

    receiver: Ints
    kind: Ints
    """The type of contribution that it recognises."""
    path: Ints
    offered: Ints
    accepted: Ints
    refused: Ints
    issued: Ints
    revoked: Ints


@dataclass(frozen=True, eq=False)
class Gives(Table):
    """Who nominated or seconded, or thanked."""

    recognition: Ints
    giver: Ints


@dataclass(frozen=True, eq=False)
class Cites(Table):
    """Which contributions a recognition rests on."""

    recognition: Ints
    contribution: Ints


@dataclass(frozen=True, eq=False)
class Decisions(Table):
    """Nominations that were decided on."""

    nominee: Ints
    submitted: Ints
    decided: Ints
    approved: Ints


@dataclass(frozen=True, eq=False)
class Questions(Table):
    """What was asked, and when somebody else answered first."""

    asker: Ints
    asked: Ints
    answered: Ints


@dataclass(frozen=True, eq=False)
class Uptakes(Table):
    """That somebody's work was taken up elsewhere."""

    person: Ints
    at: Ints
    verified: Ints
    between: Ints
    """Whether another community did."""


@dataclass(frozen=True)
class Kind:
    """A type of contribution."""

    key: str
    depth: Depth
    output: bool = True
    """Whether it is something made or given, not only having been there."""
    cycles: tuple[int, ...] = ()
    care_areas: tuple[str, ...] = ()
    potential: str | None = None
    since: int = -NEVER
    """When the community added it; those that every community has have always been there."""

    @classmethod
    def of(
        cls,
        key: str,
        mode: Mode,
        cycles: Iterable[int],
        care_areas: Iterable[str],
        potential: str | None = None,
        since: int = -NEVER,
    ) -> Self:
        """From what a type means in the taxonomy."""
        return cls(key, DEPTHS[mode], key not in PASSIVE, tuple(cycles), tuple(care_areas), potential, since)


@dataclass(frozen=True, eq=False)
class Facts:
    """All of it. Columns `kind`, `channel` and `what` count into `kinds`, `channels` and `affiliations`."""

    ids: tuple[UUID, ...]
    """Who the people are; no formula looks at it."""
    members: Members
    kinds: tuple[Kind, ...] = ()
    channels: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    belongs: Spells = field(default_factory=Spells.of)
    """Of the affiliations of one person several may last at one time."""
    breaks: Spells = field(default_factory=Spells.of)
    """Of one person they do not overlap."""
    gone: Spells = field(default_factory=Spells.of)
    """When people were no members who had left and came back: `members` has them as if they had stayed."""
    acts: Acts = field(default_factory=Acts.of)
    helps: Helps = field(default_factory=Helps.of)
    recognitions: Recognitions = field(default_factory=Recognitions.of)
    gives: Gives = field(default_factory=Gives.of)
    cites: Cites = field(default_factory=Cites.of)
    decisions: Decisions = field(default_factory=Decisions.of)
    questions: Questions = field(default_factory=Questions.of)
    uptakes: Uptakes = field(default_factory=Uptakes.of)
    uncounted: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """When each of those joined who do not want to be counted, of whom nothing else is here."""
    ended: int = NEVER
    """What happened from then on is not known."""
    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    """What was computed from these facts and is asked for by several figures."""

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.members):
            raise ValueError("there are as many ids as people")

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` finds, which is asked only the first time for each key."""
        if key not in self._found:
            self._found[key] = compute()
        found: T = self._found[key]
        return found

    @property
    def people(self) -> int:
        """How many."""
        return len(self.ids)

    @property
    def not_counted(self) -> int:
        """How many people do not want to be counted."""
        return len(self.uncounted)

    @cached_property
    def depth(self) -> Ints:
        """Of each act, how deep it goes."""
        return np.array([int(kind.depth) for kind in self.kinds] or [0], dtype=np.int64)[self.acts.kind]

    @cached_property
    def output(self) -> Acts:
        """The acts that are something made or given."""
        made = np.array([kind.output for kind in self.kinds] or [False], dtype=np.bool_)
        return self.acts.where(made[self.acts.kind])

    @cached_property
    def done_at(self) -> Ints:
        """When each contribution was done."""
        named = (self.acts.contribution, self.cites.contribution, self.helps.contribution)
        most = max((int(column.max()) for column in named if len(column)), default=-1)
        found = np.full(most + 1, NEVER, dtype=np.int64)
        found[self.acts.contribution] = self.acts.at
        return found

    @property
    def digest(self) -> str:
        """SHA-256 over all of it but who the people are: the same facts give the same figures.

        For whoever runs the installation and computes figures again. Nobody is told: of few people, whoever guesses
        what they did could see from it whether that is so.
        """
        found = sha256(
            rfc8785.dumps(
                {
                    "kinds": [asdict(replace(kind, since=0)) | {"depth": int(kind.depth)} for kind in self.kinds],
                    "channels": list(self.channels),
                    "affiliations": list(self.affiliations),
                    "not_counted": self.not_counted,
                }
            )
        )
        for name in sorted(each.name for each in fields(self)):
            table = getattr(self, name)
            if isinstance(table, Table):
                found.update(f"\n{name} {len(table)}\n".encode())
                for column in table.columns:
                    found.update(column.astype("<i8").tobytes())
        return found.hexdigest()

    def of_counted(self) -> "Facts":
        """Without people who do not want to be counted, and what names them."""
        counted = self.members.counted == 1
        if counted.all():
            return self
        of_them = {name: self._all_among(counted, name) for name in _NAMING}
        cut = replace(self._only(of_them), uncounted=np.sort(self.members.joined[~counted]))
        return cut.among(counted).without_later_names(NEVER)

    def until(self, end: int) -> "Facts":
        """What was known of everything before `end`: what came later has not happened, and who came later is not there.

        So the same comes out whatever happens afterwards, row numbers and digest included. Something else comes out
        where the time before is recorded otherwise: late, corrected, taken back, or as somebody else's.
        """
        if self.ended <= end:
            return self

        def hidden(column: Ints) -> Ints:
            return np.where(column < end, column, NEVER)

        rows = {name: getattr(getattr(self, name), when) < end for name, when in _WHEN.items()}
        cut = self._only(rows | {"gone": self.gone.until < end})
        left, given = hidden(self.members.left), cut.recognitions
        away = self.gone.where((self.gone.since < end) & (self.gone.until >= end))
        left[away.person] = away.since
        times = (given.offered, given.accepted, given.refused, given.issued, given.revoked)
        cut = replace(
            cut,
            members=replace(self.members, left=left),
            belongs=replace(cut.belongs, until=hidden(cut.belongs.until)),
            breaks=replace(cut.breaks, until=hidden(cut.breaks.until)),
            recognitions=Recognitions(given.receiver, given.kind, given.path, *map(hidden, times)),
            questions=replace(cut.questions, answered=hidden(cut.questions.answered)),
            uncounted=self.uncounted[self.uncounted < end],
            ended=end,
        )
        return cut.without_strangers(end).without_later_names(end)

    def _only(self, rows: Mapping[str, Flags]) -> "Facts":
        """Only the rows of tables that are flagged; who gave a recognition, and for what, goes with it."""
        there = rows["recognitions"]
        number = np.cumsum(there) - 1
        cut = {name: getattr(self, name).where(those) for name, those in rows.items()}
        for name in ("gives", "cites"):
            table = getattr(self, name)
            table = table.where(there[table.recognition] & rows.get(name, True))
            cut[name] = replace(table, recognition=number[table.recognition])
        return replace(self, **cut)

    def _all_among(self, those: Flags, name: str) -> Flags:
        """Of each row of a table, whether all whom it names are among those."""
        found: Flags = np.all([those[getattr(getattr(self, name), column)] for column in _NAMING[name]], axis=0)
        return found

    def without_strangers(self, end: int) -> "Facts":
        """Only those who had joined before `end` or are named in what there is; only affiliations that somebody had."""
        known = self.members.joined < end
        for name, columns in _NAMING.items():
            for column in columns:
                known |= chosen(getattr(getattr(self, name), column), self.people)
        return self.among(known)

    def among(self, those: Flags) -> "Facts":
        """Only those people, whom alone what there is names; only affiliations that somebody had."""
        had = chosen(self.belongs.what, len(self.affiliations))
        if those.all() and had.all():
            return self
        row, number = np.cumsum(those) - 1, np.cumsum(had) - 1

        def renumbered(table: Named, columns: tuple[str, ...]) -> Named:
            return replace(table, **{column: row[getattr(table, column)] for column in columns})

        belongs = replace(self.belongs, what=number[self.belongs.what])
        cut = replace(
            self,
            ids=tuple(compress(self.ids, those)),
            members=self.members.where(those),
            affiliations=tuple(compress(self.affiliations, had)),
            belongs=belongs,
        )
        return replace(cut, **{name: renumbered(getattr(cut, name), columns) for name, columns in _NAMING.items()})

    def without_later_names(self, end: int) -> "Facts":
        """Only types that there were before `end` or that something is of, and channels in which something is."""
        of = [getattr(self, name).kind for name in ("acts", "helps", "recognitions")]
        kinds = np.array([kind.since < end for kind in self.kinds], dtype=np.bool_)
        for column in of:
            kinds |= chosen(column[column != NONE], len(kinds))
        channels = chosen(self.acts.channel[self.acts.channel != NONE], len(self.channels))
        if kinds.all() and channels.all():
            return self
        kind, channel = (np.append(np.cumsum(those) - 1, NONE) for those in (kinds, channels))
        return replace(
            self,
            kinds=tuple(compress(self.kinds, kinds)),
            channels=tuple(compress(self.channels, channels)),
            acts=replace(self.acts, kind=kind[self.acts.kind], channel=channel[self.acts.channel]),
            helps=replace(self.helps, kind=kind[self.helps.kind]),
            recognitions=replace(self.recognitions, kind=kind[self.recognitions.kind]),
        )


_NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    "belongs": ("person",),
    "breaks": ("person",),
    "gone": ("person",),
    "acts": ("person",),
    "helps": ("giver", "receiver"),
    "recognitions": ("receiver",),
    "gives": ("giver",),
    "decisions": ("nominee",),
    "questions": ("asker",),
    "uptakes": ("person",),
}
"""The columns that are people."""
_WHEN: Final[Mapping[str, str]] = {
    "belongs": "since",
    "breaks": "since",
    "acts": "at",
    "helps": "at",
    "recognitions": "offered",
    "decisions": "decided",
    "questions": "asked",
    "uptakes": "at",
}
"""The columns that say since when each row is known."""
