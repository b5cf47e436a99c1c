"""Badges that could not be signed when they were accepted: nothing is signed that nobody stands behind any more."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.credentials.tables import Credential
from app.kit.database import read_session
from app.nominations.tables import Receipt
from tests.app.guild import done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, assert_replayable, offered, respond
from tests.app.nominations.test_deadlines import did, rename
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

UNSPEAKABLE, SPEAKABLE = "Unspeakable \uffff", "Session Host"
BY_A_STEWARD = {"reason": "It was bought."}


@pytest.fixture
def unsigned(circle: Circle, engine: sa.Engine) -> Circle:
    """A circle in which nothing can be signed for now."""
    circle.offering(**QUICK, team=True)
    rename(engine, UNSPEAKABLE)
    return circle


def badges(circle: Circle) -> int:
    with read_session(runtime_of(circle.guild).engine) as session:
        return len(session.exec(select(Credential)).all())


def states(circle: Circle, id: str) -> dict[str, str]:
    return {each["handle"]: each["state"] for each in done(circle.see(id, None), 200)["nominees"]}


def accepted(circle: Circle, *nominees: str, **more: Any) -> str:
    """What Bo has accepted, and nobody could sign."""
    id = offered(circle, **({"nominees": list(nominees)} if nominees else {}))
    assert done(respond(circle, id, **more), 200)["state"] == ("offered" if nominees else "accepted")
    return id


def signing_again(circle: Circle, clock: SettableClock, engine: sa.Engine) -> dict[str, int]:
    """What the worker does an hour after signing became possible."""
    rename(engine, SPEAKABLE)
    clock.forward(hours=1)
    return did(circle, clock)


@on_both_databases
def test_nothing_is_signed_while_it_is_held_and_nothing_once_it_was_withdrawn(
    unsigned: Circle, clock: SettableClock, engine: sa.Engine
) -> None:
    id = accepted(unsigned, "bo", "dee")
    done(unsigned.act(id, "hold", {"reason": "Somebody says it was bought."}, by="ste"), 200)
    assert "sign badges" not in signing_again(unsigned, clock, engine)
    assert states(unsigned, id) == {"bo": "accepted", "dee": "offered"}
    done(unsigned.act(id, "withdraw", BY_A_STEWARD, by="ste"), 200)
    assert states(unsigned, id) == {"bo": "withdrawn", "dee": "withdrawn"}
    clock.forward(hours=2)
    assert "sign badges" not in did(unsigned, clock)
    assert (unsigned.state(id), badges(unsigned)) == ("withdrawn", 0)
    assert_replayable(unsigned, id)


def test_what_was_held_is_signed_once_it_goes_on(unsigned: Circle, clock: SettableClock, engine: sa.Engine) -> None:
    id = accepted(unsigned, "bo", "dee")
    done(unsigned.act(id, "hold", {"reason": "Somebody says it was bought."}, by="ste"), 200)
    signing_again(unsigned, clock, engine)
    done(unsigned.act(id, "release", by="ste"), 200)
    assert did(unsigned, clock) == {"sign badges": 1}
    assert states(unsigned, id) == {"bo": "issued", "dee": "offered"}


@on_both_databases
@pytest.mark.parametrize("revoke", [False, True])
def test_consent_that_is_withdrawn_before_the_badge_is_signed_ends_it(
    unsigned: Circle, clock: SettableClock, engine: sa.Engine, revoke: bool
) -> None:
    id = accepted(unsigned, visibility="public")
    for _ in range(2):
        done(unsigned.act(id, "consent/withdraw", {"revoke": revoke}, by="bo"), 200)
    assert (unsigned.state(id), states(unsigned, id)) == ("refused", {"bo": "refused"})
    assert done(unsigned.see(id, "ana"), 200)["state"] == "closed"
    assert "sign badges" not in signing_again(unsigned, clock, engine)
    assert badges(unsigned) == 0
    with read_session(runtime_of(unsigned.guild).engine) as session:
        assert session.exec(select(Receipt)).one().withdrawn_at is not None
    assert_replayable(unsigned, id)


def test_of_a_team_the_others_badges_are_signed_all_the_same(
    unsigned: Circle, clock: SettableClock, engine: sa.Engine
) -> None:
    id = accepted(unsigned, "bo", "dee")
    done(respond(unsigned, id, by="dee"), 200)
    done(unsigned.act(id, "consent/withdraw", by="bo"), 200)
    assert unsigned.state(id) == "accepted"
    assert signing_again(unsigned, clock, engine) == {"sign badges": 1}
    assert (unsigned.state(id), states(unsigned, id)) == ("issued", {"bo": "refused", "dee": "issued"})
    assert_replayable(unsigned, id)


def test_one_whose_words_are_gone_keeps_no_other_from_being_signed(
    unsigned: Circle, clock: SettableClock, engine: sa.Engine
) -> None:
    broken, whole = accepted(unsigned), offered(unsigned, nominee="dee")
    done(respond(unsigned, whole, by="dee"), 200)
    with engine.begin() as connection:  # an erasure that went wrong
        of_bo = sa.select(Receipt.__table__.c.nominee_id).order_by(col(Receipt.at)).limit(1)  # type: ignore[attr-defined]
        [gone] = connection.execute(of_bo).scalars()
        connection.execute(sa.update(Receipt).where(col(Receipt.nominee_id) == UUID(str(gone))).values(text="{"))
    assert signing_again(unsigned, clock, engine) == {"sign badges": 1}
    assert {unsigned.state(broken), unsigned.state(whole)} == {"accepted", "issued"}
    assert did(unsigned, clock) == {}
