"""How a contribution is shown."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from app.contributions import reading
from app.contributions.naming import EMAIL
from app.contributions.reading import Party
from app.contributions.rules import Loop, Outcome, Side
from app.contributions.service import Recorded
from app.contributions.tables import Contribution
from app.kit.schemas import Out
from app.members.auth import Caller


class State(StrEnum):
    """Whether a contribution counts."""

    in_force = "in_force"
    superseded = "superseded"
    retracted = "retracted"


class CreditOut(Out):
    """Somebody who is credited, as they are known today."""

    side: Side
    """`by` did it, `for` was helped by it."""
    role: str | None
    member: UUID | None
    """Null while the account is nobody's here."""
    platform: str | None
    """Where an account is credited."""
    account: str | None
    """That account, for its holder and for stewards. Of an address there is only a keyed hash, which nobody is told."""


class ContributionOut(Out):
    """Something that was done. Its members see it, and nobody else."""

    id: UUID
    type: str
    credits: list[CreditOut]
    occurred_at: datetime
    ends_at: datetime | None
    url: str | None
    title: str | None
    channel: str | None
    evidence_digest: str | None
    loop: Loop | None
    """Null for that of its type."""
    source: str
    dedupe_key: str | None
    """For whoever reported it and for stewards; null for others, and of what a platform told."""
    recorded_at: datetime
    recorded_by: str
    """Who reported it: a member's or a token's id, `admin`, `operator` or `system`."""
    state: State
    corrects: UUID | None
    """The one in whose stead it stands."""
    corrected_by: UUID | None
    """The one that took its place."""
    reason: str | None
    """Why it was corrected or taken back."""


class FaultOut(Out):
    """Why a report is refused."""

    code: str
    detail: str


class ResultOut(Out):
    """What became of one report."""

    outcome: Outcome
    id: UUID | None
    """The contribution that it is about, if there is one."""
    error: FaultOut | None


class Counted(Out):
    """Of many reports, what became of how many."""

    recorded: int
    duplicate: int
    extended: int
    refused: int


class BatchOut(Counted):
    """What became of many, in their order."""

    items: list[ResultOut]


def batch_shown(found: Sequence[Recorded]) -> BatchOut:
    """What became of many reports."""
    return BatchOut(items=[result_shown(each) for each in found], **counts_of(found))


def counts_of(found: Sequence[Recorded]) -> dict[str, int]:
    """How many came to what."""
    counts = Counter(each.outcome for each in found)
    return {outcome.value: counts[outcome] for outcome in Outcome}


def result_shown(found: Recorded) -> ResultOut:
    """What became of one report."""
    error = FaultOut(code=found.fault.code, detail=found.fault.detail) if found.fault is not None else None
    return ResultOut(outcome=found.outcome, id=found.contribution, error=error)


def state_of(row: Contribution) -> State:
    """Whether it counts."""
    if row.retracted_at is not None:
        return State.retracted
    return State.in_force if row.superseded_at is None else State.superseded


def shown(session: Session, rows: Sequence[Contribution], caller: Caller) -> dict[UUID, ContributionOut]:
    """Contributions of one community as somebody of it may see them, by id."""
    if not rows:
        return {}
    parties = reading.parties(session, rows[0].community_id, [row.id for row in rows])
    corrected = reading.corrected_by(session, [row.id for row in rows if row.superseded_at is not None])
    return {row.id: _shown(row, parties[row.id], corrected.get(row.id), caller) for row in rows}


_IN_THE_ROW = ContributionOut.model_fields.keys() - {"credits", "state", "corrected_by", "dedupe_key"}


def _shown(row: Contribution, parties: Sequence[Party], corrected_by: UUID | None, caller: Caller) -> ContributionOut:
    said = {name: getattr(row, name) for name in _IN_THE_ROW}
    steward = caller.stewards(row.community_id)
    credits = [_credit(party, told=steward or caller.member in party.members) for party in parties]
    key = row.dedupe_key if steward or caller.actor == row.recorded_by else None
    return ContributionOut(credits=credits, state=state_of(row), corrected_by=corrected_by, dedupe_key=key, **said)


def _credit(party: Party, *, told: bool) -> CreditOut:
    account = party.account
    return CreditOut(
        side=party.side,
        role=party.role,
        member=party.members[0] if party.members else None,
        platform=account.platform if account else None,
        account=account.account if account and told and account.platform != EMAIL else None,
    )
