"""The past changes between a month and its quarter: no reader of the doors finds by how much."""

from datetime import UTC, datetime
from typing import Any

from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.metrics.attacker import within
from tests.app.metrics.test_publishing import settle
from tests.stand_ins import SettableClock

ADDING = (("P1", "changes", "joined"), ("P1", "changes", "left"), ("P3", "contributions"), ("P5", "person_days"),
          ("P6", "person_days"))  # fmt: skip


def test_of_opting_out_and_coming_back_and_late_reports_no_quarter_tells(guild: Guild, clock: SettableClock) -> None:
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    handles = [f"p{number}" for number in range(9)]
    for handle in handles:
        guild.member(handle)
    tokens = {handle: guild.token(handle) for handle in handles}
    done(guild.call("PUT", "/v1/me/uncounted", token=tokens["p8"]), 200)
    for month in (1, 2, 3):
        clock.now = datetime(2027, month, 15, tzinfo=UTC)
        for handle in handles:
            for hour in range(3):
                of(guild, handle, occurred_at=f"2027-{month:02}-10T0{hour}:00:00Z")
        clock.now = datetime(2027, month + (month < 3), 4 if month < 3 else 31, tzinfo=UTC)
        settle(guild, clock)
    of(guild, "p1", occurred_at="2027-01-20T00:00:00Z")
    done(guild.call("PUT", "/v1/me/uncounted", token=tokens["p7"]), 200)
    done(guild.call("DELETE", "/v1/me/uncounted", token=tokens["p8"]), 200)
    clock.now = datetime(2027, 4, 4, tzinfo=UTC)
    settle(guild, clock)
    months = [told(guild, f"2027-0{month}", tokens["p0"]) for month in (1, 2, 3)]
    quarter = told(guild, "2027-Q1", tokens["p0"])
    assert quarter["P3"]["contributions"] == 72, "three of eight people in each month, as it was told"
    for metric, *place in ADDING:
        parts = [within(month[metric], place) for month in months]
        assert None not in parts
        assert within(quarter[metric], place) == sum(parts), (metric, place)
    for growth in (each["P1"] for each in (*months, quarter)):
        assert growth["end"] == 5, "of eight, as a multiple of k"


def told(guild: Guild, period: str, token: str) -> dict[str, Any]:
    """The values of a period, by figure, as any member reads them."""
    found = done(guild.get(guild.in_guild(f"metrics/participation?period={period}"), token=token), 200)
    assert "facts" not in found["snapshot"], "of few people, whoever guesses what they did could see whether it is so"
    return {item["metric"]: item["value"] for item in found["items"]}
