"""Nothing is signed and nothing is public before the recipient has said yes; and a no stays between the two."""

from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

from app.credentials.tables import Claim, Credential, Edition, StatusEntry, StatusList
from app.kit.database import read_session
from tests.app.guild import Guild, done, path_of, refused
from tests.service import ADMIN_TOKEN as ADMIN
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

NEVER = "0f7f1c5e-6a3b-4b8e-9d57-2f0e4c1b9a66"
"""The id of a badge that never was."""
SUFFIXES = ("", ".json", ".jwt", ".png", ".svg", ".html")


def public_forms(id: str) -> list[str]:
    """Every address at which a badge is public."""
    return [
        *(f"/credentials/{id}{suffix}" for suffix in SUFFIXES),
        *(f"/editions/{id}/1{suffix}" for suffix in (".json", ".jwt", ".png", ".svg")),
        *(f"/ob2/assertions/{id}{suffix}" for suffix in ("", ".json", ".jws", ".png", ".svg")),
    ]


def answers(guild: Guild, addresses: Iterable[str], id: str, **asked: Any) -> list[tuple[int, bytes, dict[str, str]]]:
    """What is answered, but for the id that was asked for."""
    given = [guild.get(address, **asked) for address in addresses]
    plain = [(each.content.replace(id.encode(), b"ID"), dict(each.headers)) for each in given]
    for _, headers in plain:
        headers.pop("content-length")
    return [(each.status_code, *shown) for each, shown in zip(given, plain, strict=True)]


def assert_hidden(guild: Guild, id: str, token: str | None = None) -> None:
    """To this viewer the badge is in no way different from one that never was."""
    for asked in ({}, {"accept": "text/html"}):
        mine = answers(guild, public_forms(id), id, token=token, **asked)
        assert mine == answers(guild, public_forms(NEVER), NEVER, token=token, **asked)
        assert {status for status, _, _ in mine} == {404}


def count(engine: sa.Engine, table: Any) -> int:
    with read_session(engine) as session:
        return session.exec(select(func.count()).select_from(table)).one()


@on_both_databases
def test_an_offer_signs_nothing_and_shows_nothing(guild: Guild, engine: sa.Engine) -> None:
    guild.member("bo")
    achievement = guild.achievement()
    guild.badge(achievement)
    lists = list_documents(guild, engine)
    offers = [guild.offer(achievement), guild.offer(achievement, {"member": "bo"}, visibility="public")]
    assert [offer["state"] for offer in offers] == ["offered", "offered"]
    assert (count(engine, Edition), count(engine, StatusEntry)) == (1, 1)
    assert list_documents(guild, engine) == lists
    for offer in offers:
        for viewer in (None, guild.token("bo"), ADMIN):  # a signed credential is nobody's yet, not even its recipient's
            assert_hidden(guild, offer["id"], viewer)


def list_documents(guild: Guild, engine: sa.Engine) -> list[bytes]:
    with read_session(engine) as session:
        ids = session.exec(select(StatusList.id)).all()
    return [guild.get(f"/status/{id}{suffix}").content for id in ids for suffix in ("", ".jwt")]


@on_both_databases
def test_the_recipient_answers_with_their_own_token(guild: Guild) -> None:
    guild.member("bo")
    bo = guild.token("bo")
    offer = guild.offer(guild.achievement(), {"member": "bo"})
    assert offer["claim_url"] is None  # who has a token needs no link
    answer = {"response": "accept", "visibility": "public"}
    address = f"/v1/credentials/{offer['id']}/response"
    accepted = done(guild.post(address, answer, token=bo), 200)
    assert (accepted["state"], accepted["visibility"]) == ("active", "public")
    assert (accepted["consent"]["given"], accepted["consent"]["by"]) == ("asked", "token")
    assert guild.verdict(guild.get(f"/credentials/{offer['id']}.json").content)["verdict"] == "valid"
    assert refused(guild.post(address, answer, token=bo), 409, "invalid-transition")["allowed"] == ["revoke"]


def test_a_member_without_a_token_is_given_a_link(guild: Guild) -> None:
    guild.member("bo")
    offer = guild.offer(guild.achievement(), {"member": "bo"})
    assert done(guild.claim(offer), 200)["state"] == "active"
    bo = guild.token("bo")
    (held,) = done(guild.get("/v1/credentials", token=bo), 200)["items"]
    assert held["id"] == offer["id"]


def test_a_link_is_given_too_where_only_a_platform_acts_for_the_member(guild: Guild) -> None:
    guild.member("bo")
    guild.token("bo", "platform", "awards:write")
    assert guild.offer(guild.achievement(), {"member": "bo"})["claim_url"]


