"""What may be read of credentials: every form of the newest edition, status lists, OB 2.0 and its revocations.

Who may not see a credential gets the same 404 as for one that does not exist.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

import badges
from app.achievements.service import version_of
from app.achievements.tables import AchievementVersion
from app.credentials import service, signing
from app.credentials.rules import SIGNED, State, Visibility, shown_to
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Edition, Recipient, StatusList
from app.issuers.published import linked_data, ob2_generation
from app.issuers.rules import Addresses
from app.kit.errors import NotFound
from app.kit.negotiation import preferred
from app.kit.publishing import FOR_EVER, FRESH, UNSHARED, Place, Publication, Published
from app.members.auth import Caller, is_recipient

publication = Publication("credentials")

NEVER_ISSUED = "urn:uuid:00000000-0000-4000-8000-000000000000"
"""Stands in every RevocationList, since the reference validator overlooks a list of exactly one entry."""

CREDENTIAL_TYPES = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")
"""What a credential with an embedded proof may be asked for as (OB 3.0 §5.2; VC Data Model 2.0 §6.2)."""

Form = Callable[[Place, Credential], Published]


@publication.at("/credentials/{id}.json")
def as_json(place: Place, id: str) -> Published:
    """The credential with its embedded proof (Open Badges 3.0, Data Integrity)."""
    return _json(place, visible(place, id))


@publication.at("/credentials/{id}.jwt")
def as_jwt(place: Place, id: str) -> Published:
    """The credential as a VC-JWT (Open Badges 3.0)."""
    return _jwt(place, visible(place, id))


@publication.at("/credentials/{id}.png")
def as_png(place: Place, id: str) -> Published:
    """The badge as a PNG with the credential inside."""
    return _png(place, visible(place, id))


@publication.at("/credentials/{id}.svg")
def as_svg(place: Place, id: str) -> Published:
    """The badge as an SVG with the credential inside."""
    return _svg(place, visible(place, id))


@publication.at("/credentials/{id}", served=False)
def as_asked(place: Place, id: str) -> Published:
    """The credential in the form that `Accept` prefers; JSON for whoever does not say."""
    credential = visible(place, id)
    forms: dict[str, Form] = {
        **dict.fromkeys(CREDENTIAL_TYPES, _json),
        "application/vc+jwt": _jwt,
        "text/plain": _jwt,
        "image/png": _png,
        "image/svg+xml": _svg,
    }
    chosen = preferred(place.accept, list(forms))
    published = forms[chosen or "application/vc"](place, credential)
    if chosen in {*CREDENTIAL_TYPES, "application/vc+jwt"}:
        return replace(published, media_type=chosen)
    return published


@publication.at("/editions/{id}/{name}")
def edition(place: Place, id: str, name: str) -> Published:
    """One edition, for ever: `{n}.json`, `.jwt`, `.png` or `.svg`."""
    credential = visible(place, id)
    number, _, suffix = name.partition(".")
    forms = {"json": _json_of, "jwt": _jwt_of, "png": _png_of, "svg": _svg_of}
    found = place.session.get(Edition, (credential.id, int(number))) if number.isdecimal() and len(number) < 9 else None
    if found is None or suffix not in forms:
        raise NotFound(f"There is no edition {name} of this credential.")
    version = _version(place.session, credential)
    cache = FOR_EVER if credential.visibility is Visibility.public else UNSHARED
    body, media_type = forms[suffix](found, version)
    return Published(body, media_type, cache=cache, modified=found.signed_at)


@publication.at("/status/{id}.jwt")
def status_list_jwt(place: Place, id: str) -> Published:
    """A status list as a VC-JWT."""
    found = _status_list(place.session, id)
    return Published(found.vc_jwt.encode(), "application/vc+jwt", modified=found.signed_at)


@publication.at("/status/{id}")
def status_list(place: Place, id: str) -> Published:
    """A status list as a credential with an embedded proof."""
    found = _status_list(place.session, id)
    return Published(found.data_integrity.encode(), "application/vc", modified=found.signed_at)


@publication.at("/ob2/assertions/{id}.jws")
def ob2_signed(place: Place, id: str) -> Published:
    """The signed Open Badges 2.0 Assertion, as a compact JWS."""
    credential = visible(place, id)
    newest = _newest(place.session, credential)
    return _of(credential, newest, newest.ob2_signed.encode(), "text/plain")


@publication.at("/ob2/assertions/{id}.png")
def ob2_png(place: Place, id: str) -> Published:
    """The badge as an Open Badges 2.0 baked PNG (hosted)."""
    return _ob2_baked(place, id, "image/png")


@publication.at("/ob2/assertions/{id}.svg")
def ob2_svg(place: Place, id: str) -> Published:
    """The badge as an Open Badges 2.0 baked SVG (hosted)."""
    return _ob2_baked(place, id, "image/svg+xml")


@publication.at("/ob2/assertions/{id}")
def ob2_hosted(place: Place, id: str) -> Published:
    """The hosted Open Badges 2.0 Assertion; 410 with the reason once revoked, and while suspended."""
    credential = visible(place, id.removesuffix(".json"))
    newest = _newest(place.session, credential)
    if credential.state in {State.revoked, State.suspended}:
        url = signing.assertion_url(place.at.public_url, credential)
        reason = credential.reason or "No reason was given."
        body = badges.serialize(badges.ob2.revoked_assertion(url, reason)).encode()
        return Published(body, "application/ld+json", status=410, cache=_cache(credential))
    return _of(credential, newest, newest.ob2_hosted.encode(), "application/ld+json")


@publication.at("/ob2/revocations/{c}")
def ob2_revocations(place: Place, c: str) -> Published:
    """The Open Badges 2.0 RevocationList of an issuer, for signed badges."""
    community, key = ob2_generation(place.session, c)
    addresses = Addresses(place.at.public_url, community.slug)
    chosen = (
        select(Edition.ob2_signed_id, Credential.reason)
        .join(Credential, col(Credential.id) == Edition.credential_id)
        .where(Credential.community_id == community.id, Edition.ob2_generation == key.generation)
        .where(col(Credential.state).in_([State.revoked, State.suspended]))
        .order_by(col(Edition.ob2_signed_id))
    )
    document = badges.ob2.RevocationList.of(
        id=addresses.ob2_revocations(key.generation),
        issuer=addresses.ob2_profile(key.generation),
        revoked=dict(place.session.exec(chosen).all()),
        placeholder=NEVER_ISSUED,
    )
    return linked_data(document.to_document())


def visible(place: Place, id: str) -> Credential:
    """The signed credential, if the viewer may see it. Raises `NoSuchCredential` alike for none and for hidden ones."""
    credential = service.credential_by_id(place.session, id)
    viewer: Caller | None = place.viewer
    state = service.state_of(credential, place.now)
    recipient = place.session.get_one(Recipient, credential.recipient_id)
    seen = shown_to(
        credential.visibility,
        state,
        recipient=is_recipient(viewer, recipient.member_id),
        steward=viewer is not None and viewer.stewards(credential.community_id),
        in_community=viewer is not None and viewer.member is not None and viewer.within(credential.community_id),
    )
    if not seen or state not in SIGNED:
        raise NoSuchCredential(f"There is no credential {id}.")
    return credential


def _json(place: Place, credential: Credential) -> Published:
    return _shown(place, credential, _json_of)


def _jwt(place: Place, credential: Credential) -> Published:
    return _shown(place, credential, _jwt_of)


def _png(place: Place, credential: Credential) -> Published:
    return _shown(place, credential, _png_of)


def _svg(place: Place, credential: Credential) -> Published:
    return _shown(place, credential, _svg_of)


def _shown(
    place: Place, credential: Credential, form: Callable[[Edition, AchievementVersion], tuple[bytes, str]]
) -> Published:
    newest = _newest(place.session, credential)
    return _of(credential, newest, *form(newest, _version(place.session, credential)))


def _json_of(edition: Edition, _version: AchievementVersion) -> tuple[bytes, str]:
    return edition.data_integrity.encode(), "application/vc"


def _jwt_of(edition: Edition, _version: AchievementVersion) -> tuple[bytes, str]:
    return edition.vc_jwt.encode(), "text/plain"


def _png_of(edition: Edition, version: AchievementVersion) -> tuple[bytes, str]:
    return badges.bake(version.image_png, edition.data_integrity), "image/png"


def _svg_of(edition: Edition, version: AchievementVersion) -> tuple[bytes, str]:
    return badges.bake(version.image_svg, edition.data_integrity), "image/svg+xml"


def _ob2_baked(place: Place, id: str, media_type: str) -> Published:
    credential = visible(place, id)
    newest = _newest(place.session, credential)
    version = _version(place.session, credential)
    image = version.image_png if media_type == "image/png" else version.image_svg
    return _of(credential, newest, badges.bake(image, newest.ob2_hosted), media_type)


def _of(credential: Credential, edition: Edition, body: bytes, media_type: str) -> Published:
    return Published(body, media_type, cache=_cache(credential), modified=edition.signed_at)


def _cache(credential: Credential) -> str:
    return FRESH if credential.visibility is Visibility.public else UNSHARED


def _newest(session: Session, credential: Credential) -> Edition:
    chosen = select(Edition).where(Edition.credential_id == credential.id)
    return session.exec(chosen.order_by(col(Edition.number).desc()).limit(1)).one()


def _version(session: Session, credential: Credential) -> AchievementVersion:
    return version_of(session, credential.achievement_id, credential.achievement_version)


def _status_list(session: Session, id: str) -> StatusList:
    try:
        found = session.get(StatusList, UUID(id))
    except ValueError:
        found = None
    if found is None:
        raise NotFound(f"There is no status list {id}.")
    return found
