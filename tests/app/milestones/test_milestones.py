"""When contributions add up, through the door: drawn up, looked at, begun, met, given, and asked why."""

from typing import Any

from app.worker import run_once
from tests.app.guild import done, refused
from tests.app.milestones.path import TALK, THRICE, Path
from tests.service import ADMIN_TOKEN, on_both_databases


@on_both_databases
def test_three_sessions_are_offered_a_badge_that_names_what_it_rests_on(path: Path) -> None:
    milestone = path.begin(path.draw())
    ana = path.somebody()
    ids = path.host(ana, 2)
    path.work()
    assert path.attainments() == []
    ids += path.host(ana)
    path.work()
    [met] = path.attainments(milestone=milestone["id"])
    assert met["stage"] == "given"
    assert {each["id"] for each in met["contributions"]} == set(ids)
    token = path.guild.token(ana)
    offer = done(path.guild.get(f"/v1/credentials/{met['credential']}", token=token), 200)
    assert offer["state"] == "offered", "consent is asked as for every other badge"
    answer = {"response": "accept", "visibility": "public"}
    done(path.guild.post(f"/v1/credentials/{met['credential']}/response", answer, token=token), 200)
    badge = done(path.guild.get(f"/credentials/{met['credential']}"), 200)
    [evidence] = badge["evidence"]
    for each in met["contributions"]:
        assert f"{each['id']} sha256:{each['digest']}" in evidence["narrative"], "signed with the badge"
    shown = done(path.guild.get(f"/evidence/{met['id']}"), 200)
    assert evidence["id"].endswith(f"/evidence/{met['id']}")
    assert shown["counts"] == {"contributions": 3, "by_type": {"hosting": 3}}
    assert {each["id"] for each in shown["contributions"]} == set(ids)
    assert ana not in str(shown)
    assert path.guild.verdict(path.guild.get(f"/credentials/{met['credential']}").text)["verdict"] == "valid"


def test_who_has_not_accepted_has_no_evidence_in_public(path: Path) -> None:
    path.begin(path.draw())
    path.host(path.somebody(), 3)
    path.work()
    [met] = path.attainments()
    refused(path.guild.get(f"/evidence/{met['id']}"), 404, "no-such-attainment")


def test_a_milestone_is_given_once_however_often_the_jobs_run_and_whatever_comes_after(path: Path) -> None:
    path.begin(path.draw(), backfill=True)
    ana = path.somebody()
    for _ in range(3):
        path.host(ana, 2)
        path.work()
    assert len(path.attainments()) == 1


def test_another_steward_looks_at_it_before_it_begins_and_again_after_a_change(path: Path) -> None:
    milestone, (one, other) = path.draw(), path.stewards
    refused(path.guild.post(path.at(milestone, "/activate"), {}, token=one), 409, "milestone-not-looked-at")
    own = path.guild.post(path.at(milestone, "/reviews"), {"verdict": "approve"}, token=one)
    refused(own, 409, "own-milestone")
    unsaid = path.guild.post(path.at(milestone, "/reviews"), {"verdict": "object"}, token=other)
    refused(unsaid, 422, "invalid")
    done(path.guild.post(path.at(milestone, "/reviews"), {"verdict": "approve"}, token=other), 200)
    change = {"name": "Three calls"}
    done(path.guild.call("PATCH", path.at(milestone), change, token=one, if_match="*"), 200)
    refused(path.guild.post(path.at(milestone, "/activate"), {}, token=one), 409, "milestone-not-looked-at")
    path.begin(milestone)
    refused(path.guild.call("PATCH", path.at(milestone), change, token=one, if_match="*"), 409, "milestone-settled")


