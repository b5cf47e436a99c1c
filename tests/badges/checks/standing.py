"""How the tests of a status ask for it, and what they are told."""

from typing import Any

from badges import Outcome
from badges.checks.statuses import status
from badges.reports import Check
from tests.far_issuer import NOW, FarIssuer


def stands(issuer: FarIssuer, index: int = 7, *, purpose: str = "revocation", **changes: Any) -> Check:
    credential = issuer.credential(purpose=purpose)
    entry = credential["credentialStatus"] | {"statusListIndex": str(index)} | changes
    return status(credential | {"credentialStatus": entry}, fetch=issuer, now=NOW)


def said(check: Check) -> tuple[Outcome, str]:
    return check.outcome, check.code


NOT_REVOKED = (Outcome.passed, "not-revoked")
MARKED = (Outcome.passed, "no-revocation-list")
REVOKED = (Outcome.failed, "revoked")
URL = f"{FarIssuer.base}/status/revocation"
