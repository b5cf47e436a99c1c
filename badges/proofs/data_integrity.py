"""Data Integrity: the proof inside the document (VC Data Integrity 1.0; its EdDSA and ECDSA Cryptosuites 1.0).

Short: DI, EDDSA and ECDSA. Another cryptosuite of the same make is another row of `CRYPTOSUITES`.
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
from badges.proofs.remembering import Findings, remembered
from badges.proofs.safe_mode import refuse_unsigned

PROOF = "DataIntegrityProof"
ED25519_2020 = "Ed25519Signature2020"

_MULTIBASE58 = re.compile("z[1-9A-HJ-NP-Za-km-z]{1,140}")
_SIGNATURE_BYTES = {"EdDSA": 64, "ES256": 64, "ES384": 96}
_ECDSA = ("ES256", "ES384")


@dataclass(frozen=True)
class Cryptosuite:
    """How the bytes that are signed come about."""

    name: str
    algorithms: tuple[str, ...]
    """Of the keys that it takes, as JOSE calls them."""
    canonical: Callable[[Document], bytes]
    states_context: bool = False
    """Whether the proof carries the document's `@context` itself (EDDSA §3.3.1 step 2)."""

    @property
    def kind(self) -> Document:
        """The members by which a proof says that it is of this cryptosuite."""
        return {"type": self.name} if self.name == ED25519_2020 else {"type": PROOF, "cryptosuite": self.name}


CRYPTOSUITES = {
    suite.name: suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", ("EdDSA",), rdfc),
        Cryptosuite("eddsa-jcs-2022", ("EdDSA",), jcs, states_context=True),
        Cryptosuite("ecdsa-rdfc-2019", _ECDSA, rdfc),
        Cryptosuite("ecdsa-jcs-2019", _ECDSA, jcs, states_context=True),
        # The elder of eddsa-rdfc-2022: the type itself names the suite, and a context of its own defines the type
        # (EDDSA §A). URDNA2015, which it asks for, gives the lines of RDFC-1.0.
        Cryptosuite(ED25519_2020, ("EdDSA",), rdfc),
    )
}
"""By the `cryptosuite` of a DataIntegrityProof; of older proofs by their `type`."""


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
    chosen = CRYPTOSUITES.get(cryptosuite)
    proof: Document = {
        **(chosen.kind if chosen else {"type": PROOF, "cryptosuite": cryptosuite}),
        "created": timestamp(created),
        "verificationMethod": key.id,
        "proofPurpose": purpose,
    }
    suite = _suite_of(proof)
    _refuse_other_algorithm(suite, key.method)
    unsecured = _without_proof(document)
    refuse_disputed_values(unsecured)
    # Others will hold what we sign against the contexts, whatever the cryptosuite (OB 3.0 certification, 2025-12).
    if suite.canonical is not rdfc:  # which does so itself
        refuse_unsigned(unsecured)
    if suite.states_context:
        proof = {"@context": _context_of(unsecured)} | proof
    canonical = _canonical(suite, unsecured, key.algorithm)
    refuse_disputed_order(canonical)
    hashed = _hashed_config(suite, proof, _context_of(unsecured), key.algorithm)
    signature = key.sign(hashed + _digest(key.algorithm, canonical))
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
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        hashed = _hashed_config(suite, config, context, method.algorithm)
        method.verify(signature, hashed + self._hashed_document(suite, proof, context, method.algorithm))

    def _hashed_document(self, suite: Cryptosuite, proof: Document, context: object, algorithm: str) -> bytes:
        # The document without its proofs, but with those that a chained proof covers (DI §4.5 step 3).
        unsecured = _without_proof(self.document) | {"@context": context}
        if "previousProof" in proof:
            unsecured["proof"] = previous_proofs(self.document, proof)
            return _hash(suite, unsecured, algorithm)
        form = (f"{suite.canonical.__name__} {orjson.dumps(context).decode()}", algorithm)
        if form not in self._hashes:
            self._hashes[form] = _hash(suite, unsecured, algorithm)
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
    suite = _suite_of(proof)
    if proof.get("proofPurpose") != purpose:
        raise NotConformant(f"The proof is not for the purpose {purpose!r}.", pointer="/proof")
    if "created" in proof:
        instant(proof["created"], pointer="/proof")
    ends = instant(proof["expires"], pointer="/proof") if "expires" in proof else None
    if ends and now and ends < now:
        raise ProofError(f"The proof expired on {proof['expires']}.")
    _signature_in(proof, {_SIGNATURE_BYTES[algorithm] for algorithm in suite.algorithms})
    return suite


