"""Use-case: recording what people did, by the thousand, in one transaction."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.contributions import kinds, naming
from app.contributions.rules import Account, Credited, Fault, Outcome, Report, Side, Span, fault, named_twice
from app.contributions.tables import Contribution, Credit
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import Prepared, insert, insert_absent
from app.members.tables import Community


@dataclass(frozen=True)
class Recorded:
    """What became of a report."""

    outcome: Outcome
    contribution: UUID | None = None
    """The one that it is about, if there is one."""
    fault: Fault | None = None


@dataclass(frozen=True)
class Named:
    """Somebody whom a report credits, as they are kept: a member, or an account."""

    side: Side
    role: str | None
    who: UUID | Account


@dataclass(frozen=True)
class _Draft:
    """A report that can be recorded."""

    place: int
    """In the order in which reports were given."""
    id: UUID
    report: Report
    credits: tuple[Named, ...]
    holding: str | None

    @property
    def span(self) -> Span:
        return Span.of(self.report.occurred_at, self.report.ends_at)


@dataclass
class _Done:
    """What came of some drafts."""

    answers: dict[int, Recorded] = field(default_factory=dict)
    fresh: list[_Draft] = field(default_factory=list)
    longer: dict[str, tuple[UUID, Span]] = field(default_factory=dict)
    """By what they hold: those that turned out to have lasted longer."""


def record(
    session: Session,
    community: Community,
    reports: Sequence[Report],
    *,
    at: Installation,
    on: Occasion,
    only_with: UUID | None = None,
) -> list[Recorded]:
    """Records what was reported; an answer for each, in their order. What is wrong with one is no matter to the others.

    A report under a dedupe key that its source has used before is the same contribution: it may say that it began
    earlier or ended later (as contributors.debian.org does), and changes nothing else. `only_with` is who has to be
    named by each as one who did it.
    """
    answers, drafts = _drafted(session, community, reports, only_with, at=at, on=on)
    done = _taken(session, community, drafts, on=on)
    insert(session, Credit, *(row for draft in done.fresh for row in _credits(community, draft)))
    _lengthen(session, done)
    _tell(session, community, done, on=on)
    answers |= done.answers
    return [answers[place] for place in range(len(reports))]


def holding_of(community: UUID, source: str, dedupe_key: str) -> str:
    """What a contribution holds while nothing else may be recorded under its source's key."""
    return hashlib.sha256(f"{community}\n{source}\n{dedupe_key}".encode()).hexdigest()


def named(
    session: Session, community: UUID, reports: Iterable[Report], *, at: Installation
) -> list[tuple[Named, ...] | Fault]:
    """Whom each report credits; why not, where it names somebody who is nobody here, or twice."""
    reports = list(reports)
    handles = {credit.who for report in reports for credit in report.credits if isinstance(credit.who, str)}
    members = naming.members_named(session, community, handles)
    accounts = {credit.who for report in reports for credit in report.credits if isinstance(credit.who, Account)}
    kept = {account: naming.known_as(account, community, at=at) for account in accounts}
    return [_named(report.credits, members, kept) for report in reports]


def _named(
    credits: Iterable[Credited], members: dict[str, UUID], kept: dict[Account, Account]
) -> tuple[Named, ...] | Fault:
    found = []
    for credit in credits:
        who = members.get(credit.who) if isinstance(credit.who, str) else kept[credit.who]
        if who is None:
            return Fault("no-such-member", f"There is no member {credit.who!r}.")
        if isinstance(who, Account) and not who.account:
            return Fault("no-such-account", "An account has a name.")
        found.append(Named(credit.side, credit.role, who))
    return named_twice(found) or tuple(found)


