"""Proofs and endorsements in numbers: each of them is a reason to look at the document again."""

import json

from badges.documents import Document
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
    signed = json.loads(embedded(far, document))
    proof = signed["proof"][0]
    value = proof["proofValue"]
    signed["proof"] = as_much_as_fits(size // 2, lambda n: proof | {"id": f"urn:{n}", "proofValue": value})
    return far, as_json(signed)


@family
def proofs_over_proofs(size: int) -> Made:
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
    names: list[str] = [f"urn:p:{n}" for n in range(400)]
    proofs = [proof | {"id": name, "previousProof": names} for name in names[: size // 6000]]
    document["proof"] = [*proofs, *(proof | {"id": name} for name in names[len(proofs) :])]
    return far, as_json(document)


@family
def many_endorsements(size: int) -> Made:
    far = issuer()
    about = credential(far)
    one = embedded(far, far.endorsement(about["id"]))
    nodes = as_much_as_fits(
        size, lambda n: json.loads(one) if n < 0 else json.loads(embedded(far, far.endorsement(about["id"])))
    )
    return far, embedded(far, about | {"endorsement": nodes})


@family
def large_endorsements(size: int) -> Made:
    """As many as are looked at, each as large as may be, each within the badge and on its own."""
    far = issuer()
    about = credential(far)

    def one(n: int) -> Document:
        claims = as_much_as_fits((size - 64 * KIB) // 32, lambda m: {"type": "Evidence", "name": f"{m}"}, aside=0)
        made: Document = json.loads(embedded(far, far.endorsement(about["id"], evidence=claims)))
        return made

    return far, embedded(far, about | {"endorsement": [one(n) for n in range(32)]})


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
    about = credential(far, evidence=as_much_as_fits(size - 64 * KIB, lambda n: {"id": f"urn:e:{n}"}))
    nodes = [json.loads(embedded(far, far.endorsement(about["id"]))) for _ in range(32)]
    return far, embedded(far, about | {"endorsement": nodes}, "eddsa-jcs-2022")
