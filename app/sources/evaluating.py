"""What rules make of an event. A pure function of both: the same comes of it whenever it is asked, and nothing happens.

What a rule does not find, it says (`WouldNot`), so that whoever writes rules sees why nobody was credited.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from app.kit.addresses import web_url
from app.sources.conditions import Condition
from app.sources.events import (
    Known,
    Noted,
    Party,
    Told,
    Would,
    WouldAward,
    WouldNot,
    WouldRecord,
    WouldRemember,
    WouldRevoke,
    WouldUndo,
    within,
)
from app.sources.grammar import AwardOf, Change, Ending, Gathering, Match, Memory, Moment, Rule, Rules, Who
from app.sources.paths import Looks, Path, Scope, Text, TooMuchInIt

LONGEST_TITLE, LONGEST_URL, LONGEST_NARRATIVE = 200, 2_000, 2_000
_AN_ITEM = 10
"""Looks that making something of one item of a list stands for."""
_SECONDS = re.compile(r"-?[0-9]{9,}(?:\.[0-9]+)?")
"""In a text; what has fewer digits is a day, or no time."""
_MILLISECONDS = 1e11
"""Seconds since 1970 have fewer digits than this until the year 5138."""


def evaluate(rules: Rules, told: Told, *, at: datetime, looks: Looks | None = None) -> list[Would]:
    """What comes of an event that was told at `at`. `looks`, where other events came with it. Raises `TooMuchInIt`."""
    found: list[Would] = []
    scope = Scope(told.body, told.headers, looks=looks or Looks())
    for memory in rules.memory:
        if _is_about(memory.match, told, scope):
            found += _remembered(memory, scope)
    for rule in rules.rule:
        found += _of_rule(rule, told, scope, at)
    for award in rules.award:
        found += _of_award(award, told, scope, at)
    for gathering in rules.gathering:
        found += _of_gathering(gathering, told, scope)
    return found


def moment(value: Any) -> datetime:
    """The instant that a value names: ISO 8601, or seconds or milliseconds since 1970. Raises `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is no time")  # noqa: TRY004  whatever else it is
    if isinstance(value, str) and not _SECONDS.fullmatch(value):
        when = datetime.fromisoformat(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    try:
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("is no time") from error


def _is_about(match: Match, told: Told, scope: Scope) -> bool:
    if not set(match.event) & set(told.names):
        return False
    return (match.action is None or told.action in match.action) and _all_hold(match.when, scope)


def _all_hold(conditions: Sequence[Condition], scope: Scope) -> bool:
    return all(condition.holds(scope) for condition in conditions)


class _Missing(Exception):
    """A rule does not find what it needs."""


def _items(each: Path | None, scope: Scope) -> Iterator[Scope]:
    if each is None:
        yield scope
        return
    for item in each.values(scope):
        scope.looks.take(_AN_ITEM)
        yield scope.at(item)


def _held_back(rule: Rule | AwardOf | Memory, scope: Scope) -> str | None:
    """Why a rule does not apply, if so."""
    when = rule.when if not isinstance(rule, Memory) else ()
    for number, condition in enumerate(when):
        if not condition.holds(scope):
            return f"when/{number} does not hold"
    for number, condition in enumerate(rule.not_if):
        if condition.holds(scope):
            return f"not_if/{number} holds"
    return None


def _of_rule(rule: Rule, told: Told, scope: Scope, at: datetime) -> list[Would]:
    found: list[Would] = []
    if _is_about(rule.match, told, scope):
        seen: set[str] = set()
        for item in _items(rule.each, scope):
            would = _recorded(rule, item, at)
            if isinstance(would, WouldRecord) and would.dedupe in seen:
                continue
            seen |= {would.dedupe} if isinstance(would, WouldRecord) else set()
            found.append(would)
    if rule.undo_on is not None and _is_about(rule.undo_on, told, scope):
        found += [_undone(rule, rule.undo_on, item, at) for item in _items(rule.each, scope)]
    return found


def _recorded(rule: Rule, scope: Scope, at: datetime) -> Would:
    why = _held_back(rule, scope)
    if why is not None:
        return WouldNot(rule.id, why)
    try:
        occurred = _moment_at("occurred_at", rule.occurred_at, scope) or at
        return WouldRecord(
            rule=rule.id,
            type=_one("type", rule.type, scope),
            parties=_parties(rule.credit, scope),
            occurred_at=occurred,
            as_of=min(_moment_at("as_of", rule.as_of, scope) or (at if rule.as_of is not None else occurred), at),
            dedupe=_key("dedupe", rule.dedupe, scope),
            ends_at=_moment_at("ends_at", rule.ends_at, scope),
            url=_url(rule.evidence, scope),
            title=_short(rule.title, scope),
            channel=_short(rule.channel, scope),
            undoable=rule.undo_on is not None,
            also=within(also) if rule.also is not None and (also := rule.also.one(scope)) else None,
        )
    except _Missing as missing:
        return WouldNot(rule.id, str(missing))


def _undone(rule: Rule, change: Change, scope: Scope, at: datetime) -> Would:
    try:
        key = _key("dedupe", change.also or change.dedupe or rule.dedupe, scope)
        as_of = min(_moment_at("as_of", change.as_of, scope) or at, at)
        return WouldUndo(rule.id, key, as_of, also=change.also is not None)
    except _Missing as missing:
        return WouldNot(rule.id, f"undo_on: {missing}")


def _of_award(award: AwardOf, told: Told, scope: Scope, at: datetime) -> list[Would]:
    found: list[Would] = []
    if _is_about(award.match, told, scope):
        found += [_awarded(award, item, at) for item in _items(award.each, scope)]
    if award.undo_on is not None and _is_about(award.undo_on, told, scope):
        for item in _items(award.each, scope):
            try:
                key = _key("external_id", award.undo_on.dedupe or award.external_id, item)
                when = min(_moment_at("as_of", award.undo_on.as_of, item) or at, at)
                found.append(WouldRevoke(award.id, key, when))
            except _Missing as missing:
                found.append(WouldNot(award.id, f"undo_on: {missing}"))
    return found


def _awarded(award: AwardOf, scope: Scope, at: datetime) -> Would:
    why = _held_back(award, scope)
    if why is not None:
        return WouldNot(award.id, why)
    try:
        to = _parties((award.to,), scope)
        if len(to) != 1:
            raise _Missing("to names several people")  # noqa: TRY301  said as the others are
        narrative = award.narrative.one(scope) if award.narrative else None
        url = _url(award.evidence, scope)
        occurred = _moment_at("occurred_at", award.occurred_at, scope) or at
        return WouldAward(
            rule=award.id,
            achievement=_one("achievement", award.achievement, scope),
            to=to[0],
            external_id=_key("external_id", award.external_id, scope),
            occurred_at=occurred,
            as_of=min(occurred, at),
            narrative=narrative[:LONGEST_NARRATIVE] if narrative else None,
            evidence=({"url": url},) if url else (),
        )
    except _Missing as missing:
        return WouldNot(award.id, str(missing))


def _remembered(memory: Memory, scope: Scope) -> list[Would]:
    if _held_back(memory, scope) is not None:
        return []
    key, person = memory.key.one(scope), memory.person.one(scope)
    return [WouldRemember(memory.id, within(key), Known(None, within(person)))] if key and person else []


def _of_gathering(gathering: Gathering, told: Told, scope: Scope) -> list[Would]:
    for kind, match in (("came", gathering.came), ("went", gathering.went), ("ended", gathering.ended)):
        if match is None or not _is_about(match, told, scope):
            continue
        try:
            return [_noted(gathering, kind, match, scope)]
        except _Missing as missing:
            return [WouldNot(gathering.id, f"{kind}: {missing}")]
    return []


def _noted(gathering: Gathering, kind: str, match: Moment, scope: Scope) -> Noted:
    at = _moment_at("at", match.at, scope)
    begin = _moment_at("begin", match.begin, scope) if isinstance(match, Ending) else None
    if at is None or (isinstance(match, Ending) and begin is None):
        raise _Missing("at or begin is missing")
    guest = None if kind == "ended" else _somebody(gathering.guest, scope)
    return Noted(
        rule=gathering.id,
        key=_key("key", gathering.key, scope),
        kind=kind,
        at=at,
        begin=begin,
        host=_somebody(gathering.host, scope),
        guest=guest,
        guest_name=None if kind == "ended" else _short(gathering.guest_name, scope),
        title=_short(gathering.title, scope),
        never_ends=gathering.ended is None,
    )


def _somebody(who: Who, scope: Scope) -> Party | None:
    found = _named(who, scope)
    return found[0] if found else None


def _parties(credit: Sequence[Who], scope: Scope) -> tuple[Party, ...]:
    found: list[Party] = []
    for number, who in enumerate(credit):
        named = _named(who, scope)
        if not named and who.needed:
            raise _Missing(f"credit/{number} names nobody")
        found += [party for party in named if party not in found]
    did = {known for party in found if party.part == "by" for known in party.known}
    if any(known in did for party in found if party.part == "for" for known in party.known):
        raise _Missing("it was done for whoever did it")
    if not did and not any(party.remembered for party in found if party.part == "by"):
        raise _Missing("nobody did it")
    return tuple(found)


def _named(who: Who, scope: Scope) -> list[Party]:
    ways = [[Known(who.scheme, within(account)) for account in each.values(scope)] for each in who.person]
    if len(ways) == 1 and len(ways[0]) > 1 and who.email is None:
        return [Party((known,), who.role, who.part) for known in dict.fromkeys(ways[0])]
    known = [one for way in ways for one in way[:1]]
    if who.email is not None and (email := who.email.one(scope)) is not None:
        known.append(Known("email", email))
    remembered = who.remembered.one(scope) if who.remembered is not None else None
    if not known and remembered is None:
        return []
    return [Party(tuple(dict.fromkeys(known)), who.role, who.part, within(remembered) if remembered else None)]


def _one(name: str, text: Text, scope: Scope) -> str:
    found = text.one(scope)
    if found is None:
        raise _Missing(f"{name}: {text} names nothing, or several")
    return found


def _key(name: str, text: Text, scope: Scope) -> str:
    return within(_one(name, text, scope))


def _moment_at(name: str, where: Path | None, scope: Scope) -> datetime | None:
    """The instant at a place; None if there is none."""
    values = where.values(scope) if where is not None else []
    if not values:
        return None
    try:
        return moment(values[0])
    except (ValueError, OverflowError):
        raise _Missing(f"{name}: {where} is no time") from None


def _url(text: Text | None, scope: Scope) -> str | None:
    """An address of the web; what is none is left out, since the deed was done all the same."""
    found = text.one(scope) if text is not None else None
    if found is None or len(found) > LONGEST_URL:
        return None
    try:
        return web_url(found)
    except ValueError:
        return None


def _short(text: Text | None, scope: Scope) -> str | None:
    found = text.one(scope) if text is not None else None
    return " ".join(found.split())[:LONGEST_TITLE] if found else None


__all__ = ["TooMuchInIt", "evaluate", "moment"]
