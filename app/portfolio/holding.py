"""Whose badges there are in what somebody shows. That a badge is genuine does not make it theirs."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

import badges
from app.credentials.tables import Recipient
from app.issuers.keys import issuer_id, keys_of
from app.issuers.rules import Addresses
from app.issuers.tables import KeyKind
from app.kit.installation import Installation
from app.members.dids import proven
from app.members.tables import Community, Member
from app.portfolio.choosing import held
from app.portfolio.import_rules import Match, matched
from app.portfolio.imports import known_as
from app.portfolio.tables import ImportedBadge


def not_theirs(
    session: Session, member: Member, documents: Sequence[badges.Document], *, at: Installation
) -> list[badges.Document]:
    """Which of these verified credentials are not known to be the member's.

    Theirs is what was issued to them here, what names an address or a DID that they have proven, and what they have
    imported as their own. An id alone says nothing, since anybody may sign a badge of any id: its issuer counts too.
    """
    known = known_as(session, member)
    others = [each for each in documents if matched(each, known) is not Match.matched]
    if not others:
        return []
    here, names = _issuers(session, member, at=at), _names(session, member)
    issued = {f"{at.public_url}/credentials/{id}" for id in held(session, member)}
    from_elsewhere = {(each.credential_key, each.issuer_id) for each in brought(session, member, others)}

    def is_theirs(document: badges.Document) -> bool:
        id, issuer = _id(document), _id(document.get("issuer"))
        imported = id is not None and (_key(id), issuer) in from_elsewhere
        return imported or (issuer in here and (id in issued or _subject(document) in names))

    return [each for each in others if not is_theirs(each)]


def _issuers(session: Session, member: Member, *, at: Installation) -> set[str | None]:
    """Every DID under which their community has issued."""
    community = session.get_one(Community, member.community_id)
    addresses = Addresses(at.public_url, community.slug)
    return {issuer_id(addresses, key) for key in keys_of(session, community) if key.kind is KeyKind.ed25519}


def _names(session: Session, member: Member) -> set[str | None]:
    """As whom a learner record names them, which is signed anew for each reader: nobody keeps its id."""
    known = session.exec(select(Recipient.subject_id).where(Recipient.member_id == member.id)).all()
    return {*known, *proven(session, member.id)}


def brought(session: Session, member: Member, documents: Sequence[badges.Document]) -> Sequence[ImportedBadge]:
    """Those badges from elsewhere among these that the member has imported as their own."""
    named = {(_key(id), _id(each.get("issuer"))) for each in documents if (id := _id(each)) is not None}
    chosen = select(ImportedBadge).where(
        ImportedBadge.member_id == member.id,
        ImportedBadge.recipient == Match.matched,
        col(ImportedBadge.credential_key).in_({key for key, _ in named}),
    )
    return [each for each in session.exec(chosen).all() if (each.credential_key, each.issuer_id) in named]


def _key(id: str) -> str:
    return hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()


def _subject(document: badges.Document) -> str | None:
    subject = document.get("credentialSubject")
    return _id(subject[0] if isinstance(subject, list) and subject else subject)


def _id(node: Any) -> str | None:
    """That of a thing which may stand as its bare address."""
    id = node.get("id") if isinstance(node, dict) else node
    return id if isinstance(id, str) else None
