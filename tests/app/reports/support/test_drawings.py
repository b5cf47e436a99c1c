"""The charts of reports that are looked at most are drawn before anybody looks."""

from sqlmodel import select

from app.kit.database import read_session
from app.reports.charts.chart import LOOKS
from app.reports.charts.keeping import KEPT
from app.reports.charts.tables import Drawing
from app.reports.support.drawings import NEW, draw
from app.reports.support.tables import Report
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def drawn(guild: Guild) -> set[str]:
    """Of which periods."""
    with read_session(runtime_of(guild).engine) as session:
        return {row.period for row in session.exec(select(Report)).all() if row.looks == LOOKS}


def runs(guild: Guild, clock: SettableClock) -> int:
    return draw(runtime_of(guild), clock.now)


@on_both_databases
def test_the_report_of_the_newest_quarter_is_drawn_once_and_shown_from_then_on(
    reported: Guild, clock: SettableClock
) -> None:
    assert runs(reported, clock) == 1
    assert drawn(reported) == {"2027-Q1"}
    assert runs(reported, clock) == 0
    with read_session(runtime_of(reported).engine) as session:
        kept = session.exec(select(Drawing.svg)).all()
    page = reported.get(reported.in_guild("reports/case-for-support?format=html"), token=ADMIN_TOKEN).text
    assert kept
    assert all(svg in page for svg in kept)


def test_an_old_report_is_drawn_once_strangers_may_see_it(reported: Guild, clock: SettableClock) -> None:
    clock.now += NEW
    assert runs(reported, clock) == 0
    path = reported.in_guild("reports/case-for-support?period=2027-03")
    id = done(reported.get(path, token=ADMIN_TOKEN), 200)["id"]
    done(reported.call("PUT", reported.in_guild(f"reports/{id}/publication"), {"indexed": False}), 200)
    assert runs(reported, clock) == 1
    assert drawn(reported) == {"2027-03"}


def test_what_strangers_may_see_is_drawn_again_when_it_was_forgotten(reported: Guild, clock: SettableClock) -> None:
    id = done(reported.get(reported.in_guild("reports/case-for-support"), token=ADMIN_TOKEN), 200)["id"]
    done(reported.call("PUT", reported.in_guild(f"reports/{id}/publication"), {"indexed": False}), 200)
    assert runs(reported, clock) == 1
    clock.now += KEPT + NEW
    assert runs(reported, clock) == 1
    assert "<svg" in reported.get(f"/reports/{id}?format=html").text
    assert runs(reported, clock) == 0
