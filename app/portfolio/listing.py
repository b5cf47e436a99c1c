"""A portfolio as JSON, written as it is read."""

from collections.abc import Iterator
from typing import Any

import badges
from app.credentials import signing
from app.issuers import endorsed
from app.portfolio.imports import original_path
from app.portfolio.shelf import Entry, Shelf
from app.portfolio.tables import ImportedBadge


def written(shelf: Shelf) -> Iterator[bytes]:
    """One JSON object; each credential in it as it was signed."""
    head = badges.serialize(opening(shelf))
    yield head[:-1].encode() + b',"items":['
    between = b""
    for entry in shelf.entries():
        item = badges.serialize(shown(entry, shelf))
        # What was signed goes in as it is, not as somebody would write it again.
        yield between + item[:-1].encode() + b',"credential":' + entry.edition.data_integrity.encode() + b"}"
        between = b","
    yield b'],"imported":['
    between = b""
    for each in shelf.imports():
        yield between + badges.serialize(brought(each, shelf)).encode()
        between = b","
    yield b"]}"


def opening(shelf: Shelf) -> dict[str, Any]:
    """What a portfolio says before its first badge."""
    owner, wanted = shelf.owner, shelf.wanted
    return {
        "title": shelf.title,
        "summary": wanted.summary,
        "owner": {
            "id": str(owner.id),
            "name": owner.name,
            "email": owner.email,
            "did": owner.did,
            "affiliation": owner.affiliation,
            "joined_at": owner.joined_at and badges.timestamp(owner.joined_at),
        },
        "community": {"slug": shelf.community.slug, "name": shelf.community.name, "url": shelf.community.url},
        "made_at": badges.timestamp(shelf.made_at),
    }


def shown(entry: Entry, shelf: Shelf) -> dict[str, Any]:
    """A badge in few words."""
    credential, version, public_url = entry.credential, entry.version, shelf.public_url
    return {
        "id": str(credential.id),
        "url": signing.credential_url(public_url, credential),
        "name": version.name,
        "state": entry.state.value,
        "provenance": entry.provenance.value,
        "basis": entry.basis.value,
        "visibility": shelf.visibility(credential).value,
        "awarded_at": credential.awarded_at and badges.timestamp(credential.awarded_at),
        "valid_until": credential.valid_until and badges.timestamp(credential.valid_until),
        "achievement": str(credential.achievement_id),
        "achievement_version": credential.achievement_version,
        "achievement_type": version.achievement_type,
        "contribution_type": version.contribution_type,
        "edition": entry.edition.number,
        "endorsements": [endorsed.address(public_url, each.id) for each in entry.endorsements],
    }


def brought(badge: ImportedBadge, shelf: Shelf) -> dict[str, Any]:
    """A badge from elsewhere in few words; its bytes are at `original`."""
    return {
        "id": str(badge.id),
        "name": badge.name,
        "issuer": {"id": badge.issuer_id, "name": badge.issuer_name},
        "awarded_at": badge.awarded_at and badges.timestamp(badge.awarded_at),
        "valid_until": badge.valid_until and badges.timestamp(badge.valid_until),
        "recipient": badge.recipient.value,
        "verdict": badge.verdict.value,
        "checked_at": badges.timestamp(badge.checked_at),
        "visibility": shelf.visibility(badge).value,
        "standard": badge.standard,
        "format": badge.format,
        "container": badge.container,
        "media_type": badge.media_type,
        "sha256": badge.sha256,
        "original": f"{shelf.public_url}{original_path(badge)}",
    }
