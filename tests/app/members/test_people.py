"""What others may ask of people: facts in one value, read in a few statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.kit.database import read_session
from app.kit.migrations import downgrade, upgrade
from app.members.people import Person, Standing, active_people, linked, people
from app.members.person import canonical_affiliation
from app.members.rules import Role
from app.members.service import community_by_slug
from tests.app.guild import Guild, done
from tests.app.members.test_members import change
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def known(engine: sa.Engine, guild: Guild, now: datetime) -> dict[str, Person]:
    """Everybody, by handle."""
    with read_session(engine) as session:
        community = community_by_slug(session, guild.slug)
        return {person.handle: person for person in active_people(session, community.id, now=now)}


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that a block runs."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


@on_both_databases
def test_a_new_member_is_active_and_their_own_self(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    ana = guild.member("ana", affiliation="The  Hill", role="steward", joined_at="2026-01-02T00:00:00Z")
    bo = guild.member("bo")
    found = known(engine, guild, clock.now)
    assert list(found) == ["ana", "bo"]
    person = found["ana"]
    assert (person.id, person.identity) == (UUID(ana["id"]), UUID(ana["id"]))
    assert (person.name, person.role, person.joined_at.year) == ("Ana", Role.steward, 2026)
    assert person.standing is Standing.active
    assert (person.affiliation, person.affiliations) == ("The  Hill", frozenset({"the hill"}))
    assert [person.is_bot, person.minor, person.guardian_agreed] == [False] * 3
    assert (person.ties, person.absences) == ({}, ())
    assert person.contact_changed_at is None
    assert found["bo"].affiliations == frozenset()
    assert not linked(person, found["bo"])
    assert linked(person, person)
    assert found["bo"].id == UUID(bo["id"])


def test_only_members_of_the_community_are_known_in_it(
    guild: Guild, client: TestClient, engine: sa.Engine, clock: SettableClock
) -> None:
    ana, other = guild.member("ana"), Guild(client, "other").found()
    zoe = other.member("zoe")
    with read_session(engine) as session:
        community = community_by_slug(session, guild.slug)
        asked = [UUID(ana["id"]), UUID(zoe["id"]), UUID(int=7)]
        assert set(people(session, community.id, asked, now=clock.now)) == {UUID(ana["id"])}
        assert people(session, community.id, [], now=clock.now) == {}
        crowd = [*asked, *(UUID(int=n) for n in range(100, 40_000))]
        assert set(people(session, community.id, crowd, now=clock.now)) == {UUID(ana["id"])}


def test_many_are_asked_about_with_as_few_statements_as_one(
    guild: Guild, engine: sa.Engine, clock: SettableClock
) -> None:
    ids = [UUID(guild.member(f"m{n}", affiliation=f"A {n}")["id"]) for n in range(8)]
    runs = []
    for asked in (ids[:1], ids):
        with read_session(engine) as session:
            community = community_by_slug(session, guild.slug)
            with counted(engine) as statements:
                assert len(people(session, community.id, asked, now=clock.now)) == len(asked)
        runs.append(len(statements))
    assert runs[0] == runs[1] <= 6


@on_both_databases
def test_an_affiliation_that_ended_counts_for_a_year(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana", affiliation="The Hill")
    clock.forward(days=10)
    done(change(guild, "ana", {"affiliation": "River Co-op"}), 200)
    clock.forward(days=200)
    done(change(guild, "ana", {"affiliation": None}), 200)
    done(change(guild, "ana", {"name": "Ana B"}), 200)
    clock.forward(days=164)
    assert known(engine, guild, clock.now)["ana"].affiliations == {"the hill", "river co-op"}
    clock.forward(days=1)
    ana = known(engine, guild, clock.now)["ana"]
    assert (ana.affiliation, ana.affiliations) == (None, frozenset({"river co-op"}))
    clock.forward(days=200)
    assert known(engine, guild, clock.now)["ana"].affiliations == frozenset()


def test_when_an_address_changed_is_remembered(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    def changed_at() -> datetime | None:
        return known(engine, guild, clock.now)["ana"].contact_changed_at

    guild.member("ana", email="ana@guild.example")
    clock.forward(days=1)
    done(change(guild, "ana", {"email": "ANA@guild.example", "affiliation": "The Hill"}), 200)
    assert changed_at() is None
    for contact in ({"email": "ana@new.example"}, {"did": "did:example:ana"}, {"email": None}):
        clock.forward(days=1)
        done(change(guild, "ana", contact), 200)
        assert changed_at() == clock.now
    clock.forward(days=1)
    done(change(guild, "ana", {"name": "Ana B"}), 200)
    assert changed_at() == clock.now - timedelta(days=1)


@on_both_databases
def test_people_who_were_there_before_keep_their_affiliation(
    guild: Guild, engine: sa.Engine, clock: SettableClock
) -> None:
    guild.member("ana", affiliation="The Hill", joined_at="2026-01-02T00:00:00Z")
    downgrade(engine, "6e822b9e3884")
    upgrade(engine)
    ana = known(engine, guild, clock.now)["ana"]
    assert (ana.affiliation, ana.affiliations, ana.minor) == ("The Hill", frozenset({"the hill"}), False)


@pytest.mark.parametrize("same", ["The Hill", " the  hill ", "THE\tHILL", "the hill\u00a0"])
def test_affiliations_are_compared_as_people_would(same: str) -> None:
    assert canonical_affiliation(same) == "the hill"


@pytest.mark.parametrize(("one", "other"), [("Stra\u00dfe", "STRASSE"), ("Cafe\u0301", "CAFÉ")])
def test_so_are_those_in_other_scripts_and_forms(one: str, other: str) -> None:
    assert canonical_affiliation(one) == canonical_affiliation(other)
