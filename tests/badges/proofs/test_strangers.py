"""Whatever a stranger sends is answered with a refusal of this library, never with another error."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from badges.errors import BadgeError
from badges.proofs import jws
from badges.proofs.canonical import jcs, rdfc
from badges.proofs.data_integrity import add_proof, proofs_of, verify_proof
from tests.badges.proofs.credentials import ED25519, OB3, VC2, credential

WORDS = st.sampled_from(
    [
        "id",
        "type",
        "name",
        "proof",
        "credentialSubject",
        "achievement",
        "madeUp",
        "my:term",
        "https://example.org/x",
        "VerifiableCredential",
        "Achievement",
        "relative",
        "_:b0",
        VC2,
        OB3,
        "https://example.org/unknown-context",
        "@context",
        "@id",
        "@type",
        "@value",
        "@language",
        "@direction",
        "@list",
        "@set",
        "@graph",
        "@included",
        "@container",
        "@vocab",
        "@base",
        "@import",
        "@propagate",
        "@protected",
        "@version",
        "@json",
        "@index",
        "@none",
        "\ufffe",
        "🎖",
        "",
    ]
)
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(WORDS, children, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=5), st.lists(VALUES, max_size=2))
def test_any_document_has_a_canonical_form_or_is_refused(members: dict[str, Any], contexts: list[Any]) -> None:
    for document in (members, credential() | members, credential() | {"@context": [VC2, OB3, *contexts]} | members):
        for canonical in (rdfc, jcs):
            with suppress(BadgeError):
                assert canonical(document)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(WORDS | st.sampled_from(["created", "proofValue", "previousProof", "expires"]), VALUES))
def test_any_proof_is_verified_or_refused(members: dict[str, Any]) -> None:
    signed = add_proof(credential(), ED25519, created=datetime(2026, 11, 21, tzinfo=UTC))
    for document in (signed | {"proof": [signed["proof"][0] | members]}, signed | {"proof": members.get("id")}):
        with suppress(BadgeError):
            for proof in proofs_of(document):
                verify_proof(document, proof, ED25519.method, now=datetime(2026, 11, 21, tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}"))
def test_any_text_is_a_jws_or_refused(text: str) -> None:
    with suppress(BadgeError):
        jws.verify(jws.parse(text), ED25519.method)
