"""What somebody took part in, as a document that their badge can rest on: counted, cited, and signed alone.

It is carried where whoever proposes the badge wants it, shown with the offer, and signed with the badge: nobody's
participation is signed before they have accepted that. It names nobody.

Signed as a compact JWS (RFC 7515) with the key of the badge's VC-JWT: any JOSE library checks it alone. A proof inside
JSON-LD would need a context of ours, which no verifier has, for every word of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

import badges
from app.contributions import kinds
from app.contributions.citing import DIGEST, cited_with_events, events_of, standing, tally
from app.contributions.rules import EARLIEST
from app.credentials.signing import credential_url
from app.credentials.tables import Credential, Participation, Recipient
from app.issuers.keys import issuer_of
from app.kit import journal
from app.kit.errors import FieldError, Invalid, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.links import accounts_of
from app.members.tables import Community

GENRE = "participation"
"""Of the evidence that such a document is."""
MEDIA_TYPE = "application/jwt"
TYP = "participation+jwt"
"""Of the token: it is taken for nothing else (RFC 8725 §3.11)."""
CITED = 200
"""Contributions that a document cites; of more, the newest. All are counted."""


class NoSuchParticipation(NotFound):
    """No badge that you may see rests on this."""

    code = "no-such-participation"
    fix = "The badge names in its evidence what it rests on."


@dataclass(frozen=True)
class Wanted:
    """Which of somebody's contributions are to be told of."""

    since: datetime | None = None
    until: datetime | None = None
    """Exclusive; None, and what is still to come, for the instant of the offer."""
    types: tuple[str, ...] | None = None
    """None for all."""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Wanted":
        """As `to_dict` wrote it."""
        since, until = (datetime.fromisoformat(kept[end]) if kept[end] else None for end in ("since", "until"))
        return cls(since, until, tuple(kept["types"]) if kept["types"] is not None else None)

    def to_dict(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {"since": _told(self.since), "until": _told(self.until), "types": _listed(self.types)}


def check(session: Session, community: Community, wanted: Wanted | None, *, now: datetime) -> None:
    """Whether there can be such contributions at all: who asks for none would wait for a record that never comes.

    Raises `Invalid`, naming each field at fault.
    """
    if wanted is None:
        return
    errors: list[FieldError] = []
    if wanted.since is not None and wanted.since > now:
        errors.append({"pointer": "/participation/since", "message": "lies in the future"})
    for end, at in (("since", wanted.since), ("until", wanted.until)):
        if at is not None and at < EARLIEST:
            told = f"is before {EARLIEST:%Y}: no contribution is recorded of then"
            errors.append({"pointer": f"/participation/{end}", "message": told})
    there = kinds.known(session, community) if wanted.types is not None else {}
    errors += [
        {"pointer": f"/participation/types/{position}", "message": "is no type of contribution of this community"}
        for position, type in enumerate(wanted.types or ())
        if type not in there
    ]
    if errors:
        fix = "GET …/contribution-types lists the types; what is left out has all counted."
        raise Invalid("No contribution can be what is asked for.", fix=fix, errors=errors)


def facts_of(
    session: Session, community: UUID, member: UUID | None, wanted: Wanted, *, now: datetime
) -> dict[str, Any] | None:
    """What a member took part in by now, from all accounts of theirs.

    None where nothing counts: because there is nothing, or because they do not want to be counted.
    """
    if member is None:
        return None
    until = min(wanted.until or now, now)
    persons = set(accounts_of(session, community, [member]))
    found = tally(session, community, persons, types=wanted.types, since=wanted.since, until=until, most=CITED)
    if not found.newest:
        return None
    return {
        "window": {"since": _told(wanted.since), "until": _told(until)},
        "types": _listed(wanted.types),
        "counts": {"contributions": sum(found.by_type.values()), "by_type": dict(sorted(found.by_type.items()))},
        "digest": DIGEST,
        "contributions": cited_with_events(session, community, found.newest),
    }


def piece(facts: Mapping[str, Any]) -> dict[str, str]:
    """The same as evidence in words; where it is found, and its digest, come when it is signed."""
    counts, window = facts["counts"], facts["window"]
    since, until = window["since"], window["until"][:10]
    by_type = ", ".join(f"{type} {count}" for type, count in sorted(counts["by_type"].items()))
    number = counts["contributions"]
    begun = f"From {since[:10]} to {until}" if since else f"By {until}"
    return {
        "name": "Participation",
        "genre": GENRE,
        "description": "Contributions that the community's record holds, counted and signed by the community.",
        "narrative": f"{begun}: {number} contribution{'s' if number != 1 else ''} ({by_type}).",
    }


def keep(session: Session, credential: Credential, facts: Mapping[str, Any], *, on: Occasion) -> Participation:
    """What a credential that is not yet accepted is to rest on."""
    kept = Participation(id=on.ids.public(), credential_id=credential.id, facts=dict(facts))
    session.add(kept)
    return kept


def kept_of(session: Session, credential: Credential) -> Participation | None:
    """What a credential rests on, or is offered to."""
    return session.exec(select(Participation).where(Participation.credential_id == credential.id)).one_or_none()


def let_go(session: Session, credential: Credential) -> None:
    """Forgets what was offered and is not wanted."""
    session.exec(delete(Participation).where(col(Participation.credential_id) == credential.id))


def carry(
    session: Session,
    community: Community,
    credential: Credential,
    kept: Participation,
    *,
    at: Installation,
    on: Occasion,
) -> None:
    """Signs what an accepted credential is to rest on, and has its evidence pin that. The credential is not yet signed.

    Raises whatever keeps the community from signing.
    """
    journal.hold(session, community.id)  # from here nobody changes the keys, as when the badge is signed
    issuer, own, facts = issuer_of(session, community, at=at), address(at.public_url, kept.id), kept.facts
    claims = {
        "iss": issuer.id,
        "jti": own,
        "iat": int(on.now.timestamp()),
        "badge": credential_url(at.public_url, credential),
        "standing": standing_address(at.public_url, kept.id),
        **facts,
    }
    key = issuer.vc_jwt
    named = {"jwk": key.method.jwk()} if issuer.embed_key else {"kid": key.id}
    token = badges.sign(badges.serialize(claims).encode(), key, header={"typ": TYP, **named})
    kept.token = token
    session.add(kept)
    pin = {"url": own, "digest": badges.digest_multibase(token.encode()), "media_type": MEDIA_TYPE}
    told = next((each for each in credential.evidence if each.get("genre") == GENRE), piece(facts))
    others = [each for each in credential.evidence if each.get("genre") != GENRE]
    credential.evidence = [told | pin, *others]


def standing_today(
    session: Session, credential: Credential, cited: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Of each contribution that a badge cites, whether it stands as it did, as its holder's, and the journal still has
    it by that event."""
    ids = [UUID(each["id"]) for each in cited]
    holder = session.get_one(Recipient, credential.recipient_id).member_id
    now, events = standing(session, cited, of=holder), events_of(session, credential.community_id, ids)
    return [
        {"id": each["id"], "stands": id in now and ("event" not in each or events.get(id) == each["event"])}
        for id, each in zip(ids, cited, strict=True)
    ]


def address(public_url: str, id: UUID) -> str:
    """Where such a document is served, to whoever may see the badge."""
    return f"{public_url}/participation/{id}"


def standing_address(public_url: str, id: UUID) -> str:
    """Where it is said what stands today: beside the document, not below it, so that both can be plain files."""
    return f"{public_url}/standing/participation/{id}"


def _told(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at is not None else None


def _listed(types: Sequence[str] | None) -> list[str] | None:
    return sorted(types) if types is not None else None
