"""Documents that would keep a JSON-LD processor busy are refused by counting, before it is asked."""

from typing import Any

import pytest

from badges.errors import TooLarge
from badges.proofs.canonical import rdfc
from badges.proofs.weighing import MOST_APPLICATIONS, MOST_DEFINITIONS, refuse_heavy_contexts
from tests.badges.proofs.credentials import OB3, VC2, credential

TERMS = {f"t{n}": f"urn:t:{n}" for n in range(100)}


def of_contexts(*contexts: Any, objects: int = 1) -> dict[str, Any]:
    evidence = [{"id": f"urn:e:{n}", "type": "Evidence"} for n in range(objects)]
    return credential() | {"@context": [VC2, OB3, *contexts], "evidence": evidence}


def test_a_few_terms_of_its_own_are_nothing() -> None:
    refuse_heavy_contexts(of_contexts(TERMS, objects=300))
    assert rdfc(of_contexts(TERMS))


def test_terms_count_once_for_each_object_in_which_they_hold() -> None:
    refuse_heavy_contexts(of_contexts(TERMS, objects=MOST_APPLICATIONS // 100 - 50))
    with pytest.raises(TooLarge, match="terms"):
        refuse_heavy_contexts(of_contexts(TERMS, objects=MOST_APPLICATIONS // 100))


def test_terms_of_an_object_do_not_count_beside_it() -> None:
    document = of_contexts(objects=2_000)
    for node in document["evidence"][:900]:
        node["@context"] = TERMS
    refuse_heavy_contexts(document)
    for node in document["evidence"]:
        node["@context"] = TERMS
    with pytest.raises(TooLarge):
        refuse_heavy_contexts(document)


def test_contexts_within_definitions_count_too() -> None:
    terms = {"Own": {"@id": "urn:own", "@context": {f"t{n}": f"urn:t:{n}" for n in range(MOST_DEFINITIONS)}}}
    with pytest.raises(TooLarge):
        rdfc(of_contexts(terms))


def test_types_that_bring_contexts_are_combined_in_few_ways() -> None:
    scoped = ["Profile", "Image", "Address", "Result", "Related", "Alignment", "Criteria", "Evidence"]
    pairs = [[one, other] for one in scoped for other in scoped if one < other]
    document = credential() | {"evidence": [{"id": f"urn:{n}", "type": pair} for n, pair in enumerate(pairs)]}
    with pytest.raises(TooLarge, match="types"):
        rdfc(document)
    document["evidence"] = document["evidence"][:8] * 40
    rdfc(document)
