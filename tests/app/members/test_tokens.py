"""Tokens: by which people and platforms call; shown once, kept as a digest, never worth more than their maker's."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.kit.database import read_session
from app.members.rules import EVERY_SCOPE, GRANTED, Role
from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture(scope="module")
def ana(standing: Guild) -> dict[str, Any]:
    return standing.member("ana")


def make(guild: Guild, body: dict[str, Any], **options: Any) -> httpx2.Response:
    return guild.post(guild.in_guild("tokens"), body, **options)


def works(guild: Guild, token: str) -> bool:
    answer = guild.get(guild.in_guild("members"), token=token)
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
        refused(answer, 401, "unauthenticated")
    return answer.status_code == 200


@on_both_databases
def test_a_secret_is_shown_once_and_kept_as_its_digest(guild: Guild, engine: sa.Engine) -> None:
    ana = guild.member("ana")
    made = done(make(guild, {"owner": "ana", "role": "member"}, Idempotency_Key="k"), 201)
    secret = made.pop("token")
    assert secret.startswith("lrl_")
    assert made["owner"] == ana["id"]
    listed = guild.get(guild.in_guild("tokens"), token=ADMIN_TOKEN)
    one = guild.get(guild.in_guild(f"tokens/{made['id']}"), token=ADMIN_TOKEN)
    assert done(listed, 200)["items"] == [made]
    assert done(one, 200) == made
    with read_session(engine) as session:
        rows = [session.execute(sa.text(f'SELECT * FROM "{table}"')).all() for table in tables(engine)]  # noqa: S608
    everything = "".join(map(str, rows))
    assert hashlib.sha256(secret.encode()).hexdigest() in everything
    assert secret not in everything
    assert secret.removeprefix("lrl_") not in everything


def tables(engine: sa.Engine) -> list[str]:
    return sa.inspect(engine).get_table_names()


def test_no_secret_is_in_the_database_file(guild: Guild, tmp_path: Path) -> None:
    guild.member("ana")
    secrets = [
        done(make(guild, {"owner": "ana", "role": "member"}, Idempotency_Key="k"), 201)["token"],
        guild.token(None, "platform", "awards:write"),
        ADMIN_TOKEN,
    ]
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("laurels.db*"))
    assert b"ana" in kept
    for secret in secrets:
        assert secret.encode() not in kept
        assert secret.removeprefix("lrl_").encode() not in kept


def test_a_role_has_its_usual_scopes(guild: Guild) -> None:
    guild.member("ana")
    guild.member("cleo", role="steward")
    for owner, role in (("ana", Role.member), ("cleo", Role.steward), (None, Role.steward)):
        made = done(make(guild, {"owner": owner, "role": role}), 201)
        assert made["scopes"] == sorted(GRANTED[role])
    usual = set(GRANTED[Role.steward])
    assert {"awards:consented", "keys:manage"}.isdisjoint(usual)
    problem = refused(make(guild, {"role": "platform"}), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/scopes"]
    refused(make(guild, {"role": "platform", "scopes": []}), 422, "invalid")


@pytest.mark.parametrize(
    ("role", "scope", "by_admin", "by_steward"),
    [
        ("member", "nominations:write", 201, 201),
        ("member", "contributions:write", 201, 201),
        ("member", "awards:write", 403, 403),
        ("member", "members:write", 403, 403),
        ("steward", "members:write", 201, 201),
        ("steward", "awards:consented", 201, 403),
        ("steward", "keys:manage", 201, 403),
        ("platform", "awards:write", 201, 201),
        ("platform", "awards:consented", 201, 403),
        ("platform", "members:write", 403, 403),
        ("platform", "audit:read", 403, 403),
        ("platform", "keys:manage", 403, 403),
    ],
)
def test_nobody_grants_more_than_they_hold_nor_more_than_the_role_may(
    standing: Guild, role: str, scope: str, by_admin: int, by_steward: int
) -> None:
    owner = None
    if role == "member":
        owner = f"o{scope.replace(':', '-')}"
        standing.member(owner)
    steward = standing.token(None, "steward")
    for token, status in ((ADMIN_TOKEN, by_admin), (steward, by_steward)):
        answer = make(standing, {"owner": owner, "role": role, "scopes": [scope]}, token=token)
        if status == 201:
            assert done(answer, 201)["scopes"] == [scope]
        else:
            assert scope in refused(answer, 403, "beyond-own-rights")["detail"]


def test_who_holds_little_grants_little(guild: Guild) -> None:
    guild.member("ana")
    narrow = guild.token(None, "steward", "members:write", "nominations:write")
    steward = done(make(guild, {"role": "steward"}, token=narrow), 201)
    assert steward["scopes"] == ["members:write", "nominations:write"]
    assert done(make(guild, {"owner": "ana", "role": "member"}, token=narrow), 201)["scopes"] == ["nominations:write"]
    wanted = {"role": "platform", "scopes": ["awards:write"]}
    refused(make(guild, wanted, token=narrow), 403, "beyond-own-rights")


@pytest.mark.parametrize("role", ["steward", "member", "platform"])
def test_only_a_token_that_may_change_members_makes_tokens(guild: Guild, role: str) -> None:
    guild.member("ana", role="steward")
    scopes = {"steward": ["awards:write"], "member": ["contributions:write"], "platform": ["awards:write"]}[role]
    token = guild.token("ana", role, *scopes)
    for answer in (
        make(guild, {"owner": "ana", "role": "member"}, token=token),
        guild.get(guild.in_guild("tokens"), token=token),
    ):
        assert refused(answer, 403, "forbidden")["scope"] == "members:write"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"role": "admin"}, 403, "forbidden"),
        ({"role": "member"}, 422, "invalid"),
        ({"role": "steward", "owner": "ana"}, 422, "invalid"),
        ({"role": "member", "owner": "nobody"}, 404, "no-such-member"),
        ({"role": "member", "owner": "x" * 101}, 422, "invalid"),
        ({"role": "queen", "owner": "ana"}, 422, "invalid"),
        ({"role": "member", "owner": "ana", "scopes": ["everything"]}, 422, "invalid"),
        ({"role": "member", "owner": "ana", "scopes": "nominations:write"}, 422, "invalid"),
        ({"role": "member", "owner": "ana", "expires_at": "2026-11-21T09:00:00Z"}, 422, "invalid"),
        ({"role": "member", "owner": "ana", "expires_at": "2027-01-01"}, 422, "invalid"),
        ({"role": "member", "owner": "ana", "token": "lrl_mine"}, 422, "invalid"),
        ({"owner": "ana"}, 422, "invalid"),
    ],
)
def test_what_could_be_no_token_is_refused(
    standing: Guild, ana: dict[str, Any], body: dict[str, Any], status: int, code: str
) -> None:
    before = done(standing.get(standing.in_guild("tokens"), token=ADMIN_TOKEN), 200)
    refused(make(standing, body), status, code)
    assert done(standing.get(standing.in_guild("tokens"), token=ADMIN_TOKEN), 200) == before


@on_both_databases
def test_a_token_holds_until_the_instant_at_which_it_expires(guild: Guild, clock: SettableClock) -> None:
    guild.member("ana")
    end = f"{clock.now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    made = done(make(guild, {"owner": "ana", "role": "member", "expires_at": end}), 201)
    assert made["expires_at"] == end
    clock.forward(minutes=59, seconds=59)
    assert works(guild, made["token"])
    clock.forward(seconds=1)
    assert not works(guild, made["token"])


@on_both_databases
def test_a_revoked_token_ends_at_once_and_for_ever(guild: Guild, engine: sa.Engine, clock: SettableClock) -> None:
    guild.member("ana")
    made = done(make(guild, {"owner": "ana", "role": "member"}), 201)
    assert works(guild, made["token"])
    path = guild.in_guild(f"tokens/{made['id']}")
    first = done(guild.call("DELETE", path), 200)
    assert first["revoked_at"] == f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"
    assert not works(guild, made["token"])
    clock.forward(days=1)
    assert done(guild.call("DELETE", path), 200) == first
    with read_session(engine) as session:
        told = session.execute(sa.text("SELECT count(*) FROM event WHERE type = 'token.revoked'")).scalar_one()
    assert told == 1


def test_a_token_is_good_for_its_own_community_only(guild: Guild, client: TestClient) -> None:
    other = Guild(client, "other").found()
    other.member("zoe")
    theirs = done(make(other, {"owner": "zoe", "role": "member"}), 201)
    for role in ("steward", "platform"):
        token = other.token(None, role, *(["awards:write"] if role == "platform" else []))
        answer = guild.get(guild.in_guild("members"), token=token)
        refused(answer, 403, "another-community")
    ours = guild.token(None, "steward")
    for method in ("GET", "DELETE"):
        refused(guild.call(method, guild.in_guild(f"tokens/{theirs['id']}"), token=ours), 404, "not-found")
        refused(guild.call(method, other.in_guild(f"tokens/{theirs['id']}"), token=ours), 403, "another-community")
    assert works(other, theirs["token"])
    refused(make(guild, {"owner": "zoe", "role": "member"}, token=ours), 404, "no-such-member")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic YW5hOnNlY3JldA==", "Token {}", "{}", "Bearer {}x", "Bearer x{}", "Bearer {} {}",
     "Bearer lrl_", "Bearer " + "x" * 8_000, "Bearer é", "Bearer \xff", "Negotiate {}"],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(standing: Guild, authorization: str) -> None:
    sent = authorization.replace("{}", ADMIN_TOKEN).encode("latin-1")
    answer = standing.client.get(standing.in_guild("members"), headers=[(b"Authorization", sent)])
    refused(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert ADMIN_TOKEN not in answer.text


def test_a_wrong_token_is_refused_also_where_none_is_needed(standing: Guild) -> None:
    badge = standing.badge(recipient=standing.somebody())
    path = f"/credentials/{badge['id']}.json"
    assert standing.get(path).status_code == 200
    refused(standing.get(path, token="lrl_wrong"), 401, "unauthenticated")


def test_the_admin_token_of_the_settings_holds_every_scope_in_every_community(guild: Guild, client: TestClient) -> None:
    for each in (guild, Guild(client, "other").found()):
        assert works(each, ADMIN_TOKEN)
        made = done(make(each, {"role": "steward", "scopes": sorted(EVERY_SCOPE)}), 201)
        assert made["scopes"] == sorted(EVERY_SCOPE)


def test_a_steward_makes_no_stewards_token_that_is_nobodys(guild: Guild) -> None:
    guild.member("ste", role="steward")
    body = {"owner": None, "role": "steward"}
    answer = guild.post(guild.in_guild("tokens"), body, token=guild.token("ste", "steward"))
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/owner"
    done(guild.post(guild.in_guild("tokens"), body), 201)
