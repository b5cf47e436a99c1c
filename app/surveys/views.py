"""What is said and answered about surveys and their waves."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.kit.schemas import Day, Id, In, Name, Out, Prose
from app.kit.suppression import LEAST_K, USUAL_K
from app.surveys.frames import Frame
from app.surveys.polling import Answer
from app.surveys.rules import Importance, Instrument, Key, Kind, item_id
from app.surveys.service import Plan, instrument_of
from app.surveys.slips import MOST
from app.surveys.tables import Survey, Wave, WaveState

Words = Annotated[Prose, Field(min_length=1, max_length=2000)]


class SurveyIn(In):
    """What is asked: one of the surveys that come along, or one of your own."""

    frame: Annotated[Frame, Field(strict=False)] | None = Field(
        None, description="One that comes along, as it is; then nothing else is said."
    )
    instrument: Instrument | None = Field(None, description="One of your own: wording that you may use, say.")


class ItemOut(Out):
    """One question."""

    key: str
    item: str = Field(description="The same wherever it is asked in these words, with these options.")
    element: str
    text: str


class SurveyOut(Out):
    """What is asked. It never changes: to ask otherwise, draw up another."""

    id: UUID
    name: str
    kind: Kind
    options: list[str] = Field(description="From the least to the most: 1 is the first.")
    questions: list[ItemOut]
    importance: Importance | None
    free_text: str | None
    source: str | None


class WaveIn(In):
    """When a survey is asked."""

    survey: Id
    name: Name = Field(examples=["Birthday 2026"])
    opens_on: Day | None = Field(None, description="By default the next return of `anniversary_of`. Days are UTC's.")
    closes_on: Day | None = Field(
        None, description="The first day on which nothing can be answered any more; by default 21 days later."
    )
    anniversary_of: Day | None = Field(None, description="The day that it marks: when the community began, say.")
    k: int = Field(USUAL_K, ge=LEAST_K, le=50, description="The fewest people of whom anything is told.")
    by_affiliation: bool = Field(False, description="Whether people may say to whom they belong.")


class WaveOut(Out):
    """A wave of a survey."""

    id: UUID
    survey: UUID
    name: str
    state: WaveState
    opens_on: date
    closes_on: date
    anniversary_of: date | None
    k: int
    by_affiliation: bool
    affiliations: list[str] = Field(description="Those that can be given with an answer.")
    invited: int | None = Field(
        description="How many people were there when it opened, and ever after; how many have answered is told of no "
        "wave while it is open."
    )
    advice: list[str] = Field(description="What to think of beforehand, while it is planned.")


class OfferedOut(Out):
    """When the next wave could be."""

    anniversary_of: date
    opens_on: date


class AdviceOut(Out):
    """What to know before a wave is planned."""

    people: int = Field(description="Members there are.")
    expected: int = Field(
        description="Answers at least, if as many of them answer as the last time, else everybody's: a multiple of `k`."
    )
    k: int
    advice: list[str]
    next_wave: OfferedOut


class SlipOut(Out):
    """A slip: whoever has it may answer once. It is shown this once, and nothing is kept of it."""

    slip: str
    wave: UUID
    answer_at: str = Field(description="POST the answer there, without a token.")
    page: str = Field(description="Or answer there with a browser: it takes the slip, and asks nobody who they are.")


class RemarkIn(In):
    """Something in one's own words."""

    text: Words
    may_quote: bool = Field(description="Whether it may be quoted, as said by a “survey participant”.")


class AnswerIn(In):
    """What the bearer of a slip answers. Nothing says who they are."""

    slip: str = Field(min_length=1, max_length=MOST)
    answers: dict[Key, int] = Field(max_length=60, description="By a question's key, the number of an option.")
    importance: int | None = None
    affiliation: Annotated[str, StringConstraints(max_length=500)] | None = None
    remark: RemarkIn | None = None


class AnsweredOut(Out):
    """That it counts."""

    wave: UUID
    answered: int = Field(description="Questions.")


def page_of(wave: UUID, public_url: str) -> str:
    """Where people answer a wave, and see what came of it, with a browser."""
    return f"{public_url}/waves/{wave}"


def plan_of(body: WaveIn) -> Plan:
    return Plan(
        survey=body.survey,
        name=body.name,
        opens_on=body.opens_on,
        closes_on=body.closes_on,
        anniversary_of=body.anniversary_of,
        k=body.k,
        by_affiliation=body.by_affiliation,
    )


def answered(body: AnswerIn) -> Answer:
    return Answer(
        options=body.answers,
        importance=body.importance,
        affiliation=body.affiliation,
        remark=body.remark.text if body.remark else None,
        may_quote=body.remark.may_quote if body.remark else False,
    )


def shown(survey: Survey) -> SurveyOut:
    said = instrument_of(survey)
    return SurveyOut(
        id=survey.id,
        name=said.name,
        kind=said.kind,
        options=list(said.options),
        questions=[
            ItemOut(key=one.key, item=item_id(one, said.options), element=one.element, text=one.text)
            for one in said.questions
        ],
        importance=said.importance,
        free_text=said.free_text,
        source=said.source,
    )


def shown_wave(wave: Wave, advice: Sequence[str] = ()) -> WaveOut:
    names = set(WaveOut.model_fields) - {"survey", "advice"}
    return WaveOut(**{name: getattr(wave, name) for name in names}, survey=wave.survey_id, advice=list(advice))
