"""The routes of figures, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import delete

from app.metrics.publishing import publish
from app.metrics.tables import Published
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import Town
from tests.service import ADMIN_TOKEN

READERS = (401, 401, 200, 200, 200, 200, 403, 403, 200)
"""Fellows, and the platform, whose token has the scope metrics:read."""
FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
OPEN = (200,) * 9
OF_PEOPLE = (401, 401, 200, 200, 200, 403, 200, 200, 403)
"""For members and stewards in person, about themselves."""
NOT_WITHOUT_A_PURPOSE = (401, 401, *[403] * 7)
"""For stewards who say what for: see `test_looking`."""
V1 = "/v1/communities/{c}"

Fills = dict[str, Callable[[Town], str]]


def published(town: Town, guild: Guild | None = None) -> str:
    """The id of figures that were published, of two months at least."""
    here = guild or town.guild
    if not done(here.get(here.in_guild("metrics/beginning"), token=ADMIN_TOKEN), 200)["has_begun"]:
        done(here.call("PUT", here.in_guild("metrics/beginning"), beginning(town)), 200)
    of(here, "rio" if guild is None else "zora", occurred_at=f"{town.clock() - timedelta(days=70):%Y-%m-%dT%H:%M:%SZ}")
    while publish(runtime_of(here), town.clock()):
        pass
    listed = done(here.get(here.in_guild("metrics/snapshots?limit=1"), token=ADMIN_TOKEN), 200)
    return str(listed["items"][0]["id"])


def unpublished(town: Town) -> str:
    """A community of which no figures are out, whatever other calls had published."""
    with runtime_of(town.guild).writing() as session:
        session.exec(delete(Published))
    return town.guild.slug


def beginning(town: Town) -> dict[str, Any]:
    """Of figures: today."""
    return {"on": f"{town.clock():%Y-%m-%d}"}


def family(town: Town) -> str:
    published(town)
    return "participation"


JUST_JOINED = (401, 401, 404, 404, 404, 403, 404, 404, 403)
"""Of people who were no members yet in any month that is out; of others `test_own.py` has it."""


def last_month(town: Town) -> str:
    """Publishes figures in both communities; the name of the last month."""
    published(town)
    published(town, town.other)
    return f"{town.clock().replace(day=1) - timedelta(days=3):%Y-%m}"


def quarter(town: Town) -> str:
    published(town)
    return "2026-Q3"


def _overridden(town: Town) -> str:
    """A community of which the stewards said another stage."""
    done(town.guild.call("PUT", town.guild.in_guild("maturity/override"), OVERRIDE), 200)
    return town.guild.slug


OVERRIDE = {"stage": "forming", "reason": "R"}


def looked_at(town: Town, guild: Guild | None = None) -> str:
    """The id of a note to stewards, and what for it is looked at."""
    published(town, guild)
    here = guild or town.guild
    month = f"{town.clock().replace(day=1) - timedelta(days=3):%Y-%m}"
    notes = here.get(here.in_guild(f"metrics/notes?purpose=planning&period={month}"), token=ADMIN_TOKEN)
    return f"{done(notes, 200)['items'][0]['id']}?purpose=planning"


THEIRS: Fills = {
    "snapshot_id": lambda town: published(town, town.other),
    "prompt_id": lambda town: looked_at(town, town.other),
}

ROWS: list[tuple[str, tuple[int, ...], Fills, Callable[[Town], Any] | None]] = [
    (f"GET {V1}/metrics/snapshots", READERS, {}, None),
    (f"GET {V1}/metrics/snapshots/{{snapshot_id}}", READERS, {"snapshot_id": published}, None),
    (f"GET {V1}/metrics/beginning", READERS, {}, None),
    (f"PUT {V1}/metrics/beginning", STEWARDS, {"c": unpublished}, beginning),
    (f"GET {V1}/metrics/{{family}}", READERS, {"family": family}, None),
    (f"GET {V1}/metrics/notes", NOT_WITHOUT_A_PURPOSE, {}, None),
    (f"GET {V1}/metrics/notes/{{prompt_id}}", STEWARDS, {"prompt_id": looked_at}, None),
    (f"GET {V1}/members/{{m}}/metrics", NOT_WITHOUT_A_PURPOSE, {"m": lambda _: "rio"}, None),
    ("GET /v1/me/mirror", OF_PEOPLE, {}, None),
    ("GET /v1/me/metrics", JUST_JOINED, {"period": last_month}, None),
    (f"GET {V1}/course", FELLOWS, {}, None),
    (f"GET {V1}/maturity", READERS, {}, None),
    (f"GET {V1}/maturity/quarters", READERS, {}, None),
    (f"GET {V1}/maturity/quarters/{{quarter}}", READERS, {"quarter": quarter}, None),
    (f"PUT {V1}/maturity/override", STEWARDS, {}, lambda _: OVERRIDE),
    (f"DELETE {V1}/maturity/override", STEWARDS, {"c": _overridden}, None),
    ("GET /v1/methods", OPEN, {}, None),
    ("GET /v1/methods/{id}", OPEN, {"id": lambda _: "P3"}, None),
    ("GET /methods/{id}", OPEN, {"id": lambda _: "P3"}, None),
]
