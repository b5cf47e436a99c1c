"""Data Integrity: the proof inside the document (VC Data Integrity 1.0; its EdDSA and ECDSA Cryptosuites 1.0).

Short: DI, EDDSA and ECDSA. Which cryptosuites there are is said in `cryptosuites`.
"""

import re
from datetime import datetime

import base58
import orjson

from badges.documents import Document, as_list, id_of, instant, timestamp
from badges.errors import BadSignature, ForeignKey, NotConformant, ProofError
from badges.keys import SigningKey, VerificationMethod
from badges.proofs.canonical import rdfc, refuse_disputed_order, refuse_disputed_values
from badges.proofs.cryptosuites import (
    CRYPTOSUITES,
    PROOF,
    Cryptosuite,
    canonical_form,
    config_hash,
    digest,
    document_hash,
    refuse_other_algorithm,
    suite_of,
)
from badges.proofs.safe_mode import refuse_unsigned

_MULTIBASE58 = re.compile("z[1-9A-HJ-NP-Za-km-z]{1,140}")
_SIGNATURE_BYTES = {"EdDSA": 64, "ES256": 64, "ES384": 96}


def add_proof(
    document: Document,
    key: SigningKey,
    *,
    created: datetime,
    cryptosuite: str = "eddsa-rdfc-2022",
    purpose: str = "assertionMethod",
    challenge: str | None = None,
    domain: str | None = None,
) -> Document:
    """`document` with one more proof in its `proof` array; proofs that it bears are kept (a proof set, DI §2.1.1).

    `challenge` and `domain` are those of whoever asked for a presentation (DI §2.1).

    Raises `UndefinedTerm`, `UnknownContext` or `NotConformant` for a document that verifiers would not read alike,
    `TooLarge`, and `UnsupportedProof` for a cryptosuite that is unknown or takes keys of another kind.
    """
    chosen = CRYPTOSUITES.get(cryptosuite)
    proof: Document = {
        **(chosen.kind if chosen else {"type": PROOF, "cryptosuite": cryptosuite}),
        "created": timestamp(created),
        "verificationMethod": key.id,
        "proofPurpose": purpose,
        **({"challenge": challenge} if challenge is not None else {}),
        **({"domain": domain} if domain is not None else {}),
    }
    suite = suite_of(proof)
    refuse_other_algorithm(suite, key.method)
    unsecured = _without_proof(document)
    refuse_disputed_values(unsecured)
    # Others will hold what we sign against the contexts, whatever the cryptosuite (OB 3.0 certification, 2025-12).
    if suite.canonical is not rdfc:  # which does so itself
        refuse_unsigned(unsecured)
    if suite.states_context:
        proof = {"@context": _context_of(unsecured)} | proof
    canonical = canonical_form(suite, unsecured, key.algorithm)
    refuse_disputed_order(canonical)
    hashed = config_hash(suite, proof, _context_of(unsecured), key.algorithm)
    signature = key.sign(hashed + digest(key.algorithm, canonical))
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
    """Returns when `proof`, one of the proofs of `document`, holds: of several, ask `SecuredDocument`, which see."""
    SecuredDocument(document).verify(proof, method, purpose=purpose, now=now)


