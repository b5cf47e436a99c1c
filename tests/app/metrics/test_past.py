"""The past changes between a month and its quarter: nothing that is out does, and what is told next moves by steps."""

from datetime import UTC, datetime
from typing import Any

from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.metrics.test_publishing import settle
from tests.stand_ins import SettableClock

MONTHS = ("2027-01", "2027-02", "2027-03")


def test_of_opting_out_and_coming_back_and_late_reports_no_quarter_tells(guild: Guild, clock: SettableClock) -> None:
    """Nine people do three things in each month, and the last of them is not counted."""
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    handles = [f"p{number}" for number in range(9)]
    for handle in handles:
        guild.member(handle)
    recorded = list[str]()
    tokens = {handle: guild.token(handle) for handle in handles}
    done(guild.call("PUT", "/v1/me/uncounted", token=tokens["p8"]), 200)
    for month in (1, 2, 3):
        clock.now = datetime(2027, month, 15, tzinfo=UTC)
        for handle in handles:
            for hour in range(3):
                recorded.append(of(guild, handle, occurred_at=f"2027-{month:02}-10T0{hour}:00:00Z"))
        clock.now = datetime(2027, month + (month < 3), 4 if month < 3 else 31, tzinfo=UTC)
        settle(guild, clock)
    clock.now = datetime(2027, 4, 2, 23, tzinfo=UTC)
    out = [told(guild, month, tokens["p0"]) for month in MONTHS[:2]]
    of(guild, "p1", occurred_at="2027-01-20T00:00:00Z")
    done(guild.call("PUT", "/v1/me/uncounted", token=tokens["p7"]), 200)
    done(guild.call("DELETE", "/v1/me/uncounted", token=tokens["p8"]), 200)
    done(guild.post(guild.in_guild(f"contributions/{recorded[-1]}/retract"), {"reason": "It was another."}), 200)
    clock.now = datetime(2027, 4, 4, tzinfo=UTC)
    settle(guild, clock)
    months, quarter = [told(guild, month, tokens["p0"]) for month in MONTHS], told(guild, "2027-Q1", tokens["p0"])
    assert months[:2] == out, "what is out stays as it is"
    assert [month["P3"]["contributions"] for month in months] == [20, 20, 20]  # of 24, 24 and 23
    assert quarter["P3"]["contributions"] == 70  # of 72, as of all from 70 to 74
    assert quarter["P5"]["person_days"] == quarter["P6"]["person_days"] == 25  # of 25
    for each in (*months, quarter):
        assert (each["P1"]["end"], each["P5"]["active"], each["P1"]["changes"]["left"]) == (5, 5, None)  # of eight


def told(guild: Guild, period: str, token: str) -> dict[str, Any]:
    """The values of a period, by figure, as any member reads them."""
    found = done(guild.get(guild.in_guild(f"metrics/participation?period={period}"), token=token), 200)
    assert "facts" not in found["snapshot"], "of few people, whoever guesses what they did could see whether it is so"
    return {item["metric"]: item["value"] for item in found["items"]}
