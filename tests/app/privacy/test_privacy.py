"""Whoever asks is told all that is kept of them; and it is taken away, while what was signed stays verifiable."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.credentials.tables import Recipient
from app.endorsements.rules import RequestState
from app.endorsements.tables import EndorsementRequest
from app.kit.database import Row, read_session
from app.kit.journal import Event
from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import REASON, STATEMENT, Circle
from tests.app.sources.listening import listen
from tests.app.sources.told import reaction
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

NAME, EMAIL, DID, WORDS = "Bo Brightwater", "bo@brightwater.example", "did:example:brightwater", "Words of Brightwater."
SIGNED = {"edition", "signed_endorsement"}
"""Tables of what was signed, which stays as it is."""


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Bo is known by name, address and DID, has a badge, and has said things; so have others of Bo."""
    circle = Circle(guild).join("ana", "cy", "dee").join("ste", role="steward")
    circle.join("bo", name=NAME, email=EMAIL, did=DID, affiliation="Brightwater Works")
    circle.offering(review={"mode": "auto_on_seconds"}, min_seconds=1)
    return circle


SAID = {"story": "what_happened", "artefact": "title", "uptake": "what"}
"""Words of theirs, by where they are kept."""


def data(circle: Circle, who: str = "bo") -> dict[str, Any]:
    return done(circle.guild.get("/v1/me/data", token=circle.tokens[who]), 200)


def erase(circle: Circle, credentials: str, confirm: str = "bo") -> Any:
    path = f"/v1/me/data?credentials={credentials}&confirm={confirm}"
    return circle.guild.call("DELETE", path, token=circle.tokens["bo"])


def filled(circle: Circle, clock: SettableClock) -> dict[str, Any]:
    """Something of everything; the badge that came of a nomination."""
    guild, tokens = circle.guild, circle.tokens
    id = circle.seconded("cy")
    answer = {"response": "accept", "visibility": "public"}
    done(circle.act(id, "response", answer, by="bo"), 200)
    circle.ids["seconded"] = circle.seconded("bo", nominee="dee", by="ana")
    done(guild.post(guild.in_guild("thanks"), {"to": "cy", "text": WORDS}, token=tokens["bo"]), 201)
    done(guild.post(guild.in_guild("thanks"), {"to": "bo", "text": "Thank you."}, token=tokens["ana"]), 201)
    done(
        guild.post(guild.in_guild("identities"), {"member": "bo", "platform": "github", "account": "brightwater"}), 201
    )
    done(guild.post(guild.in_guild("ties"), {"members": ["bo", "cy"], "kind": "close"}), 201)
    said: dict[str, Any] = {"title": WORDS, "cycles": [1], "what_happened": WORDS}
    consent = {"audience": "public", "may_quote": True, "named": True}
    done(guild.post(guild.in_guild("stories"), said | {"consent": consent}, token=tokens["bo"]), 201)
    for title in ("first", "second"):
        done(
            guild.post(guild.in_guild("needs"), {"kind": "topic", "title": f"{title} {WORDS}"}, token=tokens["bo"]), 201
        )
    need = done(guild.get(guild.in_guild("needs"), token=tokens["bo"]), 200)["items"][0]["id"]
    done(guild.post(guild.in_guild(f"needs/{need}/answer"), {"member": "cy"}, token=tokens["bo"]), 200)
    made_alone = {"title": WORDS, "url": "https://x.example", "contributors": [{"member": "bo", "role": "author"}]}
    done(guild.post(guild.in_guild("artefacts"), made_alone, token=tokens["bo"]), 201)
    taken = {"what": WORDS, "place": "N", "place_kind": "organisation", "outcome": WORDS}
    happened = {"happened_at": "2026-11-01T09:00:00Z"}
    done(guild.post(guild.in_guild("uptake"), taken | happened, token=tokens["bo"]), 201)
    for who in ({"platform": "github", "account": "Brightwater"}, {"platform": "email", "account": EMAIL}):
        deed = {"type": "hosting", "account": who, "occurred_at": "2026-11-01T09:00:00Z", "title": WORDS}
        said = {"url": "https://x.example/brightwater", "channel": NAME}
        deed |= said | {"dedupe_key": f"{who['platform']}:brightwater"}
        done(guild.post(guild.in_guild("contributions"), deed), 201)
    body = {"subject": "issuer", "id": guild.slug, "comment": WORDS}
    done(guild.post("/v1/endorsements", body, token=tokens["bo"]), 201)
    choice = f"/v1/members/{circle.ids['bo']}/portfolio/choice"
    done(guild.call("PUT", choice, {"title": f"Of {NAME}"}, token=tokens["bo"]), 200)
    done(guild.call("PUT", "/v1/me/notifications", {"email": "digest"}, token=tokens["bo"]), 200)
    run_once(runtime_of(guild), clock())
    [credential] = done(guild.get("/v1/credentials", token=tokens["bo"]), 200)["items"]
    return credential  # type: ignore[no-any-return]


