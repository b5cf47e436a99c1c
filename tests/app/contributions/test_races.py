"""Several who report the same at once, on PostgreSQL: recorded once, and nobody waits for ever."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.contributions import correcting, service
from app.contributions.correcting import ContributionEnded
from app.contributions.rules import Credited, Outcome, Report
from app.contributions.tables import Contribution, Credit
from app.kit.database import read_session, write_session
from app.kit.occasions import Occasion
from app.members.service import community_by_slug
from tests.app.conftest import community
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of
from tests.service import Servers
from tests.stand_ins import THEN


@pytest.fixture(scope="module")
def guild(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guild]:
    with community("postgresql", servers, tmp_path_factory.mktemp("races")) as guild:
        guild.member("ana")
        yield guild


def reported(source: str, keys: range, hours: int = 0) -> list[Report]:
    ends = THEN + timedelta(hours=hours) if hours else None
    return [Report("hosting", THEN, (Credited("ana"),), source, f"k{n}", ends) for n in keys]


def record(guild: Guild, reports: list[Report]) -> list[service.Recorded]:
    runtime = runtime_of(guild)
    on = Occasion(actor="system", now=THEN, ids=runtime.ids)
    with write_session(runtime.engine) as session:
        return service.record(session, community_by_slug(session, guild.slug), reports, at=runtime.installation, on=on)


def kept(guild: Guild, source: str) -> list[Contribution]:
    with read_session(runtime_of(guild).engine) as session:
        return list(session.exec(select(Contribution).where(Contribution.source == source)).all())


def test_eight_who_report_the_same_in_different_orders_record_it_once(guild: Guild) -> None:
    """Each in another order, and each longer than the one before."""
    orders = [range(60) if n % 2 else range(59, -1, -1) for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda n: record(guild, reported("race", orders[n], n + 1)), range(8)))
    outcomes = Counter(each.outcome for one in told for each in one)
    assert outcomes[Outcome.recorded] == 60
    assert outcomes.total() == 480
    rows = kept(guild, "race")
    assert len(rows) == 60
    assert {row.ends_at for row in rows} == {THEN + timedelta(hours=8)}
    with read_session(runtime_of(guild).engine) as session:
        of_them = sa.select(sa.func.count()).select_from(Credit).join(Contribution).where(Contribution.source == "race")  # type: ignore[arg-type]
        assert session.execute(of_them).scalar_one() == 60


def test_of_two_who_correct_and_take_back_the_same_one_is_told_that_it_has_ended(guild: Guild) -> None:
    runtime = runtime_of(guild)

    def correct(id: object) -> bool:
        on = Occasion(actor="system", now=THEN, ids=runtime.ids)
        try:
            with write_session(runtime.engine) as session:
                found = community_by_slug(session, guild.slug)
                if isinstance(id, str):
                    correcting.undo(session, found, "both", id, reason="r", on=on)
                else:
                    row = kept(guild, "both")[0]
                    correcting.correct(session, found, row.id, {}, reason="r", at=runtime.installation, on=on)
        except ContributionEnded:
            return False
        return True

    record(guild, reported("both", range(1)))
    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(correct, ["k0", None]))
    rows = kept(guild, "both")
    in_force = [row for row in rows if row.superseded_at is None and row.retracted_at is None]
    assert (len(rows), len(in_force)) in {(1, 0), (2, 0), (2, 1)}
    assert any(told)
    assert len({row.holding for row in rows if row.holding}) == len(in_force)
