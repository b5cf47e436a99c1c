"""What a badge that a milestone gave rests on: contributions by id, each with a digest by which a change shows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

import orjson

import badges
from app.contributions.citing import DIGEST
from app.kit.installation import Installation
from app.milestones.tables import Attainment, Milestone


def address(at: Installation, attainment: Attainment) -> str:
    """Where the evidence is served, to whoever may see the badge."""
    return f"{at.public_url}/evidence/{attainment.id}"


def rests(evidence: Iterable[Mapping[str, Any]], attainment: Attainment) -> bool:
    """Whether the evidence of a badge names that of an attainment: a steward may have nominated without it."""
    return any(str(each.get("url")).endswith(f"/evidence/{attainment.id}") for each in evidence)


def standing_address(at: Installation, attainment: Attainment) -> str:
    """Where it is said what stands today: beside the evidence, not below it, so that both can be plain files."""
    return f"{at.public_url}/standing/evidence/{attainment.id}"


def text_of(milestone: Milestone, attainment: Attainment, *, counted: int, at: Installation) -> str:
    """What stands there, for ever: the rule, and the contributions that it was met by, of `counted` the newest.

    Nobody is named, neither who did something nor who was helped. What changes, whether each still stands, is said at
    another address, which it names.
    """
    own, rule = address(at, attainment), milestone.rule
    document = {
        "id": own,
        "type": "ContributionEvidence",
        "milestone": {"id": str(milestone.id), "name": milestone.name, "description": milestone.description},
        "rule": rule,
        "met_at": attainment.met_at.astimezone(UTC).isoformat(),
        "window_days": rule.get("window_days"),
        "counts": {"contributions": counted, "by_type": Counter(each["type"] for each in attainment.contributions)},
        "digest": DIGEST,
        "contributions": attainment.contributions,
        "standing": standing_address(at, attainment),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()


def cited(
    milestone: Milestone, attainment: Attainment, *, pinned: str | None, at: Installation
) -> list[dict[str, str]]:
    """The evidence of the badge: its address, the digest of what stands there, and its contributions in signed words.

    `pinned` is that text; None leaves the digest out.
    """
    if not attainment.contributions:
        return []
    pin = {} if pinned is None else {"digest": badges.digest_multibase(pinned.encode())}
    lines = "\n".join(f"- {each['id']} sha256:{each['digest']}" for each in attainment.contributions)
    return [
        {
            "url": address(at, attainment),
            "name": milestone.name,
            "genre": "Contributions",
            "description": "Contributions that the community's record holds.",
            "narrative": f"By {attainment.met_at:%Y-%m-%d}, {len(attainment.contributions)} contributions:\n\n{lines}",
        }
        | pin
    ]