def everything(circle: Circle) -> dict[str, str]:
    """All that the database holds but what was signed, as text, by table."""
    with read_session(runtime_of(circle.guild).engine) as session:
        tables = {name: table for name, table in Row.metadata.tables.items() if name not in SIGNED}
        return {name: repr(session.execute(sa.select(table)).all()) for name, table in tables.items()}


def audit(circle: Circle) -> dict[str, Any]:
    return done(circle.guild.get(circle.guild.in_guild("audit/verify"), token=ADMIN_TOKEN), 200)


@on_both_databases
def test_one_is_told_everything_that_is_kept(circle: Circle, clock: SettableClock) -> None:
    credential = filled(circle, clock)
    told = data(circle)
    assert [row["email"] for row in told["member"]] == [EMAIL]
    assert [row["account"] for row in told["identity"]] == ["brightwater"]
    assert [row["title"] for row in told["contribution"] if row["source"] != "needs"] == [WORDS, WORDS]
    assert {row["platform"] for row in told["credit"]} == {"github", "email", None}
    assert [row["id"] for row in told["credential"]] == [credential["id"]]
    newest = told["edition"][-1]["data_integrity"]
    assert newest == circle.guild.get(f"/credentials/{credential['id']}.json").text
    assert circle.guild.verdict(newest)["verdict"] == "valid"
    assert {row["text"] for row in told["thanks"]} == {WORDS, "Thank you."}
    assert [row["reason"] for row in told["second"]] == [REASON]
    assert [told[table][0][words] for table, words in SAID.items()] == [WORDS] * len(SAID)
    assert STATEMENT["impact"] in {passage["text"] for passage in told["about_me"]}
    there = {"token", "tie", "affiliation", "endorsement", "portfolio_choice", "notification_choice", "told"}
    assert [name for name in sorted(there | {"consent_receipt", "nominee"}) if not told[name]] == []
    assert "member.joined" in {event["type"] for event in told["journal"]}
    assert not [event for event in told["journal"] if "data" in event]


def test_what_is_still_being_weighed_is_not_told(guild: Guild) -> None:
    circle = Circle(guild).join("ana", "bo", "cy").offering(min_seconds=2)
    id = circle.seconded("cy")
    told = json.dumps(data(circle))
    assert id not in told
    assert not [words for words in (REASON, *STATEMENT.values()) if words in told]
    circle.guild.tokens["nobody"] = guild.token(None, "platform", "awards:write")
    refused(guild.get("/v1/me/data", token=guild.tokens["nobody"]), 403, "not-a-person")


@on_both_databases
def test_erased_nothing_names_them_and_their_badges_stay(circle: Circle, clock: SettableClock) -> None:
    credential = filled(circle, clock)
    guild, signed = circle.guild, circle.guild.get(f"/credentials/{credential['id']}.json").content
    refused(erase(circle, "keep", confirm="cy"), 422, "invalid")
    assert NAME in everything(circle)["member"]
    assert done(erase(circle, "keep"), 200) == {"credentials": "keep"}
    done(circle.act(circle.ids["seconded"], "response", {"response": "refuse"}, by="dee"), 200)
    run_once(runtime_of(guild), clock())
    kept = everything(circle)
    for words in (NAME, EMAIL, DID, "rightwater", WORDS, "Thank you."):
        assert [name for name, rows in kept.items() if words in rows] == [], words
    refused(guild.get("/v1/me/data", token=circle.tokens["bo"]), 401, "unauthenticated")
    assert guild.get(f"/credentials/{credential['id']}.json").content == signed
    assert guild.verdict(signed)["verdict"] == "valid"
    page = guild.get(f"/credentials/{credential['id']}.html").text
    assert "former member" in page
    assert NAME not in page
    assert audit(circle)["holds"]
    # What they did is still an id's, and what is delivered again is still known.
    deeds = done(guild.get(guild.in_guild("contributions"), token=ADMIN_TOKEN), 200)["items"]
    assert {deed["credits"][0]["member"] for deed in deeds if deed["source"] != "needs"} == {circle.ids["bo"]}
    again = {"type": "hosting", "person": "cy", "occurred_at": "2026-11-01T09:00:00Z"}
    known = done(guild.post(guild.in_guild("contributions"), again | {"dedupe_key": "github:brightwater"}), 200)
    assert known["outcome"] == "duplicate"


