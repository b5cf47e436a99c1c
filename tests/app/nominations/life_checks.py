"""What holds of nominations whatever anybody does: the six invariants of the state table."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.credentials.rules import Visibility
from app.credentials.tables import Credential, Edition
from app.kit.database import read_session
from app.kit.journal import Event
from app.nominations.rules import CLOSED, State, replayed
from app.nominations.tables import ACTIVE, Invitation, Nomination, Nominee, Receipt, Reviewer, Second
from tests.app.guild import done
from tests.app.nominations.world import World

NEVER_LEFT = {State.issued, State.refused, State.withdrawn, State.expired, State.merged}
ONCE_MORE = {State.not_yet, State.declined}
STRANGERS = ("stranger", "gil", "guz")
OUTSIDERS = ("stranger", "out", "bo", "bea", "zed", "gil", "guz")
OBSERVERS = (None, "out", "bo")


@dataclass(frozen=True)
class Agreed:
    """What a nominee has consented to, by what they were shown."""

    narrative: str | None
    evidence: Sequence[dict[str, Any]]
    visibility: str

    def cut(self, narrative: str) -> "Agreed":
        """The same with a part of the narrative left out."""
        told = [
            each | ({"narrative": narrative} if each.get("genre") == "nomination" else {}) for each in self.evidence
        ]
        kept = [each for each in told if narrative or each.get("genre") != "nomination"]
        return replace(self, narrative=narrative or None, evidence=kept)


@dataclass
class Memory:
    """What was so when an example began, and since."""

    world: World
    open_to_members: bool
    """Whether members may second without being asked, and nominees know from the start."""
    before: dict[str | None, dict[str, bytes]]
    """What those saw who have nothing to do with it."""
    about: dict[str, list[str]] = field(default_factory=dict)
    """The nominees of each nomination."""
    states: dict[str, State] = field(default_factory=dict)
    """Of each nomination, at the last look."""
    agreed: dict[tuple[str, str], Agreed] = field(default_factory=dict)
    """By nomination and nominee."""
    ended: set[tuple[str, str]] = field(default_factory=set)
    """Consents that were withdrawn before there was a badge."""
    hidden: set[tuple[str, str]] = field(default_factory=set)
    """Those that were withdrawn afterwards."""
    decided: Counter[str] = field(default_factory=Counter)
    """How often each nomination was decided, at the last look."""
    stirred: bool = True
    """Whether anything may have changed since the last look."""
    moved: bool = False
    """Whether what is known of the people themselves has changed since the beginning."""
    looks: int = 0

    @classmethod
    def of(cls, world: World, *, open_to_members: bool) -> "Memory":
        untold = [who for who in OBSERVERS if not open_to_members or who is None]
        return cls(world, open_to_members, {who: world.reads(who) for who in untold})

    def begun(self, id: str, about: Sequence[str]) -> None:
        """There is one more nomination."""
        self.about[id], self.states[id], self.stirred = list(about), State.draft, True

    def take_back(self, id: str, by: str) -> None:
        """A consent was withdrawn."""
        with read_session(self.world.engine) as session:
            nominees = session.exec(select(Nominee).where(Nominee.nomination_id == UUID(id))).all()
        [mine] = [nominee for nominee in nominees if self.world.part_of(nominee.member_id) == by]
        (self.ended if mine.credential_id is None else self.hidden).add((id, by))

    def seq(self) -> int:
        """How far the journals are."""
        with read_session(self.world.engine) as session:
            return session.exec(select(func.count()).select_from(Event)).one()

    def parties(self, id: str) -> set[str]:
        """The persons who have a stake in a nomination."""
        in_force = (Second.nomination_id == UUID(id), col(Second.withdrawn_at).is_(None))
        with read_session(self.world.engine) as session:
            nominator = session.exec(select(Nomination.nominator_id).where(Nomination.id == UUID(id))).one()
            members = [nominator, *session.exec(select(Second.member_id).where(*in_force)).all()]
        return {self.world.person(part) for part in (*map(self.world.part_of, members), *self.about[id])}

    def is_hidden(self, id: str, who: str) -> bool:
        """Whether somebody may not know of a nomination at all."""
        if who in STRANGERS or (who == "out" and not self.open_to_members):
            return not self._seats(id, who)
        if who not in self.about[id] or self.open_to_members or who not in self.world.people:
            return False
        with read_session(self.world.engine) as session:
            asked = select(Event.id).where(Event.subject == id, Event.type == "nomination.offered")
            wrote = session.get_one(Nomination, UUID(id)).nominator_id == UUID(self.world.people[who])  # a draft
            return session.exec(asked).first() is None and not wrote

    def check(self) -> None:
        """All six, where something may have changed."""
        if not self.stirred:
            return
        self.stirred = False
        with read_session(self.world.engine) as session:
            for id in self.about:
                self._check_one(session, id)
        self._check_unseen()

    def check_at_the_end(self) -> None:
        """What takes too long to look at after every step."""
        self._check_reads(OBSERVERS[self.looks % len(OBSERVERS)], every=1)
        verified = done(self.world.guild.call("GET", self.world.guild.in_guild("audit/verify")), 200)
        assert verified["holds"], verified

    def _check_one(self, session: Session, id: str) -> None:
        row = session.exec(select(Nomination).where(Nomination.id == UUID(id))).one()
        events = session.exec(select(Event).where(Event.subject == id).order_by(col(Event.seq))).all()
        deadline = row.deadline.isoformat() if row.deadline else None
        assert replayed([event.data for event in events]) == {
            "state": row.state.value, "version": row.version, "deadline": deadline,
        }  # fmt: skip
        self.states[id] = row.state
        steps = [(State(e.data["from"]), State(e.data["to"])) for e in events if "to" in e.data]
        assert all(was is to for was, to in steps if was in NEVER_LEFT), steps
        left = [(was, to) for was, to in steps if was in ONCE_MORE and to is not was]
        assert left in ([], [(left[0][0], State.appealed)] if left else []), left
        self._check_consents(session, row)
        decisions = sum(event.type == "nomination.decided" for event in events)
        if decisions > self.decided[id]:
            self.decided[id] = decisions
            self._check_votes(session, row)

    def _check_consents(self, session: Session, row: Nomination) -> None:
        """One badge for one consent: it says what its holder was shown last, and nothing of it without them."""
        id = str(row.id)
        nominees = session.exec(select(Nominee).where(Nominee.nomination_id == row.id)).all()
        badges = {b.id: b for b in session.exec(select(Credential).where(Credential.nomination_id == row.id)).all()}
        assert max(Counter(badge.recipient_id for badge in badges.values()).values(), default=0) <= 1
        assert set(badges) == {n.credential_id for n in nominees if n.credential_id is not None}
        issued = [nominee for nominee in nominees if nominee.state is State.issued]
        assert len(badges) == len(issued)
        assert (row.state is State.issued) <= bool(issued)
        for nominee in issued:
            part = self.world.part_of(nominee.member_id)
            agreed, badge = self.agreed[id, part], badges[nominee.credential_id or row.id]
            receipt = session.exec(select(Receipt).where(Receipt.nominee_id == nominee.id)).one()
            edition = session.exec(select(Edition).where(Edition.credential_id == badge.id)).first()
            assert receipt.digest == hashlib.sha256(receipt.text.encode()).hexdigest() == badge.consent["receipt"]
            said, signed = json.loads(receipt.text), json.loads(edition.data_integrity) if edition else {}
            assert Agreed(said["narrative"], said["evidence"], said["visibility"]) == agreed
            assert signed["credentialSubject"].get("narrative") == agreed.narrative
            told = [each.get("narrative") for each in agreed.evidence]
            assert [each.get("narrative") for each in signed.get("evidence", [])] == told
            assert (id, part) not in self.ended
            assert (id, part) not in self.hidden or badge.visibility is Visibility.private

    def _check_votes(self, session: Session, row: Nomination) -> None:
        """Those whose votes have just decided have no stake in it, and sat in no panel before."""
        seats = session.exec(select(Reviewer).where(Reviewer.nomination_id == row.id)).all()
        counted = [seat for seat in seats if seat.panel == row.panel and seat.seat in ACTIVE and seat.verdict]
        voters = [self.world.person(self.world.part_of(seat.member_id)) for seat in counted]
        earlier = {self.world.person(self.world.part_of(seat.member_id)) for seat in seats if seat.panel < row.panel}
        assert not set(voters) & (self.parties(str(row.id)) | earlier), (voters, earlier)
        assert len(voters) == len(set(voters)), voters

    def _check_unseen(self) -> None:
        """Whoever has nothing to do with it reads what they read before, and finds none by its id."""
        self.looks += 1
        for id in self.about:
            who = OUTSIDERS[self.looks % len(OUTSIDERS)]
            if who in self.world.people and self.is_hidden(id, who):
                answer = self.world.send("GET", f"/v1/nominations/{id}", by=who)
                assert answer.status_code == 404, (who, answer.text)
        self._check_reads(OBSERVERS[self.looks % len(OBSERVERS)], every=8)

    def _check_reads(self, who: str | None, *, every: int) -> None:
        """All that is about nominations, and each time others of the rest."""
        if who not in self.before or (who is not None and any(map(self._has_a_part(who), self.about))):
            return
        seen = self.before[who]
        elsewhere = sorted(seen)[self.looks % every :: every] if not self.moved and not self._public() else []
        for path in sorted({path for path in seen if "nominations" in path} | set(elsewhere)):
            if path in {"/v1/me/about-me", "/v1/me/data"} and any(state in CLOSED for state in self.states.values()):
                continue  # what was written of somebody is theirs to read when it is over
            answer = self.world.send("GET", path, by=who)
            assert answer.content == seen[path], (who, path, answer.text, seen[path])

    def _has_a_part(self, who: str) -> Any:
        """Whether somebody has been told of a nomination, or has done something about it."""

        def has(id: str) -> bool:
            told = sa.or_(col(Event.type) == "nomination.offered", col(Event.actor) == self.world.people[who])
            asked = (Invitation.nomination_id == UUID(id), Invitation.member_id == UUID(self.world.people[who]))
            with read_session(self.world.engine) as session:
                known = session.exec(select(Event.id).where(col(Event.subject) == id, told)).first()
                invited = session.exec(select(Invitation).where(*asked)).first()
            return known is not None or invited is not None or bool(self._seats(id, who))

        return has

    def _seats(self, id: str, who: str) -> Sequence[Reviewer]:
        """The seats that somebody has, or had."""
        mine = (Reviewer.nomination_id == UUID(id), Reviewer.member_id == UUID(self.world.people[who]))
        with read_session(self.world.engine) as session:
            return session.exec(select(Reviewer).where(*mine)).all()

    def _public(self) -> bool:
        """Whether anybody here has agreed to be seen."""
        achievement = UUID(self.world.circle.achievement["id"])
        shown = select(Credential.id).where(
            Credential.achievement_id == achievement, Credential.visibility != Visibility.private
        )
        with read_session(self.world.engine) as session:
            return session.exec(shown).first() is not None
