"""The routes of reports, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.metrics.publishing import publish
from app.reports.support.making import make
from app.stories.effort.service import sum_up
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import Town
from tests.service import ADMIN_TOKEN

READERS = (401, 401, 200, 200, 200, 200, 403, 403, 200)
"""Fellows, and the platform, whose token has the scope metrics:read."""
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
V1 = "/v1/communities/{c}"

Fills = dict[str, Callable[[Town], str]]


def made(guild: Guild) -> None:
    """Everything that is due: hours, figures, then reports."""
    runtime = runtime_of(guild)
    sum_up(runtime, runtime.clock())
    while publish(runtime, runtime.clock()):
        pass
    while make(runtime, runtime.clock()):
        pass


def reported(town: Town, guild: Guild | None = None) -> str:
    """The id of a report, of a community that has been there for half a year at least."""
    here = guild or town.guild
    long_ago = town.clock() - timedelta(days=190)
    of(here, "rio" if guild is None else "zora", occurred_at=f"{long_ago:%Y-%m-%dT%H:%M:%SZ}")
    made(here.figures_begin())
    listed = done(here.get(here.in_guild("reports?limit=1"), token=ADMIN_TOKEN), 200)
    return str(listed["items"][0]["id"])


def _published(town: Town) -> str:
    id = reported(town)
    done(town.guild.call("PUT", town.guild.in_guild(f"reports/{id}/publication"), {"indexed": False}), 200)
    return id


def _unpublished(town: Town) -> str:
    id = reported(town)
    done(town.guild.call("DELETE", town.guild.in_guild(f"reports/{id}/publication")), 200)
    return id


def _of_last_quarter(town: Town) -> str:
    reported(town)
    return town.guild.slug


THEIRS: Fills = {"report_id": lambda town: reported(town, town.other)}

ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}/reports", READERS, {}, None),
    (f"GET {V1}/reports/case-for-support", READERS, {"c": _of_last_quarter}, None),
    (f"GET {V1}/reports/{{report_id}}", READERS, {"report_id": reported}, None),
    ("GET /reports/{report_id}", (200,) * 9, {"report_id": _published}, None),
    (
        f"PUT {V1}/reports/{{report_id}}/publication",
        STEWARDS,
        {"report_id": _unpublished},
        lambda _: {"indexed": False},
    ),
    (f"DELETE {V1}/reports/{{report_id}}/publication", STEWARDS, {"report_id": _published}, None),
]
