"""At which stage a community seems to be: estimated as quarters end, kept, and told with what was seen."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import pytest
import rfc8785
from sqlmodel import select

from app.kit.database import read_session
from app.metrics import periods
from app.metrics.formulas.maturity import Stage
from app.metrics.maturing import adjoining
from app.metrics.tables import MaturityQuarter
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.routes import adopted
from tests.app.metrics.test_publishing import settle
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

NIL = UUID(int=0)

HANDLES = ("ana", "bo", "cy", "di", "eli", "flo", "gil", "hal", "ida")


def maturity(guild: Guild) -> dict[str, Any]:
    return done(guild.get(guild.in_guild("maturity"), token=guild.token("ana")), 200)


def gather(guild: Guild, clock: SettableClock, *, hosts: tuple[str, ...] = ("ana",)) -> None:
    """A quarter's gatherings, one in each of its months, and something that everybody did."""
    for month in range(3):
        clock.now = clock.now.replace(month=clock.now.month + (month > 0), day=5)
        of(guild, hosts[month % len(hosts)], occurred_at=f"{clock.now:%Y-%m-%dT09:00:00Z}")
    for handle in HANDLES:
        of(guild, handle, type="welcoming", occurred_at=f"{clock.now:%Y-%m-%dT10:00:00Z}")


def out(guild: Guild, clock: SettableClock) -> None:
    """The quarter ends, and is published; the next one has begun."""
    quarter = (clock.now.month - 1) // 3 + 1
    clock.now = clock.now.replace(year=clock.now.year + quarter // 4, month=quarter % 4 * 3 + 1, day=4)
    settle(guild, clock)


@pytest.fixture
def town(guild: Guild, clock: SettableClock) -> Guild:
    """Nine people, who agreed to meet every month."""
    clock.now = clock.now.replace(year=2027, month=1, day=1)
    for handle in HANDLES:
        guild.member(handle)
    adopted(guild)
    answer = guild.call("PATCH", guild.in_guild("profile"), {"rhythm_days": 30}, If_Match="*")
    done(answer, 200)
    return guild


@on_both_databases
def test_a_stage_is_estimated_for_each_quarter_with_what_was_seen(town: Guild, clock: SettableClock) -> None:
    assert maturity(town)["estimate"] is None
    gather(town, clock)
    out(town, clock)
    told = maturity(town)
    assert (told["estimate"]["period"], told["estimate"]["stage"]) == ("2027-Q1", "forming")
    checks = {check["rule"]: check for check in told["estimate"]["checks"]}
    assert checks["active"] == {"rule": "active", "wanted": 5, "seen": 5, "met": True}, "of nine"
    assert (checks["rhythm"]["met"], checks["rhythm"]["seen"]) == (True, None), "one person convened all of it"
    assert not checks["leader_share_high"]["met"]
    assert done(town.get(told["method_url"].removeprefix(runtime_of(town).settings.public_url)), 200)["misleads"]


def test_it_takes_two_quarters_to_change_and_what_was_said_stays(town: Guild, clock: SettableClock) -> None:
    gather(town, clock)
    for _ in range(3):
        out(town, clock)
    said = [(each["period"], each["stage"], each["looks_like"]) for each in maturity(town)["history"]]
    assert said == [
        ("2027-Q3", "potential", "potential"),
        ("2027-Q2", "forming", "potential"),
        ("2027-Q1", "forming", "forming"),
    ]
    ana = town.token("ana")
    pages = town.in_guild("maturity/quarters")
    listed = done(town.get(f"{pages}?limit=2", token=ana), 200)
    assert [each["period"] for each in listed["items"]] == ["2027-Q3", "2027-Q2"]
    one = done(town.get(f"{pages}/2027-Q2", token=ana), 200)
    assert one == listed["items"][1]
    refused(town.get(f"{pages}/2026-Q4", token=ana), 404, "no-such-stage")


def test_what_was_before_a_pause_is_not_in_a_row() -> None:
    spring, summer, autumn = (periods.parse(f"2026-Q{number}") for number in (2, 3, 4))
    before, long_before = (quarter(window) for window in (summer, spring))
    assert list(adjoining([before, long_before], autumn.start)) == [before, long_before]
    assert list(adjoining([long_before], autumn.start)) == []


def quarter(window: periods.Window) -> MaturityQuarter:
    names: Any = {"id": NIL, "community_id": NIL, "period": periods.name_of(window), "body": b"", "seen": {}}
    stage: Any = {"stage": Stage.forming, "looks_like": Stage.forming, "made_at": window.end}
    digests: Any = dict.fromkeys(("sha256", "policy", "facts"), "")
    return MaturityQuarter(starts_at=window.start, ends_at=window.end, **names, **stage, **digests)


def test_what_is_kept_is_told_with_its_digest(town: Guild, clock: SettableClock) -> None:
    gather(town, clock)
    out(town, clock)
    with read_session(runtime_of(town).engine) as session:
        row = session.exec(select(MaturityQuarter)).one()
    assert sha256(row.body).hexdigest() == row.sha256
    assert rfc8785.dumps(orjson.loads(row.body)) == row.body


def test_an_end_that_is_set_or_another_purpose_is_a_transformation(town: Guild, clock: SettableClock) -> None:
    gather(town, clock)
    adopted(town)
    out(town, clock)
    assert maturity(town)["estimate"]["looks_like"] == "forming", "the same purpose, said again"
    adopted(town, purpose="Another.")
    out(town, clock)
    assert maturity(town)["estimate"]["looks_like"] == "transformation"
    end = town.in_guild("end")
    done(town.call("PUT", end, {"ends_at": "2040-01-01T00:00:00Z"}), 200)
    out(town, clock)
    assert maturity(town)["estimate"]["stage"] == "transformation"
    done(town.call("DELETE", end), 200)
    out(town, clock)
    assert maturity(town)["estimate"]["looks_like"] == "potential"


def test_stewards_say_another_stage_beside_the_estimate_with_their_reason(town: Guild, clock: SettableClock) -> None:
    gather(town, clock)
    out(town, clock)
    path, said = town.in_guild("maturity/override"), {"stage": "maturing", "reason": "We meet without being asked."}
    refused(town.call("PUT", path, said, token=town.token("bo")), 403, "forbidden")
    refused(town.call("PUT", path, {"stage": "maturing", "reason": " "}), 422, "invalid")
    for stage in ("forming", "maturing", "self_sustaining"):  # the first is what the estimate says, too
        done(town.call("PUT", path, said | {"stage": stage}), 200)
    told = maturity(town)
    assert (told["estimate"]["stage"], told["override"]["stage"]) == ("forming", "self_sustaining")
    assert told["override"]["reason"] == said["reason"]
    assert town.call("DELETE", path).status_code == 204
    assert maturity(town)["override"] is None
    refused(town.call("DELETE", path), 404, "no-such-override")
