"""The journal as its stewards read it, and what it says of whoever tampered with it."""

import hashlib
from typing import Any

import pytest
import rfc8785
import sqlalchemy as sa
from sqlmodel import col

from app.kit.journal import Event
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.kit.test_journal import unseal
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def journal(guild: Guild, query: str = "", token: str | None = ADMIN_TOKEN) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(guild.get(guild.in_guild(f"audit{query}"), token=token), 200)["items"]
    return items


def verified(guild: Guild) -> dict[str, Any]:
    return done(guild.get(guild.in_guild("audit/verify"), token=ADMIN_TOKEN), 200)


@pytest.fixture
def told(guild: Guild, clock: SettableClock) -> Guild:
    """A community in which something happened, an hour after it was founded."""
    clock.forward(hours=1)
    guild.member("ste", role="steward")
    guild.badge()
    return guild


@on_both_databases
def test_a_steward_reads_what_happened_in_pages_oldest_or_newest_first(told: Guild) -> None:
    steward = told.token("ste", "steward")
    whole = journal(told, token=steward)
    assert [entry["seq"] for entry in whole] == list(range(1, len(whole) + 1))
    assert [entry["action"] for entry in whole[-2:]] == ["credential.issued", "token.created"]
    assert journal(told, "?order=newest", steward) == whole[::-1]
    for order in ("oldest", "newest"):
        seen: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = done(told.get(told.in_guild(f"audit?limit=2&order={order}{cursor}"), token=steward), 200)
            seen += page["items"]
            cursor = page["next"] and f"&cursor={page['next']}"
        assert seen == (whole if order == "oldest" else whole[::-1])
    assert done(told.get(told.in_guild("audit/2"), token=steward), 200) == whole[1]
    for seq in (len(whole) + 1, 2**63 - 1):
        refused(told.get(told.in_guild(f"audit/{seq}"), token=steward), 404, "no-such-event")


@on_both_databases
def test_the_journal_is_searched_by_what_happened_to_what_by_whom_and_when(told: Guild, clock: SettableClock) -> None:
    whole = journal(told)
    badge = next(entry for entry in whole if entry["action"] == "credential.issued")
    assert journal(told, "?type=credential.") == [e for e in whole if e["action"].startswith("credential.")]
    assert journal(told, "?type=%25") == journal(told, "?type=________") == []
    assert journal(told, f"?subject={badge['object']}") == [e for e in whole if e["object"] == badge["object"]]
    assert journal(told, "?actor=admin") == [e for e in whole if e["actor"] == "admin"]
    hour = clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    first = [entry for entry in whole if entry["at"] < hour]
    assert journal(told, f"?until={hour}") == first
    assert journal(told, f"?since={hour}") == whole[len(first) :]
    assert 0 < len(first) < len(whole)
    assert journal(told, f"?since={hour}&type=member.&actor=admin&limit=200")[0]["action"] == "member.joined"


@pytest.mark.parametrize("query", [
    "since=yesterday", "until=2026-01-01T00:00:00", "order=sideways", "type=" + "x" * 65, "actor=" + "x" * 501,
])  # fmt: skip
def test_what_cannot_be_searched_for_is_refused(told: Guild, query: str) -> None:
    refused(told.get(told.in_guild(f"audit?{query}"), token=ADMIN_TOKEN), 422, "invalid")


def test_anybody_can_work_out_the_hashes_from_what_is_shown(told: Guild) -> None:
    previous = "0" * 64
    for entry in journal(told):
        at = entry["at"].removesuffix("Z")
        written = {
            "community": entry["community"],
            "seq": entry["seq"],
            "id": entry["id"],
            "type": entry["action"],
            "occurred_at": f"{at}{'' if '.' in at else '.000000'}+00:00",
            "actor": entry["actor"],
            "subject": entry["object"],
            "data": entry["data"],
            "prev_hash": previous,
        }
        previous = hashlib.sha256(rfc8785.dumps(written)).hexdigest()
        assert entry["hash"] == previous
    assert verified(told)["head"] == previous


@on_both_databases
def test_a_journal_that_nobody_touched_holds(told: Guild) -> None:
    last = journal(told, "?order=newest&limit=1")[0]
    assert verified(told) == {
        "holds": True,
        "first_broken": None,
        "events": last["seq"],
        "seq": last["seq"],
        "head": last["hash"],
        "checked_at": "2026-11-21T10:00:00Z",
    }


def change(connection: sa.Connection) -> None:
    connection.execute(sa.update(Event).where(col(Event.seq) == 2).values(actor="somebody"))


def take_out(connection: sa.Connection) -> None:
    connection.execute(sa.delete(Event).where(col(Event.seq) == 2))


def put_in(connection: sa.Connection) -> None:
    """One that fits its neighbour, past the end."""
    last = connection.execute(sa.select(Event.__table__).order_by(col(Event.seq).desc())).mappings().first()  # type: ignore[attr-defined]
    assert last is not None
    forged = Event(**dict(last) | {"seq": last["seq"] + 1, "id": last["community"], "prev_hash": last["hash"]})
    values = forged.model_dump() | {"hash": forged.digest()}
    connection.execute(sa.insert(Event).values(values))


def swap(connection: sa.Connection) -> None:
    for seq, to in ((2, 99), (3, 2), (99, 3)):
        connection.execute(sa.update(Event).where(col(Event.seq) == seq).values(seq=to))


@on_both_databases
@pytest.mark.parametrize("tamper", [change, take_out, put_in, swap])
def test_who_rewrites_the_journal_by_sql_is_found_out(told: Guild, tamper: Any) -> None:
    end = verified(told)
    with runtime_of(told).engine.begin() as connection:
        unseal(connection)
        tamper(connection)
    found = verified(told)
    broken = end["seq"] + 1 if tamper is put_in else 2
    assert (found["holds"], found["first_broken"], found["events"]) == (False, broken, broken - 1)
    assert (found["seq"], found["head"]) == (end["seq"], end["head"])


def test_another_communitys_journal_is_another_chain(told: Guild) -> None:
    other = Guild(told.client, "other").found()
    with runtime_of(told).engine.begin() as connection:
        unseal(connection)
        change(connection)
    assert not verified(told)["holds"]
    mine = {entry["community"] for entry in journal(told)}
    theirs = {entry["community"] for entry in journal(other)}
    assert len(mine) == len(theirs) == 1
    assert mine != theirs
