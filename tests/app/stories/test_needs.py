"""The board: what members need, who wants it too, and who is credited for answering and for writing it down."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlmodel import select

from app.kit.database import read_session
from app.kit.journal import Event
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.stories.routes import answered, asked
from tests.service import on_both_databases

NOTES = "https://guild.example/notes/rooms"


def people(guild: Guild, *handles: str) -> dict[str, str]:
    for handle in handles:
        guild.member(handle)
    return {handle: guild.token(handle) for handle in handles}


def act(guild: Guild, id: str, step: str, token: str | None, **body: Any) -> Any:
    return guild.post(guild.in_guild(f"needs/{id}/{step}"), body or None, token=token)


def credited(guild: Guild, handle: str) -> list[tuple[str, str]]:
    """What somebody did or was helped by, and on which side they are."""
    found = done(guild.get(guild.in_guild(f"contributions?member={handle}"), token=guild.token("ana")), 200)["items"]
    who = done(guild.get(guild.in_guild(f"members/{handle}"), token=guild.token("ana")), 200)["id"]
    return [(each["type"], credit["side"]) for each in found for credit in each["credits"] if credit["member"] == who]


@on_both_databases
def test_who_answers_and_who_writes_it_down_are_credited_and_who_asked_is_not(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo", "cy")
    need = answered(guild, tokens["ana"], "bo")
    assert (need["state"], len(need["contributions"])) == ("answered", 1)
    captured = done(act(guild, need["id"], "capture", tokens["bo"], member="cy", url=NOTES), 200)
    assert (captured["state"], len(captured["contributions"]), captured["capture_url"]) == ("captured", 2, NOTES)
    assert credited(guild, "bo") == [("supporting", "by")]
    assert credited(guild, "cy") == [("curating", "by")]
    assert credited(guild, "ana") == [("curating", "for"), ("supporting", "for")]


def test_nobody_is_credited_by_themself_nor_for_what_they_asked(guild: Guild) -> None:
    tokens = people(guild, "ana", "ana2", "bo")
    guild.member("ste", role="steward")
    steward = guild.token("ste", "steward")
    for member in ("ana", "ana2"):
        account = {"member": member, "platform": "github", "account": "ana"}
        done(guild.post(guild.in_guild("identities"), account), 201)
    id = asked(guild, tokens["ana"])["id"]
    refused(act(guild, id, "answer", tokens["bo"], member="bo"), 403, "not-your-need")
    refused(act(guild, id, "answer", tokens["ana"], member="ana"), 403, "not-credited-for-need")
    refused(act(guild, id, "answer", tokens["ana"], member="ana2"), 403, "not-credited-for-need")
    refused(act(guild, id, "answer", steward, member="ste"), 403, "not-credited-for-need")
    done(act(guild, id, "answer", steward, member="bo"), 200)
    refused(act(guild, id, "capture", tokens["bo"], member="bo", url=NOTES), 403, "not-credited-for-need")
    done(act(guild, id, "capture", tokens["ana"], member="bo", url=NOTES), 200)


def test_each_step_is_taken_from_where_it_can_be(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo")
    id = asked(guild, tokens["ana"])["id"]
    problem = refused(act(guild, id, "capture", tokens["ana"], member="bo", url=NOTES), 409, "invalid-transition")
    assert problem["allowed"] == ["answer", "change", "withdraw"]
    refused(act(guild, id, "reopen", tokens["ana"]), 409, "invalid-transition")
    done(act(guild, id, "answer", tokens["ana"], member="bo"), 200)
    refused(guild.call("DELETE", guild.in_guild(f"needs/{id}"), token=tokens["ana"]), 409, "invalid-transition")
    change = guild.call("PATCH", guild.in_guild(f"needs/{id}"), {"title": "T"}, token=tokens["ana"], If_Match="*")
    refused(change, 409, "invalid-transition")


def test_what_was_not_answered_after_all_is_open_again_and_credits_nobody(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo", "cy")
    id = answered(guild, tokens["ana"], "bo")["id"]
    done(act(guild, id, "capture", tokens["ana"], member="cy", url=NOTES), 200)
    refused(act(guild, id, "reopen", tokens["bo"]), 403, "not-your-need")
    again = done(act(guild, id, "reopen", tokens["ana"]), 200)
    assert (again["state"], again["contributions"], again["answered_by"]) == ("open", [], None)
    assert [credited(guild, who) for who in ("ana", "bo", "cy")] == [[], [], []]
    done(act(guild, id, "answer", tokens["ana"], member="cy"), 200)
    assert credited(guild, "cy") == [("supporting", "by")]


@on_both_databases
def test_everybody_wants_it_once_however_often_they_say_so(guild: Guild) -> None:
    tokens = people(guild, "ana", *(f"p{n}" for n in range(6)))
    first, second, third = (asked(guild, tokens["ana"])["id"] for _ in range(3))
    path = guild.in_guild(f"needs/{first}/vote")
    with ThreadPoolExecutor(5) as threads:
        calls = [threads.submit(guild.call, "PUT", path, token=tokens[f"p{n % 5}"]) for n in range(15)]
        assert {call.result().status_code for call in calls} == {200}
    seen = done(guild.get(guild.in_guild(f"needs/{first}"), token=tokens["p0"]), 200)
    assert (seen["votes"], seen["voted"]) == (5, True)
    for _ in range(2):
        assert done(guild.call("DELETE", path, token=tokens["p0"]), 200)["voted"] is False
    for voter in ("p0", "p5"):
        done(guild.call("PUT", path, token=tokens[voter]), 200)
    done(guild.call("PUT", guild.in_guild(f"needs/{second}/vote"), token=tokens["p0"]), 200)
    by_votes = done(guild.get(guild.in_guild("needs?order=most_wanted&limit=1"), token=tokens["ana"]), 200)
    assert [each["id"] for each in by_votes["items"]] == [first]
    further = f"needs?order=most_wanted&limit=2&cursor={by_votes['next']}"
    rest = done(guild.get(guild.in_guild(further), token=tokens["ana"]), 200)
    assert [each["id"] for each in rest["items"]] == [third, second], "that one wants the other puts it no higher"
    newest = done(guild.get(guild.in_guild("needs?state=open"), token=tokens["ana"]), 200)
    assert [each["id"] for each in newest["items"]] == [third, second, first]
    with read_session(runtime_of(guild).engine) as session:
        actors = session.exec(select(Event.actor).where(Event.type == "need.voted")).all()
    assert list(actors) == ["somebody"] * 8


def test_nobody_sees_one_who_wants_it_come_or_go(guild: Guild) -> None:
    tokens = people(guild, "ana", *(f"p{n}" for n in range(8)))
    id = asked(guild, tokens["ana"])["id"]
    asked(guild, tokens["ana"])

    def seen() -> tuple[int, str, list[str]]:
        need = guild.get(guild.in_guild(f"needs/{id}"), token=tokens["ana"])
        listed = done(guild.get(guild.in_guild("needs?order=most_wanted"), token=tokens["ana"]), 200)["items"]
        return done(need, 200)["votes"], need.headers["ETag"], [each["id"] for each in listed]

    told = []
    for n in range(8):
        done(guild.call("PUT", guild.in_guild(f"needs/{id}/vote"), token=tokens[f"p{n}"]), 200)
        told.append(seen())
    assert [votes for votes, _, _ in told] == [0, 0, 0, 0, 5, 5, 5, 5]
    assert len({etag for _, etag, _ in told}) == 1
    assert [order[0] == id for _, _, order in told] == [False] * 4 + [True] * 4
    with read_session(runtime_of(guild).engine) as session:
        said = session.exec(select(Event.data).where(Event.type == "need.voted")).all()
    assert list(said) == [{}] * 8, "nor does the journal count them"


def test_what_somebody_asked_is_erased_with_them(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo", "cy")
    open_one, other = asked(guild, tokens["ana"])["id"], asked(guild, tokens["cy"])["id"]
    done_one = answered(guild, tokens["ana"], "bo")["id"]
    done(guild.call("PUT", guild.in_guild(f"needs/{other}/vote"), token=tokens["ana"]), 200)
    done(guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=ana", token=tokens["ana"]), 200)
    refused(guild.get(guild.in_guild(f"needs/{open_one}"), token=tokens["bo"]), 404, "no-such-need")
    kept = done(guild.get(guild.in_guild(f"needs/{done_one}"), token=tokens["bo"]), 200)
    assert (kept["title"], kept["text"], kept["state"]) == (None, None, "answered")
    assert done(guild.get(guild.in_guild(f"needs/{other}"), token=tokens["bo"]), 200)["votes"] == 0