def test_nobody_answers_for_somebody_else(guild: Guild) -> None:
    other = Guild(guild.client, slug="other").found()
    for handle in ("ana", "bo", "cleo"):
        guild.member(handle, role="steward" if handle == "ana" else "member")
    awarder = guild.token(None, "platform", "awards:write")
    offer = guild.offer(guild.achievement(), {"member": "bo"}, token=awarder)
    address, answer = f"/v1/credentials/{offer['id']}/response", {"response": "accept"}
    for token in (awarder, guild.token("ana", "steward"), ADMIN):
        refused(guild.post(address, answer, token=token), 403, "forbidden")
    for token in (guild.token("cleo"), other.token(None, "platform", "awards:write")):
        refused(guild.post(address, answer, token=token), 404, "no-such-credential")
    refused(guild.post(address, answer, token=None), 401, "unauthenticated")
    assert done(guild.get(f"/v1/credentials/{offer['id']}", token=guild.token("bo")), 200)["state"] == "offered"


def test_a_platform_that_acts_for_a_member_does_not_answer_for_them(guild: Guild) -> None:
    guild.member("bo")
    theirs = guild.token("bo", "platform", "awards:write")
    offer = guild.offer(guild.achievement(policy={"self_nomination": "allowed"}), {"member": "bo"}, token=theirs)
    answer = guild.post(f"/v1/credentials/{offer['id']}/response", {"response": "accept"}, token=theirs)
    refused(answer, 404, "no-such-credential")  # their own word, which is nobody else's to see


@on_both_databases
def test_a_claim_link_answers_once(guild: Guild, engine: sa.Engine) -> None:
    offer = guild.offer(guild.achievement())
    accepted = done(guild.claim(offer, visibility="public"), 200)
    assert (accepted["state"], accepted["consent"]["by"]) == ("active", "claim-link")
    for response in ("accept", "refuse"):
        refused(guild.claim(offer, response), 410, "claim-used")
    refused(guild.get(path_of(offer["claim_url"])), 410, "claim-used")
    assert count(engine, Edition) == 1


def test_only_the_digest_of_a_claim_link_is_kept(guild: Guild, engine: sa.Engine) -> None:
    offer = guild.offer(guild.achievement())
    secret = offer["claim_url"].rpartition("/")[2]
    with read_session(engine) as session:
        [claim] = session.exec(select(Claim)).all()
    assert len(claim.digest) == 64
    assert secret not in repr(claim)


def test_looking_at_a_claim_link_changes_nothing(guild: Guild) -> None:
    offer = guild.offer(guild.achievement(), {"email": "eve@people.example", "name": "Eve"}, narrative="Opened it.")
    digests = set()
    for _ in range(2):  # a mail scanner may look too
        shown = guild.get(path_of(offer["claim_url"]))
        assert shown.headers["cache-control"] == "private, no-store"
        told = shown.json()
        digests.add(told.pop("digest"))
        assert told == {
            "state": "offered",
            "community": "guild",
            "achievement": {
                "name": "Session Host",
                "description": "Opens a space to learn in.",
                "image": f"{guild.get(guild.in_guild('achievements')).json()['items'][0]['image']}",
            },
            "recipient": "Eve",
            "narrative": "Opened it.",
            "evidence": [],
            "participation": None,
        }
    [digest] = digests
    assert done(guild.claim(offer, digest=digest), 200)["state"] == "active"


@pytest.mark.parametrize("secret", ["x", "secret-000000000000000000000000000000000000", "a" * 5000, "%F0%9F%8C%B1"])
def test_a_link_that_nobody_was_sent_claims_nothing(standing: Guild, secret: str) -> None:
    refused(standing.get(f"/v1/claims/{secret}"), 404, "no-such-claim")
    refused(standing.post(f"/v1/claims/{secret}", {"response": "accept"}, token=None), 404, "no-such-claim")


def test_who_keeps_a_badge_private_is_given_it_with_the_answer(guild: Guild) -> None:
    """They hold no token, so they could never fetch it."""
    accepted = done(guild.claim(guild.offer(guild.achievement())), 200)
    assert accepted["visibility"] == "private"
    assert_hidden(guild, accepted["id"])
    assert guild.verdict(accepted["signed"])["verdict"] == "valid"


@on_both_databases
def test_an_offer_lapses_unanswered(guild: Guild, clock: SettableClock) -> None:
    guild.member("bo")
    achievement = guild.achievement(policy={"windows_days": {"offer": 7}})
    for_bo, by_link = guild.offer(achievement, {"member": "bo"}), guild.offer(achievement)
    assert by_link["offer_ends"] == "2026-11-28T09:00:00Z"
    clock.forward(days=7)
    bo = guild.token("bo")
    refused(guild.claim(by_link), 410, "claim-used")
    answer = guild.post(f"/v1/credentials/{for_bo['id']}/response", {"response": "accept"}, token=bo)
    assert refused(answer, 409, "invalid-transition")["allowed"] == []
    assert done(guild.get(f"/v1/credentials/{for_bo['id']}", token=bo), 200)["state"] == "lapsed"
    assert_hidden(guild, for_bo["id"])
    # and it no longer stands in the way of a new one
    again = guild.offer(achievement, {"member": "bo"})
    accepted = guild.post(f"/v1/credentials/{again['id']}/response", {"response": "accept"}, token=bo)
    assert done(accepted, 200)["state"] == "active"


