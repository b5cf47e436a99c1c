"""What people want left alone: nominators whom they block, and never to be added."""

from typing import Any
from uuid import UUID

import httpx2
import sqlalchemy as sa

from app.kit.database import read_session
from app.members.tables import NeverAdd
from app.nominations import wishes
from app.nominations.tables import Nominee
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock


def mine(circle: Circle, method: str, path: str, by: str = "bo") -> httpx2.Response:
    return circle.guild.call(method, f"/v1/me/{path}", token=circle.tokens[by])


def events(circle: Circle) -> list[Any]:
    found = done(circle.guild.call("GET", circle.guild.in_guild("audit?type=wishes.")), 200)
    items: list[Any] = found["items"]
    return items


def test_whom_one_has_blocked_hears_of_a_cool_down(circle: Circle, clock: SettableClock) -> None:
    draft = circle.nomination(submit=False)
    done(mine(circle, "PUT", "blocks/ana"), 200)
    refused(circle.act(draft, "submit", by="ana"), 409, "cooling-down")
    clock.forward(days=3650)
    fresh = circle.nomination(submit=False)
    refused(circle.act(fresh, "submit", by="ana"), 409, "cooling-down")
    done(circle.nominate(by="cy"), 201)
    done(mine(circle, "DELETE", "blocks/ana"), 200)
    done(circle.nominate("dee", by="ana"), 201)


def test_blocks_are_seen_by_who_made_them_alone(circle: Circle) -> None:
    done(mine(circle, "PUT", "blocks/ana"), 200)
    again = done(mine(circle, "PUT", f"blocks/{circle.ids['ana']}"), 200)
    assert again["member"] == circle.ids["ana"]
    assert [each["member"] for each in done(mine(circle, "GET", "blocks"), 200)["items"]] == [circle.ids["ana"]]
    assert done(mine(circle, "GET", "blocks", "ana"), 200)["items"] == []
    refused(mine(circle, "GET", "blocks/bo", "ana"), 404, "no-such-block")
    assert [(event["actor"], event["data"]) for event in events(circle)] == [("somebody", {})]


def test_nobody_blocks_themselves_or_somebody_unknown(circle: Circle) -> None:
    refused(mine(circle, "PUT", "blocks/bo"), 422, "invalid")
    refused(mine(circle, "PUT", "blocks/zoe"), 404, "no-such-member")
    refused(mine(circle, "DELETE", "blocks/ana"), 404, "no-such-block")


def never_added(circle: Circle, handle: str) -> bool:
    runtime = runtime_of(circle.guild)
    nominee = Nominee(id=UUID(int=1), nomination_id=UUID(int=2), member_id=UUID(circle.ids[handle]))
    with read_session(runtime.engine) as session:
        return wishes.is_never_added(session, nominee, wishes.accounts(session, nominee), at=runtime.installation)


def test_who_never_wants_to_be_added_is_on_the_list_until_they_take_it_back(circle: Circle) -> None:
    circle.join("fay", email="fay@people.example", did="did:example:fay")
    assert done(mine(circle, "PUT", "never-add", "fay"), 200) == {"never_add": True}
    done(mine(circle, "PUT", "never-add", "fay"), 200)
    assert never_added(circle, "fay")
    assert not never_added(circle, "bo")
    done(mine(circle, "DELETE", "never-add", "fay"), 200)
    assert not never_added(circle, "fay")
    assert [(event["actor"], event["data"]) for event in events(circle)] == [("somebody", {})] * 2
    assert {event["object"] for event in events(circle)} == {event["community"] for event in events(circle)}


def test_the_list_holds_keyed_hashes_alone(circle: Circle) -> None:
    circle.join("fay", email="fay@people.example", did="did:example:fay")
    done(mine(circle, "PUT", "never-add", "fay"), 200)
    with read_session(runtime_of(circle.guild).engine) as session:
        rows = session.execute(sa.select(NeverAdd.__table__)).all()  # type: ignore[attr-defined]
    assert len(rows) == 3
    assert all(len(row.fingerprint) == 64 for row in rows)
    assert not any(word in str(rows) for word in ("fay", "did:", circle.ids["fay"]))
