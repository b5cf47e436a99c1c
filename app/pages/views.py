"""What each page shows, from the rows it stands for.

Pages name what is beside them by its path, so that they are whole under whatever name the service is reached.
"""

import re
from base64 import b64encode
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.achievements.documents import address
from app.achievements.service import newest_of_all, version_of
from app.achievements.tables import AchievementVersion
from app.credentials import service, signing
from app.credentials.participation import kept_of
from app.credentials.recipients import name_of, visibility_of
from app.credentials.rules import State, Visibility, basis_of, stated
from app.credentials.tables import Credential, Edition, Recipient
from app.endorsements.rules import EndorsementState, Subject
from app.endorsements.tables import Endorsement
from app.issuers import endorsed
from app.issuers.documents import active_issuer_id
from app.issuers.tables import SignedEndorsement
from app.kit.markup import prose, web_link
from app.members.tables import Community, Member
from app.pages import sharing
from app.pages.sharing import Shared
from app.pages.voices import behind
from app.pages.vouched import endorsement as vouching
from app.pages.vouched import provenance, vouched
from app.portfolio.choosing import chosen

STATES = {
    State.active: ("good", "In force"),
    State.expired: ("unsure", "Expired"),
    State.suspended: ("unsure", "Suspended"),
    State.revoked: ("bad", "Revoked"),
}
"""Of what is signed: in which tone it is said, and the words."""


def issuer(session: Session, community: Community, public_url: str) -> dict[str, Any]:
    """A community and what can be earned there."""
    achievements = []
    for version in newest_of_all(session, community):
        url = address("", version.achievement_id, version.number)
        achievements.append({"name": version.name, "page": f"{url}.html", "image": f"{url}.png"})
    return {
        "community": community,
        "description": prose(community.description),
        "website": web_link(community.url),
        "issuer_id": active_issuer_id(session, community, public_url),
        "achievements": achievements,
        "feed": f"/feeds/{community.slug}.atom",
    } | vouched(session, community.id)


def achievement(session: Session, version: AchievementVersion, community: Community) -> dict[str, Any]:
    """An achievement in one version."""
    url = address("", version.achievement_id, version.number)
    alignments = [{"name": a["target_name"], "url": web_link(a["target_url"])} for a in version.alignments]
    return {
        "achievement": version,
        "community": community,
        "criteria": prose(version.criteria_narrative),
        "alignments": alignments,
        "image": f"{url}.png",
        "document": f"{url}.json",
    } | vouched(session, version.achievement_id)


def badge(session: Session, credential: Credential, now: datetime, public_url: str) -> dict[str, Any]:
    """A credential that its viewer may see."""
    state = service.state_of(credential, now)
    tone, words = STATES[state]
    out_of_force = state in {State.revoked, State.suspended}
    public = visibility_of(session, credential) is Visibility.public
    shown, voiced = _award(session, credential), behind(credential.evidence, credential.narrative)
    vouches = vouched(session, credential.id)
    said = {(each["name"], each["told"]) for each in vouches["endorsements"]}
    recipient = session.get_one(Recipient, credential.recipient_id)
    basis = basis_of(credential.awarded_by, recipient.member_id)
    return (
        shown
        | voiced
        | vouches
        | {
            # Who seconded it may have endorsed it with the same words: those are said once, and not once erased.
            "voices": [
                each
                for each in voiced["voices"]
                if (each["name"], each["told"]) not in said and each["told"] not in vouches["erased"]
            ],
            "provenance": provenance(basis, vouches["endorsements"]),
            "share": _shared(shown, credential, public_url) if public else None,
            "indexed": public and _is_indexed(session, recipient),
            "tone": tone,
            "state": words,
            "reason": stated(credential.reason, credential.cause) if out_of_force else None,
            "awarded": _day(credential.awarded_at),
            "valid_until": _day(credential.valid_until),
            "url": signing.credential_url(public_url, credential),
            "here": signing.credential_url("", credential),
            "ob2": signing.assertion_url("", credential),
        }
    )


