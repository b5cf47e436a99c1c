"""How others verify the same badges: the JOSE libraries, and the JSON-LD processors that know RDF canonicalisation.

Each does the least that finds a signature good: none has a safe mode, which ours has to pay for.
"""

import copy
import warnings
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import base58
import jwt
import orjson
import pyoxigraph as ox
from joserfc import jws as jose
from joserfc.jwk import OKPKey
from pyld import jsonld

import badges
from badges import contexts
from benchmarks import samples
from benchmarks.measuring import Job, job

warnings.filterwarnings("ignore", "EdDSA is deprecated")  # joserfc's; it is the name that VC-JWTs bear
PUBLIC = samples.ED25519.private_key.public_key()


def verifying_tokens(tokens: Sequence[str]) -> list[Job]:
    """VC-JWTs, their key in hand, by PyJWT and by joserfc."""
    key = OKPKey.import_key(samples.ED25519.method.jwk())

    def by_pyjwt(token: str) -> None:
        jwt.decode(token, PUBLIC, algorithms=["EdDSA"], options={"verify_exp": False, "verify_nbf": False})

    def by_joserfc(token: str) -> None:
        jose.deserialize_compact(token, key, algorithms=["EdDSA"])

    return [job("PyJWT", tokens, by_pyjwt), job("joserfc", tokens, by_joserfc)]


def verifying_proofs(signed: Sequence[badges.Document]) -> list[Job]:
    """Proofs of eddsa-rdfc-2022, their key in hand, by PyLD and by pyoxigraph; contexts are read beforehand."""
    return [
        job("PyLD, contexts warm", signed, lambda document: _verify(document, _by_pyld)),
        job("pyoxigraph, contexts inlined", signed, lambda document: _verify(document, _by_pyoxigraph)),
    ]


def _verify(document: badges.Document, canonical: Any) -> None:
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    proof = dict(document["proof"][0])
    signature = base58.b58decode(proof.pop("proofValue")[1:])
    config = {"@context": document["@context"], **proof}
    PUBLIC.verify(signature, sha256(canonical(config)).digest() + sha256(canonical(unsecured)).digest())  # type: ignore[call-arg]


def _by_pyld(document: badges.Document) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "base": "", "documentLoader": _loaded}
    text: str = jsonld.normalize(copy.deepcopy(document), options)
    return text.encode()


def _loaded(url: str, _: object = None) -> dict[str, Any]:
    found = contexts.load(url)
    return {"contextUrl": None, "documentUrl": url, "document": found, "contentType": "application/ld+json"}


def _by_pyoxigraph(document: badges.Document) -> bytes:
    inlined = document | {"@context": [contexts.load(url)["@context"] for url in document["@context"]]}
    dataset = ox.Dataset(ox.parse(orjson.dumps(inlined), format=ox.RdfFormat.JSON_LD))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()