def test_who_is_erased_brought_nobody_any_more(circle: Circle) -> None:
    zoe = circle.guild.member("zoe", invited_by="bo")["id"]
    assert [row["member_id"] for row in data(circle)["member_invited"]] == [zoe]
    done(erase(circle, "keep"), 200)
    told = done(circle.guild.get("/v1/me/data", token=circle.guild.token("zoe")), 200)
    assert told["member_invited"] == []
    assert done(circle.guild.get(circle.guild.in_guild("members/zoe"), token=ADMIN_TOKEN), 200)["invited_by"] is None


def test_what_is_told_of_two_names_nobody_who_is_erased(circle: Circle, clock: SettableClock) -> None:
    guild, slack = circle.guild, listen(circle.guild, clock, "slack")
    for account, handle in (("UBRIGHT", "bo"), ("U2", "cy")):
        done(guild.post(guild.in_guild("identities"), {"member": handle, "platform": "slack", "account": account}), 201)
    slack.tell(reaction(user="UBRIGHT"))
    reported = {"type": "hosting", "credits": [{"person": "bo"}, {"person": "cy"}], "dedupe_key": "call:UBRIGHT"}
    done(guild.post(guild.in_guild("contributions"), reported | {"occurred_at": "2026-11-01T09:00:00Z"}), 201)
    run_once(runtime_of(guild), clock())
    seen = done(guild.get(guild.in_guild("contributions"), token=circle.tokens["cy"]), 200)["items"]
    assert sorted(deed["type"] for deed in seen) == ["encouraging", "hosting"]
    assert "UBRIGHT" not in json.dumps(seen)
    assert "UBRIGHT" in everything(circle)["identity"]
    done(erase(circle, "keep"), 200)
    assert [name for name, rows in everything(circle).items() if "UBRIGHT" in rows.upper()] == []
    slack.tell(reaction(user="UBRIGHT") | {"event_id": "Ev2"})
    run_once(runtime_of(guild), clock())
    assert [did["did"] for did in slack.deliveries()[0]["came_to"]] == ["duplicate"]


def test_erased_with_their_badges_those_are_revoked_and_hidden(circle: Circle, clock: SettableClock) -> None:
    credential = filled(circle, clock)
    guild, address = circle.guild, f"/credentials/{credential['id']}.json"
    signed = guild.get(address).content
    given = done(guild.get("/v1/endorsements?role=endorser", token=circle.tokens["bo"]), 200)["items"]
    done(
        guild.post(f"/v1/endorsements/{given[0]['id']}/response", {"response": "accept"}, token=circle.tokens["ste"]),
        200,
    )
    vouched = guild.get(f"/endorsements/{given[0]['id']}.json").content
    done(erase(circle, "revoke"), 200)
    assert guild.get(address).status_code == 404
    for revoked in (signed, vouched):
        report = guild.verdict(revoked)
        assert report["verdict"] == "revoked", report
    assert NAME not in "".join(everything(circle).values())
    assert audit(circle)["holds"]


def test_who_has_left_has_it_erased_by_a_steward(circle: Circle, clock: SettableClock) -> None:
    credential = filled(circle, clock)
    guild, ste = circle.guild, circle.tokens["ste"]
    path = guild.in_guild(f"members/{circle.ids['bo']}/data?credentials=keep&confirm=")
    refused(guild.call("DELETE", f"{path}bo", token=ste), 409, "still-a-member")
    done(guild.post(guild.in_guild("members/bo/leave"), token=circle.tokens["bo"]), 200)
    refused(guild.call("DELETE", f"{path}cy", token=ste), 422, "invalid")
    assert NAME in everything(circle)["member"]
    assert done(guild.call("DELETE", f"{path}bo", token=ste), 200) == {"credentials": "keep"}
    assert [name for name, rows in everything(circle).items() if NAME in rows or EMAIL in rows] == []
    assert guild.get(f"/credentials/{credential['id']}.json").status_code == 200
    with read_session(runtime_of(guild).engine) as session:
        [actor] = session.execute(sa.select(Event.actor).where(Event.type == "member.erased")).scalars()  # type: ignore[call-overload]
    assert actor == circle.ids["ste"]
    assert audit(circle)["holds"]


