"""What each case deserves, and where a judge is known to see less than that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from interop.exhibits import Exhibit

# case -> the reasons of which a refusal has to name one; none: to be accepted
EXPECTED: dict[str, frozenset[str]] = {
    "rich": frozenset(),
    "plain": frozenset(),
    "by-did": frozenset(),
    "by-email": frozenset(),
    "reinstated": frozenset(),
    "recognised": frozenset(),
    "recognised-in-part": frozenset(),
    "endorsed": frozenset(),
    "self-asserted": frozenset(),
    "rested": frozenset(),
    "took-part": frozenset(),
    "took-part-tampered": frozenset({"evidence", "signature"}),  # of the badge that pins it; of the record itself
    "endorsement-withdrawn": frozenset(),
    "portfolio": frozenset(),
    "portfolio-shown": frozenset(),
    "portfolio-replayed": frozenset({"challenge"}),
    "portfolio-tampered": frozenset({"signature"}),
    "portfolio-shown-tampered": frozenset({"signature"}),
    "stranger-own": frozenset(),
    "before-rotation": frozenset(),
    "after-rotation": frozenset(),
    "revoked-after-rotation": frozenset({"revoked"}),
    "compromised": frozenset({"issuer", "signature"}),
    "before-compromise": frozenset(),
    "after-compromise": frozenset(),
    "revoked": frozenset({"revoked"}),
    "suspended": frozenset({"suspended", "revoked"}),  # OB 2.0 has one state for both
    "expired": frozenset({"expired"}),
    "early": frozenset({"not-yet"}),
    "addressed": frozenset(),
    "misdirected": frozenset({"recipient"}),
    "tampered": frozenset({"signature"}),
    "smuggled": frozenset({"signature", "undefined-term"}),
    "impostor": frozenset({"signature"}),
    "stranger": frozenset({"issuer", "signature"}),  # some judges have one word for a foreign key and a false signature
    "unreachable": frozenset({"status-unknown", "unreachable"}),
    "wiped": frozenset({"status-unknown"}),
    "nonconforming": frozenset({"schema"}),
    # of an issuer elsewhere (far.py)
    "far": frozenset(),
    "far-by-key": frozenset(),
    "far-vc1": frozenset(),
    "far-revoked": frozenset({"revoked"}),
    "far-suspended": frozenset({"suspended"}),
    "far-expired": frozenset({"expired"}),
    "far-early": frozenset({"not-yet"}),
    "far-tampered": frozenset({"signature"}),
    "far-stranger": frozenset({"issuer", "signature"}),
    "far-rotated": frozenset(),
    "far-unlisted": frozenset({"status-unknown", "unreachable"}),
    # most judges have no word for an issuer that does not answer
    "far-away": frozenset({"unreachable", "status-unknown", "issuer", "other"}),
    "far-nonconforming": frozenset({"schema"}),
    "far-endorsed": frozenset(),
    "far-endorsement-forged": frozenset({"endorsement"}),
    "far-endorsement-misdirected": frozenset({"endorsement"}),
}


class BlindSpot(NamedTuple):
    """What a judge says instead (`accepts`, or its reason), and why; in every mode, or in the one named."""

    says: str
    why: str
    mode: str | None = None


FIRST_KEY = (
    "takes the first key of a did:web for a VC-JWT without `kid`; overlooks the `jwk` in its header (OB 3.0 §8.2)"
)
ONLY_VC2 = "knows VC Data Model 2.0 alone; OB 3.0 began on 1.1"
ENDORSED_INSIDE = BlindSpot(
    "other",
    "refuses a document that speaks of the credential again inside it, as an endorsement of it does (OB 3.0 §B.1)",
)
NO_ENDORSEMENTS = BlindSpot("accepts", "looks at no endorsement inside a badge")
NO_REVOKED = BlindSpot("incomplete", "does not know `revoked`; refuses the body of the 410 as no complete Assertion")

# (judge, case.form) -> what it does not see. An entry that is no longer true fails the run.
BLIND_SPOTS: dict[tuple[str, str], BlindSpot] = {
    ("openbadgeslib", "wiped.json"): BlindSpot(
        "accepts", "checks the proof of a status list only where the list is a VC-JWT"
    ),
    **{
        ("openbadgeslib", f"{case}.jwt"): BlindSpot("signature", FIRST_KEY, mode="production")
        for case in ("before-rotation", "revoked-after-rotation", "before-compromise")
    },
    ("openbadgeslib", "far-rotated.jwt"): BlindSpot("signature", FIRST_KEY),
    ("openbadgeslib", "far-vc1.json"): BlindSpot("other", ONLY_VC2),
    ("openbadgeslib", "far-vc1.jwt"): BlindSpot("other", ONLY_VC2),
    ("verifier-core", "far-vc1.json"): BlindSpot(
        "schema", "asks for a schema of that time (`anyachievementcredential`) that no package has"
    ),
    ("verifier-core", "far-away.json"): BlindSpot("signature", "calls false what it could not check"),
    **{
        ("openbadgeslib", f"{case}.{form}"): ENDORSED_INSIDE
        for case in ("recognised", "recognised-in-part", "took-part", "endorsed", "endorsement-withdrawn")
        for form in ("json", "png", "svg")
    },
    ("openbadgeslib", "far-endorsed.json"): ENDORSED_INSIDE,
    ("openbadgeslib", "far-endorsement-forged.json"): ENDORSED_INSIDE,
    ("openbadgeslib", "far-endorsement-misdirected.json"): NO_ENDORSEMENTS,
    **{
        (judge, f"far-endorsement-{fault}.{form}"): NO_ENDORSEMENTS
        for judge, form in (
            ("digitalbazaar", "json"),
            ("verifier-core", "json"),
            ("jose", "jwt"),
            ("openbadgeslib", "jwt"),
        )
        for fault in ("forged", "misdirected")
    },
    ("openbadgeslib", "took-part-tampered.jwt"): BlindSpot("accepts", "looks at nothing that a badge pins"),
    ("openbadges", "far-revoked.ob2"): NO_REVOKED,
    **{
        ("openbadges", f"{case}.{form}"): NO_REVOKED
        for case in ("revoked", "suspended", "revoked-after-rotation")
        for form in ("ob2", "ob2.png", "ob2.svg")
    },
}


@dataclass(frozen=True)
class Finding:
    """One judge on one exhibit: what it said (`accepts`, or its reasons), and whether the exhibit deserves that."""

    mode: str
    judge: str
    case: str
    form: str
    result: Literal["ok", "blind", "MISMATCH"]
    says: str
    note: str


def unmet(findings: Sequence[Finding]) -> list[str]:
    """Blind spots that no finding touches: the table speaks of what is not there."""
    met = {(finding.judge, f"{finding.case}.{finding.form}") for finding in findings}
    return [f"{judge}, {name}" for judge, name in BLIND_SPOTS if (judge, name) not in met]


def assess(mode: str, judge: str, exhibit: Exhibit, verdict: dict[str, Any]) -> Finding:
    """Compares a verdict (`{"accepted", "reasons", "said"}`) with what the case deserves and the judge can see."""
    due = EXPECTED[exhibit.case]
    says = "accepts" if verdict["accepted"] else "/".join(verdict["reasons"])
    right = (not verdict["accepted"] and bool(due.intersection(verdict["reasons"]))) if due else verdict["accepted"]
    wanted = f"refused as {' or '.join(sorted(due))}" if due else "accepted"
    blind = BLIND_SPOTS.get((judge, exhibit.name))
    blind = blind if blind and blind.mode in {None, mode} else None
    result: Literal["ok", "blind", "MISMATCH"]
    if blind is not None and not right and says == blind.says:
        result, note = "blind", blind.why
    elif blind is not None:
        result, note = "MISMATCH", f"not blind as listed ({blind.says}: {blind.why}); says {says}: {verdict['said']}"
    elif right:
        result, note = "ok", verdict["said"]
    else:
        result, note = "MISMATCH", f"should be {wanted}; says {says}: {verdict['said']}"
    return Finding(mode, judge, exhibit.case, exhibit.form, result, says, note)
