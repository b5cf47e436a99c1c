"""The worker: all jobs, one after the other, again and again.

With PostgreSQL any number of processes do this (`laurels worker`). An SQLite file has one writer, so there a thread of
the serving process does it, which waits for its turn to write like the requests.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy.engine import make_url

from app.credentials import deadlines as credentials
from app.endorsements import deadlines as endorsements
from app.kit.deps import Runtime
from app.kit.jobs import Job
from app.members.communities import deadlines as communities
from app.metrics import publishing as metrics
from app.milestones import watching as milestones
from app.nominations import deadlines as nominations
from app.nominations import evidence
from app.nominations import personal as nominations_of_people
from app.notifications.inviting import send_interest, send_offers, send_proofs, send_requests
from app.notifications.mailing import forget_sent, gather_digests, send_mails
from app.notifications.reading import read_journals
from app.portfolio import rechecking as imported
from app.privacy import asking
from app.reports.digest import making as digests
from app.reports.support import drawings as report_drawings
from app.reports.support import making as support_reports
from app.sources import keeping, taking_up, turns
from app.stories.effort import service as effort
from app.surveys import deadlines as surveys
from app.webhooks import watching as webhooks

JOBS: tuple[Job, ...] = (
    *communities.JOBS,
    *turns.JOBS,
    *taking_up.JOBS,
    *nominations.JOBS,
    *credentials.JOBS,
    *endorsements.JOBS,
    *milestones.JOBS,
    *surveys.JOBS,
    *effort.JOBS,
    *metrics.JOBS,
    *digests.JOBS,
    *support_reports.JOBS,
    *report_drawings.JOBS,
    Job("read journals", read_journals),
    Job("gather digests", gather_digests),
    Job("send offers", send_offers),
    Job("send requests", send_requests),
    Job("send proofs of addresses", send_proofs),
    Job("send letters to who would come", send_interest),
    Job("answer data requests", asking.answer),
    Job("send mails", send_mails),
    Job("forget sent mails", forget_sent),
    *evidence.JOBS,
    *imported.JOBS,
    *keeping.JOBS,
    *nominations_of_people.JOBS,
    *webhooks.JOBS,
)
"""Everything that is done beside the requests, in this order: what changes things comes before who tells of it."""

EVERY = timedelta(seconds=2)
"""How long the worker rests when nothing was due."""
ENDING = 20.0
"""Seconds for what is in the lanes when the worker ends: one POST takes less."""
AFTER_A_FAILURE = timedelta(seconds=30)
"""How long a job rests that failed; the others go on."""

_log = logging.getLogger(__name__)


class ServedHere(RuntimeError):
    """The worker of an SQLite file runs inside of `laurels serve`."""


def run_once(
    runtime: Runtime, now: datetime, *, jobs: Sequence[Job] | None = None, stop: Event | None = None
) -> dict[str, int]:
    """Runs every job once, as of `now`; says how much each did. One that fails is logged and not among them.

    Begins no further job once `stop` is set.
    """
    did = {}
    for job in JOBS if jobs is None else jobs:
        if stop is not None and stop.is_set():
            break
        try:
            did[job.name] = job.run(runtime, now)
        except Exception:  # noqa: BLE001  whatever it is, the other jobs are not to wait for it
            _log.exception("The job %s failed; it is tried again.", job.name)
    return did


def run_forever(
    runtime: Runtime,
    stop: Event,
    *,
    every: timedelta = EVERY,
    after_a_failure: timedelta = AFTER_A_FAILURE,
    jobs: Sequence[Job] | None = None,
) -> None:
    """Runs the jobs until `stop` is set: again at once while there is something to do, else after a rest.

    What the jobs left in lanes ends with it, and is given back where it was not begun.
    """
    resting: dict[str, datetime] = {}
    while not stop.is_set():
        now = runtime.clock()
        awake = [job for job in (JOBS if jobs is None else jobs) if resting.get(job.name, now) <= now]
        did = run_once(runtime, now, jobs=awake, stop=stop)
        resting |= {job.name: now + after_a_failure for job in awake if job.name not in did}
        if not any(did.values()):
            stop.wait(every.total_seconds())
    runtime.lanes.finish(ENDING)


def refuse_beside_serving(database_url: str) -> None:
    """Raises `ServedHere` where the serving process does this."""
    if make_url(database_url).get_backend_name() == "sqlite":
        raise ServedHere("With SQLite the worker runs inside `laurels serve`; start that, or use PostgreSQL.")


class Beside:
    """The jobs in a thread beside the requests. It ends with the process, whatever it is waiting for then."""

    def __init__(self, runtime: Runtime) -> None:
        self._stop = Event()
        self._thread = Thread(target=run_forever, args=(runtime, self._stop), name="worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Has it begin nothing more."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Until it has finished what it is at, but no longer than that."""
        if self._thread.is_alive():
            self._thread.join(seconds)
