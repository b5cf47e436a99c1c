"""What the page of a counted wave shows: a chart for each question, and one of the elements from wave to wave."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col

from app.members.tables import Community
from app.pages.stated import day
from app.reports.charts import answers, waves
from app.reports.charts.saying import number
from app.surveys.remarks import remarks
from app.surveys.service import asked_in, results_of
from app.surveys.service import waves as waves_of
from app.surveys.tables import Remark, Wave, WaveState

MOST_REMARKS = 100


def results(session: Session, wave: Wave) -> dict[str, Any]:
    """What a wave came to; what is withheld is named with its reason. Raises `NotCounted`."""
    told = results_of(wave)
    community = session.get_one(Community, wave.community_id)
    before = waves_of(community, survey=wave.survey_id).where(
        Wave.state == WaveState.closed, Wave.closes_on <= wave.closes_on
    )
    same = session.exec(before.order_by(col(Wave.closes_on))).all()
    charts = [answers.item(item, response_rate=told["response_rate"]) for item in told["items"]]
    if told["importance"] is not None:
        charts.append(answers.item(told["importance"], survey="beside"))
    charts.append(waves.elements([(one.closes_on, results_of(one)) for one in same]))
    quoted = remarks(community, wave=wave.id, quoted_only=True).order_by(col(Remark.id)).limit(MOST_REMARKS)
    texts = {item["key"]: item["text"] for item in told["items"]}
    return {
        "community": community,
        "name": wave.name,
        "survey": asked_in(session, wave).name,
        "closed": day(wave.closes_on),
        "told": told,
        "charts": charts,
        "texts": texts,
        "affiliations": [(texts[one["key"]], _groups(one)) for one in told["by_affiliation"]],
        "remarks": [remark.quote for remark in session.exec(quoted).all()],
    }


def _groups(one: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """What people of each affiliation answered to a question: who they are, how many, and their mean."""
    rows = [(group["affiliation"] or "did not say", group["n"], number(group["mean"])) for group in one["groups"]]
    others = one["others"]
    return [*rows, ("all others", others["n"], number(others["mean"]))] if others else rows


def held(svg: str) -> str:
    """A drawing as an image that a page holds."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
