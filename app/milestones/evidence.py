"""What a badge that a milestone gave rests on: contributions by id, each with a digest by which a change shows."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

import badges
from app.contributions.tables import Contribution
from app.kit.installation import Installation
from app.milestones.tables import Attainment, Milestone

VERSION = 2
"""Of what a digest is over: what is cited from now on names it."""
_OVER: Mapping[object, Sequence[Sequence[str]]] = {
    VERSION: [("id", "type", "loop", "source", "occurred_at", "ends_at", "evidence_digest")],
    # Badges that name no version were signed with one of these.
    None: [("id", "type", "occurred_at", "evidence_digest"), ("id", "type", "evidence_digest")],
}


def citing(contribution: Contribution) -> dict[str, Any]:
    """How a contribution is cited: its id and type, and a digest of what was done.

    That is the SHA-256, in hexadecimal digits, over the canonical JSON (RFC 8785) of what does not change for as long
    as it stands. Its times are those of the first report: a source that tells of it again may know of an earlier
    beginning or a later end, and that is the same contribution; what is corrected is another. Whoever is forgotten
    takes their name and their words along, titles and addresses too, and none of them may be guessed from a digest that
    others hold: so these are left out.
    """
    digest = _digest(contribution, _OVER[VERSION][0])
    return {"id": str(contribution.id), "type": contribution.type, "digest": digest, "digest_version": VERSION}


def is_still(cited: Mapping[str, Any], contribution: Contribution) -> bool:
    """Whether a contribution is what was cited, by the kind of digest with which it was."""
    return any(cited["digest"] == _digest(contribution, names) for names in _OVER.get(cited.get("digest_version"), []))


def _digest(contribution: Contribution, names: Sequence[str]) -> str:
    said = _said(contribution)
    text = orjson.dumps({name: said[name] for name in names}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _said(contribution: Contribution) -> dict[str, str | None]:
    begun, ended = contribution.occurred_at, contribution.ends_at
    if contribution.first_occurred_at is not None:
        begun, ended = contribution.first_occurred_at, contribution.first_ends_at
    return {
        "id": str(contribution.id),
        "type": contribution.type,
        "loop": contribution.loop,
        "source": contribution.source,
        "occurred_at": _instant(begun),
        "ends_at": _instant(ended) if ended is not None else None,
        "evidence_digest": contribution.evidence_digest,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


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
        "digest": f"SHA-256 of the canonical JSON (RFC 8785) of {', '.join(_OVER[VERSION][0])}, as first recorded",
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
