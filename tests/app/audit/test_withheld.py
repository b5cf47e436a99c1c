"""What the journal keeps from a steward who has a stake in what it tells."""

from typing import Any
from uuid import UUID

import pytest

from app.kit.database import write_session
from app.kit.occasions import Occasion
from app.nominations.rules import State
from app.nominations.tables import Nomination, Reviewer, Seat
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import REASON, Circle
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN, CountingIds

STEWARDS = ("nor", "nil", "sec", "wei", "sam")
"""Nominator, nominee, seconder, who weighs it, and one with no stake in it."""


QUICK = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 1}
SHOWN = ("community", "seq", "at", "hash", "prev_hash")
"""What is left of an event of which nothing is told."""


@pytest.fixture
def circle(guild: Guild) -> Circle:
    return Circle(guild).join(*STEWARDS, role="steward").offering()


@pytest.fixture
def nomination(circle: Circle, ids: CountingIds) -> str:
    """One that was seconded and is weighed; somebody has voted."""
    id = circle.seconded("sec", nominee="nil", by="nor")
    with write_session(runtime_of(circle.guild).engine) as session:
        row = session.get_one(Nomination, UUID(id))
        row.state, row.panel = State.under_review, 1
        seat = Reviewer(id=ids.row(), nomination_id=row.id, panel=1, member_id=UUID(circle.ids["wei"]), pseudonym="R1",
                        source="steward", disclosed=[], seat=Seat.assigned, at=THEN, checked=[])  # fmt: skip
        session.add_all([row, seat])
        other = Occasion(actor=str(UUID(int=77)), now=THEN, ids=ids)
        other.record(session, row.community_id, "nomination.reviewed", row.id, {"verdict": "approve"})
    return id


def entries(circle: Circle, by: str | None, query: str = "") -> list[dict[str, Any]]:
    token = ADMIN_TOKEN if by is None else circle.tokens[by]
    found = done(circle.guild.get(circle.guild.in_guild(f"audit?limit=200{query}"), token=token), 200)
    items: list[dict[str, Any]] = found["items"]
    return items


