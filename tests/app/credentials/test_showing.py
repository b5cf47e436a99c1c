"""Whoever holds a badge says who sees it, and may think otherwise later: hidden at once, shown by a new consent."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.credentials.tables import Credential
from app.kit.database import read_session
from app.kit.journal import Event
from tests.app.credentials.test_consent import assert_hidden, public_forms
from tests.app.guild import Guild, done, path_of, refused
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def show(guild: Guild, id: str, visibility: str, token: str | None) -> Any:
    return guild.post(f"/v1/credentials/{id}/visibility", {"visibility": visibility}, token=token)


def statuses(guild: Guild, id: str, token: str | None = None) -> set[int]:
    return {guild.get(address, token=token).status_code for address in public_forms(id)}


@pytest.fixture
def badge(guild: Guild) -> dict[str, Any]:
    """Public, of Bo; Cy is a fellow member."""
    for handle in ("bo", "cy"):
        guild.member(handle)
        guild.tokens[handle] = guild.token(handle)
    return guild.badge(recipient={"member": "bo"})


@on_both_databases
def test_who_hides_a_badge_hides_it_at_once_and_in_every_form(guild: Guild, badge: dict[str, Any]) -> None:
    id, bo, cy = badge["id"], guild.tokens["bo"], guild.tokens["cy"]
    copy = guild.get(f"/credentials/{id}.json").content
    baked = guild.get(f"/credentials/{id}.png").content
    page = guild.get(f"/issuers/{guild.slug}", accept="text/html").text
    listed = json.loads(copy)["credentialStatus"]["statusListCredential"]
    assert done(show(guild, id, "community", bo), 200)["visibility"] == "community"
    assert_hidden(guild, id)
    assert statuses(guild, id, cy) == {200}
    done(show(guild, id, "private", bo), 200)
    assert_hidden(guild, id)
    assert_hidden(guild, id, cy)
    assert statuses(guild, id, bo) == {200}
    assert id not in page + guild.get(f"/issuers/{guild.slug}", accept="text/html").text
    # The badge was not taken back: whoever has a copy, and shows it, shows something true; its status is still told.
    assert guild.get(path_of(listed)).status_code == 200
    assert guild.verdict(copy)["verdict"] == "valid"
    assert guild.verdict(baked, "image/png")["verdict"] == "valid"


def test_nobody_is_told_to_keep_for_ever_what_may_be_hidden_tomorrow(guild: Guild, badge: dict[str, Any]) -> None:
    told = {address: guild.get(address).headers.get("cache-control", "") for address in public_forms(badge["id"])}
    assert {each for each in told.values() if "immutable" in each} == set()
    done(show(guild, badge["id"], "private", guild.tokens["bo"]), 200)
    etag = guild.get(f"/editions/{badge['id']}/1.json", token=guild.tokens["bo"]).headers.get("etag", '"x"')
    assert guild.get(f"/editions/{badge['id']}/1.json", If_None_Match=etag).status_code == 404


def test_to_show_it_to_more_people_is_a_new_consent(
    guild: Guild, badge: dict[str, Any], engine: sa.Engine, clock: SettableClock
) -> None:
    id, bo = badge["id"], guild.tokens["bo"]
    done(show(guild, id, "private", bo), 200)
    clock.forward(hours=1)
    again = done(show(guild, id, "public", bo), 200)
    assert again["consent"]["changes"][1] == {"visibility": "public", "at": clock().isoformat()}
    assert [each["visibility"] for each in again["consent"]["changes"]] == ["private", "public"]
    assert statuses(guild, id) == {200}
    assert done(show(guild, id, "public", bo), 200) == again  # it is so already
    with read_session(engine) as session:
        told = session.exec(select(Event).where(Event.type == "credential.visibility_changed")).all()
        assert [event.data["to"] for event in told] == ["private", "public"]


def test_only_the_last_of_many_changes_stand_in_the_badge(guild: Guild, badge: dict[str, Any]) -> None:
    seen = badge
    for n in range(52):
        seen = done(show(guild, badge["id"], ("private", "community")[n % 2], guild.tokens["bo"]), 200)
    assert len(seen["consent"]["changes"]) == 50


def test_nobody_else_says_who_sees_it(guild: Guild, badge: dict[str, Any]) -> None:
    guild.member("ste", role="steward")
    theirs = guild.token("bo", "platform", "awards:write")
    done(show(guild, badge["id"], "private", guild.tokens["bo"]), 200)
    refused(show(guild, badge["id"], "public", guild.token("ste", "steward")), 403, "forbidden")
    refused(show(guild, badge["id"], "public", guild.tokens["cy"]), 404, "no-such-credential")
    refused(show(guild, badge["id"], "public", theirs), 404, "no-such-credential")
    refused(show(guild, badge["id"], "everybody", guild.tokens["bo"]), 422, "invalid")


def test_an_offer_is_answered_before_it_is_shown(guild: Guild, badge: dict[str, Any]) -> None:
    offer = guild.offer(guild.achievement(), {"member": "bo"})
    refused(show(guild, offer["id"], "public", guild.tokens["bo"]), 409, "invalid-transition")


def test_a_hidden_badge_can_still_be_revoked_and_the_reason_is_nobodys(guild: Guild, badge: dict[str, Any]) -> None:
    copy = guild.get(f"/credentials/{badge['id']}.json").content
    done(show(guild, badge["id"], "private", guild.tokens["bo"]), 200)
    done(guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "A secret reason."}), 200)
    assert_hidden(guild, badge["id"])
    assert guild.verdict(copy)["verdict"] == "revoked"
    assert "A secret reason." not in guild.get(f"/ob2/revocations/{guild.slug}").text


def test_what_a_minor_earned_stays_private_however_it_was_awarded(guild: Guild, engine: sa.Engine) -> None:
    guild.member("kim", minor=True, guardian_agreed=True)
    kim, achievement = guild.token("kim"), guild.achievement(policy={"stackable": True, "period": "year"})
    given = guild.badge(achievement, recipient={"member": "kim"}, visibility="public")
    asked = guild.offer(achievement, {"member": "kim"}, visibility="public")
    done(guild.post(f"/v1/credentials/{asked['id']}/response", {"response": "accept", "visibility": "public"},
                    token=kim), 200)  # fmt: skip
    with read_session(engine) as session:
        assert {row.visibility for row in session.exec(select(Credential)).all()} == {"private"}
    for id in (given["id"], asked["id"]):
        assert_hidden(guild, id)
        for visibility in ("community", "public"):
            refused(show(guild, id, visibility, kim), 403, "minor-stays-private")
