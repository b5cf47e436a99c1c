"""How somebody does something in the life of nominations, and what is true of every answer to it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition
from sqlmodel import col, select

from app.kit.database import read_session
from app.nominations.rules import State
from app.nominations.tables import ACTIVE, Nominee, Reviewer, Second
from tests.app.nominations import life_checks
from tests.app.nominations.world import SECONDERS, STEWARDS, World

ANYBODY = ["ana", "two", "bo", "bea", "zed", "tin", "out", "stranger", "gil", "guz", *SECONDERS, *STEWARDS]
WHICH = st.integers(0, 3)
"""Which of the nominations where this may be possible; 3 is one of all."""
WHO = st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.sampled_from(ANYBODY))
"""Mostly one of those whose turn it is."""
FOR_OTHERS = {"/hold", "/release", "/reviews", "/reviewers", "/reoffer", "/info-requests", "/objections"}
"""What nobody does who has a stake in it."""
AT_WORK = (State.under_review, State.appealed)


def where(*states: State) -> Callable[[Any], Any]:
    """A rule for when a nomination is in one of these states; that it is refused in others is tried by the way."""
    return precondition(lambda machine: not states or any(s in states for s in machine.memory.states.values()))


class Acting(RuleBasedStateMachine):
    """What the rules of all machines share."""

    world: World
    policy: str
    memory: life_checks.Memory
    words = 0
    """How often somebody was called otherwise, or said something else."""

    def pick(self, which: int, *states: State) -> str | None:
        """One of the nominations in these states, or of all."""
        known = self.memory.states
        fitting = [id for id in known if which < 3 and known[id] in states] or list(known)
        return fitting[which % len(fitting)] if fitting else None

    def act(
        self, id: str | None, act: str, body: Any = None, *, by: str, method: str = "POST"
    ) -> dict[str, Any] | None:
        """What somebody does to one of the nominations. None where it was refused."""
        if id is None:
            return None
        parties = self.memory.parties(id)
        found = self.try_to(method, f"/v1/nominations/{id}{act}", body, by=by, of=id)
        if found is not None and act in FOR_OTHERS:
            assert self.world.person(by) not in parties, (by, act, parties)
        return found

    def try_to(
        self, method: str, path: str, body: Any = None, *, by: str | None, of: str | None = None
    ) -> dict[str, Any] | None:
        """The answer to what was done; None where it was refused, which changes nothing."""
        if by == "zed" and "zed" not in self.world.people:
            return None  # has no token yet
        hidden = of is not None and by is not None and self.memory.is_hidden(of, by)
        before = self.memory.seq()
        answer = self.world.send(method, path, body, by=by)
        assert answer.status_code < 500, answer.text
        found: dict[str, Any] = answer.json()
        if hidden:
            assert (answer.status_code, found["type"]) == (404, "/problems/no-such-nomination"), (by, path, found)
        if answer.is_success:
            self.memory.stirred = True
            return found
        assert found["type"].startswith("/problems/"), found
        assert self.memory.seq() == before, "a refusal was written down"
        return None

    def one_of(self, those: list[str], who: int | str) -> str:
        """Whose turn it is, or whoever else was drawn."""
        if isinstance(who, str) or not those:
            return who if isinstance(who, str) else ANYBODY[who]
        return those[who % len(those)]

    def nominees(self, id: str | None, *states: State) -> list[str]:
        """Those nominees with whom it stands so."""
        return self.found(id, select(Nominee.member_id).where(col(Nominee.state).in_(states)), Nominee)

    def seconders(self, id: str | None) -> list[str]:
        return self.found(id, select(Second.member_id).where(col(Second.withdrawn_at).is_(None)), Second)

    def panel(self, id: str | None) -> list[str]:
        """Who may have a seat: those who have one and have yet to vote first, and each steward where one decides."""
        seats = select(Reviewer.member_id).where(col(Reviewer.seat).in_(ACTIVE))
        waiting = self.found(id, seats.where(col(Reviewer.verdict).is_(None)), Reviewer)
        return waiting or self.found(id, seats, Reviewer) or list(STEWARDS)

    def found(self, id: str | None, members: Any, table: Any) -> list[str]:
        """The parts of the members that a query finds in one of the nominations."""
        if id is None:
            return []
        with read_session(self.world.engine) as session:
            ids = session.exec(members.where(table.nomination_id == UUID(id))).all()
        return sorted(self.world.part_of(id) for id in ids)

    def newest(self, id: str | None, what: str) -> str | None:
        """The id of the newest question or objection, as the nominator reads it."""
        answer = self.world.send("GET", f"/v1/nominations/{id}/{what}?limit=200", by="ana") if id is not None else None
        items = answer.json()["items"] if answer is not None and answer.is_success else []
        return str(items[-1]["id"]) if items else None
