"""Rules as data: which events of a platform become what. A closed grammar; nothing in it is executed.

A rule says which events it is about (`match`), what must and must not hold, who is credited, under which key the same
deed is known again however often it is told (`dedupe`), and which event takes it back (`undo_on`). A gathering is told
in several events: who came, who went, and that it ended; only then it is known whether it was one. The parts of an
event are named by paths (`paths.py`), texts are put together from them (`texts.py`). Every rule names where it
was discussed, so that whoever is counted, or not, can read why (as Fedora asks of its badges).
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, Strict, WithJsonSchema, model_validator

from app.kit.addresses import WebUrl
from app.members.forms import Key
from app.sources.conditions import Condition, condition
from app.sources.paths import Path, path
from app.sources.texts import Text, text

MOST_RULES = 100
"""Rules of one source."""


def _said(read: Any, kind: type[Any]) -> BeforeValidator:
    def parsed(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        if not isinstance(value, str):
            raise ValueError("a text is needed here")  # noqa: TRY004  pydantic tells the caller
        return read(value)

    return BeforeValidator(parsed)


def _condition(value: Any) -> Any:
    return value if not isinstance(value, dict | list | str | int | float | None) else condition(value)


def _in_a_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Where = Annotated[InstanceOf[Path], _said(path, Path), WithJsonSchema({"type": "string", "examples": ["$.user.id"]})]
Words = Annotated[InstanceOf[Text], _said(text, Text), WithJsonSchema({"type": "string", "examples": ["a:{$.id}"]})]
When = Annotated[Any, BeforeValidator(_condition), WithJsonSchema({"type": "object"})]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Strict(False), BeforeValidator(_in_a_list), Field(min_length=1, max_length=20)]
Conditions = Annotated[tuple[When, ...], Strict(False), Field(max_length=20)]


_Type = Annotated[Key | None, BeforeValidator(lambda value: None if value is False else value)]


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class Match(_Said):
    """Which events: by the platform's own name of them, and what happened to their object, where it says so."""

    event: Names
    action: Names | None = None
    when: Conditions = ()
    """Holds besides, all of it."""


class Change(Match):
    """Events that tell of the same thing as others, by its key and its own time."""

    dedupe: Words | None = None
    """Where the key is found in these events; left out, where the rule says."""
    also: Words | None = None
    """Where they name it by its other key instead."""
    as_of: Where | None = None


class Who(_Said):
    """Somebody, by their account. Of several ways to know them the first that is somebody's is taken."""

    person: Annotated[tuple[Words, ...], Strict(False), BeforeValidator(_in_a_list), Field(max_length=5)] = ()
    """The account. A path that leads to several accounts names several people, if it is the only way."""
    email: Words | None = None
    remembered: Words | None = None
    """The key under which another rule remembered them: who wrote what somebody reacts to."""
    scheme: Key | None = None
    """Whose accounts they are; left out, those of the source."""
    role: Key = "contributor"
    part: Literal["by", "for"] = "by"
    """Whether they did it, or it was done for them."""
    needed: bool = True
    """Whether nothing is credited if they are not named."""

    @model_validator(mode="after")
    def _named(self) -> "Who":
        if not (self.person or self.email or self.remembered):
            raise ValueError("say by which account, address or memory the person is known")
        return self


_Credit = Annotated[tuple[Who, ...], Strict(False), BeforeValidator(_in_a_list), Field(min_length=1, max_length=8)]


class _About(_Said):
    id: Key
    discussion: WebUrl
    """Where it was discussed that this counts."""
    note: str | None = Field(default=None, max_length=500)
    """What is to be known about it."""


class Rule(_About):
    """An event that becomes a contribution each time: of several people, or for each item of a list."""

    match: Match
    each: Where | None = None
    """A list, for each item of which (`@`) this is said."""
    when: Conditions = ()
    """Each has to hold."""
    not_if: Conditions = ()
    """None may hold."""
    type: Words
    """A type of contribution; where the platform itself names it, where."""
    credit: _Credit
    occurred_at: Where | None = None
    """Left out, when it was told."""
    ends_at: Where | None = None
    as_of: Where | None = None
    """When the platform came to say so, which orders it and its undoing. Left out, when it occurred; not there, when it
    was told."""
    dedupe: Words
    also: Words | None = None
    """Another key of it, by which what takes it back names it; known for 30 days."""
    evidence: Words | None = None
    """An address at which it can be seen."""
    title: Words | None = None
    channel: Words | None = None
    undo_on: Change | None = None


