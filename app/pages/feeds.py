"""The recognitions of a community that everybody may see, as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from xml.etree.ElementTree import Element, SubElement, tostring

from sqlmodel import Session, col, select

import badges
from app.achievements.service import version_of
from app.credentials.recipients import name_of, visibility_of
from app.credentials.rules import BY_NOMINATION, State, Visibility
from app.credentials.service import state_of
from app.credentials.tables import Credential, Recipient
from app.kit.wording import visible
from app.members.tables import Community
from app.pages.sharing import Shared

NEWEST = 50
"""Entries of one feed."""
ATOM = "http://www.w3.org/2005/Atom"


def recognised(session: Session, community: Community, public_url: str, now: datetime) -> list[Shared]:
    """What was accepted, is in force and public, the newest first; not what people say of themselves alone."""
    chosen = (
        select(Credential, Recipient)
        .join(Recipient, col(Recipient.id) == Credential.recipient_id)
        .where(
            Credential.community_id == community.id,
            Credential.state == State.active,
            Credential.visibility == Visibility.public,
        )
        .order_by(col(Credential.awarded_at).desc(), col(Credential.row).desc())
        .execution_options(yield_per=NEWEST)
    )
    found = (
        Shared(
            credential=credential,
            version=version_of(session, credential.achievement_id, credential.achievement_version),
            community=community,
            recipient=name_of(session, recipient),
            public_url=public_url,
        )
        for credential, recipient in session.exec(chosen)
        if state_of(credential, now) is State.active
        and visibility_of(session, credential) is Visibility.public
        and (credential.awarded_by == BY_NOMINATION or credential.awarded_by != str(recipient.member_id))
    )
    return list(islice(found, NEWEST))


def feed(community: Community, entries: Iterable[Shared], public_url: str) -> bytes:
    """The document. Its ids are addresses that stay."""
    listed = list(entries)
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    address, page = f"{public_url}/feeds/{community.slug}.atom", f"{public_url}/issuers/{community.slug}"
    _say(root, "id", address)
    _say(root, "title", f"Recognised by {community.name}")
    newest = max((at for each in listed if (at := each.credential.awarded_at)), default=community.created_at)
    _say(root, "updated", badges.timestamp(newest))
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _say(SubElement(root, "author"), "name", community.name)
    for each in listed:
        _entry(SubElement(root, "entry"), each)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(entry: Element, badge: Shared) -> None:
    awarded = badges.timestamp(badge.credential.awarded_at or badge.credential.offered_at)
    _say(entry, "id", badge.url)
    _say(entry, "title", badge.title)
    _say(entry, "updated", awarded)
    _say(entry, "published", awarded)
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": badge.page})
    _say(entry, "summary", badge.version.description)


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = visible(text)
