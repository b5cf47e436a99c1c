"""What holds of nominations whatever anybody does: the six invariants of the state table."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.credentials.rules import Visibility
from app.credentials.tables import Credential
from app.kit.database import read_session
from app.kit.journal import Event
from app.nominations.rules import CLOSED, State, replayed
from app.nominations.tables import Nomination, Nominee, Receipt, Reviewer, Second
from tests.app.guild import done
from tests.app.nominations.world import World

NEVER_LEFT = {State.issued, State.refused, State.withdrawn, State.expired, State.merged}
ONCE_MORE = {State.not_yet, State.declined}
TEXT_CHANGES = {"nomination.edited", "nomination.narrative_agreed"}


@dataclass
class Memory:
    """What was so when an example began, and since."""

    world: World
    open_to_members: bool
    """Whether members may second without being asked, and nominees know from the start."""
    before: dict[str | None, dict[str, bytes]]
    """What those saw who have nothing to do with it."""
    stirred: bool = True
    """Whether anything may have changed since the last look."""
    looks: int = 0

    @classmethod
    def of(cls, world: World, *, open_to_members: bool) -> "Memory":
        untold = ["out", *([] if open_to_members else ["bo", "bea"])]
        return cls(world, open_to_members, {who: world.reads(who) for who in (None, *untold)})

    def seq(self) -> int:
        """How far the journals are."""
        with read_session(self.world.engine) as session:
            return session.exec(select(func.count()).select_from(Event)).one()

    def is_hidden(self, id: str, who: str) -> bool:
        """Whether somebody may not know of a nomination at all."""
        if who == "stranger" or (who == "out" and not self.open_to_members):
            return True
        if who not in {"bo", "bea"} or self.open_to_members:
            return False
        with read_session(self.world.engine) as session:
            mine = UUID(self.world.people[who])
            about = select(Nominee.id).where(Nominee.nomination_id == UUID(id), Nominee.member_id == mine)
            wrote = select(Nomination.id).where(Nomination.id == UUID(id), Nomination.nominator_id == mine)
            asked = select(Event.id).where(Event.subject == id, Event.type == "nomination.offered")
            is_about, is_mine, is_offered = (session.exec(each).first() is not None for each in (about, wrote, asked))
        return is_about and not is_mine and not is_offered

    def check(self, nominations: list[str]) -> None:
        """All six, where something may have changed."""
        if not self.stirred:
            return
        self.stirred = False
        with read_session(self.world.engine) as session:
            for id in nominations:
                self._check_one(session, id)
        self._check_unseen(nominations)

    def check_at_the_end(self) -> None:
        """What takes too long to look at after every step."""
        for who in self.before:
            self._check_reads(who, set(self.before[who]))
        verified = done(self.world.guild.call("GET", self.world.guild.in_guild("audit/verify")), 200)
        assert verified["holds"], verified

    def _check_one(self, session: Session, id: str) -> None:
        row = session.exec(select(Nomination).where(Nomination.id == UUID(id))).one()
        events = session.exec(select(Event).where(Event.subject == id).order_by(col(Event.seq))).all()
        deadline = row.deadline.isoformat() if row.deadline else None
        assert replayed([event.data for event in events]) == {
            "state": row.state.value, "version": row.version, "deadline": deadline,
        }  # fmt: skip
        steps = [(State(e.data["from"]), State(e.data["to"])) for e in events if "to" in e.data]
        assert all(was is to for was, to in steps if was in NEVER_LEFT), steps
        left = [(was, to) for was, to in steps if was in ONCE_MORE and to is not was]
        assert left in ([], [(left[0][0], State.appealed)] if left else []), left
        self._check_consents(session, row, list(events))
        self._check_votes(session, row)

    def _check_consents(self, session: Session, row: Nomination, events: list[Event]) -> None:
        nominees = session.exec(select(Nominee).where(Nominee.nomination_id == row.id)).all()
        badges = session.exec(select(Credential).where(Credential.nomination_id == row.id)).all()
        assert max(Counter(badge.recipient_id for badge in badges).values(), default=0) <= 1
        assert {badge.id for badge in badges} == {n.credential_id for n in nominees if n.credential_id is not None}
        issued = [nominee for nominee in nominees if nominee.state is State.issued]
        assert len(badges) == len(issued)
        assert (row.state is State.issued) <= bool(issued)
        for nominee in issued:
            receipt = session.exec(select(Receipt).where(Receipt.nominee_id == nominee.id)).one()
            badge = next(badge for badge in badges if badge.id == nominee.credential_id)
            changed = [e.occurred_at for e in events if e.type in TEXT_CHANGES]
            assert receipt.digest == hashlib.sha256(receipt.text.encode()).hexdigest() == badge.consent["receipt"]
            assert receipt.text_version == badge.consent["text_version"]
            assert receipt.by == "token"
            if len(nominees) == 1:
                assert receipt.text_version == row.text_version
                assert all(at <= receipt.at for at in changed)

    def _check_votes(self, session: Session, row: Nomination) -> None:
        voted = col(Reviewer.verdict).is_not(None)
        votes = session.exec(select(Reviewer.member_id).where(Reviewer.nomination_id == row.id, voted)).all()
        seconds = select(Second.member_id).where(Second.nomination_id == row.id, col(Second.withdrawn_at).is_(None))
        nominees = select(Nominee.member_id).where(Nominee.nomination_id == row.id)
        parties = [row.nominator_id, *session.exec(seconds).all(), *session.exec(nominees).all()]
        people = {self.world.person(self.world.part_of(id)) for id in parties}
        assert not people & {self.world.person(self.world.part_of(id)) for id in votes}

    def _check_unseen(self, nominations: list[str]) -> None:
        """Whoever has nothing to do with it reads what they read before, and finds none by its id."""
        for id in nominations:
            for who in ("stranger", "out", "bo", "bea"):
                if self.is_hidden(id, who):
                    answer = self.world.send("GET", f"/v1/nominations/{id}", by=who)
                    assert answer.status_code == 404, (who, answer.text)
        self.looks += 1
        for observer, seen in self.before.items():
            turn = sorted(seen)[self.looks % 8 :: 8]
            self._check_reads(observer, {path for path in seen if "nominations" in path} | set(turn))

    def _check_reads(self, who: str | None, paths: set[str]) -> None:
        if who is not None and self.world.people.get(who) and self._has_a_part(who):
            return
        public, ended = self._public(), self._ended()
        for path in sorted(paths):
            if (public and "nominations" not in path) or (who == "out" and self.open_to_members):
                continue
            if ended and path == "/v1/me/about-me":
                continue  # what was written of somebody is theirs to read when it is over
            answer = self.world.send("GET", path, by=who)
            assert answer.content == self.before[who][path], (who, path, answer.text, self.before[who][path])

    def _has_a_part(self, who: str) -> bool:
        """Whether somebody was asked, or came forward by themselves."""
        mine = self.world.people[who]
        with read_session(self.world.engine) as session:
            about = session.exec(select(Nominee.nomination_id).where(Nominee.member_id == UUID(mine))).all()
            asked = sa.and_(col(Event.type) == "nomination.offered", col(Event.subject).in_([str(id) for id in about]))
            return session.exec(select(Event.id).where(sa.or_(asked, col(Event.actor) == mine))).first() is not None

    def _ended(self) -> bool:
        """Whether one of the nominations is over, by what was done or by the time."""
        achievement, now = UUID(self.world.circle.achievement["id"]), self.world.clock()
        over = sa.or_(col(Nomination.state).in_(CLOSED), col(Nomination.deadline) <= now)
        with read_session(self.world.engine) as session:
            found = session.exec(select(Nomination.id).where(Nomination.achievement_id == achievement, over))
            return found.first() is not None

    def _public(self) -> bool:
        """Whether anybody here has agreed to be seen."""
        achievement = UUID(self.world.circle.achievement["id"])
        shown = select(Credential.id).where(
            Credential.achievement_id == achievement, Credential.visibility != Visibility.private
        )
        with read_session(self.world.engine) as session:
            return session.exec(shown).first() is not None
