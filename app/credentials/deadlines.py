"""What the time does to offers of badges."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from app.credentials.participation import let_go
from app.credentials.rules import State
from app.credentials.tables import Credential, Participation
from app.kit.deps import Runtime
from app.kit.jobs import Job

AT_ONCE = 50


def forget_unanswered(runtime: Runtime, now: datetime) -> int:
    """Forgets what people took part in whose offers have lapsed: silence is no consent. Of how many offers.

    Nothing of it is recorded, since nobody but the recipient knows that there was anything.
    """
    unsigned = select(Participation.credential_id).where(col(Participation.token).is_(None))
    over = sa.or_(col(Credential.offer_ends) <= now, col(Credential.valid_until) <= now)
    lapsed = sa.or_(col(Credential.state) == State.lapsed, sa.and_(col(Credential.state) == State.offered, over))
    chosen = select(Credential).where(col(Credential.id).in_(unsigned), lapsed).order_by(col(Credential.id))
    with runtime.writing() as session:
        found = session.exec(chosen.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        for credential in found:
            let_go(session, credential)
        return len(found)


JOBS = (Job("forget unanswered participation", forget_unanswered),)
"""What the worker does for credentials."""
