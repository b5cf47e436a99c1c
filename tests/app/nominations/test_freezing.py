"""What somebody is asked to consent to stays what it was when they were asked, whatever others do meanwhile."""

import hashlib
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session
from app.nominations import deadlines, offering
from app.nominations.deadlines import FORGOTTEN_AFTER
from app.nominations.tables import Nominee, Receipt
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import STATEMENT, Circle
from tests.app.nominations.offers import QUICK, by_link, offer, offered, respond, signed
from tests.app.nominations.test_rephrasing import agree, propose
from tests.stand_ins import SettableClock

ZED = {"email": "zed@people.example", "name": "Zed Quux"}
SAID = STATEMENT | {
    "contribution": "Zed Quux and Bo opened the table. ZED carried it. Quux did more.",
    "context": "It was _Zed_'s winter.",
}
DRAWN = re.compile(r"\b[zu][\w-]{40,}")
"""Keys, digests and proofs (Multibase) in a signed document: drawn letters, which spell any short name now and then."""


@pytest.fixture
def quick(circle: Circle) -> Circle:
    return circle.offering(**QUICK, team=True)


def with_zed(circle: Circle, *others: str, zed: dict[str, str] = ZED) -> tuple[str, str]:
    """A team with a stranger who is named all over, and the secret of their link."""
    evidence = [{"url": "https://table.example/1", "name": "quux at work", "description": "Seen: zed"}]
    said = SAID | {"impact": f"Write to {zed['email']}."}
    id = circle.nomination(nominees=["bo", *others, zed], statement=said, evidence=evidence)
    done(circle.invite(id, "cy"), 200)
    done(circle.second(id, "cy", "I saw zed quux and Bo there every Tuesday of that winter.", publish=True), 200)
    with read_session(runtime_of(circle.guild).engine) as session:
        letter = offering.letter_of(stranger(session), at=runtime_of(circle.guild).installation)
    assert letter is not None
    return id, letter[1]


def stranger(session: Any) -> Nominee:
    [found] = [each for each in session.exec(select(Nominee)).all() if each.member_id is None]
    assert isinstance(found, Nominee)
    return found


def says(text: Any) -> str:
    return json.dumps(text).lower()


def names_zed(text: Any) -> bool:
    said = DRAWN.sub("", json.dumps(text)).lower()
    return any(word in said for word in ("zed", "quux", "people.example"))


@pytest.mark.parametrize("zed", [ZED, {"email": "zed.quux@people.example"}])
@pytest.mark.parametrize("response", ["refuse", "accept"])
def test_a_teammate_who_answers_first_is_in_nobody_elses_badge(
    quick: Circle, response: str, zed: dict[str, str]
) -> None:
    id, secret = with_zed(quick, zed=zed)
    read = done(offer(quick, id), 200)
    assert read["narrative"].startswith("a teammate and Bo opened the table.")
    done(by_link(quick, secret, response), 200)
    assert done(offer(quick, id), 200) == read
    done(respond(quick, id, digest=read["digest"], visibility="public"), 200)
    badge = done(quick.guild.get("/v1/credentials", token=quick.tokens["bo"]), 200)["items"][0]
    assert badge["narrative"] == read["narrative"]
    document = quick.guild.get(f"/credentials/{badge['id']}.json").json()
    assert "a teammate" in says(document["evidence"])
    for text in (read["narrative"], read["evidence"], document):
        assert not names_zed(text), text


def test_a_teammate_who_refused_stays_out_of_what_is_agreed_on_later(quick: Circle) -> None:
    id, secret = with_zed(quick)
    read = done(offer(quick, id), 200)
    done(by_link(quick, secret, "refuse"), 200)
    done(propose(quick, id, "ZED and I did it. Quux, too."), 200)
    done(agree(quick, id), 200)
    new = done(offer(quick, id), 200)
    assert new["narrative"] == "a teammate and I did it. a teammate, too."
    assert [each.get("narrative") for each in new["evidence"]][1:] == [
        new["narrative"],
        read["evidence"][-1]["narrative"],
    ]
    done(respond(quick, id, text_version=new["text_version"]), 200)
    assert not names_zed(signed(quick, id))


