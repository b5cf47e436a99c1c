"""What was wrong is corrected by another, what should not be there is taken back; neither is lost."""

from typing import Any

import pytest

from app.contributions import correcting
from app.kit.database import write_session
from app.kit.occasions import Occasion
from app.members.service import community_by_slug
from tests.app.contributions.test_recording import YESTERDAY, listed, many, recorded, report
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN


@pytest.fixture
def guild(guild: Guild) -> Guild:
    for handle in ("ana", "bo"):
        guild.member(handle)
    return guild


def act(guild: Guild, what: str, id: str, token: str = ADMIN_TOKEN, **said: Any) -> Any:
    return guild.post(guild.in_guild(f"contributions/{id}/{what}"), {"reason": "A slip."} | said, token=token)


def read(guild: Guild, id: str) -> dict[str, Any]:
    return done(guild.get(guild.in_guild(f"contributions/{id}"), token=ADMIN_TOKEN), 200)


@on_both_databases
def test_another_takes_the_place_and_the_key_of_what_was_wrong(guild: Guild) -> None:
    wrong = recorded(guild, dedupe_key="k", title="Cal", url="https://x.example/7")
    right = done(act(guild, "correct", wrong["id"], title="Call", credits=[{"person": "bo"}], type="teaching"), 201)
    assert (right["corrects"], right["title"], right["url"]) == (wrong["id"], "Call", "https://x.example/7")
    before = read(guild, wrong["id"])
    assert (before["state"], before["corrected_by"], before["reason"]) == ("superseded", right["id"], "A slip.")
    assert before["title"] == "Cal"
    assert [each["id"] for each in listed(guild)] == [right["id"]]
    assert [each["id"] for each in listed(guild, "&member=bo")] == [right["id"]]
    assert len(listed(guild, "&ended=true")) == 2
    again = done(guild.post(guild.in_guild("contributions"), report(dedupe_key="k")), 200)
    assert (again["outcome"], again["id"]) == ("duplicate", right["id"])
    twice = done(act(guild, "correct", right["id"], ends_at="2026-11-20T10:00:00Z"), 201)
    assert (twice["title"], twice["type"], twice["credits"]) == ("Call", "teaching", right["credits"])
    for late in (act(guild, "correct", right["id"]), act(guild, "retract", wrong["id"])):
        refused(late, 409, "contribution-ended")


def test_a_correction_is_looked_at_like_a_report(guild: Guild) -> None:
    id = recorded(guild)["id"]
    for said, reason in (
        ({"type": "unheard_of"}, "unknown-type"),
        ({"occurred_at": "1970-01-01T00:00:00Z"}, "too-early"),
        ({"credits": [{"person": "nobody"}]}, "no-such-member"),
        ({"credits": [{"person": "ana"}, {"person": "ana"}]}, "named-twice"),
    ):
        assert refused(act(guild, "correct", id, **said), 422, "contribution-refused")["reason"] == reason
    refused(act(guild, "correct", id, type=None), 422, "invalid")
    assert read(guild, id)["state"] == "in_force"


@on_both_databases
def test_what_people_take_back_stays_so_and_what_a_platform_undoes_may_be_done_again(guild: Guild) -> None:
    platform = guild.token(None, "platform", "contributions:write")
    kept, said = recorded(guild, dedupe_key="kept")["id"], report(dedupe_key="undone")
    undone = done(guild.post(guild.in_guild("contributions"), said, token=platform), 201)["id"]
    assert done(act(guild, "retract", kept), 200)["state"] == "retracted"
    done(act(guild, "retract", undone, platform), 200)
    assert listed(guild) == []
    told = many(guild, report(dedupe_key="kept"), report(dedupe_key="undone"), report(dedupe_key="kept"))
    assert [each["outcome"] for each in told["items"]] == ["refused", "recorded", "refused"]
    assert (told["items"][0]["error"]["code"], told["items"][0]["id"]) == ("retracted", kept)
    assert told["items"][1]["id"] != undone
    assert len(listed(guild, "&ended=true&type=hosting")) == 3


def test_a_source_undoes_what_it_said_under_a_key(guild: Guild) -> None:
    id = recorded(guild, dedupe_key="k", source="forum")["id"]
    runtime = runtime_of(guild)
    found = []
    for source in ("chat", "forum", "forum"):
        with write_session(runtime.engine) as session:
            community = community_by_slug(session, guild.slug)
            on = Occasion(actor="system", now=THEN, ids=runtime.ids)
            row = correcting.undo(session, community, source, "k", reason="unanswered", on=on)
            found.append(row and str(row.id))
    assert found == [None, id, None]
    assert read(guild, id)["state"] == "retracted"


def test_members_and_platforms_correct_what_they_reported_themselves(guild: Guild) -> None:
    ana, bo = (guild.token(handle, "member", "contributions:write") for handle in ("ana", "bo"))
    platform = guild.token(None, "platform", "contributions:write")
    mine = done(guild.post(guild.in_guild("contributions"), report(), token=ana), 201)["id"]
    others = recorded(guild, person="bo")["id"]
    refused(act(guild, "correct", mine, bo, title="T"), 403, "forbidden")
    refused(act(guild, "retract", mine, platform), 403, "forbidden")
    refused(act(guild, "retract", others, bo), 403, "forbidden")
    gone = act(guild, "correct", mine, ana, credits=[{"person": "bo"}])
    assert refused(gone, 422, "contribution-refused")["reason"] == "not-yours"
    mine = done(act(guild, "correct", mine, ana, occurred_at=YESTERDAY), 201)["id"]
    done(act(guild, "retract", mine, ana), 200)
    refused(act(guild, "correct", others, platform, title="T"), 403, "forbidden")
    its = done(guild.post(guild.in_guild("contributions"), report(), token=platform), 201)["id"]
    refused(act(guild, "retract", its, guild.token(None, "platform", "contributions:write")), 403, "forbidden")
    done(act(guild, "correct", its, platform, title="T"), 201)
