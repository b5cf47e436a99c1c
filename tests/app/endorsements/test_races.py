"""Whoever decides about an endorsement at the same moment, one of them decides."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

from app.credentials.tables import Edition
from app.endorsements.deadlines import forget
from app.issuers.tables import SignedEndorsement
from app.kit.database import read_session
from app.kit.journal import Event
from tests.app.credentials.test_once import at_once
from tests.app.endorsements.routes import link_of
from tests.app.endorsements.test_endorsing import endorse, respond
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def badge(guild: Guild) -> dict[str, Any]:
    for handle in ("bo", "cy"):
        guild.member(handle)
        guild.tokens[handle] = guild.token(handle)
    return guild.badge(recipient={"member": "bo"})


def counted(engine: sa.Engine) -> tuple[int, int, list[str]]:
    """Signed endorsements, editions, and what the journal says of endorsements."""
    with read_session(engine) as session:
        signed, editions = (
            session.exec(select(func.count()).select_from(table)).one() for table in (SignedEndorsement, Edition)
        )
        events = session.exec(select(Event.type).where(col(Event.type).like("endorsement.%"))).all()
    return signed, editions, sorted(events)


@on_both_databases
def test_of_two_answers_at_once_one_signs_and_of_two_offers_one_is_there(
    guild: Guild, badge: dict[str, Any], engine: sa.Engine
) -> None:
    offers = at_once(3, lambda _: endorse(guild, badge["id"]))
    assert sorted(answer.status_code for answer in offers) == [201, 409, 409]
    [id] = [answer.json()["id"] for answer in offers if answer.status_code == 201]
    answers = at_once(3, lambda _: respond(guild, id, "accept"))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert counted(engine) == (1, 2, ["endorsement.accepted", "endorsement.offered"])


@on_both_databases
def test_accepting_beside_withdrawing_leaves_nothing_in_force(
    guild: Guild, badge: dict[str, Any], engine: sa.Engine
) -> None:
    id = done(endorse(guild, badge["id"]), 201)["id"]

    def act(which: int) -> Any:
        if which:
            return guild.post(f"/v1/endorsements/{id}/withdraw", token=guild.tokens["cy"])
        return respond(guild, id, "accept")

    accepted, withdrawn = at_once(2, act)
    assert withdrawn.status_code == 200, withdrawn.text
    assert accepted.status_code in {200, 409}, accepted.text
    assert "endorsement" not in json.loads(guild.get(f"/credentials/{badge['id']}.json").text)
    signed, editions, _ = counted(engine)
    assert (signed, editions) == ((1, 3) if accepted.status_code == 200 else (0, 1))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_communities_that_endorse_each_other_at_once_do_not_wait_in_a_circle(guild: Guild) -> None:
    both = [guild, Guild(guild.client, "forge").found()]
    for community in both:
        for handle, role in (("ste", "steward"), ("ann", "member"), ("ben", "member"), ("cat", "member")):
            community.member(handle, role=role)
            community.tokens[handle] = community.token(handle, role)
    offers = []
    for own, other in (both, both[::-1]):
        for handle in ("ann", "ben", "cat"):
            id = done(endorse(own, other.slug, handle, subject="issuer"), 201)["id"]
            offers.append((id, other.tokens["ste"], own.tokens[handle]))

    def accept(which: int) -> Any:
        id, owner, _ = offers[which]
        return guild.post(f"/v1/endorsements/{id}/response", {"response": "accept"}, token=owner)

    def withdraw(which: int) -> Any:
        id, _, endorser = offers[which]
        return guild.post(f"/v1/endorsements/{id}/withdraw", token=endorser)

    for act in (accept, withdraw):
        answers = at_once(len(offers), act)
        assert [answer.status_code for answer in answers] == [200] * len(offers), [each.text for each in answers]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_whose_address_is_forgotten_while_others_answer_does_not_wait_for_them_in_a_circle(
    guild: Guild, clock: SettableClock
) -> None:
    guild.member("bo")
    guild.tokens["bo"] = guild.token("bo")
    vouched = []
    for number in range(8):
        body = {"subject": "credential", "id": guild.badge(recipient={"member": "bo"})["id"]}
        body["of"] = {"email": f"zed{number}@people.example"}
        asked = done(guild.post("/v1/endorsement-requests", body, token=guild.tokens["bo"]), 201)
        said = {"response": "endorse", "name": "Zed", "comment": "I have seen it done, often and well."}
        vouched.append(
            done(guild.post(f"/v1/vouch/{link_of(guild, asked['id'])}", said, token=None), 200)["endorsement"]
        )
        done(respond(guild, vouched[-1], "accept"), 200)
    clock.forward(days=60)

    def act(which: int) -> Any:
        if which == 0:
            return forget(runtime_of(guild), clock())
        return respond(guild, vouched[-which], "decline").status_code

    assert at_once(8, act) == [8] + [200] * 7


@on_both_databases
def test_of_a_link_that_is_followed_twice_at_once_one_answer_counts(
    guild: Guild, badge: dict[str, Any], engine: sa.Engine
) -> None:
    body = {"subject": "credential", "id": badge["id"], "of": {"email": "zed@people.example"}}
    asked = done(guild.post("/v1/endorsement-requests", body, token=guild.tokens["bo"]), 201)
    said = {"response": "endorse", "name": "Zed", "comment": "I have seen it done, often and well."}
    path = f"/v1/vouch/{link_of(guild, asked['id'])}"
    answers = at_once(3, lambda _: guild.post(path, said, token=None))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410]
    assert counted(engine)[2] == ["endorsement.offered", "endorsement.requested"]
