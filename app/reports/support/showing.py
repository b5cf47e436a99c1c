"""A report on its way to whoever reads it: the transaction in which it was read has ended before anything is drawn.

Drawing and setting take seconds. Whoever waits for them stands in a line of some length and holds no thread and no
turn at the database. For strangers nothing is drawn: they see the pictures that are kept, and words that say the same.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.kit.deps import Runtime
from app.kit.errors import Busy
from app.reports.charts.chart import Chart
from app.reports.charts.keeping import keep, missing, pictures
from app.reports.support import sheet, views
from app.reports.support.drawings import charts_of
from app.reports.support.rules import Readers
from app.reports.support.tables import Report
from app.reports.support.words import Words, words

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """A report, and all that stands in it today for its readers."""

    row: Report
    report: dict[str, Any]
    words: Words
    readers: Readers
    charts: Sequence[Chart]
    pictures: Mapping[str, str]
    """Of its charts, by id."""
    undrawn: bool
    """Whether there are charts that nobody has drawn yet."""


async def seen(runtime: Runtime, find: Callable[[Session], Report], readers: Readers) -> Seen:
    """The report that `find` finds, as it is read by these. Raises what `find` does."""

    def reading(session: Session) -> Seen:
        row = find(session)
        report = views.body_of(row)
        said = words(session, row, report, readers)
        charts = charts_of(report)
        undrawn = bool(missing(session, charts))
        return Seen(row, report, said, readers, charts, pictures(session, charts), undrawn)

    return await runtime.read(reading)


async def drawn(runtime: Runtime, shown: Seen, *, now: datetime) -> Seen:
    """The same with what was not drawn yet, which is kept; without it where there is no time."""
    if not shown.undrawn:
        return shown
    try:
        await runtime.drawers.run(lambda _: keep(runtime, shown.charts, now=now))
    except Busy as busy:
        _log.warning("Charts are shown without their pictures: %s", busy.detail)
        return shown
    return replace(shown, pictures=await runtime.read(lambda session: pictures(session, shown.charts)))


async def file(runtime: Runtime, shown: Seen, *, public: bool) -> bytes:
    """Its PDF, as it is kept or set now. Strangers (`public`) have a line of their own. Raises `NotSet`, `Busy`."""
    given = sheet.given(
        shown.row, shown.report, shown.words, shown.readers, shown.pictures, public_url=runtime.settings.public_url
    )
    kept: bytes | None = runtime.files.get(given.digest)
    if kept is not None:
        return kept
    line = runtime.passers_by if public else runtime.drawers
    return await line.run(lambda _: sheet.written(given, runtime.files))
