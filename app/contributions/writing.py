"""What becomes of a report: whom it names, rows, and what the journal is told."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.contributions import naming
from app.contributions.rules import Account, Credited, Fault, Named, Report, Side, Span
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion


def named(
    session: Session, community: UUID, reports: Iterable[Report], *, at: Installation
) -> list[tuple[Named, ...] | Fault]:
    """Whom each report credits; why not, where it names somebody who is nobody here."""
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
    return tuple(found)


def holding_of(community: UUID, source: str, dedupe_key: str) -> str:
    """What a contribution holds while nothing else may be recorded under its source's key."""
    return hashlib.sha256(f"{community}\n{source}\n{dedupe_key}".encode()).hexdigest()


def row_of(
    community: UUID, id: UUID, report: Report, *, holding: str | None, on: Occasion, corrects: UUID | None = None
) -> dict[str, Any]:
    """The row of a contribution that is in force."""
    return {
        "id": id,
        "community_id": community,
        "type": report.type,
        "occurred_at": report.occurred_at,
        "ends_at": Span.of(report.occurred_at, report.ends_at).ends,
        "first_occurred_at": None,
        "first_ends_at": None,
        "recorded_at": on.now,
        "recorded_by": on.actor,
        "source": report.source,
        "dedupe_key": report.dedupe_key if report.key_is_kept else None,
        "holding": holding,
        "url": report.url,
        "title": report.title,
        "channel": report.channel,
        "evidence_digest": report.evidence_digest,
        "loop": report.loop,
        "corrects": corrects,
        "superseded_at": None,
        "retracted_at": None,
        "reason": None,
    }


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


def holders_of(session: Session, community: UUID, credits: Iterable[Named]) -> dict[Account, list[naming.Claim]]:
    """Whose the accounts are that are credited, as far as they are anybody's."""
    accounts = {credit.who for credit in credits if isinstance(credit.who, Account)}
    return naming.claims_on(session, community, accounts)


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
