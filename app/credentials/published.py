"""What may be read of credentials: every form of the newest edition, status lists, OB 2.0 and its revocations.

Who may not see a credential gets the same 404 as for one that does not exist.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session, col, select

import badges
from app.achievements.service import version_of
from app.achievements.tables import AchievementVersion
from app.credentials import service, signing
from app.credentials.editions import newest_edition
from app.credentials.recipients import visibility_of
from app.credentials.rules import SIGNED, State, Visibility, shown_to, stated
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Edition, Recipient, StatusList
from app.issuers.published import linked_data, ob2_generation
from app.issuers.rules import Addresses
from app.kit.errors import NotFound
from app.kit.ids import id_in
from app.kit.negotiation import preferred
from app.kit.publishing import FRESH, UNSHARED, Place, Publication, Published
from app.members.auth import Caller, onlooker

publication = Publication("credentials")

_EDITION = re.compile(r"(?P<number>[1-9]\d{0,7})\.(?P<suffix>json|jwt|png|svg)", re.ASCII)

NEVER_ISSUED = "urn:uuid:00000000-0000-4000-8000-000000000000"
"""Stands in every RevocationList, since the reference validator overlooks a list of exactly one entry."""

CREDENTIAL_TYPES = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")
"""What a credential with an embedded proof may be asked for as (OB 3.0 §5.2; VC Data Model 2.0 §6.2)."""

Form = Callable[[Session, Edition], tuple[bytes, str]]
"""Makes the bytes of one form of an edition, and says their media type."""


def _json(_session: Session, edition: Edition) -> tuple[bytes, str]:
    return edition.data_integrity.encode(), "application/vc"


def _jwt(_session: Session, edition: Edition) -> tuple[bytes, str]:
    return edition.vc_jwt.encode(), "text/plain"


def _png(session: Session, edition: Edition) -> tuple[bytes, str]:
    image = _version(session, edition).image_png
    return badges.bake(image, edition.data_integrity, version=badges.OB30), "image/png"


def _svg(session: Session, edition: Edition) -> tuple[bytes, str]:
    image = _version(session, edition).image_svg
    return badges.bake(image, edition.data_integrity, version=badges.OB30), "image/svg+xml"


def _ob2(_session: Session, edition: Edition) -> tuple[bytes, str]:
    return edition.ob2_hosted.encode(), "application/ld+json"


def _ob2_jws(_session: Session, edition: Edition) -> tuple[bytes, str]:
    return edition.ob2_signed.encode(), "text/plain"


def _ob2_png(session: Session, edition: Edition) -> tuple[bytes, str]:
    image = _version(session, edition).image_png
    return badges.bake(image, edition.ob2_hosted, version=badges.OB20), "image/png"


def _ob2_svg(session: Session, edition: Edition) -> tuple[bytes, str]:
    image = _version(session, edition).image_svg
    return badges.bake(image, edition.ob2_hosted, version=badges.OB20), "image/svg+xml"


_BY_SUFFIX: dict[str, Form] = {"json": _json, "jwt": _jwt, "png": _png, "svg": _svg}
_OTHERS: dict[str, Form] = {
    "application/vc+jwt": _jwt,
    "text/plain": _jwt,
    "image/png": _png,
    "image/svg+xml": _svg,
}
OTHER_TYPES = tuple(_OTHERS)
"""What else a credential may be asked for as."""


@publication.at("/credentials/{id}.json")
def as_json(place: Place, id: str) -> Published:
    """The credential with its embedded proof (Open Badges 3.0, Data Integrity)."""
    return _newest(place, visible(place, id), _json)


@publication.at("/credentials/{id}.jwt")
def as_jwt(place: Place, id: str) -> Published:
    """The credential as a VC-JWT (Open Badges 3.0)."""
    return _newest(place, visible(place, id), _jwt)


@publication.at("/credentials/{id}.png")
def as_png(place: Place, id: str) -> Published:
    """The badge as a PNG with the credential inside."""
    return _newest(place, visible(place, id), _png)


@publication.at("/credentials/{id}.svg")
def as_svg(place: Place, id: str) -> Published:
    """The badge as an SVG with the credential inside."""
    return _newest(place, visible(place, id), _svg)


@publication.at("/credentials/{id}", served=False)
def as_asked(place: Place, id: str) -> Published:
    """The credential in the form that `Accept` prefers; JSON for whoever does not say."""
    chosen = preferred(place.accept, [*CREDENTIAL_TYPES, *OTHER_TYPES])
    published = _newest(place, visible(place, id), _OTHERS.get(chosen or "", _json))
    return replace(published, media_type=chosen) if chosen else published


@publication.at("/editions/{id}/{name}")
def edition(place: Place, id: str, name: str) -> Published:
    """One edition, byte for byte: `{n}.json`, `.jwt`, `.png` or `.svg`.

    It never changes, but who may see it does: so that nobody is told to keep it for ever.
    """
    credential = visible(place, id)
    match = _EDITION.fullmatch(name)
    found = place.session.get(Edition, (credential.id, int(match["number"]))) if match else None
    if match is None or found is None:
        raise NotFound(f"There is no edition {name} of this credential.")
    return _of(place, found, _BY_SUFFIX[match["suffix"]], cache_of(place.session, credential))


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
    return _newest(place, visible(place, id), _ob2_jws)


@publication.at("/ob2/assertions/{id}.png")
def ob2_png(place: Place, id: str) -> Published:
    """The badge as an Open Badges 2.0 baked PNG (hosted)."""
    return _newest(place, visible(place, id), _ob2_png)


@publication.at("/ob2/assertions/{id}.svg")
def ob2_svg(place: Place, id: str) -> Published:
    """The badge as an Open Badges 2.0 baked SVG (hosted)."""
    return _newest(place, visible(place, id), _ob2_svg)


@publication.at("/ob2/assertions/{id}")
def ob2_hosted(place: Place, id: str) -> Published:
    """The hosted Open Badges 2.0 Assertion; 410 with the reason once revoked, and while suspended."""
    credential = visible(place, id.removesuffix(".json"))
    gone = revoked_as_hosted(credential, place.at.public_url)
    if gone is not None:
        return Published(gone, "application/ld+json", status=410, cache=cache_of(place.session, credential))
    return _newest(place, credential, _ob2)


def revoked_as_hosted(credential: Credential, public_url: str) -> bytes | None:
    """What stands in place of the hosted Assertion of a credential that is revoked or suspended; None of any other."""
    if credential.state not in {State.revoked, State.suspended}:
        return None
    url = signing.assertion_url(public_url, credential)
    reason = stated(credential.reason, credential.cause) or "No reason was given."
    return badges.serialize(badges.ob2.revoked_assertion(url, reason)).encode()


@publication.at("/ob2/revocations/{c}")
def ob2_revocations(place: Place, c: str) -> Published:
    """The Open Badges 2.0 RevocationList of an issuer, for signed badges."""
    community, key = ob2_generation(place.session, c)
    addresses = Addresses(place.at.public_url, community.slug)
    chosen = (
        select(Edition.ob2_signed_id, Credential)
        .join(Credential, col(Credential.id) == Edition.credential_id)
        .where(Credential.community_id == community.id, Edition.ob2_generation == key.generation)
        .where(col(Credential.state).in_([State.revoked, State.suspended]))
        .order_by(col(Edition.ob2_signed_id))
    )
    document = badges.ob2.RevocationList.of(
        id=addresses.ob2_revocations(key.generation),
        issuer=addresses.ob2_profile(key.generation),
        # Everybody reads this list: why a badge was revoked that not everybody may see is not told here.
        revoked={
            id: stated(of.reason, of.cause) if visibility_of(place.session, of) is Visibility.public else None
            for id, of in place.session.exec(chosen).all()
        },
        placeholder=NEVER_ISSUED,
    )
    return linked_data(document.to_document())


def visible(place: Place, id: str) -> Credential:
    """The signed credential, if the viewer may see it. Raises `NoSuchCredential` alike for none and for hidden ones."""
    credential = service.credential_by_id(place.session, id)
    viewer: Caller | None = place.viewer
    state = service.state_of(credential, place.now)
    recipient = place.session.get_one(Recipient, credential.recipient_id)
    looks = onlooker(viewer, recipient.member_id, credential.community_id)
    if state not in SIGNED or not shown_to(looks, visibility_of(place.session, credential), state):
        raise NoSuchCredential(f"There is no credential {id}.")
    return credential


def _newest(place: Place, credential: Credential, form: Form) -> Published:
    return _of(place, newest_edition(place.session, credential), form, cache_of(place.session, credential))


def _of(place: Place, edition: Edition, form: Form, cache: str) -> Published:
    body, media_type = form(place.session, edition)
    return Published(body, media_type, cache=cache, modified=edition.signed_at)


def cache_of(session: Session, credential: Credential) -> str:
    """Who may keep what is told of a credential."""
    return FRESH if visibility_of(session, credential) is Visibility.public else UNSHARED


def _version(session: Session, edition: Edition) -> AchievementVersion:
    credential = session.get_one(Credential, edition.credential_id)
    return version_of(session, credential.achievement_id, credential.achievement_version)


def _status_list(session: Session, id: str) -> StatusList:
    known = id_in(id)
    found = session.get(StatusList, known) if known else None
    if found is None:
        raise NotFound(f"There is no status list {id}.")
    return found
