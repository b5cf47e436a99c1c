"""What rules make of an event. A pure function of both: the same comes of it whenever it is asked, and nothing happens.

What a rule does not find, it says (`WouldNot`), so that whoever writes rules sees why nobody was credited.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.sources.conditions import Condition
from app.sources.events import (
    Known,
    Noted,
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
from app.sources.finding import Missing, key_of, moment_at, one_text, parties, short, somebody, url_of
from app.sources.grammar import AwardOf, Change, Ending, Gathering, Match, Memory, Moment, Rule, Rules
from app.sources.paths import Looks, Path, Scope

LONGEST_NARRATIVE = 2_000
_AN_ITEM = 10
"""Looks that making something of one item of a list stands for."""


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


def _is_about(match: Match, told: Told, scope: Scope) -> bool:
    if not set(match.event) & set(told.names):
        return False
    return (match.action is None or told.action in match.action) and _all_hold(match.when, scope)


def _all_hold(conditions: Sequence[Condition], scope: Scope) -> bool:
    return all(condition.holds(scope) for condition in conditions)


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
        occurred = moment_at("occurred_at", rule.occurred_at, scope) or at
        return WouldRecord(
            rule=rule.id,
            type=one_text("type", rule.type, scope),
            parties=parties(rule.credit, scope),
            occurred_at=occurred,
            as_of=min(moment_at("as_of", rule.as_of, scope) or (at if rule.as_of is not None else occurred), at),
            dedupe=key_of("dedupe", rule.dedupe, scope),
            ends_at=moment_at("ends_at", rule.ends_at, scope),
            url=url_of(rule.evidence, scope),
            title=short(rule.title, scope),
            channel=short(rule.channel, scope),
            undoable=rule.undo_on is not None,
            also=within(also) if rule.also is not None and (also := rule.also.one(scope)) else None,
        )
    except Missing as missing:
        return WouldNot(rule.id, str(missing))


def _undone(rule: Rule, change: Change, scope: Scope, at: datetime) -> Would:
    try:
        key = key_of("dedupe", change.also or change.dedupe or rule.dedupe, scope)
        as_of = min(moment_at("as_of", change.as_of, scope) or at, at)
        return WouldUndo(rule.id, key, as_of, also=change.also is not None)
    except Missing as missing:
        return WouldNot(rule.id, f"undo_on: {missing}")


def _of_award(award: AwardOf, told: Told, scope: Scope, at: datetime) -> list[Would]:
    found: list[Would] = []
    if _is_about(award.match, told, scope):
        found += [_awarded(award, item, at) for item in _items(award.each, scope)]
    if award.undo_on is not None and _is_about(award.undo_on, told, scope):
        for item in _items(award.each, scope):
            try:
                key = key_of("external_id", award.undo_on.dedupe or award.external_id, item)
                when = min(moment_at("as_of", award.undo_on.as_of, item) or at, at)
                found.append(WouldRevoke(award.id, key, when))
            except Missing as missing:
                found.append(WouldNot(award.id, f"undo_on: {missing}"))
    return found


def _awarded(award: AwardOf, scope: Scope, at: datetime) -> Would:
    why = _held_back(award, scope)
    if why is not None:
        return WouldNot(award.id, why)
    try:
        to = parties((award.to,), scope)
        if len(to) != 1:
            raise Missing("to names several people")  # noqa: TRY301  said as the others are
        narrative = award.narrative.one(scope) if award.narrative else None
        url = url_of(award.evidence, scope)
        occurred = moment_at("occurred_at", award.occurred_at, scope)
        return WouldAward(
            rule=award.id,
            achievement=one_text("achievement", award.achievement, scope),
            to=to[0],
            external_id=key_of("external_id", award.external_id, scope),
            occurred_at=occurred,
            as_of=min(occurred or at, at),
            narrative=narrative[:LONGEST_NARRATIVE] if narrative else None,
            evidence=({"url": url},) if url else (),
        )
    except Missing as missing:
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
        except Missing as missing:
            return [WouldNot(gathering.id, f"{kind}: {missing}")]
    return []


def _noted(gathering: Gathering, kind: str, match: Moment, scope: Scope) -> Noted:
    at = moment_at("at", match.at, scope)
    begin = moment_at("begin", match.begin, scope) if isinstance(match, Ending) else None
    if at is None or (isinstance(match, Ending) and begin is None):
        raise Missing("at or begin is missing")
    guest = None if kind == "ended" else somebody(gathering.guest, scope)
    return Noted(
        rule=gathering.id,
        key=key_of("key", gathering.key, scope),
        kind=kind,
        at=at,
        begin=begin,
        host=somebody(gathering.host, scope),
        guest=guest,
        guest_name=None if kind == "ended" else short(gathering.guest_name, scope),
        title=short(gathering.title, scope),
        never_ends=gathering.ended is None,
    )
