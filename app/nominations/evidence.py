"""What stands at the addresses of evidence: digests, taken when it was submitted and again while it is weighed.

Only whether the bytes are the same is kept, not the bytes: that what was read when it was submitted is what is decided
about. Pages that are put together anew for everybody who asks are never the same; a flag is for people to look into.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

import badges
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.kit.pacing import Deadline, TooLate
from app.nominations.casefile import Case, opened_by_id
from app.nominations.rules import OPEN, State
from app.nominations.stepping import note
from app.nominations.tables import Nomination, Snapshot

AT_ONCE = 8
AGAIN_AFTER = timedelta(days=1)
PATIENCE = 12.0
"""Seconds for all of one beat together; what has not answered by then could not be read."""

EvidenceState = Literal["seen", "unread", "changed", "not_looked_at"]


def expect(case: Case) -> None:
    """Has the evidence of a locked case looked at; what stands where it stood keeps what was found there."""
    session, evidence = case.session, case.nomination.evidence
    known = _snapshots(session, case.nomination.id)
    for position in range(max(len(evidence), len(known))):
        url = evidence[position]["url"] if position < len(evidence) else None
        snapshot = known.get(position)
        if snapshot is not None and snapshot.url != url:
            session.delete(snapshot)
            session.flush()
            snapshot = None
        if snapshot is None and url is not None:
            session.add(Snapshot(nomination_id=case.nomination.id, position=position, url=url))
    session.flush()


def carry_over(session: Session, nomination: UUID, to: UUID) -> None:
    """What was found at the evidence of a nomination, for another one with the same evidence."""
    for known in _snapshots(session, nomination).values():
        session.add(Snapshot(**known.model_dump(exclude={"nomination_id"}), nomination_id=to))
    session.flush()


def states(case: Case) -> list[EvidenceState]:
    """How it stands with each piece of evidence."""
    known = _snapshots(case.session, case.nomination.id)
    return [_state(known.get(position)) for position in range(len(case.nomination.evidence))]


def forget(session: Session, nomination: UUID) -> None:
    """Takes the addresses away, with what was found there."""
    session.exec(delete(Snapshot).where(col(Snapshot.nomination_id) == nomination))


def look(runtime: Runtime, now: datetime) -> int:
    """Looks at some evidence that is due: asks for all of it at once, and writes down what came; how much that was.

    Due is what was never looked at, and, while it is weighed, what was not since the review began or for a day.
    """
    with read_session(runtime.engine) as session:
        due = _due(session, now)
    found = _digests(runtime.fetch, {one.url for one in due})
    for one in due:
        with runtime.writing() as session:
            _write_down(session, one, found.get(one.url), on=Occasion(actor="system", now=now, ids=runtime.ids))
    return len(due)


@dataclass(frozen=True)
class _Due:
    """A piece of evidence, and when it was looked at last."""

    nomination: UUID
    position: int
    url: str
    last: datetime | None


_last = sa.func.coalesce(col(Snapshot.looked_again_at), col(Snapshot.at))


def _due(session: Session, now: datetime) -> Sequence[_Due]:
    weighed = sa.and_(
        col(Nomination.state).in_([State.under_review, State.appealed]),
        sa.or_(_last < col(Nomination.clock_since), _last <= now - AGAIN_AFTER),
    )
    rows = session.exec(
        select(Snapshot.nomination_id, Snapshot.position, Snapshot.url, _last)
        .join(Nomination, col(Nomination.id) == Snapshot.nomination_id)
        .where(col(Nomination.state).in_(OPEN), sa.or_(_last.is_(None), weighed))
        .order_by(_last.asc().nulls_first(), col(Snapshot.nomination_id), col(Snapshot.position))
        .limit(AT_ONCE)
    ).all()
    return [_Due(*row) for row in rows]


def _digests(fetch: badges.Fetch, urls: set[str]) -> Mapping[str, str]:
    """SHA-256 of what stands at each address; those that did not answer, or not in time, are left out."""
    found: dict[str, str] = {}

    def ask(url: str) -> None:
        try:
            answer = fetch(url, accept="*/*")
        except badges.Unreachable:
            return
        if answer.status == 200:
            found[url] = hashlib.sha256(answer.body).hexdigest()

    deadline, asking = Deadline(PATIENCE), [Thread(target=ask, args=(url,), daemon=True) for url in sorted(urls)]
    for thread in asking:
        thread.start()
    try:
        for thread in asking:
            thread.join(deadline.left())
    except TooLate:
        pass
    return dict(found)


def _write_down(session: Session, due: _Due, digest: str | None, *, on: Occasion) -> None:
    """Records a look in its own transaction, unless another worker was faster or the evidence is another by now."""
    case = opened_by_id(session, str(due.nomination), now=on.now, lock=True)
    row = _snapshots(session, due.nomination).get(due.position)
    if row is None or row.url != due.url or (row.looked_again_at or row.at) != due.last:
        return
    first = row.at is None
    row.at, row.looked_again_at = (on.now, None) if first else (row.at, on.now)
    differs = row.digest is not None and digest is not None and digest != row.digest
    row.digest = row.digest or digest
    session.add(row)
    if differs and not row.changed:
        row.changed = True
        note(case, "evidence_changed", on=on, position=due.position, digest=digest)
    elif first:
        # No version of its own: whoever has just submitted goes on with the ETag they were given.
        said = {"position": due.position, "digest": digest}
        on.record(session, case.community.id, "nomination.evidence_looked_at", due.nomination, said)
    session.flush()


def _snapshots(session: Session, nomination: UUID) -> dict[int, Snapshot]:
    rows = select(Snapshot).where(Snapshot.nomination_id == nomination).execution_options(populate_existing=True)
    return {row.position: row for row in session.exec(rows).all()}


def _state(snapshot: Snapshot | None) -> EvidenceState:
    if snapshot is None or snapshot.at is None:
        return "not_looked_at"
    if snapshot.changed:
        return "changed"
    return "seen" if snapshot.digest is not None else "unread"


JOBS = (Job("look at evidence", look),)
"""What the worker does about evidence."""
