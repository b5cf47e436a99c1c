"""The page behind the link in a letter, where somebody who was asked to vouch for something does so, or says no."""

from typing import Annotated, Literal

from fastapi import Form, Response
from pydantic import BeforeValidator

from app.endorsements import invited, request_views
from app.endorsements.invited import Answer
from app.endorsements.own import Comment
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.markup import prose
from app.kit.occasions import Occasion
from app.kit.schemas import Name
from app.kit.strict import router as strict_router
from app.pages.rendering import page, private
from app.pages.stated import day

router = strict_router(tags=["pages"], include_in_schema=False)

MOST_SKILLS = 10

_Blank = BeforeValidator(lambda value: None if isinstance(value, str) and not value.strip() else value)
"""A field that was left empty is as good as none: browsers send it all the same."""


@router.get("/vouch/{secret}", dependencies=[public])
def vouch_page(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """What somebody is asked to vouch for. Looking changes nothing: programs look at every link in a mail."""
    row = invited.asked_by(session, secret, on=Occasion(actor="outsider", now=now, ids=runtime.ids))
    asked = request_views.asked(session, row)
    shown = {"about": asked["about"], "asker": asked["asker"], "until": day(asked["until"])}
    message = prose(asked["message"]) if asked["message"] else None
    return private(page("vouch.html", action=f"/vouch/{secret}", message=message, **shown))


@router.post("/vouch/{secret}", dependencies=[public])
def answer_vouch_page(
    secret: str,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Annotated[Literal["endorse", "decline"], Form()],
    name: Annotated[Name | None, _Blank, Form()] = None,
    comment: Annotated[Comment | None, _Blank, Form()] = None,
    skills: Annotated[str, Form(max_length=1000)] = "",
    never_add: Annotated[bool, Form()] = False,
) -> Response:
    """The answer that the page sends."""
    words = [word.strip()[:100] for word in skills.split(",") if word.strip()][:MOST_SKILLS]
    given = Answer(endorses=response == "endorse", name=name, comment=comment, skills=words, never_add=never_add)
    on = Occasion(actor="outsider", now=now, ids=runtime.ids)
    row, endorsement = invited.answer(session, secret, given, at=runtime.installation, on=on)
    asker = request_views.asked(session, row)["asker"]
    return private(page("vouch_answered.html", asker=asker, endorses=endorsement is not None, never=never_add))
