"""Doors: what was made together, as a chart."""

from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from app.kit.database import read_session
from app.kit.deps import NowDep, RuntimeDep
from app.kit.errors import NotFound
from app.kit.negotiation import preferred
from app.kit.publishing import UNSHARED
from app.kit.schemas import Out
from app.kit.strict import router as strict_router
from app.members.auth import Caller, FellowOf
from app.members.service import community_by_slug
from app.reports.charts.keeping import keep, pictures
from app.reports.charts.works import artefacts
from app.stories.artefacts.service import picture

router = strict_router(tags=["reports"])

Fellow = Annotated[Caller, Depends(FellowOf())]


class Form(StrEnum):
    """How a chart can be had."""

    json = "json"
    svg = "svg"


MEDIA_TYPES: Final = {"application/json": Form.json, "image/svg+xml": Form.svg}


class NothingToDraw(NotFound):
    """There is nothing of which there could be a picture."""

    code = "nothing-to-draw"
    fix = "Ask for JSON, which says why."


class ChartOut(Out):
    """The same numbers as a finding, a text, a table and a picture."""

    id: str
    title: str = Field(description="The finding.")
    text: str = Field(description="What the picture shows, for whoever does not see it.")
    columns: list[str]
    rows: list[list[str | int | float | None]] = Field(description="Null is what is withheld.")
    spec: dict[str, Any] | None = Field(description="Vega-Lite with its data; null where there is nothing to draw.")


@router.get(
    "/v1/communities/{c}/artefact-chart",
    response_model=ChartOut,
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def read_artefact_chart(
    c: str,
    caller: Fellow,
    request: Request,
    runtime: RuntimeDep,
    now: NowDep,
    form: Annotated[Form | None, Query(alias="format", description="Goes before `Accept`.")] = None,
) -> Response:
    """What builds on what, as a chart: JSON with the table and the text, or the picture as SVG."""
    with read_session(runtime.engine) as session:
        chart = artefacts(picture(session, community_by_slug(session, c)))
    headers = {"Vary": "Accept, Authorization", "Cache-Control": UNSHARED}
    accept = ",".join(request.headers.getlist("accept"))
    if (form or MEDIA_TYPES[preferred(accept, tuple(MEDIA_TYPES)) or "application/json"]) is Form.json:
        return Response(ChartOut(**chart.to_dict()).model_dump_json(), headers=headers, media_type="application/json")
    keep(runtime, [chart], now=now)
    with read_session(runtime.engine) as session:
        drawn = pictures(session, [chart])
    if chart.id not in drawn:
        raise NothingToDraw(chart.text)
    return Response(drawn[chart.id], headers=headers, media_type="image/svg+xml")
