"""Use-cases: presentations that a member signed for somebody who asked; judged before they are taken, kept as they are.

Whoever asks gives a challenge and says who they are (the domain): what was signed for them is of no use to others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, func, select

import badges
from app.credentials.recipients import visibility_of
from app.credentials.rules import State, Visibility
from app.credentials.tables import Credential
from app.kit.errors import Conflict, FieldError, Forbidden, Gone, Invalid, NotFound, Unprocessable
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.auth import Caller, is_recipient
from app.members.dids import proven
from app.members.tables import Member
from app.portfolio.choosing import owner_named
from app.portfolio.holding import brought, not_theirs
from app.portfolio.import_rules import SHOWN
from app.portfolio.tables import ImportedBadge, Presentation

MOST = 50
"""Presentations that are kept of one member."""


OURS = "it names this service: give who asked you"


class NoSuchPresentation(NotFound):
    """There is no such presentation, or no more."""

    code = "no-such-presentation"
    fix = "Ask whoever showed it to you for a new one."


class PresentationOver(Gone):
    """What was presented stands no longer: a badge in it was revoked or hidden, or its signer is not who they were."""

    code = "presentation-over"
    fix = "Ask whoever showed it to you for a new one."


class NoHolderDid(Conflict):
    """You have proven no DID with which you could sign."""

    code = "no-proven-did"
    fix = "Prove one first: POST /v1/me/dids. A presentation that nobody signs needs neither challenge nor domain."


class PresentationNotVerified(Unprocessable):
    """The presentation does not verify."""

    code = "presentation-not-verified"
    fix = "Sign what ?format=vp&challenge=…&domain=… answers, with a key of a DID that you have proven, for both."

    def __init__(self, answer: str, detail: str) -> None:
        super().__init__(detail, errors=[{"pointer": "/signed", "message": detail}], check=answer)


class NotYours(Unprocessable):
    """The presentation holds badges that are not known to be yours."""

    code = "not-yours"
    fix = (
        "Show what was awarded to you here, to an address or a DID that you have proven, or what you have imported. "
        "Whoever holds the other badges shows them."
    )

    def __init__(self, names: Sequence[str]) -> None:
        told = f"Not known to be yours: {', '.join(names[:5])}{' and more' if len(names) > 5 else ''}."
        super().__init__(told, errors=[{"pointer": "/signed", "message": told}])


class TooManyPresentations(Conflict):
    """As many presentations of yours are kept as may be."""

    code = "too-many-presentations"
    fix = "Delete one that is no longer needed."


@dataclass(frozen=True)
class Asked:
    """For whom it is signed."""

    challenge: str
    domain: str


@dataclass(frozen=True)
class Judged:
    """What came of looking at what somebody signed, before anything is written."""

    text: str
    asked: Asked
    holder: str
    """The DID whose key signed it."""
    credentials: tuple[badges.Document, ...]
    """As they were verified, those in records inside it too."""


def holder_of(session: Session, member: Member, caller: Caller | None) -> str:
    """The DID under which a member shows their badges: the first they proved. Raises `Forbidden`, `NoHolderDid`."""
    if not is_recipient(caller, member.id):
        raise Forbidden("Only its owner signs a presentation.", fix="Use the member's own token.")
    dids = proven(session, member.id)
    if not dids:
        raise NoHolderDid("A presentation is signed with a key of a DID that you have proven.")
    return dids[0]


def refuse_own(domain: str, where: FieldError, *, at: Installation) -> None:
    """This service asks nobody for badges: what is signed for it says whose a DID is. Raises `Invalid`."""
    if _host(domain) == _host(at.public_url):
        raise Invalid(errors=[where])


def _host(domain: str) -> str | None:
    """The host and the port of an address, or of what stands for one without its scheme."""
    try:
        place = urlsplit(domain.strip() if "://" in domain else f"https://{domain.strip()}")
        usual = {"https": 443, "http": 80}.get(place.scheme)
        return f"{(place.hostname or '').rstrip('.')}:{place.port or usual}"
    except ValueError:
        return None


def judge(text: str, asked: Asked, dids: Sequence[str], *, fetch: badges.Fetch, now: datetime) -> Judged:
    """Whether it is signed under one of these DIDs, for whom was asked, and holds badges that verify.

    Raises `PresentationNotVerified`.
    """
    asks = partial(badges.control, challenge=asked.challenge, domain=asked.domain, fetch=fetch, now=now)
    answers = {did: asks(did, text) for did in dids}
    signed = next((did for did, answer in answers.items() if answer.outcome is badges.Outcome.passed), None)
    if signed is None:
        # Of several DIDs, what is wrong with the one that it names.
        told = sorted(answers.values(), key=lambda answer: answer.code == "other-holder")
        raise PresentationNotVerified(told[0].code, told[0].detail)
    report = badges.verify(text, fetch=fetch, now=now)
    if not report.verified:
        raise PresentationNotVerified(report.verdict.value, report.summary)
    return Judged(text=text, asked=asked, holder=signed, credentials=report.documents)


def keep(session: Session, member: Member, judged: Judged, *, at: Installation, on: Occasion) -> Presentation:
    """Keeps it byte for byte, if all in it is the member's.

    Raises `NotYours`, `TooManyPresentations`, and `NoHolderDid` if the DID was given up meanwhile.
    """
    # Who sends two at once has them counted one after the other.
    session.exec(select(Member.id).where(Member.id == member.id).with_for_update(key_share=True)).one()
    if judged.holder not in proven(session, member.id):
        raise NoHolderDid(f"{judged.holder} is yours no longer.")
    others = not_theirs(session, member, judged.credentials, at=at)
    if others:
        raise NotYours([str(each.get("id", "a badge without an id"))[:200] for each in others])
    if session.exec(select(func.count()).where(Presentation.member_id == member.id)).one() >= MOST:
        raise TooManyPresentations(f"At most {MOST} are kept.")
    row = Presentation(
        id=on.ids.public(),
        row=on.ids.row(),
        member_id=member.id,
        holder=judged.holder,
        challenge=judged.asked.challenge,
        domain=judged.asked.domain,
        credentials=len(judged.credentials),
        shown=_shown(session, member, judged, at=at),
        signed=judged.text,
        taken_at=on.now,
    )
    session.add(row)
    session.flush()
    # By `id` whoever reads the journal could open what was shown to somebody else.
    on.record(session, member.community_id, "portfolio.presented", row.row, {"credentials": row.credentials})
    return row


def _shown(session: Session, member: Member, judged: Judged, *, at: Installation) -> dict[str, Any]:
    """The badges in it of which is known here what becomes of them, by id, and who sees each."""
    parts = (str(each.get("id")).rpartition("/") for each in judged.credentials)
    names = (id_in(name) for home, _, name in parts if home == f"{at.public_url}/credentials")
    ours = session.exec(select(Credential).where(col(Credential.id).in_([id for id in names if id is not None]))).all()
    shown = {str(each.id): visibility_of(session, each).value for each in ours}
    return shown | {str(each.id): each.visibility.value for each in brought(session, member, judged.credentials)}


def presentation_by_id(session: Session, member_id: str, id: str) -> Presentation:
    """One that a member signed: whoever knows its id was given it, and may read it while it stands.

    Raises `NoSuchPortfolio`, `NoSuchPresentation`, `PresentationOver`.
    """
    member = owner_named(session, member_id, None)
    known = id_in(id)
    row = session.get(Presentation, known) if known else None
    if row is None or row.member_id != member.id:
        raise NoSuchPresentation(f"Nothing was shown under the id {id}.")
    theirs = member.left_at is None and not member.minor and row.holder in proven(session, member.id)
    if not theirs or not _stands(session, row.shown):
        raise PresentationOver("Whoever has a copy finds out by verifying it.")
    return row


def _stands(session: Session, shown: dict[str, Any]) -> bool:
    """Whether of these badges, by id, none was revoked or removed, and each is seen by as many as when it was
    presented."""
    ids, width = [UUID(id) for id in shown], list(Visibility)
    ours = session.exec(select(Credential).where(col(Credential.id).in_(ids), Credential.state != State.revoked)).all()
    others = select(ImportedBadge).where(col(ImportedBadge.id).in_(ids), col(ImportedBadge.verdict).in_(SHOWN))
    seen = {str(each.id): visibility_of(session, each) for each in ours}
    seen |= {str(each.id): each.visibility for each in session.exec(others).all()}
    return all(id in seen and width.index(seen[id]) >= width.index(Visibility(was)) for id, was in shown.items())


def remove(session: Session, member: Member, id: str, *, on: Occasion) -> Presentation:
    """It is shown no longer. Raises `NoSuchPresentation`."""
    theirs = select(Presentation).where(Presentation.id == id_in(id), Presentation.member_id == member.id)
    row = session.exec(theirs.with_for_update()).one_or_none()
    if row is None:
        raise NoSuchPresentation(f"Nothing was shown under the id {id}.")
    session.delete(row)
    session.flush()
    on.record(session, member.community_id, "portfolio.presentation_removed", row.row, {})
    return row
