"""The page behind the link in a letter, where somebody who is no member reads what they are offered, and answers."""

from typing import Annotated

from fastapi import Form, Response
from sqlmodel import Session

from app.credentials import published as credentials
from app.credentials.editions import newest_edition
from app.credentials.rules import Visibility
from app.credentials.tables import Credential
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.publishing import Place
from app.kit.strict import router as strict_router
from app.members.auth import ADMIN
from app.nominations import answering
from app.nominations.answering import Answer
from app.nominations.consenting import asked_of
from app.nominations.rules import State
from app.nominations.wording import leaving_out, sentences
from app.pages import offer_views, views
from app.pages.rendering import page, private

router = strict_router(tags=["pages"], include_in_schema=False)

MOST_SENTENCES = 900
"""That one form leaves out: of more fields than a thousand none is read."""


@router.get("/offers/{link}", dependencies=[public])
def offer_page(link: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """What a link offers, word for word. Looking changes nothing: programs look at every link in a mail."""
    on = Occasion(actor="recipient", now=now, ids=runtime.ids)
    case, nominee = answering.offered_by(session, link, at=runtime.installation, on=on)
    shown = offer_views.offer(case, nominee, at=runtime.installation, on=on)
    return private(page("offer.html", action=f"/offers/{link}", **shown))


@router.post("/offers/{link}", dependencies=[public])
def answer_offer(
    link: str,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Annotated[str, Form(pattern="^(accept|refuse)$")],
    visibility: Annotated[Visibility, Form()] = Visibility.private,
    leave_out: Annotated[list[int] | None, Form(max_length=MOST_SENTENCES)] = None,
    text_version: Annotated[int | None, Form(ge=1)] = None,
    with_participation: Annotated[bool, Form()] = False,
    never_add: Annotated[bool, Form()] = False,
) -> Response:
    """The answer that the offer's page sends."""
    at, on = runtime.installation, Occasion(actor="recipient", now=now, ids=runtime.ids)
    given = Answer(
        accepts=response == "accept",
        visibility=visibility,
        narrative=_without(session, link, leave_out, at=at, on=on) if leave_out else None,
        text_version=text_version,
        participation=with_participation,
        never_add=never_add,
    )
    _, nominee = answering.answer_link(session, link, given, at=at, on=on)
    credential = session.get(Credential, nominee.credential_id) if nominee.credential_id else None
    if credential is None:
        waits = nominee.state is State.accepted
        return private(page("answered.html", files=None, waits=waits, never=never_add))
    edition = newest_edition(session, credential)
    place = Place(session, at, now, viewer=ADMIN)  # who has answered may see what came of it
    image = credentials.as_png(place, str(credential.id)).body
    return private(page("answered.html", **views.answer(session, credential, edition, image)))


def _without(session: Session, link: str, unwanted: list[int], *, at: Installation, on: Occasion) -> str:
    """The narrative of a locked offer without these sentences. Raises `Invalid`, and what `offered_by` raises."""
    case, nominee = answering.offered_by(session, link, at=at, on=on, lock=True)
    narrative = asked_of(case, nominee, at=at).narrative or ""
    if not set(unwanted) <= set(range(len(sentences(narrative)))):
        raise Invalid(errors=[{"pointer": "/leave_out", "message": "names a sentence that is not there"}])
    return leaving_out(narrative, unwanted)
