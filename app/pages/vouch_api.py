"""The page behind the link in a letter, where somebody who was asked to vouch for something does so, or says no."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Form, Response
from pydantic import TypeAdapter, ValidationError

from app.endorsements import invited, request_views
from app.endorsements.invited import Answer
from app.endorsements.own import Comment
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.markup import prose
from app.kit.occasions import Occasion
from app.kit.publishing import Place
from app.kit.schemas import Name
from app.kit.strict import router as strict_router
from app.pages import vouch_views
from app.pages.rendering import page, private
from app.pages.stated import day

router = strict_router(tags=["pages"], include_in_schema=False)

MOST_SKILLS = 10
MOST_SENT = 20_000
"""Characters of a field: more than is taken, so that what is too long comes back with the reason."""

_NAME, _COMMENT = TypeAdapter[str](Name), TypeAdapter[str](Comment)


@router.get("/vouch/{secret}", dependencies=[public])
def vouch_page(secret: str, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
    """What somebody is asked to vouch for. Looking changes nothing: programs look at every link in a mail."""
    return _asking(Place(session, runtime.installation, now), secret, Occasion("outsider", now, runtime.ids))


@router.post("/vouch/{secret}", dependencies=[public])
def answer_vouch_page(
    secret: str,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    response: Annotated[Literal["endorse", "decline"], Form()],
    name: Annotated[str, Form(max_length=MOST_SENT)] = "",
    comment: Annotated[str, Form(max_length=MOST_SENT)] = "",
    skills: Annotated[str, Form(max_length=1000)] = "",
    never_add: Annotated[bool, Form()] = False,
) -> Response:
    """The answer that the page sends; the page again, with what was written, where that cannot be taken."""
    on, endorses = Occasion(actor="outsider", now=now, ids=runtime.ids), response == "endorse"
    who, said = _taken(_NAME, name), _taken(_COMMENT, comment)
    if endorses and (who is None or said is None):
        wrong = {"name": who is None, "comment": said is None}
        sent = {"name": name, "comment": comment, "skills": skills}
        return _asking(Place(session, runtime.installation, now), secret, on, sent=sent, wrong=wrong, status=422)
    words = [word.strip()[:100] for word in skills.split(",") if word.strip()][:MOST_SKILLS]
    given = Answer(endorses=endorses, name=who, comment=said, skills=words, never_add=never_add)
    row, endorsement = invited.answer(session, secret, given, at=runtime.installation, on=on)
    asker = request_views.asked(session, row)["asker"]
    return private(page("vouch_answered.html", asker=asker, endorses=endorsement is not None, never=never_add))


def _asking(
    place: Place,
    secret: str,
    on: Occasion,
    *,
    sent: Mapping[str, str] | None = None,
    wrong: Mapping[str, bool] | None = None,
    status: int = 200,
) -> Response:
    """The form, with what was sent already, and which of it was wrong."""
    row = invited.asked_by(place.session, secret, on=on)
    asked = request_views.asked(place.session, row)
    return private(
        page(
            "vouch.html",
            status=status,
            action=f"/vouch/{secret}",
            message=prose(asked["message"]) if asked["message"] else None,
            about=asked["about"],
            said=vouch_views.about(place, row),
            asker=asked["asker"],
            until=day(asked["until"]),
            sent=sent or dict.fromkeys(("name", "comment", "skills"), ""),
            wrong=wrong or {"name": False, "comment": False},
        )
    )


def _taken(kind: TypeAdapter[str], text: str) -> str | None:
    try:
        return kind.validate_python(text)
    except ValidationError:
        return None
