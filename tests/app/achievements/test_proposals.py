"""Members propose what should be recognised; others support it; stewards adopt or decline it."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.achievements.proposals import MOST_DRAFTS
from app.kit.database import read_session
from app.kit.journal import Event
from app.members.rules import EVERY_SCOPE
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import ACHIEVEMENT, Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases

TALK = "https://talk.guild.example/t/12"
WANTED = ACHIEVEMENT | {"image": data_uri(png()), "discussion": TALK}


class People:
    """Members of a community, who each call with a token of their own."""

    def __init__(self, guild: Guild, *handles: str) -> None:
        self.guild, self.tokens, self.ids = guild, {"admin": ADMIN_TOKEN}, {}
        for handle in handles:
            role = "steward" if handle.startswith("ste") else "member"
            self.ids[handle] = guild.member(handle, role=role)["id"]
            self.tokens[handle] = guild.token(handle, role)

    def post(self, who: str, path: str = "", body: Any = None) -> httpx2.Response:
        return self.call("POST", who, path, body)

    def call(self, method: str, who: str, path: str = "", body: Any = None, **headers: str) -> httpx2.Response:
        path = self.guild.in_guild(f"proposals{path}")
        return self.guild.call(method, path, body, token=self.tokens[who], **headers)

    def draft(self, who: str = "ana", **changes: Any) -> dict[str, Any]:
        return done(self.post(who, "", WANTED | changes), 201)

    def opened(self, who: str = "ana", **changes: Any) -> dict[str, Any]:
        return done(self.post(who, f"/{self.draft(who, **changes)['id']}/open"), 200)

    def read(self, who: str, id: str) -> dict[str, Any]:
        return done(self.call("GET", who, f"/{id}"), 200)


@pytest.fixture
def people(guild: Guild) -> People:
    return People(guild, "ana", "bo", "chidi", "ste", "stella")


@pytest.fixture(scope="module")
def crowd(standing: Guild) -> People:
    """People whom all tests of the module share that need no others."""
    return People(standing, "ana", "bo", "chidi", "ste", "stella")


def events(engine: sa.Engine, subject: str) -> list[Event]:
    with read_session(engine) as session:
        return list(session.exec(select(Event).where(Event.subject == subject).order_by(col(Event.seq))))


@on_both_databases
def test_a_member_proposes_and_a_steward_adopts(people: People, engine: sa.Engine) -> None:
    guild = people.guild
    said: dict[str, Any] = {"value_to_member": "You learn.", "policy": {"min_seconds": 3}}
    draft = people.draft(**said)
    assert (draft["state"], draft["proposer"], draft["discussion"]) == ("draft", people.ids["ana"], TALK)
    assert [warning["pointer"] for warning in draft["lint"]] == ["/value_to_community"]
    path = f"/{draft['id']}"
    opened = done(people.post("ana", f"{path}/open"), 200)
    assert (opened["state"], opened["supports"], opened["achievement"]) == ("discussed", 0, None)
    assert done(people.post("bo", f"{path}/support", {"comment": "It was missing."}), 200)["supports"] == 1
    assert done(people.post("stella", f"{path}/support", {}), 200)["supports"] == 2
    adopted = done(people.post("ste", f"{path}/adopt"), 200)
    assert adopted["state"] == "adopted"
    made = done(guild.get(guild.in_guild(f"achievements/{adopted['achievement']}")), 200)
    told = ("name", "description", "criteria", "policy", "tags", "value_to_member", "discussion", "image_source")
    assert {name: made[name] for name in told} == {name: draft[name] for name in told}
    assert guild.badge(made)["achievement_version"] == 1
    assert people.read("chidi", draft["id"]) == adopted
    happened = {event.type: event for event in events(engine, draft["id"])}
    assert list(happened) == ["proposal.made", "proposal.opened", "proposal.supported", "proposal.adopted"]
    assert happened["proposal.adopted"].actor == people.ids["ste"]
    [created] = events(engine, made["id"])
    assert created.data == {
        "version": 1,
        "proposal": draft["id"],
        "proposed_by": people.ids["ana"],
        "discussion": hashlib.sha256(TALK.encode()).hexdigest(),
        "supporters": 2,
    }
    assert happened["proposal.adopted"].data["achievement"] == made["id"]


@on_both_databases
def test_of_those_who_adopt_at_once_one_does(people: People) -> None:
    proposal = people.opened()
    stewards = ["ste", "stella", "admin", "ste"]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda who: people.post(who, f"/{proposal['id']}/adopt"), stewards))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert refused(answer, 409, "invalid-transition")["allowed"] == []
    assert len(done(people.guild.get(people.guild.in_guild("achievements")), 200)["items"]) == 1


@on_both_databases
def test_of_those_who_decide_otherwise_at_once_one_does(people: People) -> None:
    proposal = people.opened()
    calls = [("ste", "adopt", None), ("stella", "decline", {"feedback": "No."}), ("ana", "withdraw", None)]
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda c: people.post(c[0], f"/{proposal['id']}/{c[1]}", c[2]), calls))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    [decided] = [answer.json() for answer in answers if answer.is_success]
    made = done(people.guild.get(people.guild.in_guild("achievements")), 200)["items"]
    assert [achievement["id"] for achievement in made] == [decided["achievement"]] * (decided["state"] == "adopted")


@on_both_databases
def test_who_supports_twice_at_once_supports_once(people: People) -> None:
    path = f"/{people.opened()['id']}/support"
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda n: people.post("bo", path, {"comment": f"Yes {n}."}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    [given] = done(people.call("GET", "chidi", path), 200)["items"]
    assert (given["member"], given["proposal_version"]) == (people.ids["bo"], 2)


def test_a_draft_is_its_proposers_and_the_stewards(people: People) -> None:
    draft, opened = people.draft(), people.opened("bo")
    gone = people.draft("bo")
    assert done(people.post("bo", f"/{gone['id']}/withdraw"), 200)["state"] == "withdrawn"
    seen = {"ana": [opened, draft], "bo": [gone, opened], "chidi": [opened], "ste": [gone, opened, draft]}
    seen["admin"] = seen["ste"]
    for who, proposals in seen.items():
        listed = done(people.call("GET", who), 200)["items"]
        assert [proposal["id"] for proposal in listed] == [proposal["id"] for proposal in proposals]
        for proposal in (draft, opened, gone):
            answer = people.call("GET", who, f"/{proposal['id']}")
            assert answer.status_code == (200 if proposal in proposals else 404)
            assert people.call("GET", who, f"/{proposal['id']}/support").status_code == answer.status_code
    hidden = refused(people.post("chidi", f"/{draft['id']}/support", {}), 404, "no-such-proposal")
    nothing = refused(
        people.post("chidi", "/00000000-0000-7000-8000-00000000ffff/support", {}), 404, "no-such-proposal"
    )
    assert set(hidden) == set(nothing)


def test_outsiders_and_platforms_see_nothing(crowd: People) -> None:
    proposal, guild = crowd.opened(), crowd.guild
    platform = guild.token(None, "platform", *(EVERY_SCOPE - {"keys:manage", "members:write", "audit:read"}))
    for path in ("proposals", f"proposals/{proposal['id']}", f"proposals/{proposal['id']}/support"):
        refused(guild.get(guild.in_guild(path)), 401, "unauthenticated")
        refused(guild.get(guild.in_guild(path), token=platform), 403, "forbidden")
    refused(guild.post(guild.in_guild("proposals"), WANTED, token=platform), 403, "forbidden")
    refused(guild.post(guild.in_guild(f"proposals/{proposal['id']}/adopt"), token=platform), 403, "forbidden")
    refused(crowd.post("admin", "", WANTED), 403, "forbidden")


def test_only_the_proposer_changes_opens_and_withdraws(crowd: People) -> None:
    opened, draft = crowd.opened(), crowd.draft()
    for who in ("bo", "ste", "admin"):
        refused(crowd.call("PATCH", who, f"/{opened['id']}", {"name": "Mine"}), 403, "not-the-proposer")
        refused(crowd.post(who, f"/{opened['id']}/withdraw"), 403, "not-the-proposer")
    refused(crowd.post("ste", f"/{draft['id']}/open"), 403, "not-the-proposer")
    refused(crowd.post("bo", f"/{draft['id']}/open"), 404, "no-such-proposal")
    for who in ("ana", "bo"):
        refused(crowd.post(who, f"/{opened['id']}/adopt"), 403, "forbidden")
        refused(crowd.post(who, f"/{opened['id']}/decline", {"feedback": "No."}), 403, "forbidden")


def test_a_change_keeps_what_it_leaves_out_and_needs_the_version_it_is_meant_for(crowd: People) -> None:
    proposal = crowd.opened(policy={"review": {"quorum": 3}})
    path = f"/{proposal['id']}"
    done(crowd.post("bo", f"{path}/support", {}), 200)
    refused(crowd.call("PATCH", "ana", path, {"name": "Circle Host"}), 428, "precondition-required")
    refused(crowd.call("PATCH", "ana", path, {"name": "Circle Host"}, If_Match='"1"'), 412, "precondition-failed")
    changes = {"name": "Circle Host", "policy": {"review": {"panel_size": 5}}, "value_to_community": "Room for all."}
    changed = crowd.call("PATCH", "ana", path, changes, If_Match='"2"')
    assert changed.headers["etag"] == '"3"'
    policy = done(changed, 200)["policy"]["review"]
    assert (policy["quorum"], policy["panel_size"]) == (3, 5)
    same = ("description", "criteria", "discussion", "image_source", "proposer", "state")
    assert {name: changed.json()[name] for name in same} == {name: proposal[name] for name in same}
    [given] = done(crowd.call("GET", "bo", f"{path}/support"), 200)["items"]
    assert given["proposal_version"] == 2
    assert done(crowd.call("PATCH", "ana", path, {"image": None}, If_Match='"3"'), 200)["image_source"] == "drawn"
    problem = refused(crowd.call("PATCH", "ana", path, {"discussion": None}, If_Match="*"), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/discussion"]
    assert crowd.call("GET", "bo", path).headers["etag"] == '"4"'
    refused(crowd.call("POST", "ste", f"{path}/adopt", If_Match='"3"'), 412, "precondition-failed")
    assert done(crowd.call("POST", "ste", f"{path}/adopt", If_Match='"4"'), 200)["state"] == "adopted"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"discussion": None}, "/discussion"),
        ({"discussion": "javascript:alert(1)"}, "/discussion"),
        ({"discussion": ""}, "/discussion"),
        ({"name": " "}, "/name"),
        ({"policy": {"stackable": True}}, "/policy/period"),
        ({"policy": {"minseconds": 1}}, "/policy/minseconds"),
        ({"image": "no picture"}, "/image"),
        ({"state": "adopted"}, "/state"),
        ({"proposer": "bo"}, "/proposer"),
    ],
)
def test_what_could_never_be_adopted_is_not_taken(crowd: People, changes: dict[str, Any], pointer: str) -> None:
    problem = refused(crowd.post("ana", "", WANTED | changes), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_proposal_without_a_link_to_its_discussion_is_refused(crowd: People) -> None:
    problem = refused(crowd.post("ana", "", ACHIEVEMENT), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/discussion"]


def test_an_impossible_step_names_the_possible_ones(crowd: People) -> None:
    draft = f"/{crowd.draft()['id']}"
    for who, step, body in (("ste", "adopt", None), ("ste", "decline", {"feedback": "No."}), ("ste", "support", {})):
        problem = refused(crowd.post(who, f"{draft}/{step}", body), 409, "invalid-transition")
        assert problem["allowed"] == ["change", "open", "withdraw"]
    done(crowd.post("ana", f"{draft}/withdraw"), 200)
    for step in ("open", "withdraw"):
        assert refused(crowd.post("ana", f"{draft}/{step}"), 409, "invalid-transition")["allowed"] == []
    change = crowd.call("PATCH", "ana", draft, {"name": "Other"}, If_Match="*")
    assert refused(change, 409, "invalid-transition")["allowed"] == []
    discussed = f"/{crowd.opened()['id']}"
    problem = refused(crowd.post("ana", f"{discussed}/open"), 409, "invalid-transition")
    assert problem["allowed"] == ["change", "support", "adopt", "decline", "withdraw"]


def test_to_decline_takes_a_reason_that_the_proposer_reads(crowd: People) -> None:
    path = f"/{crowd.opened()['id']}"
    for body in ({}, {"feedback": ""}, {"feedback": "  "}, {"feedback": None}):
        refused(crowd.post("ste", f"{path}/decline", body), 422, "invalid")
    declined = done(crowd.post("ste", f"{path}/decline", {"feedback": "We have one much like it."}), 200)
    assert (declined["state"], declined["feedback"]) == ("declined", "We have one much like it.")
    assert crowd.read("ana", declined["id"]) == declined
    refused(crowd.post("stella", f"{path}/adopt"), 409, "invalid-transition")


def test_support_is_given_once_by_others_and_may_be_taken_back(crowd: People) -> None:
    path = f"/{crowd.opened()['id']}/support"
    refused(crowd.post("ana", path, {}), 403, "own-proposal")
    refused(crowd.post("admin", path, {}), 403, "forbidden")
    refused(crowd.call("DELETE", "bo", path), 404, "no-such-support")
    done(crowd.post("bo", path, {"comment": "Yes."}), 200)
    refused(crowd.post("bo", path, {"comment": "Yes!"}), 409, "already-supported")
    assert done(crowd.call("DELETE", "bo", path), 200)["supports"] == 0
    done(crowd.post("bo", path, {"comment": "Still."}), 200)
    assert [given["comment"] for given in done(crowd.call("GET", "ana", path), 200)["items"]] == ["Still."]
    done(crowd.post("ste", path.replace("support", "adopt")), 200)
    refused(crowd.call("DELETE", "bo", path), 409, "invalid-transition")


def test_a_steward_decides_about_their_own_only_where_nobody_else_could(guild: Guild) -> None:
    people = People(guild, "ste", "stella")
    path = f"/{people.opened('ste')['id']}"
    refused(people.post("ste", f"{path}/adopt"), 403, "own-proposal")
    refused(people.post("ste", f"{path}/decline", {"feedback": "No."}), 403, "own-proposal")
    done(guild.call("PATCH", guild.in_guild("members/stella"), {"role": "member"}, If_Match="*"), 200)
    assert done(people.post("ste", f"{path}/adopt"), 200)["state"] == "adopted"


def test_a_member_has_so_many_drafts_and_no_more(guild: Guild) -> None:
    people = People(guild, "ana")
    drafts = [people.draft() for _ in range(MOST_DRAFTS)]
    refused(people.post("ana", "", WANTED), 409, "too-many-drafts")
    done(people.post("ana", f"/{drafts[0]['id']}/open"), 200)
    people.draft()


def test_what_grew_unfit_since_is_not_adopted(guild: Guild) -> None:
    people = People(guild, "ana", "ste")
    proposal = people.opened(policy={"review": {"mode": "auto_on_seconds"}})
    for n in range(13):
        guild.member(f"m{n}")
    refused(people.post("ste", f"/{proposal['id']}/adopt"), 422, "invalid")
    assert people.read("ana", proposal["id"]) == proposal
