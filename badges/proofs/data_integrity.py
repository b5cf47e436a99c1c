"""Data Integrity: the proof inside the document (VC Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0).

Short: DI and EDDSA. Another cryptosuite of the same make is another row of `CRYPTOSUITES`.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import base58
import orjson

from badges.documents import Document, as_list, instant, timestamp
from badges.errors import BadSignature, ForeignKey, NotConformant, ProofError, UnsupportedProof
from badges.keys import SigningKey, VerificationMethod
from badges.proofs.canonical import jcs, rdfc, refuse_disputed_order, refuse_disputed_values
from badges.proofs.remembering import remembered
from badges.proofs.safe_mode import refuse_unsigned

PROOF = "DataIntegrityProof"

_MULTIBASE58 = re.compile("z[1-9A-HJ-NP-Za-km-z]{1,127}")
_SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Cryptosuite:
    """How the bytes that are signed come about."""

    name: str
    algorithm: str
    """Of the keys that it takes, as JOSE calls it."""
    canonical: Callable[[Document], bytes]
    states_context: bool
    """Whether the proof carries the document's `@context` itself (EDDSA §3.3.1 step 2)."""


CRYPTOSUITES = {
    (PROOF, suite.name): suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", "EdDSA", rdfc, states_context=False),
        Cryptosuite("eddsa-jcs-2022", "EdDSA", jcs, states_context=True),
    )
}
"""By the `type` and the `cryptosuite` of a proof."""


def add_proof(
    document: Document,
    key: SigningKey,
    *,
    created: datetime,
    cryptosuite: str = "eddsa-rdfc-2022",
    purpose: str = "assertionMethod",
) -> Document:
    """`document` with one more proof in its `proof` array; proofs that it bears are kept (a proof set, DI §2.1.1).

    Raises `UndefinedTerm`, `UnknownContext` or `NotConformant` for a document that verifiers would not read alike,
    `TooLarge`, and `UnsupportedProof` for a cryptosuite that is unknown or takes keys of another kind.
    """
    proof: Document = {
        "type": PROOF,
        "cryptosuite": cryptosuite,
        "created": timestamp(created),
        "verificationMethod": key.id,
        "proofPurpose": purpose,
    }
    suite = _suite_of(proof, key.method)
    unsecured = _without_proof(document)
    refuse_disputed_values(unsecured)
    # Others will hold what we sign against the contexts, whatever the cryptosuite (OB 3.0 certification, 2025-12).
    if suite.canonical is not rdfc:  # which does so itself
        refuse_unsigned(unsecured)
    if suite.states_context:
        proof = {"@context": _context_of(unsecured)} | proof
    signature = key.sign(_hashed(suite, proof, unsecured, issuing=True))
    proof["proofValue"] = "z" + base58.b58encode(signature).decode()
    return document | {"proof": [*proofs_of(document), proof]}


def refuse_unsignable(document: Document) -> None:
    """Returns when `add_proof` would take `document`, or a credential that says the same: for what is signed later.

    Raises `UndefinedTerm`, `UnknownContext`, `NotConformant` or `TooLarge`.
    """
    refuse_disputed_values(document)
    refuse_disputed_order(rdfc(document))


def verify_proof(
    document: Document,
    proof: Document,
    method: VerificationMethod,
    *,
    purpose: str = "assertionMethod",
    now: datetime | None = None,
) -> None:
    """Returns when `proof`, one of the proofs of `document`, holds (DI §4.4; EDDSA §3.2.2, §3.3.2).

    That `method` may speak for the issuer is for the caller to see to, and so is that the proofs named by its
    `previousProof` hold. Raises `UnsupportedProof`, `ForeignKey` when the proof names another key, `NotConformant`
    (`UndefinedTerm`, `UnknownContext`) for what cannot be a proof of this document, `TooLarge`, `BadSignature`, and
    `ProofError` when it had expired `now`.
    """
    # 1. A proof of a kind that is known, made with this key, for this purpose (DI §4.4 steps 4 and 5).
    suite = _suite_of(proof, method)
    if proof.get("verificationMethod") != method.id:
        raise ForeignKey(f"The proof names the key {str(proof.get('verificationMethod'))[:200]}, not {method.id}.")
    if proof.get("proofPurpose") != purpose:
        raise NotConformant(f"The proof is not for the purpose {purpose!r}.", pointer="/proof")
    if "created" in proof:
        instant(proof["created"], pointer="/proof")
    if "expires" in proof and now is not None and instant(proof["expires"], pointer="/proof") < now:
        raise ProofError(f"The proof expired on {proof['expires']}.")
    # 2. The document without its proofs, but with those that a chained proof covers (DI §4.5 step 3).
    unsecured = _without_proof(document)
    if "previousProof" in proof:
        unsecured["proof"] = _previous_proofs(document, proof)
    # 3. The context under which it was signed (EDDSA §3.3.2 step 4). An RDF proof takes the document's (§3.2.5 step 4),
    #    so that one of its own would be signed by nobody.
    if suite.states_context and "@context" in proof:
        unsecured["@context"] = _shared_context(document, proof)
    elif "@context" in proof and proof["@context"] != document.get("@context"):
        raise NotConformant("The proof states another context than the document.", pointer="/proof")
    # 4. The signature over both hashes (EDDSA §3.2.7).
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    method.verify(_signature_in(proof), _hashed(suite, config, unsecured))


