"""The life of nominations at random: whatever anybody may try, at any time, in any order."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import col, select

from app.kit.database import read_session
from app.nominations.tables import ACTIVE, Reviewer, Second
from tests.app.nominations import life_checks
from tests.app.nominations.circle import REASON, STATEMENT
from tests.app.nominations.world import POLICIES, SECONDERS, STEWARDS, World

ANYBODY = ["ana", "two", "bo", "bea", "tin", "out", "stranger", *SECONDERS, *STEWARDS]
NOMINATORS = ["ana", "ana", "two", "cy", "tin", "bo"]
WHICH = st.integers(0, 2)
"""Which of the nominations there are."""
WHO = st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.sampled_from(ANYBODY))
"""Mostly one of those whose turn it is."""
STARTS = ("draft", "submitted", "enough seconds")
DAYS = st.sampled_from([0.5, 3, 8, 15, 22, 31, 61])
VERDICT = st.sampled_from(["approve", "approve", "approve", "not_yet", "decline", "recuse"])
VISIBILITY = st.sampled_from(["private", "community", "public"])


class Life(RuleBasedStateMachine):
    """One example: a few nominations of the same people, and everybody around them."""

    world: World

    @initialize(policy=st.sampled_from(sorted(POLICIES)), start=st.sampled_from(STARTS))
    def begin(self, policy: str, start: str) -> None:
        self.world.begin(policy)
        self.policy = POLICIES[policy]
        self.nominations: list[str] = []
        self.memory = life_checks.Memory.of(self.world, open_to_members=policy == "in the open")
        self.propose(nominator="ana", submit=start != "draft", merge=False)
        if start == "enough seconds":
            for seconder in ("cy", "eli", "fay"):
                self.invite(which=0, who=0, whom=[seconder])
                self.second(which=0, who=seconder, publish=True)

    @rule(
        nominator=st.sampled_from(["ana", "ana", "two", "cy", "tin", "bo"]), submit=st.booleans(), merge=st.booleans()
    )
    def propose(self, nominator: str, submit: bool, merge: bool) -> None:
        """A nomination; a second one for the same is a twin."""
        if len(self.nominations) == 3:
            return
        world, nominees = self.world, ["bo", "bea"] if "team" in self.policy else ["bo"]
        body = world.circle.nominating(nominees=[world.people[each] for each in nominees], submit=submit, merge=merge)
        made = self.try_to("POST", world.guild.in_guild("nominations"), body, by=nominator)
        if made:
            self.nominations.append(made["id"])

    @rule(which=WHICH, who=WHO, words=st.sampled_from(["Set out the chairs.", "Stayed to the end."]))
    def edit(self, which: int, who: int | str, words: str) -> None:
        body = {"statement": STATEMENT | {"context": words}}
        self.act(which, "", body, by=self.one_of(["ana"], who), method="PATCH")

    @rule(which=WHICH, who=WHO, merge=st.booleans())
    def submit(self, which: int, who: int | str, merge: bool) -> None:
        self.act(which, f"/submit?merge={str(merge).lower()}", by=self.one_of(["ana"], who))

    @rule(which=WHICH, who=WHO, whom=st.lists(st.sampled_from([*SECONDERS, "sam", "two", "tin", "bo"]), min_size=1))
    def invite(self, which: int, who: int | str, whom: list[str]) -> None:
        body = {"members": [self.world.people[each] for each in whom]}
        self.act(which, "/invitations", body, by=self.one_of(["ana", "ana", "sol"], who))

    @rule(which=WHICH, who=WHO, publish=st.booleans())
    def second(self, which: int, who: int | str, publish: bool) -> None:
        body = {"reason": REASON, "publish": publish}
        self.act(which, "/seconds", body, by=self.one_of(list(SECONDERS), who))

    @rule(which=WHICH, who=WHO)
    def take_back(self, which: int, who: int | str) -> None:
        self.act(which, "/seconds", by=self.one_of(self.seconders(which), who), method="DELETE")

    @rule(which=WHICH, who=WHO, verdict=VERDICT)
    def review(self, which: int, who: int | str, verdict: str) -> None:
        body = {"verdict": verdict, "evidence_checked": [0], "feedback": "It could say more of the winter."}
        self.act(which, "/reviews", body, by=self.one_of(self.panel(which), who))

    @rule(which=WHICH, who=WHO, response=st.sampled_from(["accept", "accept", "refuse"]), visibility=VISIBILITY)
    def respond(self, which: int, who: int | str, response: str, visibility: str) -> None:
        by = self.one_of(["bo", "bea"] if "team" in self.policy else ["bo"], who)
        answered = self.act(which, "/response", {"response": response, "visibility": visibility}, by=by)
        assert answered is None or by in {"bo", "bea"}, by

    @rule(which=WHICH, who=WHO)
    def hold(self, which: int, who: int | str) -> None:
        if who != 0:  # not too often, since then nothing else is possible
            return
        self.act(which, "/hold", {"reason": "Somebody should look."}, by=self.one_of(list(STEWARDS), who))

    @rule(which=WHICH, who=WHO)
    def release(self, which: int, who: int | str) -> None:
        self.act(which, "/release", by=self.one_of(list(STEWARDS), who))

    @rule(which=WHICH, who=st.sampled_from(ANYBODY))
    def report(self, which: int, who: str) -> None:
        self.act(which, "/reports", {"category": "other", "text": "This is not how it was."}, by=who)

    @rule(which=WHICH, who=WHO)
    def withdraw(self, which: int, who: int | str) -> None:
        if isinstance(who, str):  # not by those who may, as often as by others: it would end every example
            self.act(which, "/withdraw", {"reason": "Written in haste."}, by=who)

    @rule(days=DAYS)
    def wait(self, days: float) -> None:
        self.world.wait(days=days)
        self.memory.stirred = True

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "memory"):
            self.memory.check(self.nominations)

    def teardown(self) -> None:
        if hasattr(self, "memory"):
            self.memory.check_at_the_end()

    def act(self, which: int, act: str, body: Any = None, *, by: str, method: str = "POST") -> dict[str, Any] | None:
        """What somebody does to one of the nominations."""
        if not self.nominations:
            return None
        id = self.nominations[which % len(self.nominations)]
        return self.try_to(method, f"/v1/nominations/{id}{act}", body, by=by, of=id)

    def try_to(
        self, method: str, path: str, body: Any = None, *, by: str, of: str | None = None
    ) -> dict[str, Any] | None:
        """The answer to what was done; None where it was refused, which changes nothing."""
        hidden = of if of is not None and self.memory.is_hidden(of, by) else None
        before = self.memory.seq()
        answer = self.world.send(method, path, body, by=by)
        assert answer.status_code < 500, answer.text
        found: dict[str, Any] = answer.json()
        if hidden is not None:
            assert (answer.status_code, found["type"]) == (404, "/problems/no-such-nomination"), (by, path, found)
            assert hidden not in answer.text.replace(f"no nomination {hidden}", "")
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

    def seconders(self, which: int) -> list[str]:
        return self.found(which, select(Second.member_id).where(col(Second.withdrawn_at).is_(None)), Second)

    def panel(self, which: int) -> list[str]:
        """Who may have a seat: those who have one, and each steward where one decides."""
        seats = select(Reviewer.member_id).where(col(Reviewer.seat).in_(ACTIVE))
        return self.found(which, seats, Reviewer) or list(STEWARDS)

    def found(self, which: int, members: Any, table: Any) -> list[str]:
        """The parts of the members that a query finds in one of the nominations."""
        if not self.nominations:
            return []
        id = UUID(self.nominations[which % len(self.nominations)])
        with read_session(self.world.engine) as session:
            ids = session.exec(members.where(table.nomination_id == id)).all()
        return sorted(self.world.part_of(id) for id in ids)
