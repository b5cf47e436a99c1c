"""Between met and given: what is not so any more is not given, and nothing that may pass is final."""

from typing import Any

from sqlmodel import select

from app.milestones.tables import Milestone
from tests.app.guild import done, refused
from tests.app.members.letters import address_link
from tests.app.milestones.path import THRICE, Path
from tests.service import ADMIN_TOKEN, on_both_databases

SLOWLY = THRICE | {"a_day": 1}


def a_day_later(path: Path, days: int = 2) -> None:
    path.clock.forward(days=days)
    path.work()


def of(path: Path, handle: str) -> list[tuple[str, str | None]]:
    """What became of each time somebody met a milestone, the last time first."""
    id = done(path.guild.get(path.guild.in_guild(f"members/{handle}"), token=ADMIN_TOKEN), 200)["id"]
    return [(met["stage"], met["reason"]) for met in path.attainments() if met["member"] == id]


def queued(path: Path, rule: dict[str, Any] = SLOWLY, **more: Any) -> tuple[str, list[str]]:
    """Somebody who has met a milestone and waits behind another, with what they did."""
    path.begin(path.draw(rule, **more))
    path.host(path.somebody(), 3)
    path.work()
    handle = path.somebody()
    ids = path.host(handle, 3)
    path.work()
    assert of(path, handle) == [("waiting", None)]
    return handle, ids


@on_both_databases
def test_what_turns_out_to_be_somebody_elses_is_not_given(path: Path) -> None:
    bo, ids = queued(path)
    correction = {"reason": "Cy did.", "credits": [{"person": path.somebody()}]}
    done(path.guild.post(path.guild.in_guild(f"contributions/{ids[0]}/correct"), correction), 201)
    [waiting] = [met for met in path.attainments() if met["stage"] == "waiting"]
    assert [each["stands"] for each in waiting["contributions"]].count(False) == 1
    a_day_later(path)
    assert of(path, bo) == [("passed_over", "no-longer-met")]
    path.host(bo)
    a_day_later(path)
    assert of(path, bo) == [("given", None), ("passed_over", "no-longer-met")]


def test_what_is_only_said_better_is_given_and_cites_what_stands(path: Path) -> None:
    bo, ids = queued(path)
    correction = {"reason": "A better title.", "title": "Reading together"}
    better = done(path.guild.post(path.guild.in_guild(f"contributions/{ids[0]}/correct"), correction), 201)["id"]
    a_day_later(path)
    assert of(path, bo) == [("given", None)]
    [met] = [met for met in path.attainments() if better in {each["id"] for each in met["contributions"]}]
    assert all(each["stands"] for each in met["contributions"])
    assert {each["id"] for each in met["contributions"]} == {better, *ids[1:]}


def test_what_an_account_did_that_is_theirs_no_longer_is_not_given(path: Path) -> None:
    path.begin(path.draw(SLOWLY))
    path.host(path.somebody(), 3)
    bo = path.somebody()
    path.host(bo, 3, account={"platform": "github", "account": "bo-fictional"})
    link = {"member": bo, "platform": "github", "account": "bo-fictional"}
    path.work()
    linked = done(path.guild.post(path.guild.in_guild("identities"), link), 201)["id"]
    path.work()
    assert of(path, bo) == [("waiting", None)]
    done(path.guild.call("DELETE", path.guild.in_guild(f"identities/{linked}")), 200)
    a_day_later(path)
    assert of(path, bo) == [("passed_over", "no-longer-met")]


def test_who_turns_out_to_be_another_than_who_waits_is_given_what_they_met(path: Path) -> None:
    path.begin(path.draw(SLOWLY))
    path.host(path.somebody(), 3)
    path.work()
    bo, cy = path.somebody(), path.somebody()
    by_id = {
        done(path.guild.get(path.guild.in_guild(f"members/{one}"), token=ADMIN_TOKEN), 200)["id"]: one
        for one in (bo, cy)
    }
    waits, did = by_id[min(by_id)], by_id[max(by_id)]
    linked = {}
    for handle in (waits, did):
        link = {"member": handle, "platform": "github", "account": "both-fictional"}
        linked[handle] = done(path.guild.post(path.guild.in_guild("identities"), link), 201)["id"]
    path.host(did, 3)
    path.work()
    assert (of(path, waits), of(path, did)) == ([("waiting", None)], [])
    done(path.guild.call("DELETE", path.guild.in_guild(f"identities/{linked[waits]}")), 200)
    path.work()
    for _ in range(2):
        a_day_later(path)
    assert (of(path, waits), of(path, did)) == ([("passed_over", "no-longer-met")], [("given", None)])


@on_both_databases
def test_who_does_not_want_to_be_counted_meets_nothing_and_meets_it_once_they_do(path: Path) -> None:
    year = {"all_of": [{"kind": "anniversary", "years": 1}], "a_day": 1}
    bo, _ = queued(path)
    token = path.guild.token(bo)
    done(path.guild.call("PUT", "/v1/me/uncounted", token=token), 200)
    path.begin(path.draw(year, kind="suggest"), backfill=True)
    a_day_later(path)
    assert of(path, bo) == [("passed_over", "no-longer-met")]
    assert {(each["met"], each["counted"]) for each in path.progress(bo)} == {(False, False)}
    done(path.guild.call("DELETE", "/v1/me/uncounted", token=token), 200)
    path.work()
    assert len(of(path, bo)) == 3, "what they did, and the years, count again"
    for _ in range(5):
        a_day_later(path)
    assert sorted(stage for stage, _ in of(path, bo)) == ["given", "given", "passed_over"]


