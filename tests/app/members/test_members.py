"""Members: who is in a community, as its people may know it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.kit.database import read_session
from app.kit.journal import verify_chain
from app.members.service import community_by_slug
from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def names(answer: httpx2.Response) -> list[str]:
    return [member["handle"] for member in done(answer, 200)["items"]]


def change(guild: Guild, who: str, body: dict[str, Any], if_match: str = "*", **options: Any) -> httpx2.Response:
    return guild.call("PATCH", guild.in_guild(f"members/{who}"), body, If_Match=if_match, **options)


def at_once(call: Callable[[int], httpx2.Response], times: int = 4) -> list[int]:
    with ThreadPoolExecutor(times) as threads:
        return sorted(answer.status_code for answer in threads.map(call, range(times)))


@on_both_databases
def test_who_joins_has_an_id_and_all_that_was_said(guild: Guild, clock: SettableClock) -> None:
    body = {
        "handle": "ana",
        "name": "  Ana Fictional ",
        "email": "Ana@Guild.Example",
        "did": "did:example:ana",
        "affiliation": "The Hill",
        "joined_at": "2026-01-02T03:04:05+01:00",
        "role": "steward",
    }
    ana = done(guild.post(guild.in_guild("members"), body), 201)
    assert ana == body | {
        "id": ana["id"],
        "name": "Ana Fictional",
        "email": "ana@guild.example",
        "joined_at": "2026-01-02T02:04:05Z",
        "standing": "active",
        "minor": False,
        "guardian_agreed": False,
        "invited_by": None,
    }
    bo = guild.member("bo")
    assert (bo["role"], bo["email"], bo["did"], bo["affiliation"]) == ("member", None, None, None)
    assert bo["joined_at"] == f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"


def test_a_member_is_named_by_handle_or_id_wherever_one_is_named(guild: Guild) -> None:
    ana, achievement = guild.member("ana", role="steward"), guild.achievement()
    for name in ("ana", ana["id"], ana["id"].upper()):
        assert done(guild.get(guild.in_guild(f"members/{name}"), token=guild.token(None, "steward")), 200) == ana
        assert done(change(guild, name, {"affiliation": "The Hill"}), 200)["id"] == ana["id"]
        done(change(guild, name, {"affiliation": None}), 200)
        token = done(guild.post(guild.in_guild("tokens"), {"owner": name, "role": "member"}), 201)
        assert token["owner"] == ana["id"]
    for name in ("ana", ana["id"]):
        awarded = guild.award(achievement, {"member": name})
        assert awarded.status_code == (201 if name == "ana" else 409)


@pytest.mark.parametrize("handle", ["a", "ana", "ana-maria_2", "0", "x" * 64])
def test_a_handle_fits_into_an_address(standing: Guild, handle: str) -> None:
    member = standing.member(handle)
    assert (
        done(standing.get(standing.in_guild(f"members/{handle}"), token=standing.token(None, "steward")), 200) == member
    )


@pytest.mark.parametrize(
    "handle",
    ["", " ", "Ana", "-ana", "ana-", "_", "a b", "a/b", "a.b", "ána", "an\na", "x" * 65, "me@guild.example",
     "01234567-89ab-7def-8123-456789abcdef"],
)  # fmt: skip
def test_what_is_no_handle_is_refused(standing: Guild, handle: str) -> None:
    answer = standing.post(standing.in_guild("members"), {"handle": handle, "name": "N"})
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/handle"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"handle": "x"}, "/name"),
        ({"handle": "x", "name": "a\nb"}, "/name"),
        ({"handle": "x", "name": "n", "email": "nobody"}, "/email"),
        ({"handle": "x", "name": "n", "did": "nobody"}, "/did"),
        ({"handle": "x", "name": "n", "joined_at": "yesterday"}, "/joined_at"),
        ({"handle": "x", "name": "n", "joined_at": "2026-01-01T00:00:00"}, "/joined_at"),
        ({"handle": "x", "name": "n", "joined_at": "2026-11-23T00:00:00Z"}, "/joined_at"),
        ({"handle": "x", "name": "n", "joined_at": "9999-12-31T23:59:59Z"}, "/joined_at"),
        ({"handle": "x", "name": "n", "role": "admin"}, "/role"),
        ({"handle": "x", "name": "n", "role": "platform"}, "/role"),
        ({"handle": "x", "name": "n", "role": "queen"}, "/role"),
        ({"handle": "x", "name": "n", "id": "y"}, "/id"),
        ({"handle": 5, "name": "n"}, "/handle"),
    ],
)
def test_a_wrong_field_is_named(standing: Guild, body: dict[str, Any], pointer: str) -> None:
    problem = refused(standing.post(standing.in_guild("members"), body), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@on_both_databases
@pytest.mark.parametrize(
    "twin",
    [
        {"handle": "ana"},
        {"handle": "ada", "email": "RENÉ@guild.example"},
        {"handle": "ada", "email": "rene\u0301@GUILD.example"},
        {"handle": "ada", "did": "did:example:ana"},
    ],
    ids=["handle", "email in capitals", "email in another Unicode form", "did"],
)
def test_one_person_joins_a_community_once(guild: Guild, client: TestClient, twin: dict[str, str]) -> None:
    guild.member("ana", email="rené@guild.example", did="did:example:ana")
    body = {"name": "Another"} | twin
    refused(guild.post(guild.in_guild("members"), body), 409, "member-exists")
    assert names(guild.get(guild.in_guild("members"), token=guild.token(None, "steward"))) == ["ana"]
    other = Guild(client, "other").found()
    done(other.post(other.in_guild("members"), body), 201)


@on_both_databases
def test_of_those_who_join_with_one_address_at_once_one_does(guild: Guild) -> None:
    body = {"name": "N", "email": "same@guild.example"}
    statuses = at_once(lambda n: guild.post(guild.in_guild("members"), body | {"handle": f"h{n}"}))
    assert statuses == [201, 409, 409, 409]


def test_people_see_each_other_but_not_each_others_addresses(guild: Guild) -> None:
    for handle in ("ana", "bo"):
        guild.member(handle, email=f"{handle}@guild.example")
    guild.member("cleo", role="steward", email="cleo@guild.example")
    for viewer, sees in (("ana", {"ana"}), ("cleo", {"ana", "bo", "cleo"})):
        token = guild.token(viewer, "member" if viewer == "ana" else "steward")
        listed = done(guild.get(guild.in_guild("members"), token=token), 200)["items"]
        one_by_one = [done(guild.get(guild.in_guild(f"members/{h}"), token=token), 200) for h in ("ana", "bo", "cleo")]
        assert listed == one_by_one
        assert {member["handle"] for member in listed if member["email"]} == sees


def test_a_steward_with_a_members_token_sees_as_a_member(guild: Guild) -> None:
    guild.member("ana", email="ana@guild.example")
    guild.member("cleo", role="steward", email="cleo@guild.example")
    listed = done(guild.get(guild.in_guild("members"), token=guild.token("cleo", "member")), 200)["items"]
    assert {member["handle"] for member in listed if member["email"]} == {"cleo"}


def test_who_is_a_minor_only_they_and_stewards_see(guild: Guild) -> None:
    kim = guild.member("kim", minor=True)
    assert (kim["minor"], kim["guardian_agreed"]) == (True, False)
    agreed = done(change(guild, "kim", {"guardian_agreed": True}), 200)
    assert (agreed["minor"], agreed["guardian_agreed"]) == (True, True)
    guild.member("bo")
    for viewer, shown in (("kim", True), ("bo", None)):
        seen = done(guild.get(guild.in_guild("members/kim"), token=guild.token(viewer)), 200)
        assert (seen["minor"], seen["guardian_agreed"]) == (shown, shown)
    for field in ("minor", "guardian_agreed"):
        refused(change(guild, "kim", {field: None}), 422, "invalid")


def test_platforms_do_not_see_who_the_members_are(guild: Guild) -> None:
    guild.member("ana")
    token = guild.token("ana", "platform", "awards:write", "credentials:revoke")
    for path in ("members", "members/ana"):
        refused(guild.get(guild.in_guild(path), token=token), 403, "forbidden")


@on_both_databases
def test_a_change_says_which_version_it_is_meant_for(guild: Guild) -> None:
    guild.member("ana", email="ana@guild.example", affiliation="The Hill")
    path, steward = guild.in_guild("members/ana"), guild.token(None, "steward")
    first = guild.get(path, token=steward).headers["etag"]
    refused(guild.call("PATCH", path, {"name": "A"}, token=steward), 428, "precondition-required")
    for stale in ('"0"', f"W/{first}", "1", '""', f"{first[:-1]}"):
        refused(change(guild, "ana", {"name": "A"}, stale, token=steward), 412, "precondition-failed")
    changed = change(guild, "ana", {"name": "Ana B"}, f'"7", {first}', token=steward)
    assert done(changed, 200)["name"] == "Ana B"
    assert changed.headers["etag"] != first
    refused(change(guild, "ana", {"name": "A"}, first, token=steward), 412, "precondition-failed")
    now = guild.get(path, token=steward)
    assert now.headers["etag"] == changed.headers["etag"]
    assert now.json() == changed.json()


@on_both_databases
def test_of_those_who_change_one_version_at_once_one_does(guild: Guild) -> None:
    guild.member("ana")
    assert at_once(lambda n: change(guild, "ana", {"name": f"Ana {n}"}, '"1"')) == [200, 412, 412, 412]


def test_what_is_left_out_stays_and_null_takes_away(guild: Guild) -> None:
    ana = guild.member("ana", email="ana@guild.example", did="did:example:ana", affiliation="The Hill")
    assert done(change(guild, "ana", {}), 200) == ana
    without = {"email": None, "did": None, "affiliation": None}
    assert done(change(guild, "ana", without), 200) == ana | without
    for field in ("name", "role"):
        problem = refused(change(guild, "ana", {field: None}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == f"/{field}"
    for body in ({"handle": "ann"}, {"id": ana["id"]}, {"joined_at": "2026-01-01T00:00:00Z"}, {"role": "admin"}):
        refused(change(guild, "ana", body), 422, "invalid")


@on_both_databases
def test_refusals_come_in_one_order_permission_body_state_version(guild: Guild) -> None:
    guild.member("ana", email="ana@guild.example")
    guild.member("bo")
    path, wrong, taken = guild.in_guild("members/bo"), {"email": "nobody"}, {"email": "ANA@guild.example"}
    refused(guild.call("PATCH", path, wrong, token=None), 401, "unauthenticated")
    refused(guild.call("PATCH", path, wrong, token=guild.token("ana")), 403, "forbidden")
    refused(guild.call("PATCH", path, wrong), 422, "invalid")
    refused(guild.call("PATCH", path, taken), 409, "member-exists")
    refused(guild.call("PATCH", path, {"email": "bo@guild.example"}), 428, "precondition-required")
    refused(change(guild, "bo", {"email": "bo@guild.example"}, '"9"'), 412, "precondition-failed")
    assert done(guild.get(path, token=guild.token("bo")), 200)["email"] is None


def test_whose_stewardship_ends_has_no_stewards_token_any_more(guild: Guild) -> None:
    guild.member("ana", role="steward")
    as_steward, as_member = guild.token("ana", "steward"), guild.token("ana", "member")
    assert names(guild.get(guild.in_guild("members"), token=as_steward)) == ["ana"]
    done(change(guild, "ana", {"role": "member"}), 200)
    refused(guild.get(guild.in_guild("members"), token=as_steward), 401, "unauthenticated")
    refused(
        guild.post(guild.in_guild("members"), {"handle": "x", "name": "X"}, token=as_steward), 401, "unauthenticated"
    )
    assert names(guild.get(guild.in_guild("members"), token=as_member)) == ["ana"]
    done(change(guild, "ana", {"role": "steward"}), 200)
    refused(guild.get(guild.in_guild("members"), token=as_steward), 401, "unauthenticated")


def test_who_is_not_there_is_not_found(guild: Guild, client: TestClient) -> None:
    stranger = Guild(client, "other").found().member("zoe", email="zoe@other.example")
    for name in ("zoe", stranger["id"], "nobody", "00000000-0000-7000-8000-000000000000", "%F0%9F%98%80", "x" * 3000):
        for answer in (
            guild.get(guild.in_guild(f"members/{name}"), token=guild.token(None, "steward")),
            change(guild, name, {"name": "N"}),
        ):
            problem = refused(answer, 404, "no-such-member")
            assert "zoe@other.example" not in str(problem)
    refused(guild.get("/v1/communities/nowhere/members", token=guild.token(None, "steward")), 404, "no-such-community")


@on_both_databases
def test_members_come_in_pages(guild: Guild) -> None:
    handles = [guild.member(f"m{n}")["handle"] for n in range(5)]
    token = guild.token("m0")
    seen, path = [], guild.in_guild("members?limit=2")
    while path:
        answer = guild.get(path, token=token)
        seen += names(answer)
        link, cursor = answer.headers.get("link"), answer.json()["next"]
        assert (link is None) is (cursor is None)
        path = link.removeprefix("<").removesuffix('>; rel="next"') if link else ""
        assert f"cursor={cursor}" in path or not path
    assert seen == handles
    assert names(guild.get(guild.in_guild("members?limit=0"), token=token)) == ["m0"]
    assert names(guild.get(guild.in_guild("members?limit=100000"), token=token)) == handles


def test_all_that_happened_to_members_is_in_the_journal(guild: Guild, engine: sa.Engine) -> None:
    guild.member("ana")
    done(change(guild, "ana", {"name": "Ana B", "email": "ana@guild.example"}), 200)
    with read_session(engine) as session:
        community = community_by_slug(session, guild.slug)
        assert verify_chain(session, community.id) is None
        told = session.execute(sa.text("SELECT type, data FROM event ORDER BY seq")).all()
    assert [kind for kind, _ in told] == ["community.founded", "member.joined", "member.changed"]
    assert "ana" not in str(told).lower()


def test_who_brought_somebody_is_said_as_they_join_and_taken_away_again(guild: Guild) -> None:
    ana, bo = guild.member("ana"), guild.member("bo", invited_by="ana")
    guild.member("cy")
    assert bo["invited_by"] == ana["id"]
    path = guild.in_guild("members/bo")
    seen = {who: done(guild.get(path, token=guild.token(who)), 200)["invited_by"] for who in ("ana", "bo", "cy")}
    assert seen == {"ana": None, "bo": ana["id"], "cy": None}
    for who in ("ana", "bo"):
        told = done(guild.get("/v1/me/data", token=guild.token(who)), 200)
        assert bo["id"] in str(told["member_invited"])
    refused(change(guild, "bo", {"invited_by": "cy"}), 422, "invalid")
    assert done(change(guild, "bo", {"invited_by": None}), 200)["invited_by"] is None
    assert done(change(guild, "bo", {"invited_by": None}), 200)["invited_by"] is None


def test_nobody_is_brought_by_who_has_left_or_is_not_there(guild: Guild) -> None:
    guild.member("ana")
    done(guild.post(guild.in_guild("members/ana/leave")), 200)
    for inviter, status, code in (("ana", 409, "member-left"), ("nobody", 404, "no-such-member")):
        body = {"handle": "bo", "name": "Bo", "invited_by": inviter}
        refused(guild.post(guild.in_guild("members"), body), status, code)
    assert names(guild.get(guild.in_guild("members"), token=ADMIN_TOKEN)) == ["ana"]
