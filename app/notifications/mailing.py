"""The jobs that send: what has been gathered for digests, and what waits in the queue."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit import leases
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.ids import Ids
from app.kit.leases import Stage
from app.kit.mail import NobodyTakesMail, NotSent, Refused, Send
from app.members.addresses import reached_at
from app.members.tables import Member
from app.notifications.composing import NotNow, message
from app.notifications.rules import KEPT, WEEK, again_after, next_digest
from app.notifications.tables import Choice, Mail, Told

LEASE = timedelta(minutes=10)
"""Longer than a mail takes, however slowly its server answers; who died over one leaves it to others after that."""
_AT_ONCE = 10
_DIGESTS_AT_ONCE = 50
_FORGOTTEN_AT_ONCE = 500
_A_MOMENT = timedelta(minutes=1)
_HELD_UP = timedelta(hours=1)
"""Until a letter about what is held is looked at again."""

_log = logging.getLogger(__name__)
_Record = Callable[[Session, Mail], object]


def send_mails(runtime: Runtime, now: datetime) -> int:
    """Sends some of what is due; how many mails were looked at. Each is claimed when its turn comes."""
    if runtime.send is None:
        return 0
    for looked_at in range(_AT_ONCE):
        with runtime.writing() as session:
            claimed = leases.claim(session, Mail, lease=runtime.ids.row(), now=now, lasting=LEASE, limit=1)
        if not claimed:
            return looked_at
        record, nobody_takes_mail = _sent(runtime, runtime.send, claimed[0], now)
        with runtime.writing() as session:
            record(session, claimed[0])
            if nobody_takes_mail:  # what is due besides has no need to find out one by one
                leases.put_off(session, Mail, now=now, until=now + _A_MOMENT)
    return _AT_ONCE


def _sent(runtime: Runtime, send: Send, mail: Mail, now: datetime) -> tuple[_Record, bool]:
    """Sends a mail, in no transaction. What to record of it, and whether there is no use in sending others now."""
    try:
        with read_session(runtime.engine) as session:
            composed = message(session, mail, at=runtime.installation, now=now)
        if composed is not None:
            send(composed)
    except NotNow:
        return partial(leases.again, at=now + _HELD_UP, attempts=0), False
    except Refused as error:
        _log.warning("Mail %s is refused for good: %s.", mail.id, error)
        return _ended(Stage.given_up, now, said=str(error)), False
    except NotSent as error:
        _log.warning("Mail %s could not be sent: %s.", mail.id, error)
        return _tried(mail, now, str(error)), isinstance(error, NobodyTakesMail)
    except Exception as error:  # noqa: BLE001  an error of ours over one mail stops no other
        _log.exception("Mail %s could not be written.", mail.id)
        return _tried(mail, now, type(error).__name__), False
    return _ended(Stage.done, now, said=None if composed else "nothing-to-say"), False


def _tried(mail: Mail, now: datetime, said: str) -> _Record:
    wait = again_after(mail.attempts)
    if wait is None:
        return _ended(Stage.given_up, now, said=said)
    return partial(leases.again, at=now + wait, said=said[:64])


def _ended(stage: Stage, now: datetime, *, said: str | None) -> _Record:
    """What was sealed is wiped with it."""
    return partial(leases.end, stage=stage, now=now, sealed=None, said=said and said[:64])


def gather_digests(runtime: Runtime, now: datetime) -> int:
    """Has those digests sent that are due; how many members had one due."""
    if runtime.send is None:
        return 0
    with runtime.writing() as session:
        due = select(Choice).where(col(Choice.digest_at) <= now).order_by(col(Choice.digest_at))
        chosen = session.exec(due.limit(_DIGESTS_AT_ONCE).with_for_update(skip_locked=True)).all()
        for choice in chosen:
            _gather(session, choice, runtime.ids, now)
    return len(chosen)


def _gather(session: Session, choice: Choice, ids: Ids, now: datetime) -> None:
    """One mail for whatever came since the last and is unread."""
    member = session.get_one(Member, choice.member_id)
    since = (choice.digest_at or now) - WEEK
    choice.digest_at = next_digest(now, choice.digest_day)
    session.add(choice)
    if reached_at(session, member) is None:
        return
    mail = Mail(id=ids.row(), community_id=member.community_id, member_id=member.id, is_digest=True, due_at=now)
    theirs = sa.and_(
        col(Told.member_id) == member.id,
        col(Told.at) >= since,
        col(Told.read_at).is_(None),
        col(Told.mail_id).is_(None),
        col(Told.type).not_in(choice.muted),
    )
    gathered: Any = session.execute(
        sa.update(Told).where(theirs).values(mail_id=mail.id), execution_options={"synchronize_session": False}
    )
    if gathered.rowcount:
        session.add(mail)


def forget_sent(runtime: Runtime, now: datetime) -> int:
    """Forgets mails that have been sent, or given up, long ago; how many."""
    with runtime.writing() as session:
        old = sa.select(col(Mail.id)).where(col(Mail.ended_at) < now - KEPT).limit(_FORGOTTEN_AT_ONCE)
        gone: Any = session.execute(
            sa.delete(Mail).where(col(Mail.id).in_(old)), execution_options={"synchronize_session": False}
        )
    count: int = gone.rowcount
    return count
