"""Members prove that accounts are theirs by what those write: a code, once, in time, from that account alone."""

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sources.events import Told
from app.sources.keeping import forget_answered
from app.sources.writings import code_of, codes_in
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.sources import told
from tests.app.sources.listening import Platform, listen
from tests.app.sources.test_looking import came_to, linked, looked
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

ME = "/v1/me/identities"


def ask(guild: Guild, handle: str, account: str, platform: str = "github") -> dict[str, Any]:
    body = {"platform": platform, "account": account}
    return done(guild.post(ME, body, token=guild.token(handle)), 201)


def now(guild: Guild, handle: str, asked: dict[str, Any]) -> dict[str, Any]:
    return done(guild.get(f"{ME}/{asked['id']}", token=guild.token(handle)), 200)


def comment(text: str, by: str, sender: str | None = None, action: str = "created") -> dict[str, Any]:
    return {
        "action": action,
        "comment": {"user": {"login": by}, "body": text},
        "sender": {"login": sender or by},
        "repository": told.REPOSITORY,
    }


def commented(github: Platform, id: str, *what: Any, **more: Any) -> None:
    answer = github.tell(comment(*what, **more), x_github_event="issue_comment", x_github_delivery=id)
    assert answer.status_code == 202, answer.text
    looked(github.guild)


def identities(guild: Guild) -> list[tuple[str, str]]:
    items = done(guild.get(guild.in_guild("identities"), token=ADMIN_TOKEN), 200)["items"]
    return [(each["platform"], each["account"]) for each in items]


@pytest.fixture
def github(guild: Guild, clock: SettableClock) -> Platform:
    guild.member("ana")
    guild.member("bo")
    return listen(guild, clock, "github")


@on_both_databases
def test_an_account_that_writes_the_code_is_the_members(guild: Guild, github: Platform) -> None:
    asked = ask(guild, "ana", "Ana-Fictional")
    assert identities(guild) == []
    commented(github, "d1", f"{asked['code']}\n\nThat is me.", "ana-fictional")
    assert identities(guild) == [("github", "Ana-Fictional")]
    assert came_to(github) == [["linked"]]
    proven = now(guild, "ana", asked)
    assert (proven["state"], proven["source"]) == ("proven", github.id)
    assert "code" not in proven
    commented(github, "d2", asked["code"], "ana-fictional")
    assert came_to(github) == [["linked"], []]  # once
    [event] = done(guild.get(guild.in_guild("audit?type=identity.linked"), token=ADMIN_TOKEN), 200)["items"]
    assert event["actor"] == github.id
    refused(
        guild.post(ME, {"platform": "github", "account": "@ana-fictional"}, token=guild.token("ana")),
        409,
        "identity-exists",
    )
    done(guild.call("DELETE", f"{ME}/{asked['id']}", token=guild.token("ana")), 200)
    assert identities(guild) == []
    assert done(guild.get(ME, token=guild.token("ana")), 200)["items"] == []


def test_a_code_from_elsewhere_or_too_late_proves_nothing(guild: Guild, clock: SettableClock, github: Platform) -> None:
    code = ask(guild, "ana", "ana-fictional")["code"]
    wrong = [
        (code, "bo-fictional"),
        (f"> {code}", "ana-fictional"),
        (f"[quote]{code}[/quote]", "ana-fictional"),
        (f"{code}0", "ana-fictional"),
        (code, "ana-fictional", "bo-fictional"),
        (code, "ana-fictional", "ana-fictional", "edited"),
    ]
    for number, what in enumerate(wrong):
        commented(github, f"d{number}", *what)
    second = listen(guild, clock, "github", accounts="github-of-another")
    commented(second, "other", code, "ana-fictional")
    assert identities(guild) == []
    withdrawn = ask(guild, "ana", "ana-two")
    done(guild.call("DELETE", f"{ME}/{withdrawn['id']}", token=guild.token("ana")), 200)
    commented(github, "withdrawn", withdrawn["code"], "ana-two")
    clock.forward(hours=24)
    commented(github, "late", code, "ana-fictional")
    assert identities(guild) == []
    [left] = done(guild.get(ME, token=guild.token("ana")), 200)["items"]
    assert left["state"] == "expired"


def test_only_a_source_that_stewards_added_proves_whose_an_account_is(
    guild: Guild, clock: SettableClock, github: Platform
) -> None:
    token = guild.token(None, "platform", "webhooks:manage", "contributions:write")
    made = done(guild.post(guild.in_guild("sources"), {"platform": "github"}, token=token), 201)
    forged = Platform(guild, clock, "github", made["id"], made["url"], made["secret"])
    asked = ask(guild, "bo", "somebody-else")
    commented(forged, "f1", asked["code"], "somebody-else")
    borrowed = listen(guild, clock, "discourse", accounts="github")
    post = {"post": {"username": "somebody-else", "raw": asked["code"], "user_id": 7, "id": 1, "post_type": 1}}
    borrowed.tell(post, x_discourse_event="post_created", x_discourse_event_id="1")
    looked(guild)
    assert identities(guild) == []
    assert now(guild, "bo", asked)["state"] == "open"


