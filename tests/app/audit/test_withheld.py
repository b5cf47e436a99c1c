"""What the journal keeps from a steward who has a stake in what it tells."""

from typing import Any
from uuid import UUID

import pytest

from app.kit.database import write_session
from app.kit.occasions import Occasion
from app.nominations.rules import State
from app.nominations.tables import Nomination, Reviewer, Seat
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import THEN, CountingIds

STEWARDS = ("nor", "nil", "sec", "wei", "sam")
"""Nominator, nominee, seconder, who weighs it, and one with no stake in it."""


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
            blank = {"actor": None, "data": None, "id": None, "from_state": None, "to_state": None,
                     "policy_version": None, "reason_digest": None, "withheld": True}  # fmt: skip
            assert entry == full | blank
            others += 1
        else:
            assert entry == full
            own += full["object"] == nomination
    assert others
    assert own or who == "wei"


@on_both_databases
def test_a_nominee_does_not_hear_of_it_from_the_journal(circle: Circle, nomination: str) -> None:
    whole, seen = entries(circle, None), entries(circle, "nil")
    assert nomination not in str(seen)
    for full, entry in zip(whole, seen, strict=True):
        if full["object"] == nomination:
            shown = ("community", "seq", "at", "hash", "prev_hash", "withheld")
            assert {name: value for name, value in entry.items() if value is not None} == {
                name: full[name] if name != "withheld" else True for name in shown
            }
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
        assert not any(entry["withheld"] for entry in found)
        assert len(found) < len(whole)
    kept = done(circle.guild.get(circle.guild.in_guild(f"audit?limit=1&actor={UUID(int=77)}"),
                                 token=circle.tokens[who]), 200)  # fmt: skip
    assert kept == {"items": [], "next": None}


def test_a_withheld_journal_can_still_be_verified(circle: Circle, nomination: str) -> None:
    told = done(circle.guild.get(circle.guild.in_guild("audit/verify"), token=circle.tokens["nil"]), 200)
    last = entries(circle, "nil")[-1]
    assert (told["holds"], told["head"]) == (True, last["hash"])
