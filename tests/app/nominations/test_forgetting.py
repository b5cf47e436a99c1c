"""What is known of people who are no members ends with what they were nominated for."""

import re

import pytest
import sqlalchemy as sa

from app.kit.mail import Message
from app.worker import run_once
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import STATEMENT, Circle
from tests.stand_ins import SettableClock

STRANGER = {"email": "zedekiah@people.example", "name": "Zedekiah Plum"}
SAID = STATEMENT | {"person": "Zedekiah Plum, who never says a word about it."}


def work(circle: Circle, clock: SettableClock) -> None:
    for _ in range(3):
        run_once(runtime_of(circle.guild), clock.now)


def offered(circle: Circle, clock: SettableClock, mails: list[Message]) -> tuple[str, str]:
    """A nomination of a stranger, and the secret in the letter they got."""
    circle.offering(review={"mode": "auto_on_seconds"}, min_seconds=1)
    id = circle.seconded("cy", nominee=STRANGER, statement=SAID)
    work(circle, clock)
    [letter] = [str(mail) for mail in mails if STRANGER["email"] in str(mail)]
    found = re.search(r"/offers/([\w-]+)", letter)
    assert found
    return id, found[1]


def where(engine: sa.Engine, *texts: str) -> set[str]:
    """The columns in which one of these stands anywhere in the database."""
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            f"{table.name}.{name}"
            for table in tables.sorted_tables
            for row in connection.execute(sa.select(table)).mappings()
            for name, value in row.items()
            if any(text in str(value) for text in texts)
        }


def sealed(engine: sa.Engine) -> list[str]:
    """By what strangers are still known."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT sealed, fingerprint, claim_digest, claim_sealed FROM nominee WHERE member_id IS NULL")
        )
        return [name for row in rows.mappings() for name, value in row.items() if value is not None]


@pytest.mark.parametrize("answers", [True, False])
def test_sixty_days_after_its_end_nothing_is_left_of_a_stranger(
    circle: Circle, clock: SettableClock, engine: sa.Engine, mails: list[Message], answers: bool
) -> None:
    id, secret = offered(circle, clock, mails)
    assert "nomination.statement" in where(engine, "Plum", STRANGER["email"])
    if answers:
        done(circle.guild.post(f"/v1/offers/{secret}", {"response": "refuse"}, token=None), 200)
        assert "sealed" not in sealed(engine)
    else:
        clock.forward(days=60)
        work(circle, clock)
    assert circle.state(id) == ("refused" if answers else "expired")
    clock.forward(days=59)
    work(circle, clock)
    assert "fingerprint" in sealed(engine)
    clock.forward(days=1)
    work(circle, clock)
    assert where(engine, "Plum", "zedekiah", "Zedekiah") == set()
    assert sealed(engine) == []
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM mail")).scalar_one() == 0
    verified = done(circle.guild.call("GET", circle.guild.in_guild("audit/verify")), 200)
    assert verified["holds"]
    assert circle.events(id)[-1]["type"] == "erased"


def test_of_a_stranger_with_a_badge_no_more_is_left_than_the_badge_needs(
    circle: Circle, clock: SettableClock, engine: sa.Engine, mails: list[Message]
) -> None:
    id, secret = offered(circle, clock, mails)
    answer = done(circle.guild.post(f"/v1/offers/{secret}", {"response": "accept"}, token=None), 200)
    assert answer["state"] == "issued"
    clock.forward(days=60)
    work(circle, clock)
    assert sealed(engine) == []
    assert circle.events(id)[-1]["type"] == "strangers_forgotten"
    assert done(circle.see(id, None), 200)["statement"] == SAID
    assert circle.guild.verdict(answer["signed"])["verdict"] == "valid"


def test_who_joined_with_the_address_stays_its_nominee_once_the_address_is_forgotten(
    circle: Circle, clock: SettableClock
) -> None:
    """Who was even invited to second their own nomination is shown nothing of it, then either."""
    id = circle.offering(min_seconds=3).nomination(nominee=STRANGER, statement=SAID)
    circle.join("zed", email=STRANGER["email"])
    done(circle.invite(id, "zed"), 200)
    refused(circle.see(id, "zed"), 404, "no-such-nomination")
    for days, is_now in ((31, "expired"), (61, "erased")):
        clock.forward(days=days)
        work(circle, clock)
        assert circle.events(id)[-1]["type"] == is_now
        refused(circle.see(id, "zed"), 404, "no-such-nomination")