def _suite_of(proof: Document) -> Cryptosuite:
    kind, name = proof.get("type"), proof.get("cryptosuite")
    suite = CRYPTOSUITES.get(str(name if kind == PROOF else kind))
    if suite is None or {member: proof[member] for member in ("type", "cryptosuite") if member in proof} != suite.kind:
        raise UnsupportedProof(
            f"Proofs of type {str(kind)[:100]} and cryptosuite {str(name)[:100]} are not known here."
        )
    return suite


def _refuse_other_algorithm(suite: Cryptosuite, method: VerificationMethod) -> None:
    if method.algorithm not in suite.algorithms:
        raise UnsupportedProof(
            f"{suite.name} takes keys for {' or '.join(suite.algorithms)}, and {method.id} is for {method.algorithm}."
        )


def _signature_by(proof: Document, suite: Cryptosuite, method: VerificationMethod) -> bytes:
    _refuse_other_algorithm(suite, method)
    if proof.get("verificationMethod") != method.id:
        raise ForeignKey(f"The proof names the key {str(proof.get('verificationMethod'))[:200]}, not {method.id}.")
    return _signature_in(proof, {_SIGNATURE_BYTES[method.algorithm]})


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


def previous_proofs(document: Document, proof: Document) -> list[Document]:
    """The proofs that `proof` builds on, by its `previousProof` (DI §2.1.2). Raises `NotConformant` without them."""
    names = as_list(proof.get("previousProof"))
    found = [one for one in proofs_of(document) if one.get("id") in names]
    if "previousProof" in proof and (not names or len(found) != len(names)):
        raise NotConformant("A proof that this one builds on is not in the document.", pointer="/proof")
    return found


def _signature_in(proof: Document, lengths: set[int]) -> bytes:
    value = proof.get("proofValue")
    if not isinstance(value, str) or not _MULTIBASE58.fullmatch(value):
        raise BadSignature("A proofValue is 'z' followed by base58btc characters (EDDSA §3.2.1).")
    signature = base58.b58decode(value[1:])
    if len(signature) not in lengths:
        raise BadSignature(f"The signature has {len(signature)} bytes instead of {' or '.join(map(str, lengths))}.")
    return signature


def _digest(algorithm: str, canonical: bytes) -> bytes:
    """SHA-384 goes with P-384 keys, SHA-256 with all others (ECDSA §3.2.4)."""
    return (hashlib.sha384 if algorithm == "ES384" else hashlib.sha256)(canonical).digest()


_HASHES: Findings[bytes] = Findings(4096)
"""Of documents whose proof was looked at. A badge is shown more than once, and canonicalising is most of the work."""


def _hash(suite: Cryptosuite, document: Document, algorithm: str) -> bytes:
    try:
        written = orjson.dumps(document)
    except TypeError:  # as no JSON has it; it is refused below
        return _digest(algorithm, _canonical(suite, document, algorithm))
    question = f"{suite.canonical.__name__} {algorithm} ".encode() + written
    return _HASHES.of(question, lambda: _digest(algorithm, _canonical(suite, document, algorithm)))


def _canonical(suite: Cryptosuite, document: Document, algorithm: str) -> bytes:
    if suite.canonical is rdfc and algorithm == "ES384":
        return rdfc(document, digest="sha384")
    return suite.canonical(document)


def _hashed_config(suite: Cryptosuite, config: Document, context: object, algorithm: str) -> bytes:
    """The hash of the proof configuration; that of the document comes after it (EDDSA §3.2.4 step 3)."""
    try:
        options = orjson.dumps(config if suite.states_context else config | {"@context": context})
    except TypeError as error:
        raise NotConformant(f"The proof cannot be written as JSON: {error}.", pointer="/proof") from error
    return _digest(algorithm, _canonical_config(suite, options, algorithm))


@remembered
def _canonical_config(suite: Cryptosuite, options: bytes, algorithm: str) -> bytes:
    """Badges of one issuer that are signed within a second share it."""
    config: Document = orjson.loads(options)
    return _canonical(suite, config, algorithm)
