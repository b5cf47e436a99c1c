"""How often and how soon somebody may nominate: rates, cool-downs, blocks."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.achievements import service as achievements
from app.achievements.rules import Policy
from app.kit import rates
from app.nominations.casefile import Case, is_about
from app.nominations.refusals import CoolingDown, TooManyNominations
from app.nominations.rules import OPEN, State
from app.nominations.tables import Block, Nomination, Nominee, Reoffer

SUBMITTED_WITHIN = timedelta(days=30)
DAY = timedelta(days=1)

_is_their_own = col(Nomination.id).not_in(select(Reoffer.nomination_id))


def check_drafts(session: Session, nominator: UUID, policy: Policy, *, now: datetime) -> None:
    """Raises `TooManyNominations` for one draft too many."""
    _check_standing(session, nominator, {State.draft}, policy.limits.drafts, "are drafts", now=now)


def check_rates(session: Session, nominator: UUID, policy: Policy, *, now: datetime) -> None:
    """Whether one more may be submitted. The nominator's row is locked, so that two at once count each other.

    What a steward offered once more is not theirs, and was counted when it was submitted.

    Raises `TooManyNominations`.
    """
    most, since = policy.limits.submitted_per_30d, now - SUBMITTED_WITHIN
    mine = select(Nomination.submitted_at).where(
        Nomination.nominator_id == nominator, col(Nomination.submitted_at) > since, _is_their_own
    )
    recent = [at for at in session.exec(mine).all() if at is not None]
    if wait := rates.wait(recent, most=most, within=SUBMITTED_WITHIN, now=now):
        raise TooManyNominations(f"At most {most} are submitted within 30 days.", retry_after=wait)
    _check_standing(session, nominator, OPEN, policy.limits.open_per_nominator, "are open", now=now)


def check_cooldowns(case: Case, nominee: Nominee, *, now: datetime) -> None:
    """Whether it is late enough for this person and achievement, and for these two people.

    A block says the same as a cool-down, so that nobody learns of it; and who nominates themselves hears only of what
    they know: their own nominations, and decisions that the policy of then let them see. Raises `CoolingDown`.
    """
    nomination, policy = case.nomination, case.policy
    person = case.people.get(nominee.member_id) if nominee.member_id is not None else None
    same: list[sa.ColumnElement[bool]] = [sa.false()]
    if person is not None:
        same.append(is_about({person.id, person.identity}))
    if nominee.fingerprint is not None:
        same.append(col(Nominee.fingerprint) == nominee.fingerprint)
    earlier = (
        select(Nomination, Nominee.state)
        .join(Nominee, col(Nominee.nomination_id) == Nomination.id)
        .where(sa.or_(*same), Nomination.community_id == nomination.community_id)
        .where(Nomination.id != nomination.id, col(Nomination.closed_at).is_not(None))
    )
    days, until = policy.cooldown_days, [_blocked_until(case, nominee, now)]
    for past, offer in case.session.exec(earlier).all():
        if person is not None and person.identity == case.nominator.identity and not _knows(case, past):
            continue
        assert past.closed_at is not None  # noqa: S101  as asked
        if past.achievement_id == nomination.achievement_id and past.decided_at is not None:
            wait = {State.declined: days.renominate, State.not_yet: days.not_yet}.get(past.state)
            until.append(past.decided_at + wait * DAY if wait is not None else None)
        went_unanswered = past.state in {State.refused, State.expired} and offer is not State.withdrawn
        if past.nominator_id == nomination.nominator_id and went_unanswered:
            until.append(past.closed_at + days.pair * DAY if past.decided_at is not None else None)
    latest = max((instant for instant in until if instant is not None), default=now)
    if latest > now:
        raise CoolingDown(
            f"This person may be nominated for this from {latest:%Y-%m-%d} on.",
            until=latest.isoformat(),
            headers={"Retry-After": str(rates.seconds_until(latest, now))},
        )


def _knows(case: Case, past: Nomination) -> bool:
    """Whether whoever nominates themselves has heard how an earlier nomination of theirs ended."""
    if past.nominator_id == case.nomination.nominator_id:
        return True
    version = achievements.version_of(case.session, past.achievement_id, past.achievement_version)
    return achievements.policy_of(version).nominee_visibility == "from_submission"


def _blocked_until(case: Case, nominee: Nominee, now: datetime) -> datetime | None:
    """The end of the present cool-down, one after the other without end, of a pair that one of them has blocked."""
    pair = (nominee.member_id, case.nomination.nominator_id)
    block = case.session.get(Block, pair) if nominee.member_id is not None else None
    if block is None:
        return None
    span = max(case.policy.cooldown_days.pair, 1) * DAY
    return block.at + ceil((now - block.at + timedelta(microseconds=1)) / span) * span


def _check_standing(
    session: Session, nominator: UUID, states: Collection[State], most: int, what: str, *, now: datetime
) -> None:
    """Whether there is room for one more in these states; who is refused may wait for the first clock to run out."""
    mine = (Nomination.nominator_id == nominator, col(Nomination.state).in_(states), _is_their_own)
    count, soonest = session.exec(select(func.count(), func.min(Nomination.deadline)).where(*mine)).one()
    if count >= most:
        wait = rates.seconds_until(now + DAY if soonest is None else soonest, now)
        raise TooManyNominations(f"At most {most} {what} at a time.", retry_after=wait)