def test_nobody_looks_at_their_own_by_another_membership_of_theirs(path: Path) -> None:
    guild, milestone = path.guild, path.draw()
    guild.member("sol-at-work", role="steward")
    for handle in ("sol", "sol-at-work"):
        identity = {"member": handle, "platform": "github", "account": "sol-fictional"}
        done(guild.post(guild.in_guild("identities"), identity), 201)
    approve = {"verdict": "approve"}
    own = guild.post(path.at(milestone, "/reviews"), approve, token=guild.token("sol-at-work", "steward"))
    refused(own, 409, "own-milestone")
    refused(guild.post(path.at(milestone, "/activate"), {}, token=path.stewards[0]), 409, "milestone-not-looked-at")
    done(guild.post(guild.in_guild("members/sunny/leave")), 200)  # and with her whoever else might look at it
    done(guild.post(path.at(milestone, "/activate"), {}, token=path.stewards[0]), 200)


def test_what_can_never_be_met_and_what_gives_itself_in_a_circle_is_refused(path: Path) -> None:
    result = {"kind": "offer", "achievement": path.achievement["id"]}
    said = {"name": "N", "description": "D", "discussion": TALK}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"all_of": [{"kind": "count", "of": {"types": ["juggling"]}, "at_least": 2}]}, "/rule/all_of/0/of/types"),
        ({"all_of": [{"kind": "count", "at_least": 1}]}, "/rule/all_of"),
        ({"all_of": [{"kind": "vibes"}]}, "/rule/all_of/0"),
        ({"all_of": []}, "/rule/all_of"),
    ]
    for rule, pointer in wrong:
        body = said | {"rule": {"result": result} | rule}
        problem = refused(
            path.guild.post(path.guild.in_guild("milestones"), body, token=path.stewards[0]), 422, "invalid"
        )
        assert problem["errors"][0]["pointer"].startswith(pointer), problem
    itself = {"all_of": [{"kind": "holds", "achievements": [path.achievement["id"]], "at_least": 1}]}
    drawn = path.draw(itself)
    done(path.guild.post(path.at(drawn, "/reviews"), {"verdict": "approve"}, token=path.stewards[1]), 200)
    problem = refused(path.guild.post(path.at(drawn, "/activate"), {}, token=path.stewards[0]), 422, "invalid")
    assert "without end" in problem["errors"][0]["message"]


def test_a_dry_run_says_who_would_get_it_and_backfill_gives_it_day_by_day(path: Path) -> None:
    doers = [path.somebody() for _ in range(5)]
    for handle in doers:
        path.host(handle, 3)
    path.host(path.somebody(), 2)
    milestone = path.draw(THRICE | {"a_day": 2})
    dry = done(path.guild.get(path.at(milestone, "/dry-run"), token=path.stewards[0]), 200)
    assert (dry["people"], dry["days"], dry["next"]) == (5, 3, None)
    path.work()
    assert path.attainments() == [], "a dry run gives nothing"
    path.begin(milestone, backfill=True)
    path.work()
    assert len(path.attainments()) == 5
    assert sum(met["stage"] == "given" for met in path.attainments()) == 2
    for given in (4, 5):
        path.clock.forward(days=1, seconds=1)
        path.work()
        assert sum(met["stage"] == "given" for met in path.attainments()) == given


def test_a_dry_run_does_not_tell_who_does_not_want_to_be_counted_and_they_are_given_nothing(path: Path) -> None:
    doers = [path.somebody() for _ in range(3)]
    for handle in doers:
        path.host(handle, 3)
    milestone = path.draw(THRICE)

    def dry() -> Any:
        return done(path.guild.get(path.at(milestone, "/dry-run"), token=path.stewards[0]), 200)

    before = dry()
    done(path.guild.call("PUT", "/v1/me/uncounted", token=path.guild.token(doers[0])), 200)
    assert dry() == before
    assert before["people"] == 3
    path.begin(milestone, backfill=True)
    path.work()
    assert len(path.attainments()) == 2
    assert dry() == before, "who was given it is not left out either"


def test_without_backfill_history_counts_once_somebody_does_more(path: Path) -> None:
    ana = path.somebody()
    path.host(ana, 5)
    path.work()
    path.begin(path.draw())
    path.work()
    assert path.attainments() == []
    path.host(ana)
    path.work()
    assert len(path.attainments()) == 1