@pytest.mark.parametrize("credentials", ["keep", "revoke"])
def test_what_was_awarded_to_an_address_of_theirs_is_told_and_erased(guild: Guild, credentials: str) -> None:
    other, to = guild.achievement(name="Other"), {"email": EMAIL, "name": NAME}
    offer = guild.offer(guild.achievement(), to, narrative=WORDS)
    held = done(guild.claim(guild.offer(other, to, narrative=WORDS), visibility="public"), 200)["id"]
    circle = Circle(guild).join("bo", email=EMAIL)
    told = data(circle)["credential_by_contact"]
    assert [(each["named"], each["narrative"]) for each in told] == [(NAME, WORDS)] * 2
    done(erase(circle, credentials), 200)
    refused(guild.claim(offer), 410, "claim-used")
    with read_session(runtime_of(guild).engine) as session:
        [row] = session.exec(select(Recipient)).all()
        assert (row.name, row.did, row.email_sealed, row.email_fingerprint) == (None,) * 4
    assert guild.get(f"/credentials/{held}.json").status_code == (200 if credentials == "keep" else 404)


def test_nobody_takes_the_place_of_who_had_theirs_erased(circle: Circle) -> None:
    guild, ste, member = circle.guild, circle.tokens["ste"], f"members/{circle.ids['bo']}"
    guild.badge(recipient={"member": "bo"}, visibility="public")
    done(erase(circle, "keep"), 200)
    other = {"name": "Somebody else", "email": "else@people.example"}
    refused(guild.call("PATCH", guild.in_guild(member), other, token=ste, If_Match="*"), 409, "member-erased")
    refused(guild.post(guild.in_guild(f"{member}/return"), token=ste), 409, "member-erased")
    account = {"member": circle.ids["bo"], "platform": "github", "account": "else"}
    refused(guild.post(guild.in_guild("identities"), account, token=ste), 409, "member-erased")
    refused(guild.post(guild.in_guild("tokens"), {"owner": circle.ids["bo"], "role": "member"}), 409, "member-left")


def test_what_was_open_then_is_erased_once_it_has_ended(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("ana", "bo", "cy").offering(min_seconds=2)
    id = circle.seconded("bo", nominee="cy", by="ana")
    done(erase(circle, "keep"), 200)
    assert REASON in everything(circle)["second"]
    done(circle.act(id, "withdraw", by="ana"), 200)
    did = run_once(runtime_of(guild), clock())
    assert did["erase what was left"] == 1
    assert REASON not in everything(circle)["second"]
    assert run_once(runtime_of(guild), clock())["erase what was left"] == 0
    assert audit(circle)["holds"]


@pytest.mark.parametrize("whom", [{"member": "bo"}, {"email": EMAIL, "name": NAME}])
def test_what_was_asked_of_them_is_told_and_ends_with_its_words(
    circle: Circle, clock: SettableClock, whom: dict[str, str]
) -> None:
    guild = circle.guild
    badge = guild.badge(circle.achievement, recipient={"member": "ana"})
    body = {"subject": "credential", "id": badge["id"], "of": whom, "message": f"Hello {NAME}."}
    done(guild.post("/v1/endorsement-requests", body, token=circle.tokens["ana"]), 201)
    [told] = data(circle)["endorsement_request"]
    assert told["message"] == f"Hello {NAME}."
    run_once(runtime_of(guild), clock())
    done(erase(circle, "keep"), 200)
    with read_session(runtime_of(guild).engine) as session:
        [row] = session.exec(select(EndorsementRequest)).all()
    assert (row.state, row.remind_at) == (RequestState.withdrawn, None)
    assert {row.message, row.sealed, row.fingerprint, row.link_digest, row.link_sealed} == {None}
    run_once(runtime_of(guild), clock())  # the last letter leaves, which says that it was erased
    clock.forward(days=8)
    assert "mails" not in {name.partition(" ")[2] for name, did in run_once(runtime_of(guild), clock()).items() if did}


def test_who_leaves_keeps_what_they_earned_verifiable(circle: Circle, clock: SettableClock) -> None:
    credential = filled(circle, clock)
    done(circle.guild.post(circle.guild.in_guild("members/bo/leave")), 200)
    signed = circle.guild.get(f"/credentials/{credential['id']}.json").content
    assert circle.guild.verdict(signed)["verdict"] == "valid"