def proofs_of(document: Document) -> list[Document]:
    """The proofs of a document; one may stand without an array. Raises `NotConformant`."""
    proofs = as_list(document.get("proof"))
    if not all(isinstance(proof, dict) for proof in proofs):
        raise NotConformant("A proof is an object.", pointer="/proof")
    return proofs


def _suite_of(proof: Document, method: VerificationMethod) -> Cryptosuite:
    kind, name = proof.get("type"), proof.get("cryptosuite")
    suite = CRYPTOSUITES.get((str(kind), str(name)))
    if suite is None:
        raise UnsupportedProof(
            f"Proofs of type {str(kind)[:100]} and cryptosuite {str(name)[:100]} are not known here."
        )
    if suite.algorithm != method.algorithm:
        raise UnsupportedProof(
            f"{suite.name} takes keys for {suite.algorithm}, and {method.id} is for {method.algorithm}."
        )
    return suite


def _without_proof(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "proof"}


def _context_of(document: Document) -> object:
    if "@context" not in document:
        raise NotConformant("The document states no context.", pointer="/@context")
    return document["@context"]


def _shared_context(document: Document, proof: Document) -> object:
    """The context that was signed; the document may have got further ones since, after it (EDDSA §3.3.2 step 4)."""
    signed, stated = as_list(proof["@context"]), as_list(document.get("@context"))
    if stated[: len(signed)] != signed:
        raise NotConformant("The contexts of the document do not begin with those of the proof.", pointer="/@context")
    return proof["@context"]


def _previous_proofs(document: Document, proof: Document) -> list[Document]:
    names = as_list(proof["previousProof"])
    found = [one for one in proofs_of(document) if one.get("id") in names]
    if not names or len(found) != len(names):
        raise NotConformant("A proof that this one builds on is not in the document.", pointer="/proof")
    return found


def _signature_in(proof: Document) -> bytes:
    value = proof.get("proofValue")
    if not isinstance(value, str) or not _MULTIBASE58.fullmatch(value):
        raise BadSignature("A proofValue is 'z' followed by base58btc characters (EDDSA §3.2.1).")
    signature = base58.b58decode(value[1:])
    if len(signature) != _SIGNATURE_BYTES:
        raise BadSignature(f"The signature has {len(signature)} bytes instead of {_SIGNATURE_BYTES}.")
    return signature


def _hashed(suite: Cryptosuite, config: Document, unsecured: Document, *, issuing: bool = False) -> bytes:
    """SHA-256 of the proof configuration, then of the document: in this order (EDDSA §3.2.4 step 3)."""
    context = _context_of(unsecured)
    try:
        options = orjson.dumps(config if suite.states_context else config | {"@context": context})
    except TypeError as error:
        raise NotConformant(f"The proof cannot be written as JSON: {error}.", pointer="/proof") from error
    canonical = suite.canonical(unsecured)
    if issuing:
        refuse_disputed_order(canonical)
    return hashlib.sha256(_canonical_config(suite, options)).digest() + hashlib.sha256(canonical).digest()


@remembered
def _canonical_config(suite: Cryptosuite, options: bytes) -> bytes:
    """Badges of one issuer that are signed within a second share it."""
    config: Document = orjson.loads(options)
    return suite.canonical(config)
