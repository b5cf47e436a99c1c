"""What the walk from a badge does not tell, whoever asks: what was done elsewhere, who left, what was not agreed to."""

import json
from typing import Any

import pytest

from tests.app.audit.test_trails import badge, did, trail
from tests.app.credentials.test_participation import claims_in
from tests.app.guild import Guild, done, path_of, refused
from tests.app.milestones.routes import met
from tests.app.nominations.circle import EVIDENCE, STATEMENT, Circle
from tests.app.nominations.offers import QUICK, respond

WORDS = {"title": "Quinquereme night", "url": "https://table.example/quinquereme", "channel": "#quinquereme"}


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """A community where one second decides, and in which Bo did two things, one of them for Dee."""
    circle = Circle(guild).join("ana", "bo", "cy", "dee").join("ste", role="steward").offering(**QUICK)
    did(circle, "hosting", **WORDS)
    helped = [{"person": "bo"}, {"person": "dee", "side": "for"}]
    said = {"type": "mentoring", "credits": helped, "occurred_at": "2026-03-04T18:00:00Z"}
    done(guild.post(guild.in_guild("contributions"), said), 201)
    return circle


def record(circle: Circle, id: str) -> tuple[str, str]:
    """Where what a badge rests on is served, and where it is said what stands of it."""
    [ground] = trail(circle, id, "bo")["rests_on"]
    path = path_of(ground["url"])
    return path, f"/standing{path}"


def stands(circle: Circle, id: str) -> set[bool]:
    found = done(circle.guild.get(record(circle, id)[1], token=circle.tokens["bo"]), 200)
    return {each["stands"] for each in found["contributions"]}


def all_that_a_stranger_reads(circle: Circle, id: str) -> str:
    """The signed record, what stands of it, the badge, its report and its trail, as whoever comes by has them."""
    other = Guild(circle.guild.client, "others").found()
    other.member("zora")
    zora, guild = other.token("zora"), circle.guild
    told = guild.get(f"/v1/credentials/{id}/trail", token=zora)
    shown = [guild.get(path) for path in record(circle, id)] + [guild.get(f"/credentials/{id}.json")]
    report = guild.verdict(shown[-1].content)
    assert report["verdict"] == "valid"
    texts = [done(told, 200), report, *(each.text for each in shown)]
    return json.dumps([*texts, claims_in(shown[0].text)])


def test_of_a_public_badge_strangers_read_neither_titles_nor_who_was_helped(circle: Circle) -> None:
    read = all_that_a_stranger_reads(circle, badge(circle)).lower()
    assert "mentoring" in read
    for untold in ("quinquereme", circle.ids["dee"], circle.ids["bo"], circle.ids["ana"]):
        assert untold not in read, untold


def test_what_somebody_did_in_another_community_is_not_in_it(circle: Circle) -> None:
    other = Guild(circle.guild.client, "others").found()
    other.member("bo")
    account = {"platform": "github", "account": "bo-fictional"}
    for guild in (circle.guild, other):
        done(guild.post(guild.in_guild("identities"), {"member": "bo"} | account), 201)
        said = {"type": "reviewing", "account": account, "occurred_at": "2026-03-05T18:00:00Z"}
        done(guild.post(guild.in_guild("contributions"), said), 201)
    told = trail(circle, badge(circle), "bo")
    assert sorted(each["type"] for each in told["contributions"]) == ["hosting", "mentoring", "reviewing"]
    assert all(each["contribution"] is not None for each in told["contributions"])


def test_platforms_of_the_community_read_what_strangers_do(circle: Circle) -> None:
    id = badge(circle)
    platform = circle.guild.token(None, "platform", "contributions:write", "nominations:write")
    told = done(circle.guild.get(f"/v1/credentials/{id}/trail", token=platform), 200)
    assert {each["member"] for each in told["people"]} == {None}
    assert (told["nomination"], told["events"]) == (None, [])
    assert [each["contribution"] for each in told["contributions"]] == [None, None]


def test_a_nominator_who_stays_unnamed_to_the_nominee_is_not_on_their_trail(circle: Circle) -> None:
    circle.offering(**QUICK, anonymity="to_nominee")
    id = badge(circle)
    assert circle.ids["ana"] not in json.dumps(trail(circle, id, "bo"))
    assert "nominator" not in {each["part"] for each in trail(circle, id, "bo")["people"]}
    assert circle.ids["ana"] in json.dumps(trail(circle, id, "ste")["people"])


def test_whoever_does_not_want_to_be_counted_any_more_is_not_told_of_by_what_they_had_signed(circle: Circle) -> None:
    id = badge(circle)
    before = trail(circle, id, "dee"), circle.guild.get(record(circle, id)[1]).text
    done(circle.guild.call("PUT", "/v1/me/uncounted", token=circle.tokens["bo"]), 200)
    assert (trail(circle, id, "dee"), circle.guild.get(record(circle, id)[1]).text) == before


def test_whoever_was_helped_and_is_forgotten_is_named_by_nothing(circle: Circle) -> None:
    id = badge(circle)
    done(circle.guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=dee", token=circle.tokens["dee"]), 200)
    assert '"Dee"' not in json.dumps(trail(circle, id, "ste"))
    assert stands(circle, id) == {True}


def test_the_holder_who_is_forgotten_takes_name_and_words_along_and_what_they_signed_stands(circle: Circle) -> None:
    id = badge(circle)
    path, standing = record(circle, id)
    signed = circle.guild.get(path).content
    done(circle.guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=bo", token=circle.tokens["bo"]), 200)
    told = trail(circle, id, "ste")
    assert "Bo" not in [each["name"] for each in told["people"]]
    assert "uinquereme" not in json.dumps(told)
    assert {each["stands"] for each in told["contributions"]} == {True}
    assert {each["stands"] for each in done(circle.guild.get(standing), 200)["contributions"]} == {True}
    assert circle.guild.get(path).content == signed


@pytest.mark.parametrize("left_out", [True, False])
def test_a_milestone_whose_evidence_was_left_out_of_the_nomination_is_not_what_the_badge_rests_on(
    circle: Circle, left_out: bool
) -> None:
    guild, ste = circle.guild, {"token": circle.tokens["ste"]}
    attained = met(guild, circle.achievement["id"], "dee", circle.tokens["ste"], kind="draft")
    [draft] = done(guild.get(guild.in_guild("nominations"), **ste), 200)["items"]
    said: dict[str, Any] = {"statement": STATEMENT}
    said |= {"evidence": EVIDENCE} if left_out else {}
    tag = circle.see(draft["id"], "ste").headers["etag"]
    done(guild.call("PATCH", f"/v1/nominations/{draft['id']}", said, **ste, **{"If-Match": tag}), 200)
    done(circle.act(draft["id"], "submit", by="ste"), 200)
    done(circle.invite(draft["id"], "cy", by="ste"), 200)
    done(circle.second(draft["id"], "cy"), 200)
    done(respond(circle, draft["id"], by="dee", visibility="public"), 200)
    [held] = done(guild.get("/v1/credentials", token=circle.tokens["dee"]), 200)["items"]
    told, address = trail(circle, held["id"], "cy"), f"/evidence/{attained['id']}"
    if left_out:
        assert (told["rests_on"], told["contributions"]) == ([], [])
        for path in (address, f"/standing{address}"):
            refused(guild.get(path), 404, "no-such-attainment")
    else:
        assert [each["kind"] for each in told["rests_on"]] == ["milestone"]
        assert guild.get(address).status_code == 200