def told(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


@on_both_databases
def test_who_has_no_stake_in_it_reads_all(circle: Circle, nomination: str) -> None:
    assert entries(circle, "sam") == entries(circle, None)
    assert not any(entry["withheld"] for entry in entries(circle, None))


@on_both_databases
@pytest.mark.parametrize("who", ["nor", "sec", "wei"])
def test_of_what_concerns_them_stewards_read_what_they_did_themselves(
    circle: Circle, nomination: str, who: str
) -> None:
    whole, seen = entries(circle, None), entries(circle, who)
    assert [(entry["seq"], entry["hash"], entry["at"]) for entry in seen] == [
        (entry["seq"], entry["hash"], entry["at"]) for entry in whole
    ]
    own, others = 0, 0
    for full, entry in zip(whole, seen, strict=True):
        if full["object"] == nomination and full["actor"] != circle.ids[who]:
            assert told(entry) == {name: full[name] for name in SHOWN} | {"withheld": True}
            others += 1
        elif full["object"] == nomination:
            seen_of_own = (*SHOWN, "actor", "action", "object")
            assert told(entry) == {name: full[name] for name in seen_of_own} | {"withheld": True}
            own += 1
        else:
            assert entry == full
    assert others
    assert own or who == "wei"


@on_both_databases
def test_a_nominee_does_not_hear_of_it_from_the_journal(circle: Circle, nomination: str) -> None:
    whole, seen = entries(circle, None), entries(circle, "nil")
    assert nomination not in str(seen)
    for full, entry in zip(whole, seen, strict=True):
        if full["object"] == nomination:
            assert told(entry) == {name: full[name] for name in SHOWN} | {"withheld": True}
    for seq in (entry["seq"] for entry in whole if entry["object"] == nomination):
        one = done(circle.guild.get(circle.guild.in_guild(f"audit/{seq}"), token=circle.tokens["nil"]), 200)
        assert one in seen


@on_both_databases
def test_drafts_are_their_writers(circle: Circle) -> None:
    id = circle.nomination("nil", by="nor", submit=False)
    assert id not in str(entries(circle, "sam"))
    assert id in str(entries(circle, "nor"))


@on_both_databases
@pytest.mark.parametrize("who", ["nor", "nil", "sec", "wei"])
def test_nothing_is_found_by_what_is_withheld(circle: Circle, nomination: str, who: str) -> None:
    whole = entries(circle, None)
    for query in (
        f"&actor={UUID(int=77)}",
        f"&actor={circle.ids['nor']}",
        f"&subject={nomination}",
        "&type=nomination.",
        "&order=newest&type=nomination.reviewed",
    ):
        found = entries(circle, who, query)
        assert all(entry["actor"] == circle.ids[who] for entry in found if entry["object"] == nomination)
        assert all(entry["actor"] == circle.ids[who] for entry in found if entry["withheld"])
        assert len(found) < len(whole)
    kept = done(circle.guild.get(circle.guild.in_guild(f"audit?limit=1&actor={UUID(int=77)}"),
                                 token=circle.tokens[who]), 200)  # fmt: skip
    assert kept == {"items": [], "next": None}


def test_a_refusal_is_read_by_nobody_but_stewards_without_a_stake_and_a_wish_in_it_by_none(circle: Circle) -> None:
    circle.offering(**QUICK)
    refusals = []
    for nominee, wish in (("nil", {}), ("wei", {"never_add": True})):
        id = circle.seconded("sec", nominee=nominee, by="nor")
        before = len(entries(circle, None))
        done(circle.act(id, "response", {"response": "refuse"} | wish, by=nominee), 200)
        for who in ("nor", "sec"):
            assert done(circle.see(id, who), 200)["state"] == "closed"
            journal = entries(circle, who)
            assert "nomination.refused" not in str(journal)
            assert {entry["actor"] for entry in journal if entry["object"] == id} == {circle.ids[who]}
            assert not [entry["data"] for entry in journal if entry["object"] == id and entry["data"] is not None]
        refusals.append([(entry["action"], sorted(entry["data"])) for entry in entries(circle, "sam")[before:]])
    assert refusals[0] == refusals[1]
    assert [action for action, _ in refusals[0]] == ["nomination.refused"]


def test_stewards_do_not_read_of_endorsements_that_are_not_shown_to_them(circle: Circle) -> None:
    guild = circle.join("eve", "bob").guild
    about = {"subject": "credential", "id": guild.badge(recipient={"member": "bob"})["id"]}
    done(guild.post("/v1/endorsement-requests", about | {"of": {"member": "wei"}}, token=circle.tokens["bob"]), 201)
    given = done(guild.post("/v1/endorsements", about | {"comment": REASON}, token=circle.tokens["eve"]), 201)["id"]

    def answered(response: str) -> None:
        done(guild.post(f"/v1/endorsements/{given}/response", {"response": response}, token=circle.tokens["bob"]), 200)

    def read(who: str | None) -> list[str]:
        return [entry["action"] for entry in entries(circle, who) if "endorsement" in str(entry["action"])]

    assert read("sam") == []
    assert entries(circle, "sam", "&type=endorsement.") == entries(circle, "sam", f"&subject={given}") == []
    assert read("wei") == ["endorsement.requested"]
    refused(guild.get(f"/v1/endorsements/{given}", token=circle.tokens["sam"]), 404, "no-such-endorsement")
    answered("accept")
    assert read("sam") == ["endorsement.offered", "endorsement.accepted"]
    other = done(guild.post("/v1/endorsements", about | {"comment": REASON}, token=circle.tokens["nor"]), 201)["id"]
    done(guild.post(f"/v1/endorsements/{other}/response", {"response": "decline"}, token=circle.tokens["bob"]), 200)
    assert other not in str(entries(circle, "sam"))
    assert [entry["action"] for entry in entries(circle, "nor", f"&subject={other}")] == [
        "endorsement.offered", "endorsement.declined"
    ]  # fmt: skip


def test_who_says_that_the_address_of_a_nominee_is_theirs_reads_nothing_of_it(circle: Circle) -> None:
    id = circle.nomination({"email": "zed@people.example", "name": "Zed"}, by="nor")
    assert id in str(entries(circle, "sam"))
    done(circle.guild.post("/v1/me/emails", {"email": "zed@people.example"}, token=circle.tokens["sam"]), 201)
    assert id not in str(entries(circle, "sam"))


def test_a_withheld_journal_can_still_be_verified(circle: Circle, nomination: str) -> None:
    told = done(circle.guild.get(circle.guild.in_guild("audit/verify"), token=circle.tokens["nil"]), 200)
    last = entries(circle, "nil")[-1]
    assert (told["holds"], told["head"]) == (True, last["hash"])
