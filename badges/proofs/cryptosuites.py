"""Cryptosuites of Data Integrity: which keys they take, and how the bytes that are signed come about.

Of the EdDSA and ECDSA Cryptosuites 1.0; short: EDDSA and ECDSA. Another one of the same make is another row of
`CRYPTOSUITES`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import orjson

from badges.documents import Document
from badges.errors import NotConformant, UnsupportedProof
from badges.keys import VerificationMethod
from badges.proofs.canonical import jcs, rdfc
from badges.proofs.remembering import Findings, remembered

PROOF = "DataIntegrityProof"
ED25519_2020 = "Ed25519Signature2020"

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


def suite_of(proof: Document) -> Cryptosuite:
    """The cryptosuite by which a proof says that it was made. Raises `UnsupportedProof`."""
    kind, name = proof.get("type"), proof.get("cryptosuite")
    suite = CRYPTOSUITES.get(str(name if kind == PROOF else kind))
    if suite is None or {member: proof[member] for member in ("type", "cryptosuite") if member in proof} != suite.kind:
        raise UnsupportedProof(
            f"Proofs of type {str(kind)[:100]} and cryptosuite {str(name)[:100]} are not known here."
        )
    return suite


def refuse_other_algorithm(suite: Cryptosuite, method: VerificationMethod) -> None:
    """Returns when `suite` takes keys of this kind. Raises `UnsupportedProof`."""
    if method.algorithm not in suite.algorithms:
        raise UnsupportedProof(
            f"{suite.name} takes keys for {' or '.join(suite.algorithms)}, and {method.id} is for {method.algorithm}."
        )


def canonical_form(suite: Cryptosuite, document: Document, algorithm: str) -> bytes:
    """The bytes of a document that are hashed, for keys of an algorithm. Raises what `rdfc` and `jcs` raise."""
    if suite.canonical is rdfc and algorithm == "ES384":
        return rdfc(document, digest="sha384")
    return suite.canonical(document)


def digest(algorithm: str, canonical: bytes) -> bytes:
    """SHA-384 goes with P-384 keys, SHA-256 with all others (ECDSA §3.2.4)."""
    return (hashlib.sha384 if algorithm == "ES384" else hashlib.sha256)(canonical).digest()


_HASHES: Findings[bytes] = Findings(4096)
"""Of documents whose proof was looked at. A badge is shown more than once, and canonicalising is most of the work."""


def document_hash(suite: Cryptosuite, document: Document, algorithm: str) -> bytes:
    """The hash of a document as its proof covers it, remembered where it is asked for again (EDDSA §3.2.4)."""
    try:
        written = orjson.dumps(document)
    except TypeError:  # as no JSON has it; it is refused below
        return digest(algorithm, canonical_form(suite, document, algorithm))
    question = f"{suite.canonical.__name__} {algorithm} ".encode() + written
    return _HASHES.of(question, lambda: digest(algorithm, canonical_form(suite, document, algorithm)))


def config_hash(suite: Cryptosuite, config: Document, context: object, algorithm: str) -> bytes:
    """The hash of the proof configuration; that of the document comes after it (EDDSA §3.2.4 step 3)."""
    try:
        options = orjson.dumps(config if suite.states_context else config | {"@context": context})
    except TypeError as error:
        raise NotConformant(f"The proof cannot be written as JSON: {error}.", pointer="/proof") from error
    return digest(algorithm, _canonical_config(suite, options, algorithm))


@remembered
def _canonical_config(suite: Cryptosuite, options: bytes, algorithm: str) -> bytes:
    """Badges of one issuer that are signed within a second share it."""
    config: Document = orjson.loads(options)
    return canonical_form(suite, config, algorithm)
