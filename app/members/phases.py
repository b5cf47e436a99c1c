"""The life of a community: potential, active, archived. Plain values, no database.

A community that ends keeps its keys, status lists and verification alive (Wheatley and Frieze, the two loops: what has
had its time is hospiced, not switched off).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """Where a community is in its life."""

    potential = "potential"
    """People say that they would come; it has not begun."""
    active = "active"
    archived = "archived"
    """It has ended: all stays readable and verifiable, and nothing new begins."""


class Step(StrEnum):
    """What can be done to it."""

    launch = "launch"
    archive = "archive"
    reopen = "reopen"


class LetterKind(StrEnum):
    """What somebody is written who said that they would come."""

    asking = "asking"
    """Whether it was them."""
    launched = "launched"
    """That it has begun: the last letter."""


NEXT: Mapping[tuple[Phase, Step], Phase] = {
    (Phase.potential, Step.launch): Phase.active,
    (Phase.potential, Step.archive): Phase.archived,
    (Phase.active, Step.archive): Phase.archived,
    (Phase.archived, Step.reopen): Phase.active,
}

PURGED_AFTER = timedelta(days=180)
"""How long after its launch a community forgets who said that they would come."""

BEGINNINGS = (
    "achievement.*",
    "artefact.added",
    "artefact.changed",
    "artefact.reviewed",
    "award.requested",
    "break.planned",
    "charter.adopted",
    "community.described",
    "contribution.corrected",
    "contribution.extended",
    "contribution.recorded",
    "contribution_type.*",
    "credential.issued",
    "credential.offered",
    "credential.self_asserted",
    "digest.made",
    "effort.stated",
    "digest_feed.made",
    "endorsement.accepted",
    "endorsement.offered",
    "endorsement.requested",
    "farewell.prepared",
    "identity.asked",
    "identity.linked",
    "interest.asked",
    "interest.confirmed",
    "introduction.agreed",
    "member.emeritus",
    "member.joined",
    "member.readmitted",
    "milestone.activated",
    "milestone.approved",
    "milestone.drawn_up",
    "milestone.objected",
    "milestone.redrawn",
    "need.answered",
    "need.asked",
    "need.captured",
    "need.changed",
    "need.reopened",
    "need.voted",
    "nomination.accepted",
    "nomination.appealed",
    "nomination.drafted",
    "nomination.edited",
    "nomination.info_answered",
    "nomination.info_requested",
    "nomination.invited",
    "nomination.issued",
    "nomination.link_renewed",
    "nomination.merged",
    "nomination.narrative_agreed",
    "nomination.narrative_kept",
    "nomination.narrative_proposed",
    "nomination.objected",
    "nomination.objection_answered",
    "nomination.reoffered",
    "nomination.reviewed",
    "nomination.reviewer_appointed",
    "nomination.seconded",
    "nomination.submitted",
    "note.put_down",
    "proposal.adopted",
    "proposal.changed",
    "proposal.made",
    "proposal.opened",
    "proposal.supported",
    "source.added",
    "source.changed",
    "source.replayed",
    "source.rules_set",
    "story.changed",
    "story.told",
    "survey.drawn_up",
    "tenure.began",
    "thanks.given",
    "tie.declared",
    "uptake.recorded",
    "uptake.verified",
    "wave.planned",
    "webhook.added",
)
"""Events that do not happen in an archived community: whatever begins something there, or goes on with it.

Everything else still does: leaving, forgetting, taking back, revoking, keys, tokens, and what the time does by itself.
"""


def present(phase: Phase, ends_at: datetime | None, *, now: datetime) -> Phase:
    """The phase at this instant: past its end a community is archived, whether or not anybody has come by."""
    return Phase.archived if ends_at is not None and ends_at <= now else phase


def allowed(phase: Phase) -> list[Step]:
    """What can be done next."""
    return [step for (at, step) in NEXT if at is phase]