def _drafted(
    session: Session,
    community: Community,
    reports: Sequence[Report],
    only_with: UUID | None,
    *,
    at: Installation,
    on: Occasion,
) -> tuple[dict[int, Recorded], list[_Draft]]:
    """What is refused, by its place, and drafts of the rest."""
    types = {key: kind.deprecated_at for key, kind in kinds.known(session, community).items()}
    refused, drafts = dict[int, Recorded](), []
    for place, (report, credits) in enumerate(zip(reports, named(session, community.id, reports, at=at), strict=True)):
        found = fault(report, types, now=on.now) or _wrong(credits, only_with)
        if found is not None or isinstance(credits, Fault):
            refused[place] = Recorded(Outcome.refused, fault=found)
            continue
        key = report.dedupe_key
        holding = None if key is None else holding_of(community.id, report.source, key)
        drafts.append(_Draft(place, on.ids.row(), report, credits, holding))
    return refused, drafts


def _wrong(credits: tuple[Named, ...] | Fault, only_with: UUID | None) -> Fault | None:
    if isinstance(credits, Fault):
        return credits
    if only_with is None or any(credit.who == only_with and credit.side is Side.by for credit in credits):
        return None
    return Fault("not-yours", "Members report what they did themselves, alone or with others.")


def _taken(session: Session, community: Community, drafts: Sequence[_Draft], *, on: Occasion) -> _Done:
    """Writes a contribution for each draft that is new; the unique constraint says which are."""
    done, by_key = _Done(), defaultdict[str, list[_Draft]](list)
    for draft in drafts:
        if draft.holding is None:
            done.fresh.append(draft)
        else:
            by_key[draft.holding].append(draft)
    insert(session, Contribution, *(_row(community, draft, on) for draft in done.fresh))
    while by_key:
        # In the order of their keys, so that no two who record the same wait for each other.
        first = [by_key[key][0] for key in sorted(by_key)]
        insert_absent(session, Contribution, *(_row(community, draft, on) for draft in first))
        for standing in _standing(session, list(by_key)):
            _compare(done, by_key.pop(str(standing.holding)), standing)
        # What is left was given up by another just now: once more.
    done.answers |= {draft.place: Recorded(Outcome.recorded, draft.id) for draft in done.fresh}
    return done


def _standing(session: Session, holding: Sequence[str]) -> list[sa.Row[Any]]:
    """The contributions that hold these keys now."""
    row, found = Contribution, list[sa.Row[Any]]()
    chosen = sa.select(col(row.id), col(row.holding), col(row.occurred_at), col(row.ends_at), col(row.retracted_at))
    for some in naming.in_batches(holding):
        found += session.execute(chosen.where(col(row.holding).in_(some))).all()
    return found


def _compare(done: _Done, drafts: Sequence[_Draft], standing: sa.Row[Any]) -> None:
    """What the reports under one key say of the contribution that holds it."""
    if standing.retracted_at is not None:
        why = Fault("retracted", f"It was taken back on {standing.retracted_at:%Y-%m-%d}, for good.")
        done.answers |= {draft.place: Recorded(Outcome.refused, standing.id, why) for draft in drafts}
        return
    known = span = Span(standing.occurred_at, standing.ends_at)
    for draft in drafts:
        if draft.id == standing.id:
            done.fresh.append(draft)
            continue
        longer = span.over(draft.span)
        outcome = Outcome.duplicate if longer == span else Outcome.extended
        done.answers[draft.place], span = Recorded(outcome, standing.id), longer
    if span != known:
        done.longer[standing.holding] = (standing.id, span)


def _row(community: Community, draft: _Draft, on: Occasion) -> dict[str, Any]:
    report = draft.report
    return {
        "id": draft.id,
        "community_id": community.id,
        "type": report.type,
        "occurred_at": report.occurred_at,
        "ends_at": draft.span.ends,
        "recorded_at": on.now,
        "recorded_by": on.actor,
        "source": report.source,
        "dedupe_key": report.dedupe_key,
        "holding": draft.holding,
        "url": report.url,
        "title": report.title,
        "channel": report.channel,
        "evidence_digest": report.evidence_digest,
        "loop": report.loop,
        "corrects": None,
        "superseded_at": None,
        "retracted_at": None,
        "reason": None,
    }


