"""Weeks as an Atom feed (RFC 4287): an entry each."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

import badges
from app.kit.wording import visible
from app.members.tables import Community
from app.reports.digest import wording
from app.reports.digest.page import fragment
from app.reports.digest.service import Told

MEDIA_TYPE = "application/atom+xml"


def feed(community: Community, weeks: Sequence[Told], public_url: str, *, linked: bool = True) -> bytes:
    """The document, in the order of `weeks`, the newest first. Where it goes without a token nothing is `linked` that
    takes one, and the address that holds a secret is not in it."""
    address = f"{public_url}/v1/communities/{community.slug}/digest"
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _say(root, "id", f"{address}?format=atom")
    _say(root, "title", f"{community.name}, week by week")
    newest = max((told.digest.made_at for told in weeks), default=community.created_at)
    _say(root, "updated", badges.timestamp(newest))
    if linked:
        SubElement(root, "link", {"rel": "self", "type": MEDIA_TYPE, "href": f"{address}?format=atom"})
    _say(SubElement(root, "author"), "name", community.name)
    for told in weeks:
        entry = SubElement(root, "entry")
        _say(entry, "id", f"urn:uuid:{told.digest.id}")
        _say(entry, "title", wording.title(told))
        _say(entry, "updated", badges.timestamp(told.digest.made_at))
        if linked:
            link = f"{address}?week={told.digest.week}&format=html"
            SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": link})
        _say(entry, "summary", wording.in_short(told))
        SubElement(entry, "content", {"type": "html"}).text = visible(fragment(told))
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = visible(text)
