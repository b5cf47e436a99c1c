"""Badges in a presentation, or in a learner record."""

import json
from typing import Any

from badges.documents import Document, serialize
from badges.keys import SigningKey
from badges.proofs import data_integrity
from badges.reports import Report
from tests.far_issuer import NOW, OB3, VC2, FarIssuer

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
HOLDER = FarIssuer(mode="did:key", name="Ada")


def enveloped(token: str, kind: str = "EnvelopedVerifiableCredential", media: str = "application/vc+jwt") -> Document:
    return {"@context": VC2, "id": f"data:{media},{token}", "type": kind}


def presentation(*credentials: Any, **members: Any) -> Document:
    return {"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": list(credentials)} | members


def held(document: Document, *, key: SigningKey | None = None, purpose: str = "authentication") -> str:
    signed = data_integrity.add_proof(document, key or HOLDER.ed25519, created=NOW, purpose=purpose)
    return serialize(signed)


def given(issuer: FarIssuer, form: str = "eddsa-rdfc-2022", **changes: Any) -> Any:
    text = issuer.award(form, **changes).text
    return enveloped(text) if form == "vc-jwt" else json.loads(text)


def learner_record(issuer: FarIssuer, *credentials: Any, **changes: Any) -> Document:
    record = issuer.credential() | {"type": ["VerifiableCredential", "ClrCredential"], "name": "A year"}
    record["id"] = "urn:uuid:0b9c8f0e-5f0a-4a51-8a8e-1f3a2c9d7e10"
    record["@context"] = [VC2, CLR, OB3]
    record["credentialSubject"] = {
        "id": record["credentialSubject"]["id"],
        "type": ["ClrSubject"],
        "verifiableCredential": list(credentials),
    }
    del record["evidence"]
    return record | changes


def verdicts_inside(report: Report) -> list[tuple[str, str]]:
    return [(each["pointer"], each["verdict"]) for each in report.to_dict()["contains"]]
