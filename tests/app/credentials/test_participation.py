"""What people took part in, carried by the badge that a nomination came to: offered, left out, signed, looked at."""

import json
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import base58
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import select

import badges
from app.credentials.deadlines import JOBS, forget_unanswered
from app.credentials.tables import Participation
from app.kit.database import read_session
from app.nominations.deadlines import JOBS as NOMINATIONS
from app.nominations.tables import Nominee
from app.worker import run_once
from tests.app.guild import PUBLIC_URL, Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, offer, respond
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

SPRING = {"since": "2026-03-01T00:00:00Z", "until": "2026-06-01T00:00:00Z"}


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """A community where one second decides, and in which Bo did a thing or two."""
    circle = Circle(guild).join("ana", "bo", "cy", "ste").offering(**QUICK)
    for day in ("2026-02-02", "2026-03-03", "2026-04-04"):
        did(circle, "hosting", day)
    did(circle, "teaching", "2026-05-05")
    return circle


def did(circle: Circle, type: str, day: str) -> str:
    said = {"type": type, "person": "bo", "occurred_at": f"{day}T18:00:00Z"}
    id: str = done(circle.guild.post(circle.guild.in_guild("contributions"), said), 201)["id"]
    return id


def badge_of(circle: Circle, id: str) -> dict[str, Any]:
    """The signed badge, as its holder has it."""
    [held] = done(circle.guild.get("/v1/credentials", token=circle.tokens["bo"]), 200)["items"]
    badge: dict[str, Any] = done(circle.guild.get(f"/credentials/{held['id']}.json", token=circle.tokens["bo"]), 200)
    return badge