class SecuredDocument:
    """A document with its proofs, of which each may be verified; the canonical form that they share is made once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._hashes: dict[tuple[str, str], bytes] = {}
        self._last: tuple[Document, dict[str, bytes]] | None = None

    def verify(
        self,
        proof: Document,
        method: VerificationMethod,
        *,
        purpose: str = "assertionMethod",
        now: datetime | None = None,
    ) -> None:
        """Returns when `proof`, one of the proofs of the document, holds (DI §4.4; EDDSA and ECDSA §3.2.2, §3.3.2).

        That `method` may speak for the issuer is for the caller to see to, and so is that the proofs named by its
        `previousProof` hold. Raises `UnsupportedProof`, `ForeignKey` when the proof names another key, `NotConformant`
        (`UndefinedTerm`, `UnknownContext`) for what cannot be a proof of this document, `TooLarge`, `BadSignature`, and
        `ProofError` when it had expired `now`.
        """
        # 1. A proof of a kind that is known, made with this key, for this purpose (DI §4.4 steps 4 and 5). All that
        #    can be seen without canonicalising is seen first: that is where a forger could make us work.
        suite = refuse_at_sight(proof, purpose=purpose, now=now)
        signature = _signature_by(proof, suite, method)
        # 2. The context under which it was signed (EDDSA §3.3.2 step 4). An RDF proof takes the document's (§3.2.5
        #    step 4), so that one of its own would be signed by nobody.
        context = _context_of(self.document)
        if suite.states_context and "@context" in proof:
            context = _shared_context(self.document, proof)
        elif "@context" in proof and proof["@context"] != context:
            raise NotConformant("The proof states another context than the document.", pointer="/proof")
        # 3. The signature over both hashes (EDDSA §3.2.7).
        method.verify(signature, self._signed(suite, proof, context, method.algorithm))

    def _signed(self, suite: Cryptosuite, proof: Document, context: object, algorithm: str) -> bytes:
        """What the proof signs, made once for each kind of the keys that are tried on it."""
        if self._last is None or self._last[0] is not proof:
            self._last = proof, {}
        signed = self._last[1]
        if algorithm not in signed:
            config = {name: value for name, value in proof.items() if name != "proofValue"}
            hashed = config_hash(suite, config, context, algorithm)
            signed[algorithm] = hashed + self._hashed_document(suite, proof, context, algorithm)
        return signed[algorithm]

    def _hashed_document(self, suite: Cryptosuite, proof: Document, context: object, algorithm: str) -> bytes:
        # The document without its proofs, but with those that a chained proof covers (DI §4.5 step 3).
        unsecured = _without_proof(self.document) | {"@context": context}
        if "previousProof" in proof:
            unsecured["proof"] = previous_proofs(self.document, proof)
            return document_hash(suite, unsecured, algorithm)
        form = (f"{suite.canonical.__name__} {orjson.dumps(context).decode()}", algorithm)
        if form not in self._hashes:
            self._hashes[form] = document_hash(suite, unsecured, algorithm)
        return self._hashes[form]


def proofs_of(document: Document) -> list[Document]:
    """The proofs of a document; one may stand without an array. Raises `NotConformant`."""
    proofs = as_list(document.get("proof"))
    if not all(isinstance(proof, dict) for proof in proofs):
        raise NotConformant("A proof is an object.", pointer="/proof")
    return proofs


def refuse_at_sight(proof: Document, *, purpose: str = "assertionMethod", now: datetime | None = None) -> Cryptosuite:
    """The cryptosuite of a proof that is worth a closer look: seen without its key and without the document.

    Raises `UnsupportedProof`, `NotConformant`, `BadSignature`, and `ProofError` when it had expired `now`.
    """
    suite = suite_of(proof)
    if proof.get("proofPurpose") != purpose:
        raise NotConformant(f"The proof is not for the purpose {purpose!r}.", pointer="/proof")
    if "created" in proof:
        instant(proof["created"], pointer="/proof")
    ends = instant(proof["expires"], pointer="/proof") if "expires" in proof else None
    if ends and now and ends < now:
        raise ProofError(f"The proof expired on {proof['expires']}.")
    _signature_in(proof, {_SIGNATURE_BYTES[algorithm] for algorithm in suite.algorithms})
    return suite


def previous_proofs(document: Document, proof: Document) -> list[Document]:
    """The proofs that `proof` builds on, by its `previousProof` (DI §2.1.2). Raises `NotConformant` without them."""
    names = as_list(proof.get("previousProof"))
    found = [one for one in proofs_of(document) if one.get("id") in names]
    if "previousProof" in proof and (not names or len(found) != len(names)):
        raise NotConformant("A proof that this one builds on is not in the document.", pointer="/proof")
    return found


def _signature_by(proof: Document, suite: Cryptosuite, method: VerificationMethod) -> bytes:
    refuse_other_algorithm(suite, method)
    name = id_of(proof.get("verificationMethod"))
    # That of its owner is a name for an only key, as for a did:key; and a fragment alone stands below it.
    names = (method.id, method.controller, method.id.removeprefix(method.controller))
    if name not in names:
        raise ForeignKey(f"The proof names the key {str(name)[:200]}, not {method.id}.")
    return _signature_in(proof, {_SIGNATURE_BYTES[method.algorithm]})


def _signature_in(proof: Document, lengths: set[int]) -> bytes:
    value = proof.get("proofValue")
    if not isinstance(value, str) or not _MULTIBASE58.fullmatch(value):
        raise BadSignature("A proofValue is 'z' followed by base58btc characters (EDDSA §3.2.1).")
    signature = base58.b58decode(value[1:])
    if len(signature) not in lengths:
        raise BadSignature(f"The signature has {len(signature)} bytes instead of {' or '.join(map(str, lengths))}.")
    return signature


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
