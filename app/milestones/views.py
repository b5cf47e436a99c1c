"""What is said and answered about milestones."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.addresses import WebUrl
from app.kit.schemas import Id, In, Out, Prose, Stays
from app.milestones.rules import Rule
from app.milestones.service import Drawn, rule_of
from app.milestones.tables import Attainment, Milestone, MilestoneState, Stage
from app.milestones.weighing import FOR_EVER, Progress

Words = Annotated[Prose, Field(min_length=1, max_length=2000)]
Title = Annotated[Prose, Field(min_length=1, max_length=200)]


class MilestoneIn(In):
    """What has to add up, and what follows."""

    name: Title = Field(examples=["Twelve sessions hosted"])
    description: Words = Field(
        description="Stands in the badge as its narrative.",
        examples=["Hosted twelve sessions in a year, for at least six different people."],
    )
    discussion: WebUrl = Field(
        description="Where the community debated it.", examples=["https://talk.reading-circle.example/t/milestones"]
    )
    rule: Rule
    replaces: Id | None = Field(None, description="A milestone that ends when this one begins.")


class MilestoneChange(In):
    """What a draft says otherwise; what is left out stays."""

    name: Annotated[Title | None, Stays] = None
    description: Annotated[Words | None, Stays] = None
    discussion: Annotated[WebUrl | None, Stays] = None
    rule: Annotated[Rule | None, Stays] = None
    replaces: Id | None = None


class LookIn(In):
    """What another steward says of a draft."""

    verdict: Literal["approve", "object"]
    comment: Words | None = Field(None, description="Needed to object.")


class ActivateIn(In):
    """How a milestone begins."""

    backfill: bool = Field(
        False, description="Whether everybody is looked at now, and not only who does something from now on."
    )


class MilestoneOut(Out):
    """A milestone."""

    id: UUID
    state: MilestoneState
    version: int
    name: str
    description: str
    discussion: str
    rule: Rule
    replaces: UUID | None
    drawn_up_by: str
    approved_by: str | None
    objection: str | None
    created_at: datetime
    activated_at: datetime | None
    retired_at: datetime | None
    sweeping: bool = Field(description="Whether everybody is being looked at.")


class PartOut(Out):
    """How far one criterion is."""

    place: int = Field(description="In the rule's `all_of`.")
    kind: str
    have: float
    need: float
    met: bool
    contributions: list[UUID] = Field(description="Those that count, the newest 100 of them, oldest first.")


class ShortfallOut(Out):
    """A gate that is not passed."""

    gate: str
    have: float
    need: float


class ProgressOut(Out):
    """How far somebody is, what counts, and what is missing."""

    milestone: UUID
    name: str
    met: bool | None = Field(description="Whether they meet it now. Null to others than themself.")
    parts: list[PartOut] | None = Field(description="Null to others than themself.")
    gates: list[ShortfallOut] | None = Field(description="Those that are not passed. Null to others than themself.")
    resting_until: datetime | None = Field(description="They met it, and cannot again before then.")
    never_again: bool = Field(description="They met it, and it is met once.")
    counted: bool | None = Field(
        description="Whether they want to be counted: else they meet nothing. Null to others than themself."
    )
    attainments: list[UUID] = Field(description="When they met it: GET …/attainments/{id}.")


class WouldOut(Out):
    """Somebody who meets it today."""

    member: UUID
    contributions: list[UUID]


class DryRunOut(Out):
    """Whom a milestone would be given to, had it begun now; nothing is changed. Those who do not want to be counted are
    among them, and will not be given it."""

    looked_at: int = Field(description="People.")
    people: int = Field(description="Those of them who meet it.")
    days: int = Field(description="How long it takes to give it to all of them, at `a_day` a day.")
    would: list[WouldOut] = Field(description="The first 100 of them.")
    next: UUID | None = Field(description="`after` of the next call, where there are more members to look at.")


class CitedOut(Out):
    """A contribution that an attainment rests on."""

    id: UUID
    digest: str
    stands: bool = Field(
        description="Whether what is on record still has that digest, was not taken back, and is theirs."
    )


class AttainmentOut(Out):
    """That somebody met a milestone."""

    id: UUID
    milestone: UUID
    member: UUID
    nth: int
    met_at: datetime
    stage: Stage
    given_at: datetime | None
    reason: str | None
    credential: UUID | None
    nomination: UUID | None
    dismissed_at: datetime | None
    contributions: list[CitedOut]


def drawn(body: MilestoneIn) -> Drawn:
    return Drawn(body.name, body.description, body.discussion, body.rule, body.replaces)


def redrawn(milestone: Milestone, body: MilestoneChange) -> Drawn:
    """What a draft says with the changes."""
    return Drawn(
        name=body.name or milestone.name,
        description=body.description or milestone.description,
        discussion=body.discussion or milestone.discussion,
        rule=body.rule or rule_of(milestone),
        replaces=body.replaces if "replaces" in body.model_fields_set else milestone.replaces,
    )


def shown(milestone: Milestone) -> MilestoneOut:
    names = set(MilestoneOut.model_fields) - {"rule"}
    return MilestoneOut(**{name: getattr(milestone, name) for name in names}, rule=rule_of(milestone))


def progressed(milestone: Milestone, progress: Progress, attainments: list[UUID], *, own: bool) -> ProgressOut:
    """To others than themself only what is on record: by how far somebody is they would see who is not counted."""
    rule = rule_of(milestone)
    parts = [
        PartOut(
            place=part.place,
            kind=rule.all_of[part.place].kind,
            have=part.have,
            need=part.need,
            met=part.met,
            contributions=list(part.deeds[-100:]),
        )
        for part in progress.parts
    ]
    gates = [ShortfallOut(gate=one.gate, have=one.have, need=one.need) for one in progress.shortfalls]
    never_again = progress.resting_until == FOR_EVER
    return ProgressOut(
        milestone=milestone.id,
        name=milestone.name,
        met=progress.met if own else None,
        parts=parts if own else None,
        gates=gates if own else None,
        resting_until=None if never_again else progress.resting_until,
        never_again=never_again,
        counted=progress.counts if own else None,
        attainments=attainments,
    )


def attained(attainment: Attainment, standing: Collection[UUID], *, untold: bool) -> AttainmentOut:
    """`standing` are the cited contributions that stand as they did.

    `untold` is one's own for which a nomination is drafted: whoever is nominated hears of it when they are asked.
    """
    cited = [
        CitedOut(id=UUID(each["id"]), digest=each["digest"], stands=UUID(each["id"]) in standing)
        for each in attainment.contributions
    ]
    return AttainmentOut(
        id=attainment.id,
        milestone=attainment.milestone_id,
        member=attainment.member_id,
        nth=attainment.nth,
        met_at=attainment.met_at,
        stage=Stage.waiting if untold else attainment.stage,
        given_at=None if untold else attainment.given_at,
        reason=attainment.reason,
        credential=attainment.credential_id,
        nomination=None if untold else attainment.nomination_id,
        dismissed_at=attainment.dismissed_at,
        contributions=cited,
    )
