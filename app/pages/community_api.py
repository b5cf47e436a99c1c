"""Doors: the page of a community, and what it has published, for people."""

from fastapi import Response

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep
from app.kit.strict import router as strict_router
from app.members.communities.charters import charter_of
from app.members.service import community_by_slug
from app.pages import community_views, views
from app.pages.rendering import page

router = strict_router(tags=["pages"], include_in_schema=False)


@router.get("/issuers/{c}", dependencies=[public])
def issuer_page(c: str, session: ReadSessionDep, runtime: RuntimeDep) -> Response:
    """A community, with what can be earned there and what it has published."""
    community, url = community_by_slug(session, c), runtime.installation.public_url
    shown = views.issuer(session, community, url)
    return page("issuer.html", published=community_views.published(session, community), **shown)


@router.get("/issuers/{c}/charter", dependencies=[public])
def charter_page(c: str, session: ReadSessionDep) -> Response:
    """What a community has agreed on, as it is now."""
    community = community_by_slug(session, c)
    return page("charter.html", **community_views.charter(community, charter_of(session, community)))


@router.get("/issuers/{c}/badges", dependencies=[public])
def badges_page(c: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Whom a community recognised lately, as far as everybody may see it. Search engines are not to list names."""
    community, url = community_by_slug(session, c), runtime.installation.public_url
    return page("badges.html", **community_views.public_badges(session, community, url, now))