def claims_in(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def test_the_offer_tells_what_they_took_part_in_and_the_badge_pins_it_signed(circle: Circle) -> None:
    id = circle.seconded("cy", participation=SPRING)
    read = done(offer(circle, id), 200)
    facts = read["participation"]
    assert facts["window"] == {"since": "2026-03-01T00:00:00+00:00", "until": "2026-06-01T00:00:00+00:00"}
    assert facts["counts"] == {"contributions": 3, "by_type": {"teaching": 1, "hosting": 2}}
    assert read["evidence"][0]["narrative"] == "From 2026-03-01 to 2026-06-01: 3 contributions (hosting 2, teaching 1)."
    assert {"/relatedResource", "/evidence/0/id"} <= set(read["placeholders"])
    done(respond(circle, id, visibility="public", digest=read["digest"], participation=True), 200)
    badge = badge_of(circle, id)
    [pin] = badge["relatedResource"]
    assert badge["evidence"][0]["id"] == pin["id"]
    found = circle.guild.get(pin["id"].removeprefix(PUBLIC_URL), token=None)
    assert (found.status_code, found.headers["content-type"], pin["mediaType"]) == (200,) + ("application/jwt",) * 2
    assert badges.digest_multibase(found.content) == pin["digestMultibase"]
    claims = claims_in(found.text)
    assert (claims["iss"], claims["jti"], claims["badge"]) == (badge["issuer"]["id"], pin["id"], badge["id"])
    assert {name: claims[name] for name in facts} == facts
    assert circle.ids["bo"] not in json.dumps(claims)


def test_any_jose_library_checks_it_alone(circle: Circle) -> None:
    id = circle.seconded("cy", participation=SPRING)
    done(respond(circle, id, visibility="public", participation=True), 200)
    badge = badge_of(circle, id)
    token = circle.guild.get(badge["evidence"][0]["id"].removeprefix(PUBLIC_URL), token=None).text
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "participation+jwt"
    assert header["kid"].partition("#")[0] == badge["issuer"]["id"], "of a did:key issuer, whose key is its name"
    multikey = header["kid"].partition("#")[2]
    key = Ed25519PublicKey.from_public_bytes(base58.b58decode(multikey[1:])[2:])
    assert jwt.decode(token, key, algorithms=["EdDSA"])["counts"]["contributions"] == 3


def test_the_events_that_it_cites_are_those_of_the_journal(circle: Circle) -> None:
    id = circle.seconded("cy", participation={"types": ["teaching"]})
    [cited] = done(offer(circle, id), 200)["participation"]["contributions"]
    entry = done(circle.guild.call("GET", circle.guild.in_guild(f"audit/{cited['event']['seq']}")), 200)
    assert (entry["object"], entry["hash"], entry["action"]) == (
        cited["id"],
        cited["event"]["hash"],
        "contribution.recorded",
    )


@pytest.mark.parametrize("said", [{}, {"participation": False}])
def test_whoever_accepts_and_does_not_ask_for_it_has_it_left_out(circle: Circle, said: dict[str, Any]) -> None:
    id = circle.seconded("cy", participation={})
    assert done(offer(circle, id), 200)["participation"]["counts"]["contributions"] == 4
    done(respond(circle, id, visibility="public", **said), 200)
    badge = badge_of(circle, id)
    assert "relatedResource" not in badge
    assert "participation" not in {each.get("genre") for each in badge["evidence"]}


def test_nobody_but_the_nominee_sees_it_before_they_accept(circle: Circle) -> None:
    id = circle.seconded("cy", participation={})
    preview = done(circle.guild.call("GET", f"/v1/nominations/{id}/preview"), 200)
    assert "participation" not in {each.get("genre") for each in preview["evidence"]}
    assert "relatedResource" not in preview["credential"]


def test_without_being_asked_for_it_is_not_told(circle: Circle) -> None:
    id = circle.seconded("cy")
    read = done(offer(circle, id), 200)
    assert read["participation"] is None
    done(respond(circle, id, digest=read["digest"]), 200)
    assert "relatedResource" not in badge_of(circle, id)


def test_who_does_not_want_to_be_counted_is_not_and_nothing_says_so(circle: Circle) -> None:
    done(circle.guild.call("PUT", "/v1/me/uncounted", token=circle.tokens["bo"]), 200)
    id = circle.seconded("cy", participation={})
    read = done(offer(circle, id), 200)
    assert read["participation"] is None
    done(respond(circle, id, visibility="public", participation=True), 200)
    assert "relatedResource" not in badge_of(circle, id)


def test_a_window_without_contributions_carries_nothing(circle: Circle) -> None:
    id = circle.seconded("cy", participation={"until": "2020-01-01T00:00:00Z"})
    assert done(offer(circle, id), 200)["participation"] is None


def test_a_window_that_ends_before_it_begins_is_refused(circle: Circle) -> None:
    backwards = {"since": SPRING["until"], "until": SPRING["since"]}
    refused(circle.nominate(participation=backwards), 422, "invalid")
    refused(circle.nominate(participation={"since": SPRING["since"], "until": SPRING["since"]}), 422, "invalid")


NEVER: list[tuple[dict[str, Any], str]] = [
    ({"since": "2030-01-01T00:00:00Z"}, "/participation/since"),
    ({"since": "0001-01-01T00:00:00Z"}, "/participation/since"),
    ({"since": "1989-12-31T23:59:59Z"}, "/participation/since"),
    ({"until": "1066-10-14T09:00:00Z"}, "/participation/until"),
    ({"types": ["hosting", "juggling"]}, "/participation/types/1"),
]
"""What no contribution can be, and the field that says so."""


@pytest.mark.parametrize(("asked", "pointer"), NEVER)
def test_what_no_contribution_can_be_is_refused_wherever_it_is_asked_for(
    circle: Circle, asked: dict[str, Any], pointer: str
) -> None:
    guild, ana = circle.guild, {"token": circle.tokens["ana"]}
    draft = circle.nomination(submit=False, participation={"types": ["hosting"]})
    tag = circle.see(draft, "ana").headers["etag"]
    change = guild.call("PATCH", f"/v1/nominations/{draft}", {"participation": asked}, **ana, **{"If-Match": tag})
    direct = guild.award(circle.achievement, {"member": "bo"}, participation=asked)
    for answer in (
        change,
        direct,
        circle.nominate(participation=asked, submit=False),
        circle.nominate("cy", participation=asked),
    ):
        problem = refused(answer, 422, "invalid")
        assert [each["pointer"] for each in problem["errors"]] == [pointer]
        assert "contribution-types" in problem["fix"]
    assert done(circle.see(draft, "ana"), 200)["participation"]["types"] == ["hosting"]


def test_every_field_at_fault_is_named_at_once(circle: Circle) -> None:
    asked = {"since": "2030-01-01T00:00:00Z", "types": ["juggling", "teaching", "fencing"]}
    problem = refused(circle.nominate(participation=asked), 422, "invalid")
    assert [each["pointer"] for each in problem["errors"]] == [
        f"/participation/{field}" for field in ("since", "types/0", "types/2")
    ]


@on_both_databases
def test_a_type_of_ones_own_community_may_be_asked_for_and_that_of_another_may_not(guild: Guild) -> None:
    circle = Circle(guild).join("ana", "bo", "ste").offering()
    juggling = {
        "key": "juggling", "name": "Juggling", "description": "Juggled.", "mode": "contribute",
        "cycles": [1], "potential": "connect",
    }  # fmt: skip
    other = Guild(guild.client, "others").found()
    done(other.post(other.in_guild("contribution-types"), juggling), 201)
    refused(circle.nominate(participation={"types": ["juggling"]}), 422, "invalid")
    mine = done(guild.post(guild.in_guild("contribution-types"), juggling), 201)
    change = {"deprecated": True}
    done(guild.call("PATCH", guild.in_guild("contribution-types/juggling"), change, **{"If-Match": "*"}), 200)
    asked = {"types": [mine["key"]], "until": "2040-01-01T00:00:00Z"}
    kept = circle.nominate(participation=asked)
    assert done(kept, 201)["participation"]["types"] == ["juggling"], "what was done is counted, whatever it is now"


def test_the_nominator_may_think_otherwise_while_it_is_a_draft(circle: Circle) -> None:
    id = circle.nomination(submit=False, participation={"types": ["teaching"]})
    ana = {"token": circle.tokens["ana"]}

    def change(**said: Any) -> Any:
        tag = circle.see(id, "ana").headers["etag"]
        change = circle.guild.call("PATCH", f"/v1/nominations/{id}", said, **ana, **{"If-Match": tag})
        return done(change, 200)["participation"]

    assert change(evidence=[])["types"] == ["teaching"]
    assert change(participation=SPRING)["types"] is None
    assert change(participation=None) is None


def test_what_is_not_public_is_for_those_who_see_the_badge(circle: Circle) -> None:
    id = circle.seconded("cy", participation={})
    done(respond(circle, id, visibility="private", participation=True), 200)
    path = badge_of(circle, id)["evidence"][0]["id"].removeprefix(PUBLIC_URL)
    for address in (path, f"/standing{path}", f"{path}/standing"):
        refused(circle.guild.get(address, token=None), 404, "no-such-participation")
        refused(circle.guild.get(address, token=circle.tokens["cy"]), 404, "no-such-participation")
        assert circle.guild.get(address, token=circle.tokens["bo"]).status_code == 200


def test_what_was_taken_back_or_corrected_does_not_stand(circle: Circle) -> None:
    id = circle.seconded("cy", participation={})
    done(respond(circle, id, visibility="public", participation=True), 200)
    path = badge_of(circle, id)["evidence"][0]["id"].removeprefix(PUBLIC_URL)
    first, second, *rest = [each["id"] for each in claims_in(circle.guild.get(path).text)["contributions"]]
    contributions = circle.guild.in_guild("contributions")
    done(circle.guild.post(f"{contributions}/{first}/retract", {"reason": "It was not."}), 200)
    done(circle.guild.post(f"{contributions}/{second}/correct", {"reason": "Otherwise.", "title": "Tea"}), 201)
    told = done(circle.guild.get(f"/standing{path}"), 200)
    assert told == done(circle.guild.get(f"{path}/standing"), 200), "where it was said at first"
    stands = {each["id"]: each["stands"] for each in told["contributions"]}
    assert stands == {first: False, second: False} | dict.fromkeys(rest, True)


def test_whoever_leaves_and_has_it_revoked_takes_it_along(circle: Circle) -> None:
    id = circle.seconded("cy", participation={})
    done(respond(circle, id, visibility="public", participation=True), 200)
    path = badge_of(circle, id)["evidence"][0]["id"].removeprefix(PUBLIC_URL)
    told = done(circle.guild.get("/v1/me/data", token=circle.tokens["bo"]), 200)
    assert path.rpartition("/")[2] in json.dumps(told)
    done(circle.guild.call("DELETE", "/v1/me/data?credentials=revoke&confirm=bo", token=circle.tokens["bo"]), 200)
    refused(circle.guild.get(path), 404, "no-such-participation")


def test_the_report_tells_window_counts_signature_and_what_stands(circle: Circle) -> None:
    id = circle.seconded("cy", participation=SPRING)
    done(respond(circle, id, visibility="public", participation=True), 200)
    badge = badge_of(circle, id)
    address = badge["id"].removeprefix(PUBLIC_URL)
    for form in (".json", ".jwt", ".png"):
        report = circle.guild.verdict(circle.guild.get(address + form).content)
        assert report["verdict"] == "valid"
        [evidence] = report["evidence"]
        assert (evidence["code"], evidence["signature"]["code"]) == ("evidence-unchanged", "signature-valid")
        assert evidence["participation"]["by_type"] == {"hosting": 2, "teaching": 1}
        assert {each["stands"] for each in evidence["contributions"]} == {True}
    page = circle.guild.client.post("/verify", data={"text": badge["id"]}).text
    for told in ("from 2026-03-01 to 2026-06-01", "<dt>hosting</dt><dd>2</dd>", "Signed alone"):
        assert told in page
    assert badge["evidence"][0]["narrative"] in circle.guild.get(address, accept="text/html").text


def offered_directly(circle: Circle, to: str = "bo", **more: Any) -> dict[str, Any]:
    guild = circle.guild
    return done(guild.award(circle.achievement, {"member": to}, **({"participation": SPRING} | more)), 201)


def test_a_steward_awards_and_the_recipient_alone_reads_what_it_is_to_rest_on(circle: Circle) -> None:
    guild, made = circle.guild, offered_directly(circle)
    assert made["participation"] is None
    assert done(guild.call("GET", f"/v1/credentials/{made['id']}"), 200)["participation"] is None
    mine = {"token": circle.tokens["bo"]}
    [listed] = done(guild.get("/v1/credentials", **mine), 200)["items"]
    read = done(guild.get(f"/v1/credentials/{made['id']}", **mine), 200)
    assert read["participation"]["counts"]["contributions"] == 3
    assert listed == read
    answer = {"response": "accept", "visibility": "public", "participation": True}
    accepted = done(guild.post(f"/v1/credentials/{made['id']}/response", answer, **mine), 200)
    assert (accepted["participation"], accepted["evidence"][0]["genre"]) == (None, "participation")
    report = guild.verdict(guild.get(f"/credentials/{made['id']}.json").content)
    [evidence] = report["evidence"]
    assert (report["verdict"], evidence["signature"]["code"]) == ("valid", "signature-valid")
    assert evidence["participation"]["contributions"] == 3


@pytest.mark.parametrize(
    "answer", [{"response": "refuse"}, {"response": "accept"}, {"response": "accept", "participation": False}]
)
def test_what_is_refused_or_left_out_of_an_award_is_forgotten(circle: Circle, answer: dict[str, Any]) -> None:
    made, mine = offered_directly(circle), {"token": circle.tokens["bo"]}
    path = f"/v1/credentials/{made['id']}"
    assert done(circle.guild.post(f"{path}/response", answer, **mine), 200)["evidence"] == []
    told = done(circle.guild.get("/v1/me/data", **mine), 200)
    assert "by_type" not in json.dumps(told)


def by_type(circle: Circle) -> bool:
    """Whether anything is kept by which it is known what Bo was said to have taken part in."""
    with read_session(runtime_of(circle.guild).engine) as session:
        kept = [each.facts for each in session.exec(select(Participation)).all()]
        texts = [each.offered_text for each in session.exec(select(Nominee)).all()]
    return "by_type" in json.dumps([kept, texts]) or "participation" in json.dumps(texts)


@on_both_databases
def test_what_an_award_that_nobody_answered_was_to_rest_on_is_forgotten(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("bo").offering()
    did(circle, "hosting", "2026-03-03")
    made = offered_directly(circle)
    ends = datetime.fromisoformat(made["offer_ends"])
    clock.now = ends - timedelta(seconds=1)
    assert forget_unanswered(runtime_of(guild), clock.now) == 0
    clock.now = ends
    assert by_type(circle)
    assert run_once(runtime_of(guild), clock.now, jobs=JOBS) == {"forget unanswered participation": 1}
    assert not by_type(circle)
    assert run_once(runtime_of(guild), clock.now, jobs=JOBS) == {"forget unanswered participation": 0}


def test_what_was_signed_is_kept_whatever_has_become_of_the_time_to_answer(
    circle: Circle, clock: SettableClock
) -> None:
    made, mine = offered_directly(circle), {"token": circle.tokens["bo"]}
    answer = {"response": "accept", "participation": True}
    done(circle.guild.post(f"/v1/credentials/{made['id']}/response", answer, **mine), 200)
    assert forget_unanswered(runtime_of(circle.guild), clock.now + timedelta(days=400)) == 0
    assert by_type(circle)


@pytest.mark.parametrize("answer", ["accept", "refuse", None])
def test_what_a_nominee_did_not_agree_to_have_told_is_forgotten(
    circle: Circle, clock: SettableClock, answer: str | None
) -> None:
    id = circle.seconded("cy", participation=SPRING)
    assert by_type(circle)
    if answer is not None:
        done(respond(circle, id, response=answer), 200)
    else:
        clock.forward(days=400)
        assert run_once(runtime_of(circle.guild), clock.now, jobs=NOMINATIONS)["end nominations"] == 1
    assert not by_type(circle)


def test_what_is_held_and_withdrawn_tells_no_more_what_somebody_took_part_in(circle: Circle) -> None:
    id = circle.seconded("cy", participation=SPRING)
    done(circle.act(id, "hold", {"reason": "Somebody asked us to look at it."}, by=None), 200)
    done(circle.act(id, "withdraw", {"reason": "It was about somebody else."}, by=None), 200)
    assert not by_type(circle)


def test_nobody_vouches_for_consent_to_what_nobody_has_read(circle: Circle) -> None:
    award = circle.guild.award(circle.achievement, {"member": "bo"}, consent="given", participation=SPRING)
    answer = refused(award, 422, "invalid")
    assert answer["errors"][0]["pointer"] == "/participation"


def test_a_claim_link_which_others_have_seen_tells_none_of_it(circle: Circle) -> None:
    circle.guild.member("eve")
    said = {"type": "hosting", "person": "eve", "occurred_at": "2026-04-04T18:00:00Z"}
    done(circle.guild.post(circle.guild.in_guild("contributions"), said), 201)
    made = offered_directly(circle, "eve")
    claimed = done(circle.guild.claim(made, visibility="public"), 200)
    assert (claimed["participation"], claimed["evidence"]) == (None, [])


def test_the_archive_of_a_portfolio_has_it_as_it_was_signed(circle: Circle) -> None:
    id = circle.seconded("cy", participation=SPRING)
    done(respond(circle, id, visibility="private", participation=True), 200)
    url, mine = badge_of(circle, id)["evidence"][0]["id"], {"token": circle.tokens["bo"]}
    token = circle.guild.get(url.removeprefix(PUBLIC_URL), **mine).content
    archive = circle.guild.get(f"/v1/members/{circle.ids['bo']}/portfolio?format=zip", **mine)
    with ZipFile(BytesIO(archive.content)) as files:
        about = json.loads(files.read("addresses.json"))[url]
        assert (files.read(about["file"]), about["media_type"]) == (token, "application/jwt")


def told_to_bo(circle: Circle) -> str:
    runtime = runtime_of(circle.guild)
    run_once(runtime, runtime.clock())
    return json.dumps(done(circle.guild.get("/v1/me/feed", token=circle.tokens["bo"]), 200))


@pytest.mark.parametrize("directly", [True, False])
def test_who_is_told_of_an_offer_is_told_that_it_takes_a_yes_of_its_own(circle: Circle, directly: bool) -> None:
    if directly:
        offered_directly(circle)
    else:
        circle.seconded("cy", participation=SPRING)
    assert "only if your answer says" in told_to_bo(circle)


def test_an_offer_without_it_says_nothing_of_it(circle: Circle) -> None:
    circle.seconded("cy")
    assert "took part in" not in told_to_bo(circle)
