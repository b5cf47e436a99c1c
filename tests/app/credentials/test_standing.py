"""What a signed record of participation comes to once accounts turn out to be others', and contributions otherwise."""

from typing import Any

import pytest

from tests.app.credentials.test_participation import badge_of, claims_in, did
from tests.app.guild import PUBLIC_URL, Guild, done
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, respond
from tests.service import on_both_databases

ACCOUNT = {"platform": "github", "account": "bo-fictional"}


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """A community where one second decides, with two memberships that are Bo's, each of which did something."""
    circle = Circle(guild).join("ana", "bo", "bobby", "cy").offering(**QUICK)
    did(circle, "hosting", "2026-03-03")
    for who in ({"person": "bobby"}, {"account": ACCOUNT}):
        said = {"type": "teaching", "occurred_at": "2026-04-04T18:00:00Z"} | who
        done(guild.post(guild.in_guild("contributions"), said), 201)
    return circle


def linked(circle: Circle, who: str) -> str:
    body = {"member": who} | ACCOUNT
    id: str = done(circle.guild.post(circle.guild.in_guild("identities"), body), 201)["id"]
    return id


def unlinked(circle: Circle, identity: str) -> None:
    done(circle.guild.call("DELETE", circle.guild.in_guild(f"identities/{identity}")), 200)


def signed(circle: Circle) -> dict[str, Any]:
    """Bo's badge, which rests on what they took part in."""
    id = circle.seconded("cy", participation={})
    done(respond(circle, id, visibility="public", participation=True), 200)
    return badge_of(circle, id)


def report(circle: Circle, badge: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What the report on a badge that is valid says of its one piece of evidence, and what it warns of there."""
    found = circle.guild.verdict(circle.guild.get(badge["id"].removeprefix(PUBLIC_URL) + ".json").content)
    assert found["verdict"] == "valid", found["summary"]
    [evidence] = found["evidence"]
    return evidence, [each["detail"] for each in found["warnings"] if each["code"].startswith("evidence")]


def stands(evidence: dict[str, Any]) -> list[tuple[str, bool]]:
    return sorted((each["type"], each["stands"]) for each in evidence["contributions"])


@on_both_databases
def test_what_was_counted_of_an_account_that_is_anothers_does_not_stand_and_the_report_warns(circle: Circle) -> None:
    own, others = linked(circle, "bo"), linked(circle, "bobby")
    badge = signed(circle)
    evidence, warnings = report(circle, badge)
    assert stands(evidence) == [("hosting", True), ("teaching", True), ("teaching", True)]
    assert (evidence["participation"]["contributions"], warnings) == (3, [])
    unlinked(circle, own)
    evidence, [warning] = report(circle, badge)
    assert stands(evidence) == [("hosting", True), ("teaching", False), ("teaching", False)]
    assert "2 do not stand today" in warning
    assert "1 of them stand today" in evidence["detail"]
    assert evidence["signature"]["code"] == "signature-valid", "it was signed, all the same"
    linked(circle, "bo")
    assert report(circle, badge)[1] == [], "as soon as it is known again whose they are"
    unlinked(circle, others)
    evidence, [warning] = report(circle, badge)
    assert "1 do not stand today" in warning


def test_who_turns_out_to_be_one_person_with_somebody_changes_nothing_of_what_is_signed(circle: Circle) -> None:
    badge = signed(circle)
    path = badge["evidence"][0]["id"].removeprefix(PUBLIC_URL)
    before = circle.guild.get(path).text
    assert claims_in(before)["counts"] == {"contributions": 1, "by_type": {"hosting": 1}}
    linked(circle, "bo")
    linked(circle, "bobby")
    evidence, warnings = report(circle, badge)
    assert circle.guild.get(path).text == before
    assert (stands(evidence), warnings) == ([("hosting", True)], [])


def test_the_report_says_how_much_of_it_was_taken_back_or_corrected_and_still_tells_what_was_signed(
    circle: Circle,
) -> None:
    did(circle, "hosting", "2026-05-05")
    did(circle, "mentoring", "2026-05-06")
    badge = signed(circle)
    evidence, _ = report(circle, badge)
    first, second, third = [each["id"] for each in evidence["contributions"]]
    contributions = circle.guild.in_guild("contributions")
    done(circle.guild.post(f"{contributions}/{first}/retract", {"reason": "It was not."}), 200)
    done(circle.guild.post(f"{contributions}/{second}/correct", {"reason": "No.", "type": "teaching"}), 201)
    evidence, [warning] = report(circle, badge)
    assert {each["id"]: each["stands"] for each in evidence["contributions"]} == {
        first: False,
        second: False,
        third: True,
    }
    assert "Of the 3 contributions that the badge rests on, 2 do not stand today" in warning
    assert evidence["participation"]["by_type"] == {"hosting": 2, "mentoring": 1}


def test_whoever_is_credited_no_more_by_a_correction_has_it_stand_no_more(circle: Circle) -> None:
    badge = signed(circle)
    [cited] = report(circle, badge)[0]["contributions"]
    said = {"reason": "It was Cy.", "credits": [{"person": "cy"}]}
    done(circle.guild.post(circle.guild.in_guild(f"contributions/{cited['id']}/correct"), said), 201)
    evidence, [_] = report(circle, badge)
    assert stands(evidence) == [("hosting", False)]