def test_who_is_called_otherwise_since_changes_nobodys_words(quick: Circle) -> None:
    id = quick.nomination(nominees=["bo", "eli"], statement=STATEMENT | {"contribution": "Bo and Eli opened it."})
    done(quick.invite(id, "cy"), 200)
    done(quick.second(id, "cy", publish=True), 200)
    read = done(offer(quick, id), 200)
    for who, name in (("cy", "Cyrus Newname"), ("eli", "Elias Newname"), ("bo", "Bodo Newname")):
        path = quick.guild.in_guild(f"members/{quick.ids[who]}")
        done(quick.guild.call("PATCH", path, {"name": name}, If_Match="*"), 200)
    again = done(offer(quick, id), 200)
    assert (again["digest"], again["narrative"], again["evidence"]) == (
        read["digest"],
        read["narrative"],
        read["evidence"],
    )
    done(respond(quick, id), 200)
    badge = signed(quick, id)
    assert badge["credentialSubject"]["narrative"] == read["narrative"]
    assert [each["name"] for each in badge["evidence"] if each.get("genre") == "second"] == ["Cy"]


def test_the_receipt_of_a_private_acceptance_is_the_text_that_was_offered(quick: Circle, engine: sa.Engine) -> None:
    id = offered(quick)
    read = done(offer(quick, id), 200)
    done(respond(quick, id, digest=read["digest"], text_version=read["text_version"]), 200)
    with read_session(engine) as session:
        nominee, receipt = session.exec(select(Nominee)).one(), session.exec(select(Receipt)).one()
    assert receipt.text == nominee.offered_text
    assert receipt.digest == nominee.offered_digest == read["digest"]
    assert hashlib.sha256(receipt.text.encode()).hexdigest() == read["digest"]


def test_a_digest_of_another_text_is_no_consent(quick: Circle) -> None:
    id = offered(quick)
    old = done(offer(quick, id), 200)
    refused(respond(quick, id, digest="0" * 64), 409, "text-changed")
    refused(respond(quick, id, digest="short"), 422, "invalid")
    done(propose(quick, id, "Opened it."), 200)
    done(agree(quick, id), 200)
    refused(respond(quick, id, digest=old["digest"]), 409, "text-changed")
    done(respond(quick, id, digest=done(offer(quick, id), 200)["digest"]), 200)


def test_a_link_is_told_apart_by_the_text_that_was_read_too(quick: Circle) -> None:
    id, secret = with_zed(quick)
    old = done(quick.guild.get(f"/v1/offers/{secret}", token=None), 200)
    done(propose(quick, id, "Opened it."), 200)
    done(agree(quick, id), 200)
    refused(by_link(quick, secret), 409, "text-changed")
    refused(by_link(quick, secret, text_version=old["text_version"]), 409, "text-changed")
    new = done(quick.guild.get(f"/v1/offers/{secret}", token=None), 200)
    assert new["narrative"] == "Opened it."
    done(by_link(quick, secret, text_version=new["text_version"]), 200)


@pytest.mark.parametrize("answers", [True, False])
def test_of_a_stranger_no_words_are_kept(quick: Circle, clock: SettableClock, engine: sa.Engine, answers: bool) -> None:
    id, secret = with_zed(quick)
    if answers:
        done(by_link(quick, secret, "refuse"), 200)
    else:
        done(respond(quick, id), 200)
        clock.forward(days=60)
        deadlines.lapse(runtime_of(quick.guild), clock.now)
        clock.forward(days=FORGOTTEN_AFTER.days)
        assert deadlines.forget_strangers(runtime_of(quick.guild), clock.now) == 1
    with read_session(engine) as session:
        assert stranger(session).offered_text is None


def test_what_is_erased_leaves_none_of_the_words_that_were_offered(quick: Circle, engine: sa.Engine) -> None:
    id = offered(quick)
    done(respond(quick, id, response="refuse"), 200)
    with read_session(engine) as session:
        assert session.exec(select(Nominee)).one().offered_text
    done(quick.guild.call("DELETE", "/v1/me/about-me", token=quick.tokens["bo"]), 200)
    with read_session(engine) as session:
        nominee = session.exec(select(Nominee)).one()
    assert (nominee.offered_text, len(nominee.offered_digest or "")) == (None, 64)
