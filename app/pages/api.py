"""Doors for people: pages, and the addresses that serve people and machines alike."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse

import badges
from app.achievements import published as achievements
from app.credentials import claiming, receipts
from app.credentials import published as credentials
from app.credentials.participation import kept_of
from app.credentials.recipients import visibility_of
from app.credentials.rules import Act, Visibility
from app.credentials.tables import Edition
from app.endorsements import published as endorsements
from app.endorsements.rules import Subject
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Busy, NotFound
from app.kit.negotiation import outranks, preferred
from app.kit.occasions import Occasion
from app.kit.problems import all_problems
from app.kit.publishing import FRESH, Place
from app.kit.strict import router as strict_router
from app.members import addressing
from app.members.auth import ADMIN, Caller, Visitor
from app.members.service import every_community
from app.members.tables import Community
from app.metrics.service import method_of
from app.metrics.views import method as method_shown
from app.notifications import service as notifications
from app.pages import forms, verdicts, views
from app.pages.rendering import STATIC, guide, page, private
from app.verifier.api import judged
from app.verifier.forms import LARGEST

router = strict_router(tags=["pages"], include_in_schema=False)
shared_addresses = strict_router(tags=["pages"])
verifying = APIRouter(route_class=forms.FormAgain, redirect_slashes=False, include_in_schema=False, tags=["pages"])

Viewer = Annotated[Caller | None, Depends(Visitor())]
GivenDep = Annotated[forms.Given, Depends(forms.given_in)]

_FILES = {"laurels.css": "text/css", "laurels.svg": "image/svg+xml", "verify.js": "text/javascript"}


@router.get("/", dependencies=[public])
def front(session: ReadSessionDep) -> Response:
    """The front page."""
    return page("index.html", communities=every_community(session))


@router.get("/static/{name}", dependencies=[public])
def static(name: str) -> Response:
    """The style sheet, the script and the sign."""
    if name not in _FILES:
        raise NotFound(f"There is no {name} here.")
    return FileResponse(STATIC / name, media_type=_FILES[name], headers={"Cache-Control": "public, max-age=3600"})


@router.get("/achievements/{name}.html", dependencies=[public])
def achievement_page(name: str, session: ReadSessionDep) -> Response:
    """An achievement, for people."""
    return page("achievement.html", **views.achievement(session, *achievements.named(session, name)))


@router.get("/methods/{id}", dependencies=[public])
def method(request: Request, id: Annotated[str, Path(max_length=20)], runtime: RuntimeDep) -> Response:
    """How a figure comes about: a page for people, a document for machines, as `Accept` prefers."""
    shown = method_shown(method_of(id), _url(runtime)).model_dump(mode="json")
    if _for_people(request):
        return page("method.html", method=shown)
    return JSONResponse(shown, headers={"Vary": "Accept", "Cache-Control": FRESH})


@shared_addresses.get("/achievements/{name}", dependencies=[public])
def achievement(request: Request, name: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """An achievement: a page for people, a document for machines, as `Accept` prefers."""
    if _for_people(request):
        return achievement_page(name, session)
    return achievements.as_asked(Place(session, runtime.installation, now), name).response(request)


@router.get("/credentials/{id}.html")
def badge_page(id: str, viewer: Viewer, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """A badge, for people."""
    credential = credentials.visible(Place(session, runtime.installation, now, viewer), id)
    shown = page("badge.html", **views.badge(session, credential, now, _url(runtime)))
    return shown if visibility_of(session, credential) is Visibility.public else private(shown)


@router.get("/endorsements/{id}.html")
def endorsement_page(id: str, viewer: Viewer, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """An endorsement, for people."""
    given, signed = endorsements.visible(Place(session, runtime.installation, now, viewer), id)
    shown = page("endorsement.html", **views.endorsement(session, given, signed, _url(runtime)))
    return private(shown) if given.subject is Subject.credential else shown


@shared_addresses.get("/credentials/{id}")
def badge(
    request: Request, id: str, viewer: Viewer, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> Response:
    """A badge: a page for people, the credential for machines, as `Accept` prefers."""
    if _for_people(request, instead=credentials.OTHER_TYPES):
        return badge_page(id, viewer, session, runtime, now)
    place = Place(session, runtime.installation, now, viewer, _accept(request))
    return credentials.as_asked(place, id).response(request)


@shared_addresses.get("/endorsements/{id}")
def endorsement(
    request: Request, id: str, viewer: Viewer, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> Response:
    """An endorsement: a page for people, what was signed for machines, as `Accept` prefers."""
    if _for_people(request, instead=[endorsements.VC_JWT]):
        return endorsement_page(id, viewer, session, runtime, now)
    place = Place(session, runtime.installation, now, viewer, _accept(request))
    return endorsements.as_asked(place, id).response(request)


@router.get("/favicon.ico", dependencies=[public])
def favicon() -> Response:
    """The sign of the service, for browsers that ask for it on their own."""
    return static("laurels.svg")


@router.get("/verify", dependencies=[public])
def verify_form(url: str = "", recipient: str = "") -> Response:
    """The verifier's form. A link may fill it in; nothing is asked of anybody before somebody sends it."""
    return forms.asking(forms.Given(text=url[:2000], recipient=recipient[:1000]))


@router.get("/verify/guide", dependencies=[public])
def verify_guide() -> Response:
    """What the answers mean, for whoever decides by them or writes programs."""
    return page("guide.html", guide=guide())


