"""What concerns a member is in their feed, and in nobody else's."""

from typing import Any

from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.town import Town
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

TOKEN_MADE = (
    "A token that speaks for you in The guild of makers, as member, was made by somebody else. "
    "If you know nothing of it, tell the stewards."
)
"""The admin makes the tokens of these tests."""


def work(guild: Guild) -> dict[str, int]:
    runtime = runtime_of(guild)
    did = run_once(runtime, runtime.clock())
    assert {"read journals", "gather digests", "send mails", "forget sent mails"} <= did.keys()
    return did


def feed(guild: Guild, token: str, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(guild.get(f"/v1/me/feed{query}", token=token), 200)["items"]
    return items


@on_both_databases
def test_a_member_is_told_of_their_badges_newest_first(guild: Guild) -> None:
    guild.member("bo")
    token = guild.token("bo")
    badge = guild.badge(recipient={"member": "bo"}, visibility="private")
    done(guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "Not that Bo."}), 200)
    work(guild)
    told = [(item["type"], item["text"], item["unread"], item["community"]) for item in feed(guild, token)]
    assert told == [
        (
            "credential.revoked",
            "The guild of makers has revoked your badge “Session Host”: Not that Bo.",
            True,
            "guild",
        ),
        ("credential.issued", "“Session Host” of The guild of makers is yours.", True, "guild"),
        ("token.created", TOKEN_MADE, True, "guild"),
        ("member.joined", "You are now a member of The guild of makers, as bo.", True, "guild"),
    ]
    link = feed(guild, token)[0]["link"]
    assert done(guild.get(link.removeprefix("http://127.0.0.1:8000"), token=token), 200)["state"] == "revoked"


@on_both_databases
def test_what_was_read_is_not_written_again(guild: Guild) -> None:
    guild.member("bo")
    assert work(guild)["read journals"] == 2  # founded, joined
    assert work(guild)["read journals"] == 0
    token = guild.token("bo")
    assert work(guild)["read journals"] == 1
    assert len(feed(guild, token)) == 2


def test_nobody_is_told_what_others_get_or_what_they_did_themselves(guild: Guild) -> None:
    for handle in ("ana", "bo"):
        guild.member(handle)
    token = guild.token("bo")
    offered = done(guild.award(guild.achievement(), {"member": "bo"}), 201)
    work(guild)
    assert feed(guild, token)[0]["text"].startswith("The guild of makers would like to recognise you: “Session Host”.")
    answer = {"response": "accept", "visibility": "public"}
    done(guild.post(f"/v1/credentials/{offered['id']}/response", answer, token=token), 200)
    work(guild)
    assert [item["type"] for item in feed(guild, token)] == ["credential.offered", "token.created", "member.joined"]
    assert feed(guild, token)[0]["text"] == "The guild of makers offered you “Session Host”."
    assert [item["type"] for item in feed(guild, guild.token("ana"))] == ["member.joined"]


def test_a_feed_is_read_up_to_an_item(guild: Guild) -> None:
    guild.member("bo")
    token, achievement = guild.token("bo"), guild.achievement(policy={"stackable": True, "period": "year"})
    for _ in range(4):
        guild.badge(achievement, recipient={"member": "bo"})
    work(guild)
    items = feed(guild, token)
    middle = items[2]["id"]
    assert done(guild.post(f"/v1/me/feed/{middle}/read", token=token), 200) == {"read": 4}
    assert done(guild.post(f"/v1/me/feed/{middle}/read", token=token), 200) == {"read": 0}
    assert [item["unread"] for item in feed(guild, token)] == [True, True, False, False, False, False]
    assert feed(guild, token, "?unread=true") == items[:2]
    assert done(guild.get(f"/v1/me/feed/{middle}", token=token), 200) == items[2] | {"unread": False}


def test_a_feed_comes_in_pages(guild: Guild) -> None:
    guild.member("bo")
    token, achievement = guild.token("bo"), guild.achievement(policy={"stackable": True, "period": "year"})
    for _ in range(4):
        guild.badge(achievement, recipient={"member": "bo"})
    work(guild)
    path, seen = "/v1/me/feed?limit=2", []
    while path:
        answer = guild.get(path, token=token)
        page = done(answer, 200)
        seen += page["items"]
        path = page["next"] and f"/v1/me/feed?limit=2&cursor={page['next']}"
    assert seen == feed(guild, token)


def test_what_is_muted_is_not_shown_until_it_is_wanted_again(guild: Guild) -> None:
    guild.member("bo")
    token = guild.token("bo")
    guild.badge(recipient={"member": "bo"})
    work(guild)
    muting = {"email": "each", "muted": ["member.joined", "member.joined"]}
    chosen = done(guild.call("PUT", "/v1/me/notifications", muting, token=token), 200)
    assert chosen == {"email": "each", "digest_day": "monday", "muted": ["member.joined"]}
    assert [item["type"] for item in feed(guild, token)] == ["credential.issued", "token.created"]
    done(guild.call("PUT", "/v1/me/notifications", {"email": "each"}, token=token), 200)
    assert len(feed(guild, token)) == 3


def test_only_what_there_is_can_be_muted(guild: Guild) -> None:
    guild.member("bo")
    muting = {"email": "each", "muted": ["credential.eaten"]}
    problem = refused(guild.call("PUT", "/v1/me/notifications", muting, token=guild.token("bo")), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/muted"


def test_that_somebody_else_speaks_for_one_cannot_be_muted(guild: Guild) -> None:
    guild.member("bo")
    token = guild.token("bo")
    muting = {"email": "each", "muted": ["token.created"]}
    problem = refused(guild.call("PUT", "/v1/me/notifications", muting, token=token), 422, "invalid")
    assert "token.created" not in problem["errors"][0]["message"].partition("there are")[2]


def test_a_token_of_nobody_is_told_nothing(guild: Guild) -> None:
    guild.member("bo")
    work(guild)
    assert feed(guild, ADMIN_TOKEN) == []
    refused(guild.get("/v1/me/notifications", token=ADMIN_TOKEN), 404, "nobodys-token")


def test_nobody_reads_the_feed_of_another(town: Town) -> None:
    work(town.guild)
    rio, zeno = str(town.tokens["recipient"]), str(town.tokens["other member"])
    (item, *_) = feed(town.guild, rio)
    refused(town.guild.get(f"/v1/me/feed/{item['id']}", token=zeno), 404, "no-such-item")
    refused(town.guild.post(f"/v1/me/feed/{item['id']}/read", token=zeno), 404, "no-such-item")
    assert feed(town.guild, rio)[0]["unread"]


def test_the_worker_reads_a_long_journal_in_parts(guild: Guild, clock: SettableClock) -> None:
    for number in range(120):
        guild.member(f"m{number}")
    assert work(guild)["read journals"] == 100
    assert work(guild)["read journals"] == 21
    assert work(guild)["read journals"] == 0
    assert len(feed(guild, guild.token("m119"))) == 1
