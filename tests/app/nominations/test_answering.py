"""From enough seconds to the signed badge: whoever is nominated is asked, and nobody answers for them."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.achievements.tables import AchievementVersion
from app.credentials.tables import Credential
from app.kit.database import read_session, write_session
from app.nominations import deadlines, offering
from app.nominations.tables import Nominee, Receipt
from app.notifications.inviting import send_offers
from app.notifications.service import letter_context
from app.notifications.tables import Mail
from tests.app.credentials.test_once import at_once
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import EVIDENCE, REASON, STATEMENT, Circle
from tests.app.nominations.offers import (
    STRANGER,
    assert_replayable,
    by_link,
    credential_of,
    link,
    offer,
    offered,
    respond,
    signed,
    team,
)
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def test_enough_seconds_and_nothing_is_public_before_the_nominee_has_accepted(quick: Circle) -> None:
    id = offered(quick)
    assert quick.state(id) == "offered"
    assert done(quick.guild.get("/v1/credentials", token=quick.tokens["bo"]), 200)["items"] == []
    answer = done(respond(quick, id, visibility="public"), 200)
    assert answer["state"] == "issued"
    credential = credential_of(quick, id)
    page = quick.guild.get(f"/credentials/{credential}.json")
    assert page.status_code == 200
    assert quick.guild.verdict(page.content)["verdict"] == "valid"
    for form in (".jwt", ".png"):
        assert quick.guild.get(f"/credentials/{credential}{form}").status_code == 200
    assert_replayable(quick, id)


def test_the_badge_says_what_was_offered_and_the_receipt_keeps_it(quick: Circle) -> None:
    id = quick.nomination()
    done(quick.invite(id, "cy"), 200)
    done(quick.second(id, "cy", publish=True), 200)
    read = done(offer(quick, id), 200)
    done(respond(quick, id, visibility="community", text_version=read["text_version"]), 200)
    badge = signed(quick, id)
    subject = badge["credentialSubject"]
    assert subject["narrative"] == read["narrative"]
    assert read["narrative"] == "\n\n".join(STATEMENT[part] for part in ("contribution", "context", "impact"))
    genres = {each.get("genre"): each for each in badge["evidence"]}
    assert genres[None]["id"] == EVIDENCE[0]["url"]
    assert genres["nomination"]["narrative"] == read["narrative"]
    assert (genres["second"]["name"], genres["second"]["narrative"]) == ("Cy", REASON)
    assert "Ana" not in json.dumps(badge)
    preview = read["credential"]
    for pointer in read["placeholders"]:
        preview.pop(pointer[1:], None)
        badge.pop(pointer[1:], None)
    preview["credentialSubject"].pop("id")
    badge["credentialSubject"].pop("id")
    badge.pop("proof")
    assert preview == badge
    with read_session(runtime_of(quick.guild).engine) as session:
        receipt = session.exec(select(Receipt)).one()
        said = json.loads(receipt.text)
        kept = session.exec(select(Credential)).one().consent
    assert (said["narrative"], said["visibility"]) == (read["narrative"], "community")
    assert kept["receipt"] == receipt.digest
    assert receipt.by == "token"


def test_a_minor_vouches_for_nobody_and_is_named_in_no_badge(quick: Circle) -> None:
    guild = quick.guild
    quick.join("mini", name="Mini Kid", minor=True, guardian_agreed=True)
    id = quick.nomination()
    done(quick.invite(id, "mini"), 200)
    done(quick.second(id, "mini", publish=True), 200)
    done(respond(quick, id, visibility="public"), 200)
    badge = credential_of(quick, id)
    assert "Mini Kid" not in guild.get(f"/credentials/{badge}.json").text
    said = {"subject": "credential", "id": badge, "comment": REASON}
    refused(guild.post("/v1/endorsements", said, token=quick.tokens["mini"]), 403, "minor-endorsement")


def test_who_did_not_let_their_reason_be_published_is_not_in_the_badge(quick: Circle) -> None:
    id = offered(quick)
    done(respond(quick, id), 200)
    assert REASON not in json.dumps(signed(quick, id))


@pytest.mark.parametrize("who", ["ana", "cy", "ste"])
def test_nobody_answers_for_the_nominee(quick: Circle, who: str) -> None:
    id = offered(quick)
    refused(respond(quick, id, by=who), 403, "not-yours-to-answer")
    refused(offer(quick, id, by=who), 404, "no-such-offer")
    refused(quick.act(id, "response", {"response": "accept"}, by=None), 403, "not-yours-to-answer")
    assert quick.state(id) == "offered"


def test_what_was_answered_is_not_answered_again(quick: Circle) -> None:
    id = offered(quick)
    done(respond(quick, id), 200)
    for response in ("accept", "refuse"):
        refused(respond(quick, id, response=response), 409, "invalid-transition")


def test_a_refusal_is_nobodys_business(quick: Circle) -> None:
    id = offered(quick)
    done(respond(quick, id, response="refuse"), 200)
    assert done(quick.see(id, "ana"), 200)["state"] == "closed"
    assert done(quick.see(id, "bo"), 200)["state"] == "refused"
    with read_session(runtime_of(quick.guild).engine) as session:
        assert session.exec(select(Credential)).all() == []
    assert_replayable(quick, id)


def test_who_refuses_for_good_is_not_asked_again_by_anybody(quick: Circle) -> None:
    done(respond(quick, offered(quick), response="refuse", never_add=True), 200)
    id = offered(quick, by="dee")
    refused(respond(quick, id), 404, "no-such-nomination")
    refused(respond(quick, offered_to_eli(quick), by="eli", never_add=True), 422, "invalid")


def offered_to_eli(circle: Circle) -> str:
    return circle.seconded("cy", nominee="eli")


def test_a_badge_that_is_held_already_is_not_offered_again(quick: Circle) -> None:
    quick.guild.badge(quick.achievement, recipient={"member": "bo"})
    id = offered(quick)
    assert quick.state(id) == "offered"
    refused(respond(quick, id), 404, "no-such-nomination")


def test_a_badge_that_was_given_meanwhile_is_not_given_twice(quick: Circle) -> None:
    id = offered(quick)
    quick.guild.badge(quick.achievement, recipient={"member": "bo"})
    refused(respond(quick, id), 409, "already-held")
    done(respond(quick, id, response="refuse"), 200)


@pytest.mark.parametrize(("guardian", "state"), [(False, "offered"), (True, "issued")])
def test_a_minor_is_asked_if_somebody_cares_and_stays_private(quick: Circle, guardian: bool, state: str) -> None:
    quick.join("kim", minor=True, guardian_agreed=guardian)
    id = quick.seconded("cy", nominee="kim")
    if guardian:
        done(respond(quick, id, by="kim", visibility="public"), 200)
        [badge] = done(quick.guild.get("/v1/credentials", token=quick.tokens["kim"]), 200)["items"]
        assert badge["visibility"] == "private"
    assert quick.state(id) == state


def test_offers_wait_when_an_address_has_just_changed(quick: Circle, clock: SettableClock) -> None:
    id = offered(quick)
    path = quick.guild.in_guild(f"members/{quick.ids['bo']}")
    done(quick.guild.call("PATCH", path, {"email": "thief@elsewhere.example"}, If_Match="*"), 200)
    for response in ("accept", "refuse"):
        answer = respond(quick, id, response=response)
        refused(answer, 409, "offer-on-hold")
        assert answer.headers["retry-after"] == str(72 * 3600)
    assert done(offer(quick, id), 200)["on_hold_until"]
    clock.forward(hours=72)
    done(respond(quick, id), 200)


def test_sentences_may_be_left_out_and_nothing_else(quick: Circle) -> None:
    id = offered(quick)
    refused(respond(quick, id, narrative="Bo is a hero."), 422, "needs-agreement")
    done(respond(quick, id, narrative=STATEMENT["impact"]), 200)
    badge = signed(quick, id)
    assert badge["credentialSubject"]["narrative"] == STATEMENT["impact"]
    assert STATEMENT["contribution"] not in json.dumps(badge)


def test_a_narrative_may_be_vetoed_altogether(quick: Circle) -> None:
    id = offered(quick)
    done(respond(quick, id, narrative=""), 200)
    badge = signed(quick, id)
    assert "narrative" not in badge["credentialSubject"]
    assert [each["id"] for each in badge["evidence"]] == [EVIDENCE[0]["url"]]


def test_consent_is_for_the_text_that_was_read(quick: Circle) -> None:
    id = offered(quick)
    refused(respond(quick, id, text_version=7), 409, "text-changed")


def test_a_dry_run_answers_and_keeps_nothing(quick: Circle) -> None:
    id = offered(quick)
    answer = quick.act(id, "response?validate_only=true", {"response": "accept"}, by="bo")
    assert done(answer, 200)["state"] == "issued"
    assert quick.state(id) == "offered"
    refused(quick.act(id, "response?validate_only=true", {"response": "accept", "text_version": 9}, by="bo"), 409,
            "text-changed")  # fmt: skip
    done(respond(quick, id), 200)


def test_stewards_see_the_badge_before_it_is_offered(quick: Circle) -> None:
    id = quick.nomination()
    path = f"/v1/nominations/{id}/preview"
    seen = done(quick.guild.get(path, token=quick.tokens["ste"]), 200)
    assert seen["credential"]["credentialSubject"]["narrative"] == seen["narrative"]
    assert "proof" not in seen["credential"]
    refused(quick.guild.get(path, token=quick.tokens["ana"]), 403, "forbidden")


# Teams: one nomination, and everybody answers for themselves.


def test_of_a_team_each_answers_alone_and_no_badge_names_another(quick: Circle) -> None:
    id = team(quick)
    done(respond(quick, id, visibility="public"), 200)
    assert quick.state(id) == "offered"
    refused(respond(quick, id), 409, "invalid-transition")
    assert "Eli" not in json.dumps(signed(quick, id))
    assert "Bo and a teammate opened" in signed(quick, id)["credentialSubject"]["narrative"]
    done(respond(quick, id, by="eli", response="refuse"), 200)
    assert quick.state(id) == "offered"
    done(respond(quick, id, by="dee"), 200)
    assert quick.state(id) == "issued"
    states = {each["handle"]: each["state"] for each in done(quick.see(id, None), 200)["nominees"]}
    assert states == {"bo": "issued", "eli": "refused", "dee": "issued"}
    assert_replayable(quick, id)


# People who are no members: a letter with a link that answers once.


def test_a_stranger_answers_by_the_link_in_their_letter_once(quick: Circle) -> None:
    id = offered(quick, nominee=STRANGER)
    secret = link(quick)
    read = done(quick.guild.get(f"/v1/offers/{secret}"), 200)
    assert read["narrative"]
    answer = done(by_link(quick, secret, visibility="public"), 200)
    assert answer["state"] == "issued"
    assert quick.guild.verdict(answer["signed"])["verdict"] == "valid"
    assert quick.state(id) == "issued"
    for again in (by_link(quick, secret), quick.guild.get(f"/v1/offers/{secret}")):
        refused(again, 410, "offer-closed")
    with read_session(runtime_of(quick.guild).engine) as session:
        assert session.exec(select(Nominee)).one().sealed is None
        assert session.exec(select(Receipt)).one().by == "claim-link"


def test_an_unknown_link_and_one_that_is_too_late_answer_nothing(quick: Circle, clock: SettableClock) -> None:
    id = offered(quick, nominee=STRANGER)
    secret = link(quick)
    refused(by_link(quick, "unknown"), 404, "no-such-offer")
    clock.forward(days=60)
    for call in (by_link(quick, secret), by_link(quick, secret, "refuse"), quick.guild.get(f"/v1/offers/{secret}")):
        refused(call, 410, "offer-closed")
    assert quick.state(id) == "expired"


def test_a_stranger_who_refuses_for_good_is_not_written_to_again(quick: Circle) -> None:
    offered(quick, nominee=STRANGER)
    done(by_link(quick, link(quick), "refuse", never_add=True), 200)
    id = offered(quick, nominee=STRANGER, by="dee")
    assert quick.state(id) == "offered"
    with write_session(runtime_of(quick.guild).engine) as session:
        assert offering.letters_due(session, limit=5) == []


def test_the_letter_holds_the_link_and_goes_out_once(quick: Circle, clock: SettableClock) -> None:
    offered(quick, nominee=STRANGER)
    runtime = runtime_of(quick.guild)
    if runtime.send is None:
        runtime = replace(runtime, send=lambda _: None)
    secret = link_without_sending(quick)
    assert (send_offers(runtime, clock()), send_offers(runtime, clock())) == (1, 0)
    with read_session(runtime.engine) as session:
        [mail] = session.exec(select(Mail)).all()
        assert mail.sealed is not None
        letter = json.loads(runtime.installation.vault.open(mail.sealed, bound_to=letter_context(mail.id)))
        assert session.exec(select(Nominee)).one().claim_sealed is None
    assert letter["to"] == STRANGER["email"]
    assert f"{runtime.installation.public_url}/offers/{secret}\n" in letter["body"]


def link_without_sending(circle: Circle) -> str:
    with read_session(runtime_of(circle.guild).engine) as session:
        letter = offering.letter_of(session.exec(select(Nominee)).one(), at=runtime_of(circle.guild).installation)
    assert letter is not None
    return letter[1]


def test_a_team_goes_on_without_those_who_did_not_answer(quick: Circle, clock: SettableClock) -> None:
    id = team(quick)
    done(respond(quick, id), 200)
    clock.forward(days=60)
    assert deadlines.lapse(runtime_of(quick.guild), clock()) == 1
    assert quick.state(id) == "issued"
    states = {each["handle"]: each["state"] for each in done(quick.see(id, None), 200)["nominees"]}
    assert states == {"bo": "issued", "eli": "expired", "dee": "expired"}
    assert_replayable(quick, id)


# Signing that fails, and answers that race.


def test_what_cannot_be_signed_stays_accepted_and_is_signed_later(
    quick: Circle, clock: SettableClock, engine: sa.Engine
) -> None:
    id = offered(quick)
    rename(engine, "Unspeakable \uffff")
    assert done(respond(quick, id, visibility="public"), 200)["state"] == "accepted"
    runtime = runtime_of(quick.guild)
    assert deadlines.issue(runtime, clock.now) == 0
    clock.forward(hours=1)
    assert deadlines.issue(runtime, clock.now) == 0
    assert quick.state(id) == "accepted"
    clock.forward(hours=1)
    rename(engine, "Session Host")
    assert [deadlines.issue(runtime, runtime.clock()) for _ in range(2)] == [1, 0]
    assert quick.state(id) == "issued"
    assert quick.guild.get(f"/credentials/{credential_of(quick, id)}.json").status_code == 200
    assert_replayable(quick, id)


def rename(engine: sa.Engine, name: str) -> None:
    """Past the door that would have refused it."""
    with engine.begin() as connection:
        connection.execute(sa.update(AchievementVersion).values(name=name))


@on_both_databases
def test_of_many_answers_at_once_one_counts_and_there_is_one_badge(quick: Circle, engine: sa.Engine) -> None:
    """Leans on the lock on the nomination's row; behind it on UNIQUE(nomination_id, recipient_id)."""
    id = offered(quick)
    answers = at_once(50, lambda n: respond(quick, id, response="accept" if n % 5 else "refuse"))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 49]
    state = quick.state(id)
    with read_session(engine) as session:
        assert len(session.exec(select(Credential)).all()) == (state == "issued")
        assert len(session.exec(select(Receipt)).all()) == (state == "issued")


