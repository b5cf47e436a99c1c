"""What endorsers signed themselves is verified again each day: only their own status list says that it is revoked."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

import badges
from app.endorsements import answering
from app.endorsements.rules import SIGNED, WATCHED_EVERY
from app.endorsements.service import locked
from app.endorsements.tables import Endorsement
from app.issuers.tables import SignedEndorsement
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.kit.pacing import Deadline, until

AT_ONCE = 4
SECONDS = 5.0
"""After so long nobody is asked any more about one of them."""


def watch(runtime: Runtime, now: datetime) -> int:
    """Verifies some that are due once more, and withdraws those that their endorser has revoked; how many were due.

    One that cannot be checked, or has expired, stays: whoever verifies the badge reads that of it.
    """
    with read_session(runtime.engine) as session:
        due = _due(session, now)
    for id, text in due:
        report = badges.verify(text, fetch=until(Deadline(SECONDS), runtime.fetch), now=now)
        on = Occasion(actor="system", now=now, ids=runtime.ids)
        with runtime.writing() as session:
            _write_down(session, id, report, runtime, on)
    return len(due)


def _due(session: Session, now: datetime) -> list[tuple[UUID, str]]:
    chosen = (
        select(Endorsement.id, SignedEndorsement)
        .join(SignedEndorsement, col(SignedEndorsement.id) == Endorsement.id)
        .where(col(Endorsement.watch_at) <= now, col(Endorsement.state).in_(SIGNED))
        .order_by(col(Endorsement.watch_at), col(Endorsement.id))
    )
    found = session.exec(chosen.limit(AT_ONCE)).all()
    return [(id, signed.data_integrity or signed.vc_jwt or "") for id, signed in found]


def _write_down(session: Session, id: UUID, report: badges.Report, runtime: Runtime, on: Occasion) -> None:
    endorsement = locked(session, id)
    if endorsement.state not in SIGNED or endorsement.watch_at is None or endorsement.watch_at > on.now:
        return  # somebody else has looked, or it was withdrawn meanwhile
    endorsement.watch_at = on.now + WATCHED_EVERY
    session.add(endorsement)
    if report.verdict is badges.Verdict.revoked:
        endorsement.watch_at = None
        answering.withdrawn(session, endorsement, at=runtime.installation, on=on)
