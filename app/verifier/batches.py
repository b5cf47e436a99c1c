"""Judging many badges at once, each by itself: in processes, so that they do not wait for each other's computing.

Nor do they wait for each other's issuers: a badge is looked at with what has been answered by then, and once more when
what was missing is there. So what needs no network, or little, is judged whatever the issuers of others do.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import badges
from app.kit.deps import Runtime
from app.kit.errands import Errands, Look, Missing
from app.kit.errors import Busy, Invalid
from app.kit.pacing import Deadline, TooLate, until
from app.kit.processes import Judged, WentAstray
from app.verifier.judging import MOST_SECONDS, as_uri, log_faults, unjudged
from app.verifier.service import documents
from app.verifier.submissions import Item

_log = logging.getLogger(__name__)

MOST_SECONDS_OF_ALL = 60.0
"""After so long nobody is asked any more, and no further badge is looked at."""

AT_ONCE = 8
"""Badges of one batch that are under way: most of them wait for a process."""


def judge_all(
    given: Sequence[Item], runtime: Runtime, *, now: datetime, whole: bool = False, deadline: Deadline | None = None
) -> list[Judged]:
    """The report on each, in their order, and the `whole` document; one that cannot be read has one too. Raises `Busy`.

    Nobody is asked any more after `deadline`, of which several batches may be parts.
    """
    deadline = deadline or Deadline(MOST_SECONDS_OF_ALL)
    with ThreadPoolExecutor(AT_ONCE) as judges, Errands(until(deadline, runtime.fetch), now) as errands:
        batch = _Batch(runtime, now, deadline, judges, errands, whole)
        reports = [batch.begin(one) for one in given]
        wait(reports)
        return [report.result() for report in reports]


@dataclass
class _Case:
    """One item, and how far it got."""

    item: Item
    report: Future[Judged] = field(default_factory=Future)
    so_far: Judged | None = None
    """What it came to without what was missing."""
    waited: float = 0.0
    """Seconds for which strangers were waited for."""


@dataclass(frozen=True)
class _Batch:
    runtime: Runtime
    now: datetime
    deadline: Deadline
    judges: ThreadPoolExecutor
    errands: Errands
    whole: bool

    def begin(self, item: Item) -> Future[Judged]:
        case = _Case(item)
        self.judges.submit(self._look_at, case)
        return case.report

    def _look_at(self, case: _Case) -> None:
        look = Look(self.errands)
        try:
            self.deadline.left()
            report = self._judge(case.item, look)
        except Busy as error:
            case.report.set_exception(error)
        except TooLate:
            case.report.set_result(case.so_far or _without(_not_looked_at(self.now)))
        except Exception as error:  # noqa: BLE001  an error of ours over one badge stops no other
            case.report.set_result(_without(_not_judged(error, self.now)))
        else:
            if look.missing and case.waited < MOST_SECONDS:
                case.so_far = report
                _once_all_are_there(look.missing, lambda: self._look_again(case, look.missing))
            else:
                case.report.set_result(report)

    def _look_again(self, case: _Case, missing: Iterable[Missing]) -> None:
        case.waited += max(each.result() for each in missing)
        # Behind those that nobody has looked at yet.
        self.judges.submit(self._look_at, case)

    def _judge(self, one: Item, look: Look) -> Judged:
        if isinstance(one, Invalid):
            return _without(_not_understood(one, self.now))
        fetch = documents(self.runtime, self.now, strangers=look)
        data = one.data if one.url is None else as_uri(one.url).encode()
        return self.runtime.processes.verify(data, fetch=fetch, now=self.now, recipient=one.recipient, whole=self.whole)


def _without(report: badges.Report) -> Judged:
    """What came of an item of which no document was read."""
    return Judged(report.to_dict(), {})


def _once_all_are_there(missing: Iterable[Missing], go_on: Callable[[], None]) -> None:
    left, lock = set(missing), Lock()

    def there(one: Missing) -> None:
        with lock:
            left.discard(one)
            is_last = not left
        if is_last:
            go_on()

    for one in list(left):
        one.add_done_callback(there)


def _not_understood(refusal: Invalid, now: datetime) -> badges.Report:
    """The report on an item that asks for something in a way which is not known: nothing was judged."""
    told = "; ".join(f"{wrong['pointer']} {wrong['message']}" for wrong in refusal.errors)
    return unjudged("invalid-item", f"This item was not judged: {told}."[:1000], now)


def _not_looked_at(now: datetime) -> badges.Report:
    told = "This was not looked at: the time for the whole batch was over. Send it again, in a smaller one."
    return unjudged("batch-too-long", told, now)


def _not_judged(error: Exception, now: datetime) -> badges.Report:
    """The report where a badge was too costly, or an error of ours was in the way, which is logged."""
    if isinstance(error, WentAstray):
        _log.warning("A badge was not judged: %s", error)
        told = "This was not judged to the end: it takes more time or memory than a badge may."
        return unjudged("too-costly", told, now)
    report = badges.unjudged(error, now)
    log_faults(report)
    return report
