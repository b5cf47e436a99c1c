"""Whoever controls a DID signs a challenge for one asker; nothing else proves it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import badges
from badges import Outcome
from badges.proofs import jws
from tests.far_issuer import NOW, VC1_CONTEXTS, VC2, FarIssuer

DOMAIN, CHALLENGE = "https://badges.example.org", "a-challenge-of-many-random-characters"
ADA, EVE = FarIssuer(mode="did:web", name="Ada"), FarIssuer(mode="did:key", name="Eve")


def asked(presented: Any, whose: FarIssuer = ADA) -> tuple[Outcome, str]:
    text = presented if isinstance(presented, str | bytes) else badges.serialize(presented)
    answer = badges.control(whose.id, text, challenge=CHALLENGE, domain=DOMAIN, fetch=ADA, now=NOW)
    return answer.outcome, answer.code


def presentation(holder: FarIssuer = ADA) -> badges.Document:
    return {"@context": [VC2], "type": ["VerifiablePresentation"], "holder": holder.id}


def signed(by: FarIssuer = ADA, **said: Any) -> badges.Document:
    asked_for = {"challenge": CHALLENGE, "domain": DOMAIN, "purpose": "authentication"} | said
    return badges.add_proof(presentation(by), by.ed25519, created=NOW, **asked_for)


def token(by: FarIssuer = ADA, payload: badges.Document | None = None, **claims: Any) -> str:
    shown = presentation(by) if payload is None else payload
    said = shown | {"iss": by.id, "aud": [DOMAIN, "https://other.example"], "nonce": CHALLENGE} | claims
    key = by.p256
    return jws.sign(json.dumps(said).encode(), key, header={"typ": "vp+jwt", "kid": key.id})


OLD = {"vp": {"@context": VC1_CONTEXTS[:1], "type": ["VerifiablePresentation"]}}
PROVEN = [signed(), signed(purpose="assertionMethod"), token(), token(payload=OLD)]


@pytest.mark.parametrize("shown", PROVEN, ids=["authentication", "assertion", "token", "token of 1.1"])
def test_a_signed_challenge_proves_it(shown: Any) -> None:
    assert asked(shown) == (Outcome.passed, "control-proven")
    assert asked(shown, EVE) == (Outcome.failed, "other-holder")


def test_a_challenge_of_before_or_of_somebody_else_proves_nothing() -> None:
    twice = badges.add_proof(signed(), ADA.ed25519, created=NOW, purpose="authentication")
    forged = signed() | {"proof": [signed()["proof"][0] | {"challenge": CHALLENGE, "created": "2026-11-21T11:00:00Z"}]}
    wrong: dict[str, list[Any]] = {
        "other-challenge": [signed(challenge="old"), *(token(nonce=n) for n in ("old", [CHALLENGE, "old"], 1))],
        "other-domain": [signed(domain="https://x.example"), token(aud="https://x.example"), token(aud=None)],
        "other-holder": [signed(EVE), token(iss=EVE.id)],
        "no-proof": [presentation(), twice],
        "bad-signature": [forged],
        "no-presentation": [ADA.award().text],
    }
    for code, several in wrong.items():
        assert [asked(shown) for shown in several] == [(Outcome.failed, code)] * len(several)
    assert asked(token(exp=1))[0] is Outcome.failed
    assert asked(token()[:-4] + "AAAA")[0] is Outcome.failed


def test_whose_document_is_silent_is_unknown() -> None:
    silent = FarIssuer(mode="did:web", name="Ada")
    silent.go_down()
    shown = badges.serialize(signed())
    answer = badges.control(ADA.id, shown, challenge=CHALLENGE, domain=DOMAIN, fetch=silent, now=NOW)
    assert (answer.outcome, answer.code) == (Outcome.unknown, "issuer-unreachable")


@given(st.binary(max_size=60) | st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_nothing_that_is_shown_breaks_it(shown: Any) -> None:
    assert asked(shown)[0] in {Outcome.passed, Outcome.failed, Outcome.unknown}