@router.get("/calls", dependencies=[public])
def calls(runtime: RuntimeDep) -> Response:
    """How somebody who has a token makes a call that a mail speaks of."""
    return page("calls.html", url=_url(runtime))


@verifying.post("/verify", dependencies=[public], max_body_size=LARGEST)
async def verify_answer(given: GivenDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """The verifier's answer, for people."""
    try:
        submission = await run_in_threadpool(given.submission)
        report = await judged(submission, runtime, now)
    except forms.Unclear as refusal:
        return forms.asking(given, refusal.told, status=400)
    except Busy as refusal:
        again = forms.asking(given, forms.BUSY, status=503)
        again.headers["Retry-After"] = str(refusal.retry_after)
        return again
    # A stranger's words take time to be made harmless, during which others are served.
    return await run_in_threadpool(_told, report, given.picture, submission.recipient)


@shared_addresses.get("/v1/claims/{secret}", dependencies=[public])
def claim(request: Request, secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """What a claim link offers: a page for people, JSON for machines. Looking changes nothing."""
    offered = claiming.claimed(session, secret, at=runtime.installation, now=now)
    shown = views.offer(session, offered)
    if _for_people(request):
        return private(page("claim.html", action=f"/claims/{secret}", **shown))
    version, kept = shown["achievement"], kept_of(session, offered)
    return private(
        _json(
            {
                "state": "offered",
                "community": shown["community"].slug,
                "achievement": {
                    "name": version.name,
                    "description": version.description,
                    "image": _url(runtime) + shown["image"],
                },
                "recipient": shown["recipient"],
                "narrative": offered.narrative,
                "evidence": receipts.told(offered, kept),
                "participation": kept.facts if kept is not None else None,
                "digest": receipts.digest_of(receipts.offered(session, offered, kept)),
            }
        )
    )


@router.post("/claims/{secret}", dependencies=[public])
def answer_claim(
    secret: str,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Annotated[str, Form(pattern="^(accept|refuse)$")],
    visibility: Annotated[Visibility, Form()] = Visibility.private,
    with_participation: Annotated[bool, Form()] = False,
) -> Response:
    """The answer that the claim page sends."""
    at, on = runtime.installation, Occasion(actor="recipient", now=now, ids=runtime.ids)
    credential = claiming.answer_claim(
        session, secret, Act(response), visibility, with_participation=with_participation, at=at, on=on
    )
    edition = session.get(Edition, (credential.id, 1))
    place = Place(session, at, now, viewer=ADMIN)  # who has answered may see what came of it
    image = credentials.as_png(place, str(credential.id)).body if edition else b""
    return private(page("answered.html", **views.answer(session, credential, edition, image)))


@router.get("/unsubscribe/{secret}", dependencies=[public])
def leave(secret: str, session: ReadSessionDep, runtime: RuntimeDep) -> Response:
    """Asks whether mails are to end. Looking changes nothing: programs look at every link in a mail."""
    member = notifications.member_of_link(session, secret, at=runtime.installation)
    community = session.get_one(Community, member.community_id)
    return private(page("unsubscribe.html", community=community, action=f"/unsubscribe/{secret}", done=False))


@router.post("/unsubscribe/{secret}", dependencies=[public])
def leave_now(secret: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Ends the mails to whoever's link this is; mail programs do so by themselves (RFC 8058)."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    member = notifications.turn_off(session, secret, at=runtime.installation, on=on)
    return private(page("unsubscribe.html", community=session.get_one(Community, member.community_id), done=True))


@router.get("/emails/{proof}", dependencies=[public])
def address_page(proof: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """Asks whether an address is a member's. Looking proves nothing: programs look at every link in a mail."""
    asked = addressing.asked_by(session, proof, on=Occasion(actor="recipient", now=now, ids=runtime.ids))
    return private(page("address.html", asked=asked, action=f"/emails/{proof}", done=False))


@router.post("/emails/{proof}", dependencies=[public])
def prove_address(proof: str, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """The answer that the page sends."""
    asked = addressing.prove(session, proof, on=Occasion(actor="recipient", now=now, ids=runtime.ids))
    return private(page("address.html", asked=asked, done=True))


@shared_addresses.get("/problems/{code}", dependencies=[public])
def problem_kind(code: str) -> Response:
    """What a kind of problem means and what to do about it."""
    kind = all_problems().get(code)
    if kind is None:
        raise NotFound(f"There is no problem {code}.")
    return page("problem.html", http_status=kind.status, detail="", code=kind.code, title=kind.title, fix=kind.fix)


def _told(report: badges.Report, picture: bytes, recipient: str | None) -> Response:
    shown = verdicts.shown(report, picture, recipient)
    return page("verify.html", given=forms.Given(), problem=None, most=LARGEST, **shown)


def _json(value: dict[str, Any]) -> Response:
    return JSONResponse(value, headers={"Vary": "Accept"})


def _for_people(request: Request, *, instead: Sequence[str] = ()) -> bool:
    """Whether a page is wanted: more than any JSON, and more than what else is served `instead`."""
    accept = _accept(request)
    page_or = ["text/html", *instead]
    return outranks(accept, "text/html", credentials.CREDENTIAL_TYPES) and preferred(accept, page_or) == "text/html"


def _accept(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))


def _url(runtime: RuntimeDep) -> str:
    return runtime.installation.public_url
