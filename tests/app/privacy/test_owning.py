"""What is for one person alone is opened by tokens that nobody else has seen; members get one by a letter."""

from datetime import timedelta
from typing import Any

import pytest

from tests.app.guild import Guild, done, refused
from tests.app.members.letters import address_link
from tests.app.privacy.letters import token_link, waiting
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

EMAIL = "ana@people.example"
ALONE = (
    "/v1/me/metrics",
    "/v1/me/mirror",
    "/v1/me/uncounted",
    "/v1/me/blocks",
    "/v1/me/data",
    "/v1/me/about-me",
    "/v1/me/digest-feed",
    "/v1/members/me/portfolio/links",
    "/v1/members/me/portfolio/presentations",
    "/v1/communities/guild/effort",
)
DONE_ALONE: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("PUT", "/v1/me/uncounted", None),
    ("DELETE", "/v1/me/uncounted", None),
    ("DELETE", "/v1/me/data?confirm=ana&credentials=keep", None),
    ("PUT", "/v1/me/notifications", {"email": "off"}),
    ("DELETE", "/v1/members/me/portfolio/links/00000000-0000-7000-8000-000000000000", None),
    ("DELETE", "/v1/members/me/portfolio/presentations/00000000-0000-7000-8000-000000000000", None),
)


def minted(guild: Guild, owner: str, by: str, role: str = "member") -> dict[str, Any]:
    return done(guild.post(guild.in_guild("tokens"), {"owner": owner, "role": role}, token=by), 201)


@pytest.fixture
def steward(guild: Guild) -> str:
    guild.member("ana", email=EMAIL)
    guild.member("ste", role="steward", email="ste@people.example")
    return guild.token("ste", "steward")


def by_letter(guild: Guild, token: str) -> dict[str, Any]:
    done(guild.post("/v1/me/tokens", token=token), 202)
    return done(guild.post(f"/v1/own-tokens/{token_link(guild, EMAIL)}", token=None), 201)


@on_both_databases
def test_a_steward_reads_nothing_that_is_for_the_member_alone_with_a_token_that_they_made(
    guild: Guild, steward: str
) -> None:
    made = minted(guild, "ana", steward)
    for path in ALONE:
        problem = refused(guild.get(path, token=made["token"]), 403, "token-made-by-another")
        assert "POST /v1/me/tokens" in problem["fix"]
    for method, path, body in DONE_ALONE:
        refused(guild.call(method, path, body, token=made["token"]), 403, "token-made-by-another")
    assert done(guild.get(guild.in_guild("members/ana"), token=made["token"]), 200)["handle"] == "ana", "all else stays"
    own = by_letter(guild, made["token"])
    assert (own["own"], own["role"], own["scopes"]) == (True, "member", ["nominations:write"])
    for path in ALONE:
        answer = guild.get(path, token=own["token"])
        assert answer.status_code == 200 or answer.json()["type"] == "/problems/no-such-figures", answer.text


def test_what_the_operator_makes_and_what_stewards_make_for_themselves_is_their_own(guild: Guild, steward: str) -> None:
    for path in ("/v1/me/mirror", "/v1/me/uncounted"):
        done(guild.get(path, token=guild.token("ana")), 200)
        done(guild.get(path, token=minted(guild, "ste", steward)["token"]), 200)
        guild_steward = guild.token(None, "steward")
        refused(guild.get(path, token=minted(guild, "ste", guild_steward)["token"]), 403, "token-made-by-another")


def test_with_a_token_that_another_made_nobody_makes_one_that_is_their_own(guild: Guild, steward: str) -> None:
    guild.member("cleo", role="steward")
    borrowed = minted(guild, "cleo", steward, "steward")["token"]
    again = minted(guild, "cleo", borrowed, "steward")
    assert again["own"] is False
    refused(guild.get("/v1/me/mirror", token=again["token"]), 403, "token-made-by-another")


def test_members_see_which_tokens_speak_for_them_and_who_made_them_and_end_them(guild: Guild, steward: str) -> None:
    ste = done(guild.get(guild.in_guild("members/ste"), token=steward), 200)["id"]
    made, first = minted(guild, "ana", steward), guild.token("ana")
    listed = done(guild.get("/v1/me/tokens", token=first), 200)["items"]
    assert [(each["made_by"], each["own"]) for each in listed] == [(ste, False), ("admin", True)]
    path = f"/v1/me/tokens/{made['id']}"
    assert done(guild.get(path, token=first), 200)["made_by"] == ste
    assert done(guild.call("DELETE", path, token=first), 200)["revoked_at"] is not None
    refused(guild.get("/v1/me/mirror", token=made["token"]), 401, "unauthenticated")
    guild.member("bo")
    refused(guild.get(path, token=guild.token("bo")), 404, "no-such-token-of-yours")
    refused(guild.get("/v1/me/tokens", token=ADMIN_TOKEN), 403, "not-a-person")


@on_both_databases
def test_a_link_is_good_once_for_a_day_and_three_are_sent(guild: Guild, steward: str, clock: SettableClock) -> None:
    made = minted(guild, "ana", steward)["token"]
    by_letter(guild, made)
    refused(guild.post(f"/v1/own-tokens/{token_link(guild, EMAIL)}", token=None), 410, "token-link-over")
    refused(guild.post("/v1/own-tokens/x", token=None), 404, "no-such-token-link")
    for _ in range(2):
        done(guild.post("/v1/me/tokens", token=made), 202)
    late = token_link(guild, EMAIL)
    assert refused(guild.post("/v1/me/tokens", token=made), 429, "too-many-token-links")
    clock.now += timedelta(days=1)
    refused(guild.post(f"/v1/own-tokens/{late}", token=None), 410, "token-link-over")
    done(guild.post("/v1/me/tokens", token=made), 202)
    page = guild.client.get(f"/own-token/{token_link(guild, EMAIL)}")
    assert page.status_code == 200
    assert "lrl_" not in page.text, "looking makes none"
    shown = guild.client.post(f"/own-token/{token_link(guild, EMAIL)}")
    token = shown.text.partition("<code>")[2].partition("</code>")[0]
    done(guild.get("/v1/me/mirror", token=token), 200)


def test_no_link_goes_where_a_steward_has_just_moved_the_address(guild: Guild, steward: str) -> None:
    moved = {"email": "ste2@people.example"}
    done(guild.call("PATCH", guild.in_guild("members/ana"), moved, token=steward, If_Match="*"), 200)
    made = minted(guild, "ana", steward)["token"]
    refused(guild.post("/v1/me/tokens", token=made), 409, "no-address-for-token")
    done(guild.post(f"/v1/emails/{address_link(guild, 'ste2@people.example')}", token=None), 200)
    refused(guild.post("/v1/me/tokens", token=made), 409, "address-too-new")
    assert [letter for letter in waiting(guild, "ste2@people.example") if "/own-token/" in letter["body"]] == []
    guild.member("bo")
    refused(guild.post("/v1/me/tokens", token=guild.token("bo")), 409, "no-address-for-token")


def test_a_slip_is_drawn_by_nobody_in_anothers_name(guild: Guild, steward: str) -> None:
    nowhere = guild.in_guild("waves/00000000-0000-7000-8000-000000000000/slip")
    made = minted(guild, "ana", steward)["token"]
    refused(guild.post(nowhere, token=made), 403, "token-made-by-another")
