"""Status lists: an index for every credential and every endorsement, and the lists as signed documents.

Who changes a list holds the community's journal first (`journal.hold`), since every change is recorded there too: so
nobody makes a second open list, nobody signs a list without the bit that another is just setting, and none of them wait
for each other in a circle.
"""

import secrets
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

import badges
from app.achievements.rules import StatusPurpose
from app.credentials.tables import StatusEntry, StatusList
from app.issuers.keys import Issuer, issuer_of
from app.kit import journal
from app.kit.errors import Busy
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import Prepared, insert_if_absent
from app.members.tables import Community

LENGTH = 131_072
"""Entries of a list: the least that the standard allows, so that one badge hides among many (BSL §6.1)."""
FULLEST = 0.75
"""A list is closed at this share, so that a random index is free in a draw or two."""
DRAWS = 40
TTL_MILLISECONDS = 300_000


def take_index(session: Session, issuer: Issuer, holder: UUID, purpose: StatusPurpose, *, on: Occasion) -> StatusEntry:
    """A random index for a credential or an endorsement in an open list, never used before or again.

    The caller holds the community's journal.

    Random, since a counter would tell when and among how many a badge was issued (BSL §5.1). The primary key decides
    when two draw the same; the loser draws again.
    """
    list_id, length = _place_in_list(session, issuer, purpose, on=on)
    for _ in range(DRAWS):
        entry = StatusEntry(list_id=list_id, index=secrets.randbelow(length), holder_id=holder)
        if insert_if_absent(session, entry):
            return entry
    raise Busy("No free status index was drawn.")


def entry_of(session: Session, holder: UUID) -> StatusEntry:
    """The one index of a credential or an endorsement."""
    return session.exec(select(StatusEntry).where(StatusEntry.holder_id == holder)).one()


def issuer_of_list(session: Session, entry: StatusEntry) -> str:
    """The DID of whoever signs the list of an entry."""
    return session.exec(select(StatusList.issuer_id).where(StatusList.id == entry.list_id)).one()


def set_bit(
    session: Session, community: Community, holder: UUID, raised: bool, *, at: Installation, now: datetime
) -> None:
    """Sets or clears the bit of a credential or an endorsement and signs the list anew, in this transaction."""
    journal.hold(session, community.id)
    entry = entry_of(session, holder)
    status_list = session.get_one(StatusList, entry.list_id)
    entry.raised = raised
    session.add(entry)
    session.flush()
    issuer = issuer_of(session, community, at=at, did=status_list.issuer_id)
    _sign(session, issuer, status_list, now=now)


def sign_anew(session: Session, community: Community, *, at: Installation, now: datetime) -> None:
    """Signs every list of the community with the keys of today, whichever signed it before; no bit changes."""
    for status_list in session.exec(select(StatusList).where(StatusList.community_id == community.id)).all():
        _sign(session, issuer_of(session, community, at=at, did=status_list.issuer_id), status_list, now=now)


def address(public_url: str, list_id: UUID, *, jwt: bool = False) -> str:
    """The URL of a list: as signed JSON, or as a VC-JWT."""
    return f"{public_url}/status/{list_id}{'.jwt' if jwt else ''}"


_COUNTED = col(StatusList.taken) + 1
_OPEN = (
    sa.select(col(StatusList.id))
    .where(
        col(StatusList.community_id) == sa.bindparam("community"),
        col(StatusList.purpose) == sa.bindparam("of"),
        col(StatusList.issuer_id) == sa.bindparam("issuer"),
        col(StatusList.full).is_(False),
    )
    .order_by(col(StatusList.signed_at))
    .limit(1)
)
# It reads none of the documents, which a taken index does not change.
_TAKE_PLACE = Prepared(
    sa.update(StatusList)
    .where(col(StatusList.id) == _OPEN.scalar_subquery())
    .values(taken=_COUNTED, full=col(StatusList.length) * FULLEST <= _COUNTED)
    .returning(col(StatusList.id), col(StatusList.length))
)


def _place_in_list(session: Session, issuer: Issuer, purpose: StatusPurpose, *, on: Occasion) -> tuple[UUID, int]:
    """One more place taken in the open list, or in a new one: its id and its length."""
    wanted = {"community": issuer.community.id, "of": purpose, "issuer": issuer.id}
    found = _TAKE_PLACE.first(session, wanted)
    if found is not None:
        return found[0], found[1]
    made = StatusList(
        id=on.ids.public(),
        community_id=issuer.community.id,
        purpose=purpose,
        issuer_id=issuer.id,
        length=LENGTH,
        taken=1,
        signed_at=on.now,
        data_integrity="",
        vc_jwt="",
    )
    _sign(session, issuer, made, now=on.now)
    return made.id, made.length


def _sign(session: Session, issuer: Issuer, status_list: StatusList, *, now: datetime) -> None:
    """The list's two documents from its entries: the same bits, each named by its own URL (BSL §4)."""
    raised = select(StatusEntry.index).where(StatusEntry.list_id == status_list.id, col(StatusEntry.raised).is_(True))
    bits = badges.StatusList.empty(status_list.length).with_bits(session.exec(raised).all())
    public_url = issuer.addresses.public_url

    def document(url: str) -> badges.Document:
        return badges.list_credential(
            bits,
            id=url,
            issuer=issuer.id,
            purpose=status_list.purpose.value,
            valid_from=now,
            ttl=TTL_MILLISECONDS,
        )

    signed = badges.add_proof(document(address(public_url, status_list.id)), issuer.data_integrity, created=now)
    status_list.data_integrity = badges.serialize(signed)
    jwt = document(address(public_url, status_list.id, jwt=True))
    status_list.vc_jwt = badges.sign_credential(jwt, issuer.vc_jwt, embed_key=issuer.embed_key)
    status_list.sequence += 1
    status_list.signed_at = now
    session.add(status_list)
    session.flush()