@on_both_databases
def test_why_and_why_not_is_answered_with_the_events_that_count(path: Path) -> None:
    path.begin(path.draw(THRICE | {"gates": {"distinct_people": 2}}))
    ana, bo = path.somebody(), path.somebody()
    helped = [{"person": ana}, {"person": bo, "side": "for"}]
    when = path.clock.now.isoformat()
    ids = [
        done(path.guild.post(path.guild.in_guild("contributions"),
                             {"type": "hosting", "credits": helped, "occurred_at": when}), 201)["id"]
        for _ in range(3)
    ]  # fmt: skip
    path.work()
    [progress] = path.progress(ana)
    assert not progress["met"]
    assert (progress["parts"][0]["have"], progress["parts"][0]["need"]) == (3, 3)
    assert set(progress["parts"][0]["contributions"]) == set(ids)
    assert progress["gates"] == [{"gate": "distinct_people", "have": 1, "need": 2}]
    assert path.progress(bo)[0]["parts"][0]["have"] == 0, "who was helped did not host"
    mine = path.guild.in_guild(f"members/{ana}/milestones")
    before = path.guild.get(mine, token=path.stewards[0])
    assert not {"met", "parts", "gates", "counted"} & {
        key for key, said in done(before, 200)["items"][0].items() if said
    }
    done(path.guild.call("PUT", "/v1/me/uncounted", token=path.guild.token(ana)), 200)
    after = path.guild.get(mine, token=path.stewards[0])
    assert after.json() == before.json(), "who does not want to be counted is nobody else's business"
    nosy = path.guild.get(mine, token=path.guild.token(bo))
    refused(nosy, 403, "forbidden")


def test_what_is_taken_back_in_time_is_not_given_and_can_be_met_again(path: Path) -> None:
    path.begin(path.draw(THRICE | {"a_day": 1}))
    first, second = path.somebody(), path.somebody()
    path.host(first, 3)
    path.work()
    ids = path.host(second, 3)
    path.work()
    retracted = path.guild.in_guild(f"contributions/{ids[0]}/retract")
    done(path.guild.post(retracted, {"reason": "It did not take place."}), 200)
    path.clock.forward(days=2)
    path.work()
    met = [each for each in path.attainments() if each["stage"] == "passed_over"]
    assert [each["reason"] for each in met] == ["no-longer-met"]
    assert [each["stands"] for each in met[0]["contributions"]].count(False) == 1
    path.host(second)
    path.work()
    path.clock.forward(days=2)
    path.work()
    assert sum(each["stage"] == "given" for each in path.attainments()) == 2


@on_both_databases
def test_who_is_linked_to_an_account_later_meets_what_the_account_did(path: Path) -> None:
    path.begin(path.draw())
    ana = path.somebody()
    path.host(ana, 3, account={"platform": "github", "account": "ana-fictional"})
    path.work()
    assert path.attainments() == []
    link = {"member": ana, "platform": "github", "account": "ana-fictional"}
    done(path.guild.post(path.guild.in_guild("identities"), link), 201)
    path.work()
    assert len(path.attainments()) == 1


def test_two_memberships_of_one_person_meet_it_together_and_once(path: Path) -> None:
    path.begin(path.draw())
    one, other = path.somebody(), path.somebody()
    for handle in (one, other):
        link = {"member": handle, "platform": "github", "account": "both-fictional"}
        done(path.guild.post(path.guild.in_guild("identities"), link), 201)
    path.host(one, 2)
    path.host(other, 2)
    path.work()
    assert len(path.attainments()) == 1


def test_a_badge_that_is_held_already_is_passed_over(path: Path) -> None:
    path.begin(path.draw())
    ana = path.somebody()
    path.guild.badge(path.achievement, recipient={"member": ana})
    path.host(ana, 3)
    path.work()
    [met] = path.attainments()
    assert (met["stage"], met["reason"]) == ("passed_over", "already-awarded")


