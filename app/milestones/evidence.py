"""What a badge that a milestone gave rests on: contributions by id, each with a digest by which a change shows."""

import hashlib
from collections import Counter
from datetime import UTC

import orjson

import badges
from app.contributions.tables import Contribution
from app.kit.installation import Installation
from app.milestones.tables import Attainment, Milestone


def digest_of(contribution: Contribution) -> str:
    """SHA-256, in hexadecimal digits, over the canonical JSON (RFC 8785) of what was done, and of where it shows.

    Who did it is not in it, so that forgetting a person breaks no digest; nor when it began, since a source that tells
    of it again may know of an earlier beginning: that is the same contribution. What is corrected is another.
    """
    said = {
        "id": str(contribution.id),
        "type": contribution.type,
        "evidence_digest": contribution.evidence_digest,
    }
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def address(at: Installation, attainment: Attainment) -> str:
    """Where the evidence is served, to whoever may see the badge."""
    return f"{at.public_url}/evidence/{attainment.id}"


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
        "digest": "SHA-256 of the canonical JSON (RFC 8785) of id, type and evidence_digest",
        "contributions": attainment.contributions,
        "standing": f"{own}/standing",
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
