"""Whose own something is, under whichever account, address or DID: nobody vouches for what is theirs."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.credentials.recipients import fingerprint
from app.credentials.tables import Credential, Recipient
from app.endorsements.rules import Subject
from app.endorsements.subjects import Thing
from app.kit.installation import Installation
from app.members.addresses import emails_of
from app.members.dids import proven
from app.members.links import accounts_of
from app.members.rules import Role
from app.members.tables import Address, Identity, Member, MemberDid


def is_own(session: Session, thing: Thing, member: Member, *, at: Installation) -> bool:
    """Whether a thing is a member's own: its recipient, or one of its stewards, is them, in whichever community."""
    emails = emails_of(session, member.id)
    dids = {*proven(session, member.id), *([member.did] if member.did else [])}
    owners = _owners(session, thing)
    return (
        not owners.isdisjoint({member.id, *accounts_of(session, member.community_id, [member.id])})
        or _is_known_by(session, thing, emails, dids, at=at)
        or _reads_an_address_of(session, owners, emails)
        or _has_a_did_of(session, owners, dids)
        or _has_an_account_of(session, owners, member)
    )


def is_own_address(session: Session, thing: Thing, email: str, *, at: Installation) -> bool:
    """Whether whoever reads the letters to a canonical address is whose a thing is."""
    owners = _owners(session, thing)
    return _is_known_by(session, thing, [email], (), at=at) or _reads_an_address_of(session, owners, [email])


def _owners(session: Session, thing: Thing) -> frozenset[UUID]:
    """The members whose it is: the recipient, or the stewards."""
    if thing.subject is Subject.credential:
        return frozenset([thing.owner] if thing.owner is not None else [])
    stewards = select(Member.id).where(
        Member.community_id == thing.community.id, Member.role == Role.steward, col(Member.left_at).is_(None)
    )
    return frozenset(session.exec(stewards).all())


def _is_known_by(
    session: Session, thing: Thing, emails: Collection[str], dids: Collection[str], *, at: Installation
) -> bool:
    """Of the badge of somebody who was no member when it was awarded: by what it found them."""
    if thing.subject is not Subject.credential:
        return False
    recipient = session.get_one(Recipient, session.get_one(Credential, thing.id).recipient_id)
    prints = {fingerprint(thing.community, email, at=at) for email in emails}
    return recipient.did in dids or recipient.email_fingerprint in prints


def _reads_an_address_of(session: Session, owners: Collection[UUID], emails: Collection[str]) -> bool:
    theirs = select(Address.id).where(col(Address.member_id).in_(owners), col(Address.email).in_(emails))
    return session.exec(theirs.limit(1)).first() is not None


def _has_a_did_of(session: Session, owners: Collection[UUID], dids: Collection[str]) -> bool:
    theirs = select(MemberDid.member_id).where(col(MemberDid.did).in_(dids), col(MemberDid.proven_at).is_not(None))
    named = or_(col(Member.did).in_(dids), col(Member.id).in_(theirs))
    return session.exec(select(Member.id).where(col(Member.id).in_(owners), named).limit(1)).first() is not None


def _has_an_account_of(session: Session, owners: Collection[UUID], member: Member) -> bool:
    mine = select(Identity.platform, Identity.canonical).where(Identity.member_id == member.id)
    theirs = select(Identity.platform, Identity.canonical).where(col(Identity.member_id).in_(owners))
    return not set(session.exec(mine).all()).isdisjoint(session.exec(theirs).all())