def test_a_badge_of_a_series_that_was_taken_back_meanwhile_does_not_count(path: Path) -> None:
    held = path.guild.achievement(name="One of a series")
    both = {"all_of": [{"kind": "holds", "achievements": [held["id"]], "at_least": 1}], "a_day": 1}
    path.begin(path.draw(both))
    first, second = path.somebody(), path.somebody()
    path.guild.badge(held, recipient={"member": first})
    path.work()
    badge = path.guild.badge(held, recipient={"member": second})
    path.work()
    assert of(path, second) == [("waiting", None)]
    revocation = {"reason": "A mistake."}
    done(path.guild.post(f"/v1/credentials/{badge['id']}/revoke", revocation), 200)
    a_day_later(path)
    assert of(path, second) == [("passed_over", "no-longer-met")]


@on_both_databases
def test_who_waits_when_a_milestone_is_replaced_waits_for_the_one_that_replaces_it(path: Path) -> None:
    bo, _ = queued(path)
    [first] = {met["milestone"] for met in path.attainments()}
    better = path.begin(path.draw(SLOWLY, replaces=first, name="Three sessions, said better"))
    path.work()
    assert of(path, bo) == [("waiting", None)], "another was given today, under the name it had then"
    a_day_later(path)
    assert of(path, bo) == [("given", None)]
    assert path.attainments(milestone=better["id"])[0]["contributions"]


def test_who_waited_when_a_milestone_ended_is_taken_up_by_a_later_one_in_its_stead(path: Path) -> None:
    bo, _ = queued(path)
    [first] = {met["milestone"] for met in path.attainments()}
    done(path.guild.post(path.guild.in_guild(f"milestones/{first}/retire"), token=path.stewards[0]), 200)
    a_day_later(path)
    assert of(path, bo) == [("passed_over", "milestone-retired")]
    path.begin(path.draw(SLOWLY, replaces=first))
    a_day_later(path)
    assert of(path, bo) == [("given", None)]


def test_who_left_and_comes_back_is_given_it_then(path: Path) -> None:
    bo, _ = queued(path)
    done(path.guild.post(path.guild.in_guild(f"members/{bo}/leave")), 200)
    a_day_later(path)
    assert of(path, bo) == [("passed_over", "nobody-there")]
    done(path.guild.post(path.guild.in_guild(f"members/{bo}/return")), 200)
    a_day_later(path)
    assert of(path, bo)[0] == ("given", None)


def test_of_who_never_wants_to_be_recognised_nothing_is_written_down(path: Path) -> None:
    bo, _ = queued(path)
    cy = path.somebody()
    for handle in (bo, cy):
        done(path.guild.call("PUT", "/v1/me/never-add", token=path.guild.token(handle)), 200)
    path.host(cy, 3)
    a_day_later(path)
    assert of(path, bo) == [("passed_over", "nobody-there")], "which is said of who left, too"
    assert of(path, cy) == []


@on_both_databases
def test_an_address_that_is_proven_brings_what_was_done_under_it(path: Path) -> None:
    path.begin(path.draw())
    bo = path.somebody()
    path.host(bo, 3, account={"platform": "email", "account": "bo@people.example"})
    path.work()
    token = path.guild.token(bo)
    done(path.guild.post("/v1/me/emails", {"email": "bo@people.example"}, token=token), 201)
    path.work()
    assert of(path, bo) == []
    done(path.guild.post(f"/v1/emails/{address_link(path.guild, 'bo@people.example')}", token=None), 200)
    path.work()
    assert of(path, bo) == [("given", None)]


def test_one_that_cannot_be_given_holds_up_no_other_and_is_tried_for_days(path: Path) -> None:
    broken = path.begin(path.draw(kind="draft"))
    with path.runtime.writing() as session:
        [row] = session.exec(select(Milestone).where(Milestone.name == broken["name"])).all()
        row.activated_by = None
        session.add(row)
    path.begin(path.draw(kind="suggest", name="Also three sessions"))
    ana = path.somebody()
    path.host(ana, 3)
    path.work()
    assert sorted(of(path, ana), key=str) == [("given", None), ("waiting", None)]
    for _ in range(12):
        path.clock.forward(hours=5)
        path.work()
    assert sorted(of(path, ana), key=str) == [("given", None), ("waiting", None)], "it is tried for days"
    a_day_later(path)
    path.host(ana, 3)
    a_day_later(path)
    assert sorted(of(path, ana), key=str) == [("given", None), ("passed_over", "error")], "and not for ever"
    path.begin(path.draw(kind="draft", replaces=broken["id"], name="Three sessions, by who is there"))
    path.work()
    assert of(path, ana) == [("given", None), ("given", None)]


def test_what_is_held_already_stays_passed_over(path: Path) -> None:
    path.begin(path.draw())
    ana = path.somebody()
    path.guild.badge(path.achievement, recipient={"member": ana})
    path.host(ana, 3)
    path.work()
    path.host(ana, 3)
    path.work()
    assert of(path, ana) == [("passed_over", "already-awarded")]
    [met] = path.attainments()
    refused(path.guild.post(path.guild.in_guild(f"attainments/{met['id']}/dismiss"), token=path.stewards[0]),
            409, "no-suggestion")  # fmt: skip
