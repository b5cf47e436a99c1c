"""A report as the documentation shows it: a badge that its issuer has revoked. A test makes it anew."""

from typing import Any

REPORT: dict[str, Any] = {
    "verified": False,
    "verdict": "revoked",
    "outcome": "failed",
    "version": "OB30",
    "format": "data-integrity",
    "container": "png",
    "summary": "Genuinely from “The Far Hill” (badges.example.org), but: The issuer has revoked this badge.",
    "issuer": {"id": "did:web:badges.example.org:hill", "name": "The Far Hill"},
    "recipient": {"id": "urn:uuid:6f1c1f6e-3a0e-4d56-9a53-0e6d5a3b7a11"},
    "achievement": {
        "id": "https://badges.example.org/hill/achievements/patient-teacher",
        "name": "Patient Teacher",
    },
    "checked_at": "2026-11-21T12:00:00Z",
    "checks": [
        {
            "check": "readable",
            "outcome": "passed",
            "code": "readable",
            "detail": "It is a badge of Open Badges 3.0.",
            "spec": "OB 3.0 §5; OB 2.0 Baking",
        },
        {
            "check": "conforms",
            "outcome": "passed",
            "code": "conforms",
            "detail": "The badge is as Open Badges 3.0 asks.",
            "spec": "OB 3.0 §9.1 step 1; VC Data Model 2.0 §4, 1.1 §4",
        },
        {
            "check": "proof",
            "outcome": "passed",
            "code": "signature-valid",
            "detail": "Signed by did:web:badges.example.org:hill with its key did:web:badges.example.org:hill#ed-0.",
            "spec": "OB 3.0 §9.1 step 2, §8.3; VC Data Integrity §4.4, §4.5",
        },
        {
            "check": "issuer",
            "outcome": "passed",
            "code": "did-document",
            "detail": "did:web:badges.example.org:hill lists the key with which this was signed.",
            "spec": "OB 3.0 §9.1 step 2; VC Data Model 2.0 §4.7",
        },
        {
            "check": "status",
            "outcome": "failed",
            "code": "revoked",
            "detail": "The issuer has revoked this badge.",
            "spec": "OB 3.0 §9.1 step 4; Bitstring Status List §3.2",
        },
        {
            "check": "valid_from",
            "outcome": "passed",
            "code": "begun",
            "detail": "The badge holds since 2026-10-22T12:00:00Z.",
            "spec": "OB 3.0 §9.1 step 4; OB 2.0 §Verification",
        },
        {
            "check": "expiry",
            "outcome": "passed",
            "code": "never-expires",
            "detail": "The badge does not expire.",
            "spec": "OB 3.0 §9.1 step 4; OB 2.0 §Verification",
        },
        {
            "check": "recipient",
            "outcome": "skipped",
            "code": "not-asked",
            "detail": "Nobody asked whose badge this is.",
            "spec": "OB 3.0 §9.1 step 5; OB 2.0 §Verification, recipient",
        },
        {
            "check": "endorsements",
            "outcome": "skipped",
            "code": "no-endorsements",
            "detail": "Nobody's endorsement is in this badge.",
            "spec": "OB 3.0 §9.1 step 6, §9.2",
        },
    ],
    "warnings": [],
    "endorsements": [],
    "evidence": [],
    "contains": [],
    "fetched": [
        {"url": "https://badges.example.org/hill/did.json", "at": "2026-11-21T12:00:00Z", "status": 200},
        {
            "url": "https://badges.example.org/hill/status/revocation",
            "at": "2026-11-21T12:00:00Z",
            "status": 200,
        },
    ],
}
