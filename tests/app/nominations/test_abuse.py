"""What people do to each other with praise, and what stands in the way."""

from datetime import timedelta

from tests.app.guild import done, refused
from tests.app.nominations.circle import STATEMENT, Circle
from tests.stand_ins import SettableClock


def test_sock_puppet_two_members_with_one_account_are_one_person(circle: Circle) -> None:
    for member in ("ana", "bo"):
        account = {"member": member, "platform": "forge", "account": "same-fictional"}
        done(circle.guild.post(circle.guild.in_guild("identities"), account), 201)
    refused(circle.nominate(), 403, "linked-identity")


def test_sock_puppet_whoever_came_yesterday_nominates_nobody(circle: Circle, clock: SettableClock) -> None:
    circle.join("new", joined_at=(clock.now - timedelta(days=1)).isoformat())
    refused(circle.nominate(by="new"), 403, "too-new")
    clock.forward(days=13)
    assert circle.nominate(by="new").status_code == 201


def test_flood_the_eleventh_in_thirty_days_is_refused_with_the_time_to_wait(
    circle: Circle, clock: SettableClock
) -> None:
    circle.offering(limits={"open_per_nominator": 100, "submitted_per_30d": 10, "drafts": 100})
    circle.join(*(f"m{n}" for n in range(11)))
    first = clock.now
    for n in range(10):
        done(circle.nominate(f"m{n}"), 201)
        clock.forward(hours=1)
    answer = circle.nominate("m10")
    refused(answer, 429, "too-many-nominations")
    assert int(answer.headers["Retry-After"]) == (first + timedelta(days=30) - clock.now).total_seconds()
    clock.now = first + timedelta(days=30)
    done(circle.nominate("m10"), 201)


def test_invitation_spam_counts_people_outside_as_well(circle: Circle) -> None:
    circle.offering(limits={"open_per_nominator": 100, "submitted_per_30d": 3, "drafts": 100})
    for n in range(3):
        done(circle.nominate({"email": f"stranger{n}@people.example"}), 201)
    refused(circle.nominate({"email": "stranger3@people.example"}), 429, "too-many-nominations")


def test_harassment_what_is_reported_is_never_seen_by_the_nominee(circle: Circle, clock: SettableClock) -> None:
    circle.offering(nominee_visibility="from_submission")
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    done(circle.act(id, "reports", {"category": "harassment", "text": "A taunt, and all know it."}, by="cy"), 201)
    for days in (1, 30, 365):
        clock.forward(days=days)
        refused(circle.see(id, "bo"), 404, "no-such-nomination")
    mine = done(circle.guild.call("GET", "/v1/me/nominations", token=circle.tokens["bo"]), 200)
    assert mine["items"] == []
    done(circle.act(id, "withdraw", {"reason": "It was a taunt."}, by="ste"), 200)
    assert done(circle.see(id, "ste"), 200)["state"] == "withdrawn"


def test_harassment_whom_one_has_blocked_cannot_nominate_one(circle: Circle) -> None:
    done(circle.guild.call("PUT", "/v1/me/blocks/ana", token=circle.tokens["bo"]), 200)
    refused(circle.nominate(), 409, "cooling-down")


def test_steward_capture_a_steward_with_a_stake_holds_lets_go_and_decides_nothing(circle: Circle) -> None:
    id = circle.nomination(by="ste")
    refused(circle.act(id, "hold", {"reason": "r"}, by="ste"), 403, "forbidden")
    assert circle.review(id, "ste").status_code in {403, 409}
    done(circle.act(id, "hold", {"reason": "r"}, by="sol"), 200)
    refused(circle.act(id, "release", by="ste"), 403, "forbidden")
    refused(circle.guild.call("GET", f"/v1/nominations/{id}/reports", token=circle.tokens["ste"]), 403, "forbidden")


def test_doxxing_addresses_in_a_text_are_warned_of(circle: Circle) -> None:
    said = STATEMENT | {"context": "Ring her at +44 20 7946 0018, or write to bo@people.example."}
    made = done(circle.nominate(statement=said), 201)
    assert [hint["pointer"] for hint in made["lint"]] == ["/statement/context"] * 2
    done(circle.invite(made["id"], "cy"), 200)
    assert done(circle.see(made["id"], "cy"), 200)["lint"] is None
    assert len(done(circle.see(made["id"], "ste"), 200)["lint"]) == 2


def test_bots_draft_and_do_not_submit(circle: Circle) -> None:
    circle.join("robo")
    account = {"member": "robo", "platform": "forge", "account": "robo-fictional", "is_bot": True}
    done(circle.guild.post(circle.guild.in_guild("identities"), account), 201)
    id = circle.nomination(by="robo", submit=False)
    refused(circle.act(id, "submit", by="robo"), 403, "bots-may-not")


def test_pay_for_badge_is_reported_under_its_name(circle: Circle) -> None:
    id = circle.nomination()
    said = {"category": "purchased", "text": "Ana was paid for this one."}
    assert done(circle.act(id, "reports", said, by="ana"), 201)["category"] == "purchased"
    refused(circle.act(id, "reports", said | {"category": "envy"}, by="ana"), 422, "invalid")


def test_brigading_who_is_not_on_the_panel_is_not_heard(circle: Circle) -> None:
    circle.join("new", joined_at="2026-11-20T00:00:00Z")
    id = circle.under_review()
    for who in ("new", "cy"):
        assert circle.review(id, who, "decline").status_code in {403, 404}


def test_fake_evidence_is_approved_by_nobody_who_has_not_looked_at_it(circle: Circle) -> None:
    """That it is flagged when it changes later is in `test_evidence.py`, with a site to look at."""
    id = circle.under_review()
    who = circle.panel(id)[0]
    refused(circle.review(id, who, evidence_checked=[]), 422, "evidence-unchecked")
    assert done(circle.see(id, who), 200)["evidence_state"] == ["not_looked_at"]
