"""What there is to celebrate: somebody was recognised, said yes to it, and lets others see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.achievements.service import version_of
from app.credentials.recipients import name_of, visibility_of
from app.credentials.rules import BY_NOMINATION, State, Visibility
from app.credentials.service import state_of
from app.credentials.signing import credential_url
from app.credentials.tables import Credential, Recipient
from app.kit.errors import NotFound
from app.members.tables import Community

OUTSIDE = frozenset({Visibility.public})
INSIDE = OUTSIDE | {Visibility.community}
"""What whoever belongs to the community sees."""


class NoSuchCelebration(NotFound):
    """There is nothing of this id that you could celebrate."""

    code = "no-such-celebration"
    fix = "GET …/celebrations lists what was accepted and is shown to you."


@dataclass(frozen=True)
class Recognised:
    """Somebody was recognised, and accepted it."""

    id: UUID
    whom: str | None
    achievement: str
    url: str
    """Its page where everybody may see it, else its own address, which is read with a token."""
    at: datetime


def accepted(community: UUID, seen: Collection[Visibility] = INSIDE) -> SelectOfScalar[Credential]:
    """What was accepted and, as far as the database can tell, is still in force and shown to these."""
    return select(Credential).where(
        Credential.community_id == community,
        Credential.state == State.active,
        col(Credential.visibility).in_(seen),
        col(Credential.awarded_at).is_not(None),
    )


def celebrated(
    session: Session, rows: Sequence[Credential], seen: Collection[Visibility], public_url: str, *, now: datetime
) -> dict[UUID, Recognised]:
    """Those of them that may be told to whoever sees so much, by id; not what people say of themselves alone."""
    chosen = select(Recipient).where(col(Recipient.id).in_({row.recipient_id for row in rows}))
    recipients = {recipient.id: recipient for recipient in session.exec(chosen).all()}
    found = {}
    for row in rows:
        recipient, visibility = recipients[row.recipient_id], visibility_of(session, row)
        own_word = row.awarded_by != BY_NOMINATION and row.awarded_by == str(recipient.member_id)
        if own_word or visibility not in seen or state_of(row, now) not in {State.active, State.expired}:
            continue
        url = credential_url(public_url, row)
        found[row.id] = Recognised(
            id=row.id,
            whom=name_of(session, recipient),
            achievement=version_of(session, row.achievement_id, row.achievement_version).name,
            url=f"{url}.html" if visibility is Visibility.public else url,
            at=row.awarded_at or row.offered_at,
        )
    return found


def celebration(
    session: Session, community: Community, id: UUID, seen: Collection[Visibility], public_url: str, *, now: datetime
) -> Recognised:
    """One. Raises `NoSuchCelebration`."""
    rows = session.exec(accepted(community.id, seen).where(Credential.id == id)).all()
    for one in celebrated(session, rows, seen, public_url, now=now).values():
        return one
    raise NoSuchCelebration(f"You see no celebration {id} in {community.slug}.")
