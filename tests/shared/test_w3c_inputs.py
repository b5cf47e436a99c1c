"""The inputs of the W3C suite for VC Data Model 2.0: what is valid there conforms, what is invalid deviates."""

import json
from pathlib import Path
from typing import Any

import pytest

from badges.checks import vc_rules
from badges.documents import parse_object, types
from badges.errors import BadgeError
from badges.proofs.compacted import refuse_other_forms
from badges.proofs.safe_mode import lost_values

INPUTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors" / "w3c-vcdm2-inputs"
pytestmark = pytest.mark.skipif(not INPUTS.exists(), reason="the shared data lie beside some clones only")

OK = sorted(INPUTS.rglob("*-ok.json"))
FAIL = sorted(path for path in INPUTS.rglob("*-fail*.json"))
SAID_ELSEWHERE = {"credential-validUntil-validFrom-ok"}
"""Templates, whose dates the suite fills in."""


def issued(path: Path) -> Any:
    """The input as the suite hands it in: with an issuer where it is not about that."""
    document = json.loads(path.read_bytes())
    issuer = document.get("issuer")
    if isinstance(issuer, dict) and not path.stem.startswith("credential-issuer-object-id"):
        issuer.setdefault("id", "did:example:issuer")
    if "VerifiablePresentation" not in types(document) and "issuer" not in path.stem:
        document.setdefault("issuer", "did:example:issuer")
    return document


def deviations(path: Path) -> list[str]:
    document = parse_object(json.dumps(issued(path)))
    of = vc_rules.of_presentation if "VerifiablePresentation" in types(document) else vc_rules.of_credential
    found = [deviation.pointer for deviation in of(document)]
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    try:
        found += lost_values(unsecured)
        refuse_other_forms(unsecured)
    except BadgeError as error:
        found.append(error.code)
    return found


@pytest.mark.parametrize("path", [p for p in OK if p.stem not in SAID_ELSEWHERE], ids=lambda path: path.stem)
def test_what_is_valid_conforms_but_for_base_directions(path: Path) -> None:
    """A base direction does not reach the statements, so that a canonicalising proof leaves it unsigned."""
    assert [pointer for pointer in deviations(path) if not pointer.endswith("/@direction")] == []


@pytest.mark.parametrize("path", FAIL, ids=lambda path: path.stem)
def test_what_is_invalid_deviates(path: Path) -> None:
    assert deviations(path)