@on_both_databases
def test_an_account_that_is_anothers_is_left_to_stewards(guild: Guild, github: Platform) -> None:
    linked(guild, "cy", "github", "shared")
    asked = ask(guild, "ana", "shared")
    commented(github, "d1", asked["code"], "shared")
    assert identities(guild) == [("github", "shared")]
    assert came_to(github) == [["refused"]]
    assert now(guild, "ana", asked)["state"] == "disputed"
    disputes, token = guild.in_guild("disputed-accounts"), guild.token("cy", "member")
    refused(guild.get(disputes, token=token), 403, "forbidden")
    [dispute] = done(guild.get(disputes, token=ADMIN_TOKEN), 200)["items"]
    ids = {
        each["handle"]: each["id"]
        for each in done(guild.get(guild.in_guild("members"), token=ADMIN_TOKEN), 200)["items"]
    }
    assert (dispute["account"], dispute["member"], dispute["held_by"]) == ("shared", ids["ana"], [ids["cy"]])
    assert done(guild.get(f"{disputes}/{asked['id']}", token=ADMIN_TOKEN), 200) == dispute
    done(guild.post(guild.in_guild("identities"), {"member": "ana", "platform": "github", "account": "shared"}), 201)
    assert done(guild.get(disputes, token=ADMIN_TOKEN), 200)["items"] == []  # they are one person, a steward says
    refused(guild.get(f"{disputes}/{asked['id']}", token=ADMIN_TOKEN), 404, "not-found")
    first, second = ask(guild, "ana", "both"), ask(guild, "bo", "both")
    commented(github, "d2", first["code"], "both")
    commented(github, "d3", second["code"], "both")
    assert now(guild, "bo", second)["state"] == "disputed"
    done(guild.post(guild.in_guild("identities"), {"member": "bo", "platform": "github", "account": "both"}), 201)
    taken_back = guild.call("DELETE", f"{ME}/{first['id']}", token=guild.token("ana"))
    refused(taken_back, 409, "account-is-anothers-too")


def test_what_is_not_heard_or_asked_too_often_is_refused(guild: Guild, clock: SettableClock, github: Platform) -> None:
    token = guild.token("ana")

    def asking(platform: str, account: str) -> httpx2.Response:
        return guild.post(ME, {"platform": platform, "account": account}, token=token)

    listen(guild, clock, "generic")
    for platform in ("slack", "generic"):
        refused(asking(platform, "U1"), 422, "platform-not-heard")
    refused(asking("github", "@"), 422, "invalid")
    for number in range(20):
        done(asking("github", f"ana-{number}"), 201)
    answer = asking("github", "one-more")
    refused(answer, 429, "too-many")
    clock.forward(seconds=int(answer.headers["retry-after"]))
    done(asking("github", "one-more"), 201)


CODE = code_of("x")


@pytest.mark.parametrize(("platform", "event", "body", "account"), [
    ("github", "issues", {"issue": {"user": {"login": "a"}, "body": CODE}, "sender": {"login": "a"}}, "a"),
    ("discourse", "post_created", {"post": told.post(raw=CODE)}, "anna"),
    ("slack", "message", told.slack(type="message", user="U1", text=CODE), "U1"),
    ("slack", "message", told.slack(type="message", user="U1", text=CODE, bot_id="B1"), None),
    ("discord", "MESSAGE_CREATE", told.discord("", author={"id": "7"}, content=CODE), "7"),
    ("discord", "MESSAGE_CREATE", told.discord("", author={"id": "7"}, content=CODE, webhook_id="9"), None),
    ("matrix", "m.room.message", told.matrix("m.room.message", {"body": CODE}), "@ana:matrix.example"),
    ("generic", "message", {"text": CODE, "sender": "a"}, None),
])  # fmt: skip
def test_each_platform_tells_who_wrote(platform: str, event: str, body: Any, account: str | None) -> None:
    action = "opened" if platform == "github" else None
    found = codes_in(platform, [Told((event,), body, action=action)])
    assert found == ([(account, CODE)] if account is not None else [])


json = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.just(CODE),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["comment", "user", "login", "body", "sender"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json)
def test_whatever_is_told_is_read_or_says_nothing(body: Any) -> None:
    for account, code in codes_in("github", [Told(("issue_comment",), body, action="created")]):
        assert account == body["comment"]["user"]["login"].strip() == body["sender"]["login"].strip()
        assert code == CODE


def test_codes_that_were_not_seen_in_time_are_forgotten(guild: Guild, clock: SettableClock, github: Platform) -> None:
    asked, proven = ask(guild, "ana", "ana-fictional"), ask(guild, "bo", "bo-fictional")
    commented(github, "d1", proven["code"], "bo-fictional")
    clock.forward(days=2)
    assert (now(guild, "ana", asked)["state"], forget_answered(runtime_of(guild), clock())) == ("expired", 0)
    clock.forward(days=7)
    assert [forget_answered(runtime_of(guild), clock()) for _ in range(2)] == [1, 0]
    assert done(guild.get(ME, token=guild.token("ana")), 200)["items"] == []
    assert now(guild, "bo", proven)["state"] == "proven"
