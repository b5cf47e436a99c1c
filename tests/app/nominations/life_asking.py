"""Those who are nominated, in the life of nominations: what they read, agree to, and take back."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.nominations.rules import State
from tests.app.nominations.life_acting import WHICH, WHO, Acting, where
from tests.app.nominations.life_checks import Agreed
from tests.app.nominations.world import STEWARDS

VISIBILITY = st.sampled_from(["private", "community", "public"])
RESPONSE = st.sampled_from(["accept", "accept", "accept", "refuse"])
SAYING = st.sampled_from(["", "", "text_version", "digest"])
"""How somebody says which text they have read."""
CUT = st.sampled_from([None, None, "shorter", ""])
"""What is left of the narrative."""
SEVENTH = st.integers(0, 6).map(lambda number: number == 0)
ANSWERED = (State.accepted, State.issued)


class Asking(Acting):
    """What nominees do, and what is done for them. What they were shown last is kept: they consent to nothing else."""

    shown: dict[tuple[str, str], dict[str, Any]]
    """By nomination and nominee."""

    @where(State.offered)
    @rule(which=WHICH, who=WHO)
    def read(self, which: int, who: int | str) -> None:
        id = self.pick(which, State.offered)
        by = self.one_of(self.nominees(id, State.offered), who)
        if id is not None and by in self.memory.about[id]:
            self.look(id, by)

    @where(State.offered)
    @rule(which=WHICH, who=WHO, response=RESPONSE, visibility=VISIBILITY, saying=SAYING, cut=CUT, broken=SEVENTH)
    def respond(
        self, which: int, who: int | str, response: str, visibility: str, saying: str, cut: str | None, broken: bool
    ) -> None:
        """`broken`: nothing can be signed at that instant."""
        id = self.pick(which, State.offered)
        by = self.one_of(self.nominees(id, State.offered), who)
        if id is None:
            return
        body = self.answer_of(id, by, response, visibility, saying, cut)
        self.world.speak(clearly=not broken)
        answered = self.act(id, "/response", body, by=by)
        self.world.speak(clearly=True)
        if answered is not None:
            assert by in self.memory.about[id], by
            self.agree_to(id, by, body)

    @precondition(lambda self: self.world.links())
    @rule(place=st.integers(0, 3), response=RESPONSE, saying=SAYING, cut=CUT, broken=SEVENTH)
    def respond_by_link(self, place: int, response: str, saying: str, cut: str | None, broken: bool) -> None:
        """Mostly by the newest of the links; the others have ended."""
        link = self.world.links()[-1 - place // 3 :][0]
        read = self.world.send("GET", f"/v1/offers/{link}", by=None)
        if read.is_success:
            id = read.json()["nomination"]
            self.shown.setdefault((id, "zed"), read.json())
            body = self.answer_of(id, "zed", response, "public", saying, cut)
        else:
            id, body = "", {"response": response}
        self.world.speak(clearly=not broken)
        answered = self.try_to("POST", f"/v1/offers/{link}", body, by=None)
        self.world.speak(clearly=True)
        if answered is not None:
            assert read.is_success
            self.agree_to(id, "zed", body)

    @where(*ANSWERED)
    @rule(which=WHICH, who=WHO, revoke=st.booleans())
    def withdraw_consent(self, which: int, who: int | str, revoke: bool) -> None:
        id = self.pick(which, *ANSWERED)
        by = self.one_of(self.nominees(id, *ANSWERED), who)
        if self.act(id, "/consent/withdraw", {"revoke": revoke}, by=by) is not None and id is not None:
            self.memory.take_back(id, by)

    @where(State.offered)
    @rule(which=WHICH, who=WHO)
    def propose_narrative(self, which: int, who: int | str) -> None:
        id = self.pick(which, State.offered)
        self.words += 1
        by, text = self.one_of(self.nominees(id, State.offered), who), f"Told {self.words} times. It was cold."
        self.act(id, "/narrative", {"text": text}, by=by)

    @where(State.offered)
    @rule(which=WHICH, who=WHO, agree=st.sampled_from([True, True, False]))
    def agree_to_narrative(self, which: int, who: int | str, agree: bool) -> None:
        id = self.pick(which, State.offered)
        self.act(id, "/narrative/agreement", {"agree": agree}, by=self.one_of(["ana", "ana", *STEWARDS], who))

    @where(State.offered)
    @rule(which=WHICH, who=WHO)
    def renew_link(self, which: int, who: int | str) -> None:
        self.act(self.pick(which, State.offered), "/claim-link", by=self.one_of(["ana", *STEWARDS], who))

    @where(State.expired)
    @rule(which=WHICH, who=WHO)
    def reoffer(self, which: int, who: int | str) -> None:
        id = self.pick(which, State.expired)
        made = self.act(id, "/reoffer", by=self.one_of(list(STEWARDS), who))
        if made and id is not None:
            self.memory.begun(made["id"], self.memory.about[id])

    def look(self, id: str, by: str) -> dict[str, Any] | None:
        """What is offered to somebody, as they read it now."""
        if by not in self.world.people:
            return None
        answer = self.world.send("GET", f"/v1/nominations/{id}/offer", by=by)
        assert answer.status_code in {200, 404, 410}, answer.text
        if answer.is_success:
            self.shown[id, by] = answer.json()
        return self.shown.get((id, by))

    def answer_of(
        self, id: str, by: str, response: str, visibility: str, saying: str, cut: str | None
    ) -> dict[str, Any]:
        """The answer of somebody who goes by what they were shown last, however long ago."""
        body: dict[str, Any] = {"response": response, "visibility": visibility}
        shown = self.shown.get((id, by)) or (self.look(id, by) if by in self.memory.about[id] else None)
        if response == "refuse" or shown is None:
            return body
        if cut is not None:
            body["narrative"] = (shown["narrative"] or "").partition("\n\n")[0] if cut else ""
        return body | ({saying: shown[saying]} if saying else {})

    def agree_to(self, id: str, by: str, body: dict[str, Any]) -> None:
        """Remembers what somebody has accepted: what they were shown, as far as they have not cut it."""
        if body["response"] == "accept":
            shown = self.shown[id, by]
            agreed = Agreed(shown["narrative"], shown["evidence"], body["visibility"])
            self.memory.agreed[id, by] = agreed.cut(body["narrative"]) if "narrative" in body else agreed
