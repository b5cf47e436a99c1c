"""What was written about somebody is theirs to read, and to have erased; what happened, the stewards'."""

from tests.app.guild import done, refused
from tests.app.nominations.circle import REASON, STATEMENT, Circle

ABOUT = "/v1/me/about-me"


def about(circle: Circle, who: str) -> list[dict[str, str]]:
    """What somebody is given to read about themself."""
    items: list[dict[str, str]] = done(circle.guild.get(ABOUT, token=circle.tokens[who]), 200)["items"]
    return items


def test_what_is_being_weighed_is_not_told_before_it_ends(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.seconded("cy")
    assert about(circle, "bo") == []
    done(circle.act(id, "withdraw", by="ana"), 200)
    told = about(circle, "bo")
    assert {item["text"] for item in told} == {*STATEMENT.values(), REASON}
    assert {item["by"] for item in told if item["kind"] == "statement"} == {circle.ids["ana"]}
    assert {item["by"] for item in told if item["kind"] == "second"} == {None}
    assert about(circle, "cy") == []


def test_who_is_told_from_the_start_reads_it_from_the_start(circle: Circle) -> None:
    circle.offering(nominee_visibility="from_submission")
    circle.nomination()
    assert len(about(circle, "bo")) == 4


def test_who_wrote_unnamed_stays_unnamed(circle: Circle) -> None:
    circle.offering(anonymity="to_nominee")
    id = circle.nomination()
    done(circle.act(id, "withdraw", by="ana"), 200)
    assert {item["by"] for item in about(circle, "bo")} == {None}


def test_drafts_are_nobody_elses(circle: Circle) -> None:
    id = circle.nomination(submit=False)
    done(circle.act(id, "withdraw", by="ana"), 200)
    assert about(circle, "bo") == []


def test_what_was_written_is_erased_and_the_journal_holds(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.seconded("cy")
    done(circle.act(id, "withdraw", by="ana"), 200)
    gone = done(circle.guild.call("DELETE", ABOUT, token=circle.tokens["bo"]), 200)
    assert gone == {"erased": [id], "left": []}
    assert about(circle, "bo") == []
    seen = done(circle.see(id, "ana"), 200)
    assert (seen["statement"], seen["evidence"], [second["reason"] for second in seen["seconds"]]) == (None, [], [None])
    verified = done(circle.guild.call("GET", circle.guild.in_guild("audit/verify")), 200)
    assert verified["holds"]
    again = done(circle.guild.call("DELETE", ABOUT, token=circle.tokens["bo"]), 200)
    assert again == {"erased": [], "left": []}


def test_what_is_open_is_left_and_named_only_to_who_knows_of_it(circle: Circle) -> None:
    circle.nomination()
    erased = done(circle.guild.call("DELETE", ABOUT, token=circle.tokens["bo"]), 200)
    assert erased == {"erased": [], "left": []}
    circle.offering(nominee_visibility="from_submission")
    known = circle.nomination()
    erased = done(circle.guild.call("DELETE", ABOUT, token=circle.tokens["bo"]), 200)
    assert erased == {"erased": [], "left": [known]}


def test_ones_own_nominations_are_listed_by_what_one_is_to_them(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.seconded("cy")

    def listed(who: str, role: str = "") -> list[str]:
        path = f"/v1/me/nominations{f'?role={role}' if role else ''}"
        return [item["id"] for item in done(circle.guild.get(path, token=circle.tokens[who]), 200)["items"]]

    assert listed("ana") == listed("ana", "nominator") == listed("cy") == listed("cy", "seconder") == [id]
    assert listed("ana", "seconder") == listed("bo") == listed("bo", "nominee") == listed("dee") == listed("ste") == []
    refused(circle.guild.get("/v1/me/nominations?role=boss", token=circle.tokens["ana"]), 422, "invalid")


def test_thanks_are_ones_own_to_read_and_to_have_erased(circle: Circle) -> None:
    path, body = circle.guild.in_guild("thanks"), {"to": "bo", "text": "For the chairs, and for waiting."}
    thanks = done(circle.guild.post(path, body, token=circle.tokens["ana"]), 201)
    assert [(item["kind"], item["of"], item["text"]) for item in about(circle, "bo")] == [
        ("thanks", thanks["id"], body["text"])
    ]
    gone = done(circle.guild.call("DELETE", ABOUT, token=circle.tokens["bo"]), 200)
    assert gone["erased"] == [thanks["id"]]
    assert about(circle, "bo") == []
    assert body["text"] not in circle.guild.get(path, token=circle.tokens["ana"]).text


def test_the_journal_of_a_nomination_is_for_stewards_who_have_no_stake_in_it(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.seconded("cy")
    path = f"/v1/nominations/{id}/audit"
    told = done(circle.guild.get(path, token=circle.guild.token("ste", "steward")), 200)["items"]
    assert [event["action"] for event in told] == [
        "nomination.drafted", "nomination.submitted", "nomination.invited", "nomination.seconded",
    ]  # fmt: skip
    assert {event["object"] for event in told} == {id}
    by_sol = circle.nomination("dee", by="sol")
    refused(circle.guild.get(f"/v1/nominations/{by_sol}/audit", token=circle.tokens["sol"]), 403, "forbidden")
    refused(circle.guild.get(path, token=circle.tokens["eli"]), 403, "forbidden")
