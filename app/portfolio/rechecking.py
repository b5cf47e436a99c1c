"""What the worker does about badges from elsewhere: it looks at each once a day, whether its issuer stands by it.

Some at once, and each with a lease, since asking may take long: no transaction is open meanwhile. As of a batch that is
handed in (decision record 12), the computing is left to processes, which end what a badge makes them do without end.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

import badges
from app.kit import leases
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.kit.occasions import Occasion
from app.kit.pacing import Deadline
from app.kit.processes import Judged
from app.members.tables import Member
from app.portfolio import import_rules as rules
from app.portfolio import imports
from app.portfolio.import_rules import Match
from app.portfolio.tables import ImportedBadge
from app.verifier import batches
from app.verifier.submissions import Submission

AT_ONCE = 8
"""Badges that one run looks at: the other jobs have their turn before the next."""
PATIENCE = 30.0
"""Seconds for all of one run together; after that nobody is asked any more, and no further badge is looked at."""
LEASE = timedelta(minutes=5)


def look_again(runtime: Runtime, now: datetime) -> int:
    """Looks at some of those that nobody has looked at for a day; how many."""
    with runtime.writing() as session:
        due = leases.claim(session, ImportedBadge, lease=runtime.ids.row(), now=now, lasting=LEASE, limit=AT_ONCE)
        session.expunge_all()
    if not due:
        return 0
    found = _judged(runtime, [badge.id for badge in due], now)
    for badge in due:
        with runtime.writing() as session:
            _write_down(session, badge, found.get(badge.id), on=Occasion(actor="system", now=now, ids=runtime.ids))
    return len(due)


def _judged(runtime: Runtime, ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Judged]:
    """What came of looking at each; those that were removed meanwhile are left out. Raises `Busy`."""
    with read_session(runtime.engine) as session:
        there = {id: data for id in ids if (data := imports.original_if_there(session, id)) is not None}
    given = [Submission(data) for data in there.values()]
    came = batches.judge_all(given, runtime, now=now, whole=True, deadline=Deadline(PATIENCE))
    return dict(zip(there, came, strict=True))


def _write_down(session: Session, badge: ImportedBadge, found: Judged | None, *, on: Occasion) -> None:
    """Records a look, unless somebody else has it by now."""
    values: dict[str, Any] = {"asked_at": on.now}
    was, report, document = badge.verdict, *(found or ({}, {}))
    verdict = rules.verdict_of(report) if found else badges.Verdict.unknown
    if found and rules.settles(verdict, was):
        values |= {"verdict": verdict, "report": dict(report), "checked_at": on.now}
        if document:
            known = imports.known_as(session, session.get_one(Member, badge.member_id))
            match = rules.matched(document, known)
            # Who gave an address up was awarded it all the same.
            values["recipient"] = match if badge.recipient is Match.cannot_tell else badge.recipient
            values |= {name: value for name, value in imports.findings(report, document).items() if value is not None}
    mine = leases.again(session, badge, at=on.now + rules.CHECKED_EVERY, **values)
    if mine and values.get("verdict", was) is not was:
        told = {"member": str(badge.member_id), "from": was.value, "to": verdict.value}
        on.record(session, badge.community_id, "import.verdict_changed", badge.id, told)


JOBS = (Job("look at imported badges", look_again),)
