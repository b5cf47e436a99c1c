"""Doors to what other places show of a badge that everybody may see, and to what a community recognised."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse

import badges
from app.achievements.service import version_of
from app.credentials import published as credentials
from app.credentials.recipients import name_of
from app.credentials.service import state_of
from app.credentials.tables import Recipient
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep
from app.kit.errors import NotFound
from app.kit.publishing import FRESH, Place, Published
from app.kit.strict import router as strict_router
from app.members.service import community_by_slug
from app.members.tables import Community
from app.pages import feeds, sharing, shields, stated
from app.pages.rendering import embedded
from app.pages.sharing import Shared
from app.pages.views import STATES

router = strict_router(tags=["pages"], dependencies=[public])
"""None of them looks at who asks: what they show is for everybody, or for nobody."""

UNLISTED = {"X-Robots-Tag": "noindex"}


class NothingToEmbed(NotFound):
    """There is no badge at this address that everybody may see."""

    code = "nothing-to-embed"
    fix = "Give the address of a public badge of this service, as its page has it."


@router.get("/cards/{id}.png", response_class=Response)
def card_picture(request: Request, id: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """The picture that previews of a badge show: 1200 x 630, PNG."""
    badge = _shared(Place(session, runtime.installation, now), id)
    awarded = badge.credential.awarded_at
    lines = (badge.recipient, badge.community.name, awarded and stated.day(awarded))
    picture = badges.artwork.card(
        picture=badge.version.image_png, title=badge.version.name, lines=tuple(line for line in lines if line)
    )
    return Published(picture, "image/png", cache=FRESH).response(request)


@router.get("/cards/{id}", response_class=Response)
def card(id: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """A badge as a small page that other pages embed."""
    badge = _shared(Place(session, runtime.installation, now), id)
    tone, words = STATES[state_of(badge.credential, now)]
    awarded = badge.credential.awarded_at
    return embedded("card.html", badge=badge, tone=tone, state=words, awarded=stated.day(awarded) if awarded else None)


@router.get("/badge/{id}/shield.svg", response_class=Response)
def shield(request: Request, id: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """A badge as a line of a README (SVG); it says when it is out of force."""
    badge = _shared(Place(session, runtime.installation, now), id)
    tone, words = STATES[state_of(badge.credential, now)]
    said = badge.version.name if tone == "good" else f"{badge.version.name} ({words.lower()})"
    return Published(shields.shield(badge.community.name, said, tone), "image/svg+xml", cache=FRESH).response(request)


@router.get("/oembed")
def oembed(
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    url: Annotated[str, Query(max_length=2000, description="Of a public badge here, in any of its forms.")] = "",
    maxwidth: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    maxheight: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    format: Annotated[Literal["json"], Query(description="XML is not offered.")] = "json",
) -> JSONResponse:
    """How a program embeds a badge whose address somebody pasted (oEmbed 1.0)."""
    try:
        badge = _shared(Place(session, runtime.installation, now), _badge_at(url, runtime.installation.public_url))
    except NotFound:
        raise NothingToEmbed("There is no such badge, or not everybody may see it.") from None
    return JSONResponse(sharing.oembed(badge, width=maxwidth, height=maxheight), headers={"Cache-Control": FRESH})


@router.get("/feeds/{c}.atom", response_class=Response)
def feed(request: Request, c: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Whom a community recognised lately, as far as everybody may see it (Atom)."""
    community, url = community_by_slug(session, c), runtime.installation.public_url
    body = feeds.feed(community, feeds.recognised(session, community, url, now), url)
    answer = Published(body, "application/atom+xml", cache=FRESH).response(request)
    answer.headers.update(UNLISTED)
    return answer


def _badge_at(url: str, public_url: str) -> str:
    """The id in an address of a badge here, in whatever form. Raises `NothingToEmbed`."""
    try:
        asked, ours = urlsplit(url), urlsplit(public_url)
    except ValueError:
        raise NothingToEmbed("This is no address.") from None
    start = f"{ours.path}/credentials/"
    if (asked.scheme, asked.netloc) != (ours.scheme, ours.netloc) or not asked.path.startswith(start):
        raise NothingToEmbed("This is no address of a badge here.")
    return asked.path.removeprefix(start).partition(".")[0]


def _shared(place: Place, id: str) -> Shared:
    """A badge that everybody may see. Raises `NoSuchCredential`."""
    credential, session = credentials.visible(place, id), place.session
    return Shared(
        credential=credential,
        version=version_of(session, credential.achievement_id, credential.achievement_version),
        community=session.get_one(Community, credential.community_id),
        recipient=name_of(session, session.get_one(Recipient, credential.recipient_id)),
        public_url=place.at.public_url,
    )
