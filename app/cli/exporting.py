"""Succession: everything that a community publishes as files, which any web host can serve at the same addresses.

What is not public is not in it: whoever keeps a badge to themselves has its signed form; the lists tell its status.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.achievements.tables import Achievement, AchievementVersion
from app.audit.trails import grounds_of
from app.cli.installing import here
from app.credentials.recipients import visibility_of
from app.credentials.rules import SIGNED, Visibility
from app.credentials.tables import Credential, Edition, StatusList
from app.endorsements import published as endorsements
from app.endorsements.tables import Endorsement
from app.issuers.keys import believed_keys, ob2_keys
from app.issuers.rules import generation_suffix
from app.issuers.tables import SignedEndorsement
from app.kit.clock import system_clock
from app.kit.database import read_session
from app.kit.errors import Conflict, Gone, NotFound
from app.kit.installation import settle_address
from app.kit.publishing import Place, read
from app.members.service import community_by_slug
from app.members.tables import Community
from app.pages import feeds, views
from app.pages.rendering import STATIC, page
from app.settings import Settings
from app.verifier.service import PUBLICATIONS


class FolderInUse(Conflict):
    """The folder is not empty."""

    code = "folder-in-use"
    fix = "Name a new folder, so that nothing old is served beside the new."


def export_issuer(folder: Path, slug: str) -> int:
    """Writes what a community publishes into a new folder, each document at the path of its address; how many files.

    Raises `NoSuchCommunity`, `FolderInUse`, `AddressFixed`, `NotMigrated`, `OSError`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(f"There is something in {folder} already.")
    runtime = here(Settings())
    with read_session(runtime.engine) as session:
        # Under another address than the badges bear, what is written would answer for none of them.
        settle_address(session, runtime.installation, badges_exist=True)
        place = Place(session, runtime.installation, system_clock())
        community, written = community_by_slug(session, slug), 0
        for path, body in _files(place, community):
            target = folder / path.removeprefix("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
            written += 1
    return written


def _files(place: Place, community: Community) -> Iterator[tuple[str, bytes]]:
    """Every file, with its path: documents as they are served, pages, and a word to whoever will serve them."""
    for path in _documents(place, community):
        try:
            found = read(PUBLICATIONS, place, path)
        except (NotFound, Gone):  # an endorsement in another form, of what not everybody sees, or taken back
            continue
        yield path, found.body  # also what is gone: of a hosted badge, or an endorsement, it says itself that it is
    yield from _pages(place, community)
    for name in ("laurels.css", "laurels.svg"):
        yield f"/static/{name}", (STATIC / name).read_bytes()
    yield "/SERVING.txt", _SERVING.format(url=place.at.public_url, host=urlsplit(place.at.public_url).netloc).encode()


def _documents(place: Place, community: Community) -> Iterator[str]:
    session = place.session
    yield from _of_issuer(session, community)
    yield from _of_achievements(session, community)
    yield from _of_credentials(place, community)
    for id in session.exec(select(StatusList.id).where(StatusList.community_id == community.id)).all():
        yield from (f"/status/{id}", f"/status/{id}.jwt")
    for id in session.exec(_endorsements(community)).all():
        yield from (f"/endorsements/{id}", f"/endorsements/{id}.json", f"/endorsements/{id}.jwt")
        yield f"/ob2/endorsements/{id}"


def _of_issuer(session: Session, community: Community) -> Iterator[str]:
    home, slug = f"/issuers/{community.slug}", community.slug
    yield from (f"{home}.json", f"{home}/did.json", f"{home}/jwks.json", f"/endorsed{home}.json")
    yield from (f"{home}/keys/{key.kid}" for key in believed_keys(session, community))
    for key in ob2_keys(session, community):
        name = f"{slug}{generation_suffix(key.generation)}"
        yield from (f"/ob2/issuers/{name}", f"/ob2/revocations/{name}", f"/ob2/keys/{key.id}")


def _of_achievements(session: Session, community: Community) -> Iterator[str]:
    generations = [generation_suffix(key.generation) for key in ob2_keys(session, community)]
    for id in session.exec(select(Achievement.id).where(Achievement.community_id == community.id)).all():
        numbers = session.exec(select(AchievementVersion.number).where(AchievementVersion.achievement_id == id)).all()
        names = [str(id), *(f"{id}-v{number}" for number in numbers)]
        for name in names:
            yield from (f"/achievements/{name}{form}" for form in ("", ".json", ".png", ".svg"))
        yield from (f"/ob2/badgeclasses/{name}{generation}" for name in names[1:] for generation in generations)
        yield f"/endorsed/achievements/{id}.json"


def _of_credentials(place: Place, community: Community) -> Iterator[str]:
    session = place.session
    for credential in _public(session, community):
        id = credential.id
        yield from (f"/credentials/{id}{form}" for form in ("", ".json", ".jwt", ".png", ".svg"))
        yield from (f"/ob2/assertions/{id}{form}" for form in ("", ".jws", ".png", ".svg"))
        for number in session.exec(select(Edition.number).where(Edition.credential_id == id)).all():
            yield from (f"/editions/{id}/{number}.{form}" for form in ("json", "jwt", "png", "svg"))
        for ground in grounds_of(place, credential):
            path = ground.url.removeprefix(place.at.public_url)
            yield from (path, f"/standing{path}")


def _pages(place: Place, community: Community) -> Iterator[tuple[str, bytes]]:
    """What people read, without what only a running service can do."""
    session, public_url = place.session, place.at.public_url
    shown = views.issuer(session, community, public_url)
    yield f"/issuers/{community.slug}/index.html", bytes(page("issuer.html", alone=True, **shown).body)
    of_community = select(AchievementVersion).join(Achievement).where(Achievement.community_id == community.id)
    for version in session.exec(of_community).all():
        name = f"/achievements/{version.achievement_id}-v{version.number}.html"
        yield name, bytes(page("achievement.html", alone=True, **views.achievement(session, version, community)).body)
    for credential in _public(session, community):
        shown = views.badge(session, credential, place.now, public_url) | {"share": None}
        yield f"/credentials/{credential.id}.html", bytes(page("badge.html", alone=True, **shown).body)
    for id in session.exec(_endorsements(community)).all():
        with suppress(NotFound, Gone):  # of what not everybody sees, or taken back
            shown = views.endorsement(session, *endorsements.visible(place, str(id)), public_url)
            yield f"/endorsements/{id}.html", bytes(page("endorsement.html", alone=True, **shown).body)
    listed = feeds.recognised(session, community, public_url, place.now)
    yield f"/feeds/{community.slug}.atom", feeds.feed(community, listed, public_url)


def _endorsements(community: Community) -> SelectOfScalar[UUID]:
    signed = select(Endorsement.id).join(SignedEndorsement, col(SignedEndorsement.id) == Endorsement.id)
    return signed.where(Endorsement.community_id == community.id)


def _public(session: Session, community: Community) -> Iterator[Credential]:
    everybody = (Credential.visibility == Visibility.public, col(Credential.state).in_(SIGNED))
    for credential in session.exec(select(Credential).where(Credential.community_id == community.id, *everybody)).all():
        if visibility_of(session, credential) is Visibility.public:
            yield credential


_SERVING = """What {url} published of this community, as files: serve this folder at the root of {host}.

Every badge that refers to these addresses goes on verifying, by whatever verifier, as long as they answer.

Addresses without a suffix, and those under /status, /ob2 and /endorsements, are JSON (application/json, or
application/ld+json), but for what ends in .jwt or .jws (text/plain), .png and .svg, and for what is under
/participation (application/jwt). Allow them to be read from everywhere (Access-Control-Allow-Origin: *), so that
verifiers in browsers can. What badges rest on is there as it was signed; under /standing is what stood of it when these
files were written.

Nobody can sign with what is here: the private keys are not in it. A badge that was revoked before stays so; after,
nobody can revoke one, which only a new status list signed with the community's key could say.
"""
