"""Those who weigh nominations, in the life of nominations: votes, questions, objections, appeals, guests."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.nominations.rules import State
from tests.app.nominations.life_acting import AT_WORK, WHICH, WHO, Acting, where
from tests.app.nominations.world import STEWARDS

VERDICT = st.sampled_from(["approve", "approve", "approve", "not_yet", "decline", "decline", "recuse"])
SUFFICED = (State.seconded, *AT_WORK)


class Weighing(Acting):
    """What a panel does, and what is done because of it."""

    @where(*AT_WORK)
    @rule(which=WHICH, who=WHO, verdict=VERDICT)
    def review(self, which: int, who: int | str, verdict: str) -> None:
        id = self.pick(which, *AT_WORK)
        body = {"verdict": verdict, "evidence_checked": [0], "feedback": "It could say more of the winter."}
        self.act(id, "/reviews", body, by=self.one_of(self.panel(id), who))

    @where(State.under_review)
    @rule(which=WHICH, who=WHO)
    def ask(self, which: int, who: int | str) -> None:
        id = self.pick(which, State.under_review)
        self.act(id, "/info-requests", {"question": "Who else was there?"}, by=self.one_of(self.panel(id), who))

    @where(State.needs_info)
    @rule(which=WHICH, who=WHO)
    def answer(self, which: int, who: int | str) -> None:
        id = self.pick(which, State.needs_info)
        question = self.newest(id, "info-requests")
        if question:
            by = self.one_of(["ana", "ana", *self.memory.about.get(id or "", [])], who)
            self.act(id, f"/info-requests/{question}/answer", {"answer": "Nine of us were."}, by=by)

    @where(*AT_WORK)
    @rule(which=WHICH, who=WHO)
    def object_to(self, which: int, who: int | str) -> None:
        id = self.pick(which, *AT_WORK)
        self.act(id, "/objections", {"reason": "This was somebody else."}, by=self.one_of(self.panel(id), who))

    @where(*AT_WORK)
    @rule(which=WHICH, who=WHO)
    def answer_objection(self, which: int, who: int | str) -> None:
        id = self.pick(which, *AT_WORK)
        objection = self.newest(id, "objections")
        if objection:
            by = self.one_of(["ana", *STEWARDS], who)
            self.act(id, f"/objections/{objection}/answer", {"answer": "It was not."}, by=by)

    @where(State.not_yet, State.declined)
    @rule(which=WHICH, who=WHO)
    def appeal(self, which: int, who: int | str) -> None:
        id = self.pick(which, State.not_yet, State.declined)
        by = self.one_of(["ana", *self.memory.about.get(id or "", [])], who)
        self.act(id, "/appeals", {"argument": "The notes were lost, and are found again."}, by=by)

    @where(*SUFFICED)
    @rule(which=WHICH, who=WHO, whom=st.sampled_from(["gil", "gil", "guz", "out", "fay", "two", "sun"]))
    def appoint(self, which: int, who: int | str, whom: str) -> None:
        id, member = self.pick(which, *SUFFICED), self.world.people[whom]
        guest = {"guest": {"community": self.world.beside.slug, "member": member}}
        body = guest if whom in {"gil", "guz"} else {"member": member}
        self.act(id, "/reviewers", body, by=self.one_of(list(STEWARDS), who))
