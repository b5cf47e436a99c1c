"""The life of nominations at random: whatever anybody may try, at any time, in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from app.nominations.rules import State
from tests.app.guild import done
from tests.app.nominations import life_checks
from tests.app.nominations.circle import REASON, STATEMENT
from tests.app.nominations.life_acting import ANYBODY, AT_WORK, WHICH, WHO, where
from tests.app.nominations.life_asking import Asking
from tests.app.nominations.life_weighing import Weighing
from tests.app.nominations.world import POLICIES, SECONDERS, STEWARDS

STARTS = ("offered", "offered", "weighed", "declined", "submitted", "draft")
DAYS = st.sampled_from([0.1, 0.1, 3, 8, 15, 22, 31, 61])
ONE_PERSON = st.sampled_from(
    [("sol", "bo"), ("sam", "cy"), ("sue", "ana"), ("dee", "eli"), ("syd", "sam"), ("bo", "bea")]
)
NOMINATORS = st.sampled_from(["ana", "two", "cy", "tin", "bo", "sue"])
COLLECTING = (State.submitted, State.seconded)
HOLDABLE = (*COLLECTING, *AT_WORK, State.needs_info, State.offered)


class Life(Weighing, Asking):
    """One example: a few nominations of the same people, and everybody around them."""

    @initialize(policy=st.sampled_from(sorted(POLICIES)), start=st.sampled_from(STARTS), stranger=st.booleans())
    def begin(self, policy: str, start: str, stranger: bool) -> None:
        self.world.begin(policy)
        self.policy = policy
        self.about = ["zed" if stranger else "bo", *(["bea"] if policy == "team" else [])]
        self.shown = {}
        self.memory = life_checks.Memory.of(self.world, open_to_members=policy == "in the open")
        self.propose(nominator="ana", submit=start != "draft", merge=False)
        if start in {"draft", "submitted"}:
            return
        for seconder in ("cy", "eli", "fay"):
            self.invite(which=0, who=0, whom=[seconder])
            self.second(which=0, who=seconder, publish=seconder != "cy")
        if policy == "too few":
            self.appoint(which=0, who=1, whom="gil")
        for _ in range({"weighed": 0}.get(start, 3)):
            self.memory.check()
            self.review(which=0, who=0, verdict="decline" if start == "declined" else "approve")

    @rule(
        nominator=st.sampled_from(["ana", "two", "cy", "tin", "bo", "sue"]), submit=st.booleans(), merge=st.booleans()
    )
    def propose(self, nominator: str, submit: bool, merge: bool) -> None:
        """A nomination; a second one for the same is a twin."""
        world = self.world
        by_address = {"email": world.address, "name": "Zed"}
        nominees = [by_address if part == "zed" else world.people[part] for part in self.about]
        body = world.circle.nominating(nominees=nominees, submit=submit, merge=merge)
        made = self.try_to("POST", world.guild.in_guild("nominations"), body, by=nominator)
        if made:
            self.memory.begun(made["id"], self.about)

    @where(State.draft, State.needs_info)
    @rule(which=WHICH, who=WHO, words=st.sampled_from(["Set out the chairs.", "Stayed to the end."]))
    def edit(self, which: int, who: int | str, words: str) -> None:
        body = {"statement": STATEMENT | {"context": words}}
        self.act(
            self.pick(which, State.draft, State.needs_info), "", body, by=self.one_of(["ana"], who), method="PATCH"
        )

    @where(State.draft)
    @rule(which=WHICH, who=WHO, merge=st.booleans())
    def submit(self, which: int, who: int | str, merge: bool) -> None:
        query = f"?merge={str(merge).lower()}"
        self.act(self.pick(which, State.draft), f"/submit{query}", by=self.one_of(["ana"], who))

    @where(*COLLECTING)
    @rule(which=WHICH, who=WHO, whom=st.lists(st.sampled_from([*SECONDERS, "sam", "two", "bo", "zed"]), min_size=1))
    def invite(self, which: int, who: int | str, whom: list[str]) -> None:
        body = {"members": [self.world.people[each] for each in whom if each in self.world.people]}
        self.act(self.pick(which, *COLLECTING), "/invitations", body, by=self.one_of(["ana", "ana", "sol"], who))

    @where(*COLLECTING)
    @rule(which=WHICH, who=WHO, publish=st.booleans())
    def second(self, which: int, who: int | str, publish: bool) -> None:
        body = {"reason": REASON, "publish": publish}
        self.act(self.pick(which, *COLLECTING), "/seconds", body, by=self.one_of(list(SECONDERS), who))

    @where(*COLLECTING)
    @rule(which=WHICH, who=WHO)
    def take_back(self, which: int, who: int | str) -> None:
        id = self.pick(which, *COLLECTING)
        self.act(id, "/seconds", by=self.one_of(self.seconders(id), who), method="DELETE")

    @where(*HOLDABLE)
    @rule(which=WHICH, who=WHO)
    def hold(self, which: int, who: int | str) -> None:
        if who == 0:  # not too often, since then nothing else is possible
            self.act(self.pick(which, *HOLDABLE), "/hold", {"reason": "Somebody should look."}, by="sol")

    @where(State.held)
    @rule(which=WHICH, who=WHO)
    def release(self, which: int, who: int | str) -> None:
        self.act(self.pick(which, State.held), "/release", by=self.one_of(list(STEWARDS), who))

    @where(*HOLDABLE)
    @rule(which=WHICH, who=st.sampled_from(ANYBODY))
    def report(self, which: int, who: str) -> None:
        body = {"category": "other", "text": "This is not how it was."}
        self.act(self.pick(which, *HOLDABLE), "/reports", body, by=who)

    @where(*HOLDABLE)
    @rule(which=WHICH, who=WHO)
    def withdraw(self, which: int, who: int | str) -> None:
        if isinstance(who, str):  # not by those who may, as often as by others: it would end every example
            self.act(self.pick(which, *HOLDABLE), "/withdraw", {"reason": "Written in haste."}, by=who)

    @precondition(lambda self: "zed" in self.about and "zed" not in self.world.people)
    @rule()
    def join(self) -> None:
        self.world.join()
        self.memory.moved = self.memory.stirred = True

    @rule(pair=ONE_PERSON)
    def one_person(self, pair: tuple[str, str]) -> None:
        self.world.one_person(*pair)
        self.memory.moved = self.memory.stirred = True

    @rule(part=st.sampled_from(["ana", "bo", "bea", "cy", "eli", "sam"]))
    def rename(self, part: str) -> None:
        """Also to a word of what is said of others."""
        self.words += 1
        path, body = self.world.guild.in_guild(f"members/{part}"), {"name": f"Tuesday {self.words}"}
        done(self.world.guild.call("PATCH", path, body, If_Match="*"), 200)
        self.memory.moved = self.memory.stirred = True

    @rule(days=DAYS)
    def wait(self, days: float) -> None:
        self.world.wait(days=days)
        self.memory.stirred = True

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "memory"):
            self.memory.check()

    def teardown(self) -> None:
        if hasattr(self, "memory"):
            self.memory.check_at_the_end()