def test_a_milestone_can_draft_a_nomination_or_suggest_one(path: Path) -> None:
    path.begin(path.draw(kind="draft"))
    ana = path.somebody()
    path.host(ana, 3)
    path.work()
    [met] = path.attainments()
    assert met["stage"] == "given", met
    listed = done(path.guild.get(path.guild.in_guild("attainments"), token=path.guild.token(ana)), 200)["items"]
    one = done(path.guild.get(path.guild.in_guild(f"attainments/{met['id']}"), token=path.guild.token(ana)), 200)
    for own in (*listed, one):
        assert (own["nomination"], own["stage"], own["given_at"]) == (None, "waiting", None), "of a draft nobody hears"
    told = done(path.guild.get("/v1/me/data", token=path.guild.token(ana)), 200)
    assert not told["attainment_given"]
    assert "stage" not in told["attainment"][0]
    journal = path.guild.get(path.guild.in_guild("audit?type=milestone.given"), token=ADMIN_TOKEN)
    assert [event["object"] for event in done(journal, 200)["items"]] == [met["nomination"]], "withheld as that is"
    draft = done(path.guild.get(f"/v1/nominations/{met['nomination']}", token=path.stewards[0]), 200)
    assert draft["state"] == "draft"
    suggesting = path.begin(path.draw(kind="suggest"))
    path.host(ana)
    path.work()
    [suggested] = path.attainments(milestone=suggesting["id"])
    assert (suggested["stage"], suggested["credential"], suggested["nomination"]) == ("given", None, None)
    run_once(path.runtime, path.clock())
    feed = done(path.guild.get("/v1/me/feed", token=path.stewards[0]), 200)["items"]
    assert {item["link"].rpartition("/")[2] for item in feed} >= {suggested["id"], met["nomination"]}
    away = path.guild.in_guild(f"attainments/{suggested['id']}/dismiss")
    assert done(path.guild.post(away, token=path.stewards[0]), 200)["dismissed_at"]
    refused(path.guild.post(away, token=path.stewards[0]), 409, "no-suggestion")


def test_an_anniversary_comes_with_the_calendar_alone(path: Path) -> None:
    path.begin(path.draw({"all_of": [{"kind": "anniversary", "years": 1}]}, kind="suggest"))
    path.guild.member("newly", joined_at=path.clock.now.isoformat())
    path.work()
    assert {met["member"] for met in path.attainments()} == set()
    path.clock.forward(days=366)
    path.work()
    members = {met["member"] for met in path.attainments()}
    assert len(members) == 3, "both stewards and the newcomer joined a year ago"
    path.clock.forward(days=1)
    path.work()
    assert len(path.attainments()) == 3


@on_both_databases
def test_one_that_replaces_another_ends_it_and_is_not_met_again_by_the_same(path: Path) -> None:
    first = path.begin(path.draw())
    ana = path.somebody()
    path.host(ana, 3)
    path.work()
    path.begin(path.draw(THRICE, replaces=first["id"], name="Three sessions, said better"))
    assert done(path.guild.get(path.at(first), token=path.stewards[0]), 200)["state"] == "retired"
    path.host(ana, 3)
    path.work()
    assert len(path.attainments()) == 1


def test_members_see_their_own_attainments_and_who_does_not_want_to_be_counted_has_none(path: Path) -> None:
    path.begin(path.draw())
    ana, bo = path.somebody(), path.somebody()
    path.host(ana, 3)
    path.work()
    [met] = path.attainments()
    listed = path.guild.get(path.guild.in_guild("attainments"), token=path.guild.token(ana))
    assert [each["id"] for each in done(listed, 200)["items"]] == [met["id"]]
    unseen = path.guild.get(path.guild.in_guild(f"attainments/{met['id']}"), token=path.guild.token(bo))
    refused(unseen, 404, "no-such-attainment")