@on_both_databases
def test_of_many_answers_of_a_whole_team_at_once_each_has_one_badge(quick: Circle, engine: sa.Engine) -> None:
    """Leans on the nominees' rows being read again under the lock on the nomination's (`casefile.opened`)."""
    id = team(quick)
    answers = at_once(24, lambda n: respond(quick, id, by=["bo", "eli", "dee"][n % 3]))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 21
    assert quick.state(id) == "issued"
    with read_session(engine) as session:
        assert len(session.exec(select(Credential)).all()) == 3


@on_both_databases
def test_a_link_that_is_used_many_times_at_once_answers_once(quick: Circle, engine: sa.Engine) -> None:
    """Leans on the lock on the nomination's row."""
    offered(quick, nominee=STRANGER)
    secret = link(quick)
    answers = at_once(20, lambda n: by_link(quick, secret, "accept" if n % 2 else "refuse"))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 19
    with read_session(engine) as session:
        assert len(session.exec(select(Credential)).all()) <= 1


def test_what_a_nominee_says_of_themself_does_not_keep_peers_from_recognising_them(circle: Circle) -> None:
    circle.offering(
        min_seconds=2, review={"mode": "auto_on_seconds"}, self_assertion="allowed", evidence_min=0, stackable=False
    )
    said = {"achievement": circle.achievement["id"], "narrative": "I kept the tea kitchen open all winter."}
    door, bo = circle.guild.in_guild("self-assertions"), circle.tokens["bo"]
    own = done(circle.guild.post(door, said, token=bo), 201)["id"]
    id = circle.seconded("cy", "dee")
    done(respond(circle, id), 200)
    badge = credential_of(circle, id)
    assert (circle.state(id), badge != own) == ("issued", True)
    shown = done(circle.guild.get(f"/v1/credentials/{badge}", token=bo), 200)
    assert shown["basis"] == "peer_recognised"