def offer(session: Session, credential: Credential) -> dict[str, Any]:
    """An offer, for whoever holds its link; what they took part in, only of members, whose link nobody else has."""
    shown = _award(session, credential)
    version: AchievementVersion = shown["achievement"]
    image = f"{address('', version.achievement_id, version.number)}.png"
    kept = kept_of(session, credential)
    participation = kept.facts if kept is not None else None
    shown |= behind(credential.evidence, credential.narrative)
    return shown | {"image": image, "until": _day(credential.offer_ends), "participation": participation}


def answer(session: Session, credential: Credential, edition: Edition | None, image: bytes) -> dict[str, Any]:
    """What came of an offer. An accepted badge lies in the page itself: who keeps it private cannot fetch it later."""
    shown = _award(session, credential) | {"waits": False, "never": False}
    if edition is None:
        return shown | {"files": None}
    return shown | {
        "files": {"png": _file("image/png", image), "json": _file("application/vc", edition.data_integrity.encode())},
        "name": "-".join(re.findall(r"[a-z0-9]+", shown["achievement"].name.lower())) or "badge",
        "page": f"{signing.credential_url('', credential)}.html"
        if visibility_of(session, credential) is Visibility.public
        else None,
    }


def _award(session: Session, credential: Credential) -> dict[str, Any]:
    version = version_of(session, credential.achievement_id, credential.achievement_version)
    recipient = session.get_one(Recipient, credential.recipient_id)
    return {
        "achievement": version,
        "community": session.get_one(Community, credential.community_id),
        "recipient": name_of(session, recipient),
        "criteria": prose(version.criteria_narrative),
        "narrative": prose(credential.narrative) if credential.narrative else None,
    }


def endorsement(session: Session, given: Endorsement, signed: SignedEndorsement, public_url: str) -> dict[str, Any]:
    """A signed endorsement that its viewer may see."""
    tone, words = ("bad", "Withdrawn") if given.state is EndorsementState.withdrawn else ("good", "In force")
    here = endorsed.address("", given.id)
    return vouching(session, given) | {
        "tone": tone,
        "state": words,
        "about": _endorsed(session, given),
        "signed": _day(signed.signed_at),
        "url": endorsed.address(public_url, given.id),
        "json": f"{here}.json" if signed.data_integrity else None,
        "jwt": f"{here}.jwt" if signed.vc_jwt else None,
        "ob2": endorsed.ob2_address("", given.id) if signed.ob2_hosted and tone == "good" else None,
    }


def _endorsed(session: Session, given: Endorsement) -> dict[str, str]:
    """What an endorsement is about: its name, and its page."""
    if given.subject is Subject.issuer:
        community = session.get_one(Community, given.subject_id)
        return {"name": community.name, "page": f"/issuers/{community.slug}"}
    if given.subject is Subject.achievement:
        version = version_of(session, given.subject_id, given.subject_version)
        return {"name": version.name, "page": f"{address('', version.achievement_id, version.number)}.html"}
    credential = session.get_one(Credential, given.subject_id)
    version = version_of(session, credential.achievement_id, credential.achievement_version)
    return {"name": version.name, "page": f"{signing.credential_url('', credential)}.html"}


def _shared(shown: dict[str, Any], credential: Credential, public_url: str) -> dict[str, Any]:
    named = {name: shown[name] for name in ("community", "recipient")}
    return sharing.shown(Shared(credential, shown["achievement"], **named, public_url=public_url))


def _is_indexed(session: Session, recipient: Recipient) -> bool:
    """Whether its recipient wants search engines to list what is theirs."""
    member = recipient.member_id
    return member is not None and chosen(session, session.get_one(Member, member)).indexed


def _file(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def _day(when: datetime | None) -> str | None:
    return f"{when:%d %B %Y}".lstrip("0") if when else None