class Memory(_About):
    """Who did something that others will refer to, by its key."""

    match: Match
    not_if: Conditions = ()
    key: Words
    person: Words


class Moment(Match):
    """Events that tell of one moment of a gathering."""

    at: Where


class Ending(Moment):
    """The end of it, told with its beginning."""

    begin: Where


class Gathering(_About):
    """People who meet: who came and went is told one by one. It counts once it ended, if enough came and stayed.

    Its key is that of one meeting, not of a series. One person who comes twice is one, with all of their minutes.
    """

    key: Words
    came: Moment
    went: Moment | None = None
    ended: Ending | None = None
    """Left out where no end is told: then it counts once enough came, however long they stayed."""
    host: Who
    guest: Who
    guest_name: Words | None = None
    """By which a guest without an account is told from others; nobody is credited by it."""
    hosting: _Type = "hosting"
    """The type with which the host is credited; false for none."""
    attending: _Type = "attending"
    """The type with which everybody who came is credited; false for none."""
    award_host: Words | None = None
    """The id of an achievement that the host is awarded for it, if the source's policy lists it."""
    least_guests: Annotated[int, Field(ge=1, le=1_000)] = 3
    """Different people, besides the host."""
    least_known: Annotated[int, Field(ge=0, le=1_000)] = 1
    """So many of them by accounts or addresses: names are whatever somebody types."""
    least_minutes: Annotated[int, Field(ge=0, le=1_440)] = 15
    title: Words | None = None


class AwardOf(_About):
    """An event at which an achievement is awarded, if the source's policy lists it."""

    match: Match
    each: Where | None = None
    when: Conditions = ()
    not_if: Conditions = ()
    achievement: Words
    """Its id, or where the platform names it."""
    to: Who
    external_id: Words
    """The platform's own id of it: told twice, awarded once."""
    narrative: Words | None = None
    evidence: Words | None = None
    occurred_at: Where | None = None
    undo_on: Change | None = None


class Rules(_Said):
    """All rules of a platform, or what a community puts in their place."""

    rule: Annotated[tuple[Rule, ...], Strict(False), Field(max_length=MOST_RULES)] = ()
    memory: Annotated[tuple[Memory, ...], Strict(False), Field(max_length=MOST_RULES)] = ()
    gathering: Annotated[tuple[Gathering, ...], Strict(False), Field(max_length=MOST_RULES)] = ()
    award: Annotated[tuple[AwardOf, ...], Strict(False), Field(max_length=MOST_RULES)] = ()

    @model_validator(mode="after")
    def _each_its_own_id(self) -> "Rules":
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("two rules have one id")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all of them."""
        return tuple(one.id for one in (*self.rule, *self.memory, *self.gathering, *self.award))


class OwnRules(Rules):
    """What a community says for itself: its rules come beside those that are shipped, or in place of one of that id."""

    without: Annotated[tuple[Key, ...], Strict(False), Field(max_length=MOST_RULES)] = ()
    """Ids of those that are shipped and do not apply here."""

    def over(self, shipped: Rules) -> Rules:
        """All that is in force."""
        gone = {*self.without, *self.ids}
        return Rules(
            rule=(*(one for one in shipped.rule if one.id not in gone), *self.rule),
            memory=(*(one for one in shipped.memory if one.id not in gone), *self.memory),
            gathering=(*(one for one in shipped.gathering if one.id not in gone), *self.gathering),
            award=(*(one for one in shipped.award if one.id not in gone), *self.award),
        )


__all__ = ["AwardOf", "Change", "Condition", "Gathering", "Match", "Memory", "OwnRules", "Rule", "Rules", "Who"]
