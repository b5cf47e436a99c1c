"""Use-case: how peers see somebody, for them alone: what they were recognised for, by whom, and in which words.

Everything in it was theirs to read already, in many places. Whoever is not named to them there is not named here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.achievements.service import policy_of
from app.achievements.tables import AchievementVersion
from app.credentials.rules import State
from app.credentials.tables import Credential, Recipient
from app.endorsements.rules import EndorsementState, Subject
from app.endorsements.tables import Endorsement
from app.members.tables import Member
from app.metrics.echoes import Form, Saying, Speaker
from app.metrics.periods import Window
from app.nominations.tables import Nomination, Second
from app.nominations.thanks.service import Side, visible
from app.nominations.thanks.tables import Thanks

_TAKEN_BACK = (State.revoked, State.suspended)
_PARTS = ("person", "contribution", "context", "impact")


class _Badge(NamedTuple):
    """A badge that somebody took and holds, and the wording under which it was offered."""

    credential: Credential
    version: AchievementVersion
    at: datetime

    def saying(self, form: Form, by: Speaker | None, words: str | None) -> Saying:
        """What somebody said with it."""
        return Saying(self.at, form, by, self.version.contribution_type, self.version.name, words)


def said_of(session: Session, member: Member, window: Window | None) -> list[Saying]:
    """What peers said of a member in recognitions that stand, newest first; in a window by when they were received."""
    found = [*_badges(session, member, window), *_thanks(session, member, window)]
    return sorted(found, key=lambda each: (each.at, each.form, each.words or ""), reverse=True)


def _badges(session: Session, member: Member, window: Window | None) -> Iterator[Saying]:
    held = _held(session, member, window)
    behind = {each.credential.nomination_id for each in held} - {None}
    nominations = session.exec(select(Nomination).where(col(Nomination.id).in_(behind))).all()
    by_id = {each.id: each for each in nominations}
    named = _names(session, [each.nominator_id for each in nominations])
    seconds, endorsements = _seconds(session, behind), _endorsements(session, held)
    for badge in held:
        nomination = by_id.get(badge.credential.nomination_id) if badge.credential.nomination_id else None
        if nomination is None:
            yield badge.saying(Form.award, None, badge.credential.narrative)
            told = list[Saying]()
        else:
            unnamed = policy_of(badge.version).anonymity == "to_nominee"
            yield badge.saying(Form.nomination, None if unnamed else named[nomination.nominator_id], _text(nomination))
            told = [badge.saying(Form.second, by, reason) for by, reason in seconds[nomination.id]]
            yield from told
        heard = {(each.by, each.words) for each in told}  # what went into the badge as an endorsement as well
        for by, words, skills in endorsements[badge.credential.id]:
            if (by, words) not in heard:
                yield replace(badge.saying(Form.endorsement, by, words), skills=skills)


def _held(session: Session, member: Member, window: Window | None) -> list[_Badge]:
    version = AchievementVersion
    chosen = (
        select(Credential, version)
        .join(Recipient, col(Recipient.id) == Credential.recipient_id)
        .join(
            version,
            sa.and_(
                col(version.achievement_id) == Credential.achievement_id,
                col(version.number) == Credential.achievement_version,
            ),
        )
        .where(Recipient.member_id == member.id, col(Credential.state).not_in(_TAKEN_BACK))
    )
    found = session.exec(chosen.order_by(col(Credential.row))).all()
    return [
        _Badge(credential, version, credential.awarded_at)
        for credential, version in found
        if credential.awarded_at is not None
        and credential.consent.get("given") != "own"
        and _inside(credential.awarded_at, window)
    ]


def _seconds(session: Session, nominations: Collection[UUID | None]) -> Mapping[UUID, list[tuple[Speaker | None, str]]]:
    """By nomination, what those said who seconded it; named are those who put their names to it."""
    those = select(Second).where(
        col(Second.nomination_id).in_(nominations), col(Second.withdrawn_at).is_(None), col(Second.reason).is_not(None)
    )
    rows = session.exec(those.order_by(col(Second.at), col(Second.id))).all()
    named = _names(session, [each.member_id for each in rows if each.publish])
    found = defaultdict[UUID, list[tuple[Speaker | None, str]]](list)
    for each in rows:
        found[each.nomination_id].append((named[each.member_id] if each.publish else None, each.reason or ""))
    return found


def _endorsements(
    session: Session, held: Collection[_Badge]
) -> Mapping[UUID, list[tuple[Speaker, str | None, tuple[str, ...]]]]:
    """By badge, what those said whose endorsement its holder shows."""
    those = select(Endorsement).where(
        Endorsement.subject == Subject.credential,
        col(Endorsement.subject_id).in_([each.credential.id for each in held]),
        Endorsement.state == EndorsementState.accepted,
    )
    rows = session.exec(those.order_by(col(Endorsement.row))).all()
    named = _names(session, [each.member_id for each in rows if each.member_id is not None])
    found = defaultdict[UUID, list[tuple[Speaker, str | None, tuple[str, ...]]]](list)
    for each in rows:
        by = named[each.member_id] if each.member_id is not None else Speaker(None, each.name)
        found[each.subject_id].append((by, each.comment, tuple(map(str, each.skills))))
    return found


def _thanks(session: Session, member: Member, window: Window | None) -> Iterator[Saying]:
    received = visible(member.community_id, member.id, steward=False, side=Side.receiver)
    rows = session.exec(received.order_by(col(Thanks.given_at))).all()
    named = _names(session, [each.giver_id for each in rows])
    for each in rows:
        if _inside(each.given_at, window):
            yield Saying(each.given_at, Form.thanks, named[each.giver_id], each.contribution_type, None, each.text)


def _names(session: Session, members: Collection[UUID]) -> Mapping[UUID, Speaker]:
    those = sa.select(col(Member.id), col(Member.name)).where(col(Member.id).in_(members))
    return {id: Speaker(id, name) for id, name in session.execute(those).all()}


def _text(nomination: Nomination) -> str | None:
    """The statement, part by part; None once it was erased."""
    said = nomination.statement or {}
    return "\n".join(str(said[part]) for part in _PARTS if said.get(part)) or None


def _inside(when: datetime, window: Window | None) -> bool:
    return window is None or window.start <= when < window.end
