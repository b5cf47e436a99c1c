"""Doors: whether a week may greet one by name, and the address by which one's feed reader reads the weeks."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from pydantic import Field

from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.publishing import UNSHARED, Published
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, InPerson, SignedIn, occasion, person_in
from app.reports.digest import feed, introducing, own_feed

router = strict_router(tags=["me"])
by_secret = strict_router(tags=["reports"], include_in_schema=False)

Somebody = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]
Myself = Annotated[Caller, Depends(InPerson())]
"""An address without a token outlives the one with which it was made: nobody has it, or ends it, in another's name."""


class IntroductionOut(Out):
    """Whether the round-up of the week in which you joined may name you."""

    introduced: bool
    since: datetime | None


class DigestFeedOut(Out):
    """Whether you have an address at which your feed reader reads the weeks of your community."""

    made_at: datetime | None = Field(description="Since when you have it; null while you have none.")


class NewDigestFeedOut(DigestFeedOut):
    """A new address. It is shown this once."""

    url: str = Field(description="Atom, without a token: whoever has the address reads what you may read there.")


@router.get("/v1/me/introduction")
def read_introduction(caller: Somebody, session: ReadSessionDep) -> IntroductionOut:
    """Whether you may be named among those who joined. Nobody is who has not said so."""
    return _shown(introducing.agreed_since(session, person_in(caller)))


@router.put("/v1/me/introduction")
def agree_to_introduction(caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> IntroductionOut:
    """Let the round-up of the week in which you joined greet you by name, before the members of your community."""
    return _shown(introducing.agree(session, person_in(caller), on=occasion(caller, runtime, now)))


@router.delete("/v1/me/introduction")
def take_introduction_back(caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> IntroductionOut:
    """Not be named any more, in no week."""
    introducing.withdraw(session, person_in(caller), on=occasion(caller, runtime, now))
    return _shown(None)


@router.get("/v1/me/digest-feed")
def read_digest_feed(caller: Myself, session: ReadSessionDep) -> DigestFeedOut:
    """Whether your feed reader has an address for the weeks of your community. Nobody is shown it again."""
    return DigestFeedOut(made_at=own_feed.made_at(session, person_in(caller)))


@router.post("/v1/me/digest-feed", status_code=201)
@once
def make_digest_feed(caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> NewDigestFeedOut:
    """Make an address for your feed reader, which sends no token. The one before ends."""
    secret = own_feed.make(session, person_in(caller), on=occasion(caller, runtime, now))
    return NewDigestFeedOut(made_at=now, url=f"{runtime.installation.public_url}/feeds/weeks/{secret}")


@router.delete("/v1/me/digest-feed")
def end_digest_feed(caller: Myself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> DigestFeedOut:
    """End that address: whoever has it reads nothing there any more."""
    own_feed.end(session, person_in(caller), on=occasion(caller, runtime, now))
    return DigestFeedOut(made_at=None)


@by_secret.get("/feeds/weeks/{feed_secret}", dependencies=[public])
def read_weeks(
    request: Request,
    feed_secret: Annotated[str, Path(max_length=100)],
    session: ReadSessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> Response:
    """The newest weeks, as whoever made the address may know them as a member (Atom)."""
    public_url = runtime.installation.public_url
    community, weeks = own_feed.behind(session, feed_secret, public_url=public_url, now=now)
    body = feed.feed(community, weeks, public_url, linked=False)
    answer = Published(body, feed.MEDIA_TYPE, cache=UNSHARED).response(request)
    answer.headers.update({"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"})
    return answer


def _shown(since: datetime | None) -> IntroductionOut:
    return IntroductionOut(introduced=since is not None, since=since)