def test_an_offer_of_what_has_ended_meanwhile_cannot_be_accepted(guild: Guild, clock: SettableClock) -> None:
    offer = guild.offer(guild.achievement(), valid_until="2026-11-25T00:00:00Z")
    clock.forward(days=5)
    refused(guild.claim(offer), 410, "claim-used")


@on_both_databases
def test_a_refusal_stays_between_the_two(guild: Guild, engine: sa.Engine) -> None:
    achievement = guild.achievement()
    guild.member("cleo")
    offer = guild.offer(achievement)
    answer = done(guild.claim(offer, "refuse", visibility="public"), 200)
    assert (answer["state"], answer["signed"], answer["reason"]) == ("refused", None, None)
    assert_hidden(guild, offer["id"])
    assert_hidden(guild, offer["id"], guild.token("cleo"))
    assert (count(engine, Edition), count(engine, StatusEntry), count(engine, StatusList)) == (0, 0, 0)
    refused(guild.claim(offer), 410, "claim-used")


def test_who_refused_may_be_asked_again(guild: Guild) -> None:
    achievement, eve = guild.achievement(), {"email": "eve@people.example"}
    done(guild.claim(guild.offer(achievement, eve), "refuse"), 200)
    assert done(guild.claim(guild.offer(achievement, eve)), 200)["state"] == "active"


def test_an_offer_keeps_the_words_it_was_made_with(guild: Guild) -> None:
    achievement = guild.achievement()
    offer = guild.offer(achievement)
    address = guild.in_guild(f"achievements/{achievement['id']}")
    done(guild.call("PATCH", address, {"name": "Renamed"}, If_Match='"1"'), 200)
    accepted = done(guild.claim(offer, visibility="public"), 200)
    assert accepted["achievement_version"] == accepted["consent"]["achievement_version"] == 1
    document = done(guild.get(f"/credentials/{offer['id']}.json"), 200)
    assert document["credentialSubject"]["achievement"]["name"] == "Session Host"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"response": "maybe"},
        {"response": True},
        {"response": "accept", "visibility": "friends"},
        {"response": "accept", "for": "somebody"},
        ["accept"],
    ],
)
def test_an_answer_is_yes_or_no(standing: Guild, body: Any) -> None:
    offer = standing.offer(standing.achievement())
    refused(standing.post(path_of(offer["claim_url"]), body, token=None), 422, "invalid")
    assert done(standing.claim(offer), 200)["state"] == "active"


def test_a_visibility_is_seen_by_those_it_names_on_every_form(guild: Guild) -> None:
    other = Guild(guild.client, slug="other").found()
    for handle in ("ana", "bo", "cleo"):
        guild.member(handle, role="steward" if handle == "ana" else "member")
    other.member("olga", role="steward")
    bo, cleo, ana = guild.token("bo"), guild.token("cleo"), guild.token("ana", "steward")
    outsiders = [None, other.token("olga", "steward"), guild.token(None, "platform", "awards:write")]
    sees: dict[str, list[str | None]] = {
        "private": [bo, ana, ADMIN],
        "community": [bo, ana, ADMIN, cleo],
        "public": [bo, ana, ADMIN, cleo, *outsiders],
    }
    for visibility, viewers in sees.items():
        achievement = guild.achievement(name=f"Kept {visibility}")
        offer = guild.offer(achievement, {"member": "bo"})
        answer = {"response": "accept", "visibility": visibility}
        done(guild.post(f"/v1/credentials/{offer['id']}/response", answer, token=bo), 200)
        for viewer in (bo, ana, ADMIN, cleo, *outsiders):
            if viewer not in viewers:
                assert_hidden(guild, offer["id"], viewer)
                continue
            for form in public_forms(offer["id"]):
                shown = guild.get(form, token=viewer)
                assert shown.status_code == 200, form
                # what not everyone may see is kept by nobody on the way
                shared = shown.headers.get("cache-control", "").startswith("public")
                assert shared == (visibility == "public" and not form.endswith(".html")), form


def test_a_token_that_is_not_valid_is_no_stranger(standing: Guild) -> None:
    """Somebody who thinks they are signed in is told that they are not, also where strangers may look."""
    badge = standing.badge(standing.achievement())
    refused(standing.get(f"/credentials/{badge['id']}.json", token="lrl_expired"), 401, "unauthenticated")


def test_a_stored_credential_never_says_more_than_its_answer(guild: Guild, engine: sa.Engine) -> None:
    """The visibility an award proposes is not the recipient's word."""
    offer = guild.offer(guild.achievement(), visibility="public")
    done(guild.claim(offer), 200)
    with read_session(engine) as session:
        assert session.exec(select(col(Credential.visibility))).one() == "private"
