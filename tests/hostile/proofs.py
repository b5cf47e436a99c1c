"""Proofs and endorsements in numbers: each of them is a reason to look at the document again."""

import json
from hashlib import sha256

import base58

from badges.documents import Document
from badges.proofs.canonical import rdfc
from tests.hostile.making import (
    KIB,
    Made,
    as_json,
    as_much_as_fits,
    credential,
    embedded,
    family,
    issuer,
    token,
)


@family
def many_proofs(size: int) -> Made:
    far = issuer()
    document = credential(far, evidence=as_much_as_fits(size // 2, lambda n: {"type": "Evidence", "name": f"{n}"}))
    whole = json.loads(embedded(far, document))
    proof = whole["proof"][0]
    value = proof["proofValue"]
    whole["proof"] = as_much_as_fits(size // 2, lambda n: proof | {"id": f"urn:{n}", "proofValue": value})
    return far, as_json(whole)


@family
def proofs_over_proofs(size: int) -> Made:
    """Each says that it builds on all the others."""
    far = issuer()
    document = credential(far)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-11-01T00:00:00Z",
        "verificationMethod": far.ed25519.id,
        "proofPurpose": "assertionMethod",
        "proofValue": "z" + "5" * 87,
    }
    names: list[str] = [f"urn:p:{n}" for n in range(size // 700)]
    proofs = [proof | {"id": name, "previousProof": names} for name in names[: size // 10_000]]
    document["proof"] = [*proofs, *(proof | {"id": name} for name in names[len(proofs) :])]
    return far, as_json(document)


@family
def a_chain_of_proofs(size: int) -> Made:
    """Properly signed, each over the one before: as many canonical forms of one document."""
    far = issuer()
    claims = as_much_as_fits(size - 8 * KIB, lambda n: {"type": ["Evidence"], "name": f"{n}"})
    document = credential(far, evidence=claims)
    proofs: list[Document] = []
    for n in range(8):
        config = {
            "id": f"urn:p:{n}",
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-01T00:00:00Z",
            "verificationMethod": far.ed25519.id,
            "proofPurpose": "assertionMethod",
        }
        if proofs:
            config["previousProof"] = proofs[-1]["id"]
        covered = document | ({"proof": [proofs[-1]]} if proofs else {})
        hashes = [sha256(rdfc(part)).digest() for part in (config | {"@context": document["@context"]}, covered)]
        value = base58.b58encode(far.ed25519.sign(b"".join(hashes))).decode()
        proofs.append(config | {"proofValue": f"z{value}"})
    return far, as_json(document | {"proof": proofs})


@family
def many_endorsements(size: int) -> Made:
    far = issuer()
    about = credential(far)
    nodes = as_much_as_fits(size, lambda _: json.loads(far.sign(far.endorsement(about["id"]))))
    return far, far.sign(about | {"endorsement": nodes}).encode()


@family
def large_endorsements(size: int) -> Made:
    """As many as are looked at, each as large as may be, each within the badge and on its own."""
    far = issuer()
    about = credential(far)

    def one(n: int) -> Document:
        claims = as_much_as_fits((size - 64 * KIB) // 32, lambda m: {"type": "Evidence", "name": f"{m:040}"}, aside=0)
        made: Document = json.loads(far.sign(far.endorsement(about["id"], evidence=claims)))
        return made

    return far, far.sign(about | {"endorsement": [one(n) for n in range(32)]}).encode()


@family
def endorsements_that_are_tokens(size: int) -> Made:
    far = issuer()
    about = credential(far)
    tokens = as_much_as_fits(size * 3 // 4, lambda _: token(far, far.endorsement(about["id"])).decode())
    return far, token(far, about | {"endorsementJwt": tokens})


@family
def endorsements_of_many_ids(size: int) -> Made:
    """What may be endorsed is gathered for each endorsement."""
    far = issuer()
    about = credential(
        far, evidence=as_much_as_fits(size - 64 * KIB, lambda n: {"id": f"urn:e:{n}", "type": "Evidence"})
    )
    nodes = [json.loads(far.sign(far.endorsement(about["id"]))) for _ in range(32)]
    return far, as_json(json.loads(far.sign(about | {"endorsement": nodes})))


@family
def endorsements_of_endorsements(size: int) -> Made:
    """Each holds all that are about it, so that what is innermost is looked at again and again."""
    far = issuer()
    about = credential(far)
    claims = as_much_as_fits(size - 64 * KIB, lambda n: {"type": "Evidence", "name": f"{n:020}"})
    chain = [far.endorsement(about["id"], evidence=claims if n == 20 else []) for n in range(21)]
    for outer, inner in zip(chain[-2::-1], chain[::-1], strict=False):
        inner["credentialSubject"]["id"] = outer["id"]
        outer["endorsement"] = [json.loads(far.sign(inner))]
    return far, as_json(json.loads(far.sign(about | {"endorsement": [json.loads(far.sign(chain[0]))]})))
