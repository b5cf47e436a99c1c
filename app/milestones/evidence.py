"""What a badge that a milestone gave rests on: contributions by id, each with a digest by which a change shows."""

import hashlib
from datetime import UTC

import orjson

from app.contributions.tables import Contribution
from app.kit.installation import Installation
from app.milestones.tables import Attainment, Milestone


def digest_of(contribution: Contribution) -> str:
    """SHA-256, in hexadecimal digits, over the canonical JSON (RFC 8785) of what was done, when, and where it shows.

    Who did it is not in it, so that forgetting a person breaks no digest.
    """
    said = {
        "id": str(contribution.id),
        "type": contribution.type,
        "occurred_at": contribution.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "evidence_digest": contribution.evidence_digest,
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def address(at: Installation, attainment: Attainment) -> str:
    """Where the evidence is served, to whoever may see the badge."""
    return f"{at.public_url}/evidence/{attainment.id}"


def cited(milestone: Milestone, attainment: Attainment, *, at: Installation) -> list[dict[str, str]]:
    """The evidence of the badge: its address, and in the signed text itself what stands there."""
    if not attainment.contributions:
        return []
    lines = "\n".join(f"- {each['id']} sha256:{each['digest']}" for each in attainment.contributions)
    return [
        {
            "url": address(at, attainment),
            "name": milestone.name,
            "genre": "Contributions",
            "description": "Contributions that the community's record holds.",
            "narrative": f"By {attainment.met_at:%Y-%m-%d}, {len(attainment.contributions)} contributions:\n\n{lines}",
        }
    ]