def _credits(community: Community, draft: _Draft) -> Iterable[dict[str, Any]]:
    return credits_of(community.id, draft.id, draft.report, draft.credits)


def credits_of(
    community: UUID, contribution: UUID, report: Report, credits: Sequence[Named]
) -> Iterable[dict[str, Any]]:
    """The rows that say who is credited."""
    for position, credit in enumerate(credits):
        account = credit.who if isinstance(credit.who, Account) else None
        yield {
            "contribution_id": contribution,
            "position": position,
            "community_id": community,
            "side": credit.side,
            "role": credit.role,
            "member_id": None if isinstance(credit.who, Account) else credit.who,
            "platform": account.platform if account else None,
            "account": account.account if account else None,
            "type": report.type,
            "occurred_at": report.occurred_at,
            "in_force": True,
        }


# Whoever else lengthens the same one is not undone: the database compares.
_CONTRIBUTION, _CREDIT = Contribution.__table__.c, Credit.__table__.c  # type: ignore[attr-defined]
_BEGINS = sa.bindparam("begins", type_=_CONTRIBUTION.occurred_at.type)
_ENDS = sa.bindparam("ends", type_=_CONTRIBUTION.ends_at.type)
_LAST = sa.func.coalesce(_CONTRIBUTION.ends_at, _CONTRIBUTION.occurred_at)
_LONGER = Prepared(
    sa.update(Contribution)
    .where(_CONTRIBUTION.holding == sa.bindparam("holds"))
    .values(
        occurred_at=sa.case((_CONTRIBUTION.occurred_at > _BEGINS, _BEGINS), else_=_CONTRIBUTION.occurred_at),
        ends_at=sa.case((_LAST < _ENDS, _ENDS), else_=_CONTRIBUTION.ends_at),
    )
)
_EARLIER = Prepared(
    sa.update(Credit)
    .where(
        _CREDIT.contribution_id.in_(sa.select(_CONTRIBUTION.id).where(_CONTRIBUTION.holding == sa.bindparam("holds"))),
        _CREDIT.occurred_at > _BEGINS,
    )
    .values(occurred_at=_BEGINS)
)


def _lengthen(session: Session, done: _Done) -> None:
    spans = [
        {"holds": holding, "begins": span.begins, "ends": span.ends}
        for holding, (_, span) in sorted(done.longer.items())
    ]
    _LONGER.many(session, spans)
    _EARLIER.many(session, spans)


def _tell(session: Session, community: Community, done: _Done, *, on: Occasion) -> None:
    """What the journal is told of each: who did it, as far as they are members now, and where it is known from."""
    credits = {credit.who for draft in done.fresh for credit in draft.credits if isinstance(credit.who, Account)}
    holders = naming.claims_on(session, community.id, credits)
    happened = list[tuple[str, UUID, dict[str, Datum]]]()
    for draft in sorted(done.fresh, key=lambda draft: draft.place):
        happened.append(("contribution.recorded", draft.id, told_of(draft.report, draft.credits, holders)))
    fresh = {draft.id for draft in done.fresh}
    longer = sorted(id for id, _ in done.longer.values() if id not in fresh)
    happened += [("contribution.extended", id, {}) for id in longer]
    if happened:
        on.record_all(session, community.id, happened)


def told_of(
    report: Report, credits: Iterable[Named], holders: Mapping[Account, list[naming.Claim]]
) -> dict[str, Datum]:
    """What the journal is told of a contribution: ids and codes alone, nothing of accounts that are nobody's."""
    by = set[str]()
    for credit in credits:
        if credit.side is not Side.by:
            continue
        if isinstance(credit.who, UUID):
            by.add(str(credit.who))
        else:
            claims = holders.get(credit.who, [])
            by |= {str(claim.member) for claim in claims if claim.covers(report.occurred_at)}
    return {"type": report.type, "by": sorted(by), "source": report.source}
