"""Signing the badge of somebody who has accepted it: at once, or again and again until it can be."""

import logging
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.credentials.agreed import award_agreed
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations.casefile import Case, nomination_by_id, opened_by_id
from app.nominations.consenting import consented
from app.nominations.rules import RETRIES, State
from app.nominations.settling import settle
from app.nominations.tables import Nomination, Nominee, Receipt
from app.nominations.vouching import vouch

_log = logging.getLogger(__name__)

SIGNING = frozenset({State.offered, State.accepted})
"""Where a nomination has to be for the badges of those who have accepted to be signed."""


def issue(case: Case, nominee: Nominee, receipt: Receipt, *, at: Installation, on: Occasion) -> None:
    """The badge, or nothing of it. What it says was consented to, so that it can be signed later as well as now."""
    try:
        agreed = consented(case, nominee, receipt, at=at)
        with case.session.begin_nested():
            credential = award_agreed(case.session, case.community, agreed, at=at, on=on)
            vouch(case, nominee, credential, agreed, at=at, on=on)
            nominee.credential_id, nominee.state = credential.id, State.issued
            case.session.add(nominee)
            case.session.flush()
            settle(case, on=on, credential=str(credential.id))
    except SQLAlchemyError:
        raise  # the database takes nothing at all now, so that the consent is not kept either
    except Exception as error:  # noqa: BLE001  whatever keeps it from being signed, the consent stands
        _log.warning("The badge of nominee %s could not be signed (%s); it is tried again.", nominee.id, type(error))
        case.nomination.retry_at = on.now + RETRIES
        case.session.add(case.nomination)


def retry(session: Session, nominee_id: UUID, *, at: Installation, on: Occasion) -> bool:
    """Signs once more what could not be signed when it was accepted; whether it is signed now.

    Nothing is signed of a nomination that was held or withdrawn since, nor after a consent was taken back.
    """
    nomination_id = session.exec(select(Nominee.nomination_id).where(Nominee.id == nominee_id)).one()
    case = opened_by_id(session, str(nomination_id), now=on.now, lock=True)
    nominee = next(each for each in case.nominees if each.id == nominee_id)
    receipt = session.get(Receipt, nominee.id)
    may_be = case.nomination.state in SIGNING and receipt is not None and receipt.withdrawn_at is None
    if nominee.state is not State.accepted or receipt is None or not may_be:
        return nominee.state is State.issued
    issue(case, nominee, receipt, at=at, on=on)
    return nominee.credential_id is not None


def rest(session: Session, nominee_id: UUID, *, on: Occasion) -> None:
    """Has what could not even be tried wait its turn behind the others."""
    nomination_id = session.exec(select(Nominee.nomination_id).where(Nominee.id == nominee_id)).one()
    nomination = nomination_by_id(session, str(nomination_id), lock=True)
    nomination.retry_at = on.now + RETRIES
    session.add(nomination)


def awaiting(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Nominees who have accepted, whose badge could not be signed then, and for whom it is to be tried again by now."""
    due = sa.or_(col(Nomination.retry_at).is_(None), col(Nomination.retry_at) <= now)
    accepted = (
        select(Nominee.id)
        .join(Nomination)
        .join(Receipt, col(Receipt.nominee_id) == Nominee.id)
        .where(Nominee.state == State.accepted, col(Nomination.state).in_(SIGNING), due)
        .where(col(Receipt.withdrawn_at).is_(None))
    )
    longest_first = col(Nomination.retry_at).asc().nulls_first()
    return list(session.exec(accepted.order_by(longest_first, col(Nominee.id)).limit(limit)).all())
