"""What is answered about what a wave came to."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from app.kit.schemas import Out
from app.surveys.tables import Wave


class OptionOut(Out):
    """How many took an option."""

    option: int
    label: str
    n: int
    share: float


class FiguresOut(Out):
    """What was answered to one question; null where too few did."""

    key: str
    text: str
    n: int | None
    suppressed: bool
    reason: str | None
    distribution: list[OptionOut] | None
    mean: float | None = Field(description="From 1 on.")
    mean_from_zero: float | None
    percent_of_max: float | None
    top_two: float | None = Field(description="The share that took one of the two highest of four options or more.")
    top_two_interval: list[float] | None = Field(description="Of that share: 95 %, after Wilson.")


class ItemFiguresOut(FiguresOut):
    """The same of a question that belongs to an element."""

    item: str
    element: str


class ScoreOut(Out):
    """Several questions together, each from 0 on."""

    key: str
    items: int
    maximum: int
    score: float | None
    mean: float | None
    percent_of_max: float | None
    alpha: float | None = Field(description="Cronbach's; of ten answers and three questions on.")
    suppressed: bool
    reason: str | None


class GroupOut(Out):
    """Those who belong to one affiliation; null for those who did not say."""

    affiliation: str | None
    n: int
    mean: float


class OthersOut(Out):
    """Those in groups that are not told of one by one."""

    n: int
    mean: float


class GroupsOut(Out):
    """One question by affiliation."""

    key: str
    groups: list[GroupOut]
    others: OthersOut | None


class WithheldOut(Out):
    """What is not told, and why."""

    what: str
    reason: str


class ResultsOut(Out):
    """What a wave came to; the same for ever."""

    wave: UUID
    survey: UUID
    closed_on: date
    method: int = Field(description="The version of how it was counted.")
    k: int
    invited: int
    n: int | None = Field(description="Answers; null where they are fewer than `k`.")
    response_rate: float | None
    items: list[ItemFiguresOut]
    elements: list[ScoreOut]
    total: ScoreOut
    importance: FiguresOut | None = Field(description="Beside the scores, and part of none.")
    by_affiliation: list[GroupsOut]
    remarks: int
    withheld: list[WithheldOut]


class MeanOut(Out):
    """What a question came to in one wave."""

    n: int
    mean: float
    top_two: float | None


class ChangeOut(Out):
    """One question in two waves, if it was the same in both."""

    key: str
    comparable: bool
    reason: str | None
    earlier: MeanOut | None
    later: MeanOut | None
    change: float | None


class ComparisonOut(Out):
    """Two waves beside each other."""

    earlier: UUID | None = Field(description="Null where there is none to compare with.")
    later: UUID
    items: list[ChangeOut]


def shown_results(wave: Wave, results: dict[str, Any]) -> ResultsOut:
    return ResultsOut(wave=wave.id, survey=wave.survey_id, closed_on=wave.closes_on, **results)
