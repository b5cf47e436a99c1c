"""What is said of one object does not move, under the same signature, into another that has the same id."""

import copy
import json
from typing import Any

import pytest

import badges
from badges.documents import Document
from badges.errors import NotConformant
from badges.proofs.canonical import rdfc
from badges.proofs.shared_ids import refuse_split_nodes
from tests.badges.proofs.credentials import OB3, VC2, credential
from tests.far_issuer import NOW, Award, FarIssuer, in_vc1

CREDENTIALS = "https://www.w3.org/2018/credentials#"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
OWN = {
    "credentialStatus": {"@id": f"{CREDENTIALS}credentialStatus", "@type": "@id"},
    "validUntil": {"@id": f"{CREDENTIALS}validUntil", "@type": DATE},
    "expirationDate": {"@id": f"{CREDENTIALS}expirationDate", "@type": DATE},
}
"""An inline context that lets a credential's members stand in any object."""

CARRIERS: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "evidence": (("evidence", 0), [{"type": ["Evidence"], "narrative": "See."}]),
    "refreshService": (("refreshService",), {"type": "urn:example:Refresh"}),
    "termsOfUse": (("termsOfUse",), {"type": "urn:example:Terms"}),
    "credentialSubject": (("credentialSubject",), None),
    "related": (("credentialSubject", "achievement", "related", 0), [{"type": ["Related"]}]),
}
"""Where an object with the credential's id could stand, and what stands there."""


def at(document: Document, path: tuple[str | int, ...]) -> Any:
    value: Any = document
    for step in path:
        value = value[step]
    return value


def carrying(document: Document, carrier: str) -> Document:
    path, value = CARRIERS[carrier]
    if value is not None:
        names = [step for step in path if isinstance(step, str)]
        at(document, tuple(names[:-1]))[names[-1]] = copy.deepcopy(value)
    at(document, path)["id"] = document["id"]
    return document


def moved(document: Document, carrier: str, *members: str) -> Document:
    other = at(document, CARRIERS[carrier][0])
    for member in members:
        other[member] = document.pop(member)
    return document | {"@context": [*document["@context"], OWN]}


@pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019", "Ed25519Signature2020"])
@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_revoked_badge_does_not_verify_when_its_status_moves_into_an_object_of_its_id(
    carrier: str, form: str
) -> None:
    issuer = FarIssuer()
    document = carrying(issuer.credential(), carrier)
    text = issuer.sign(document, form)
    issuer.revoke(Award(text, document))
    assert badges.verify(text, fetch=issuer, now=NOW).verdict == "revoked"
    forged = json.dumps(moved(json.loads(text), carrier, "credentialStatus"))
    report = badges.verify(forged, fetch=issuer, now=NOW)
    assert (report.verified, report.verdict) == (False, "not_conformant")


@pytest.mark.parametrize("carrier", ["evidence", "refreshService", "termsOfUse"])
def test_a_revoked_badge_of_data_model_1_does_not_verify_so_either(carrier: str) -> None:
    issuer = FarIssuer()
    document = carrying(in_vc1(issuer.credential()), carrier)
    text = issuer.sign(document)
    issuer.revoke(Award(text, document))
    assert badges.verify(text, fetch=issuer, now=NOW).verdict == "revoked"
    forged = json.dumps(moved(json.loads(text), carrier, "credentialStatus"))
    assert not badges.verify(forged, fetch=issuer, now=NOW).verified


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("id", ["urn:uuid:3f0c6b0e-7b1d-4c3a-9a39-0a52d2a0f1aa", "_:c0"])
def test_an_end_does_not_move_into_an_object_of_the_credentials_id(carrier: str, id: str) -> None:
    forged = moved(carrying(credential() | {"id": id}, carrier), carrier, "validUntil")
    with pytest.raises(NotConformant, match="same id as a credential"):
        rdfc(forged)


def test_an_embedded_credential_is_not_spoken_for_by_another_object() -> None:
    document = credential()
    endorsement = {"id": "urn:uuid:e1", "type": ["VerifiableCredential", "EndorsementCredential"]}
    document["endorsement"] = [endorsement]
    document["evidence"] = [{"id": "urn:uuid:e1", "type": ["Evidence"], "validUntil": "2027-01-01T00:00:00Z"}]
    with pytest.raises(NotConformant, match="same id as a credential") as refusal:
        refuse_split_nodes(document)
    assert refusal.value.pointer == "/evidence/0/id"


def test_the_members_of_two_status_entries_of_one_id_could_be_swapped() -> None:
    document = credential()
    entry = document["credentialStatus"]
    document["credentialStatus"] = [entry, entry | {"statusPurpose": "suspension", "statusListIndex": "7"}]
    with pytest.raises(NotConformant, match="different things") as refusal:
        refuse_split_nodes(document)
    assert refusal.value.pointer == "/credentialStatus/1"


@pytest.mark.parametrize("left", [{"id": "urn:uuid:s"}, "urn:uuid:s"], ids=["object", "string"])
def test_a_status_entry_says_what_it_says_where_it_stands(left: Any) -> None:
    document = credential()
    entry = document["credentialStatus"] | {"id": "urn:uuid:s"}
    document |= {"credentialStatus": left, "evidence": [entry]}
    with pytest.raises(NotConformant, match="different things"):
        refuse_split_nodes(document)


def test_the_same_status_entry_may_be_said_twice_and_pointed_at() -> None:
    document = credential()
    entry = document["credentialStatus"]
    document["credentialStatus"] = [entry, copy.deepcopy(entry)]
    document["evidence"] = [{"id": entry["id"]}]
    refuse_split_nodes(document)


def test_the_identifier_of_a_subject_does_not_stand_elsewhere() -> None:
    document = credential()
    subject = document["credentialSubject"]
    document["evidence"] = [{"id": subject["id"], "identifier": subject.pop("identifier")}]
    with pytest.raises(NotConformant, match="identifier") as refusal:
        refuse_split_nodes(document)
    assert refusal.value.pointer == "/evidence/0/identifier"


@pytest.mark.parametrize("known", ["ada@example.org", "eve@example.org"])
def test_an_identifier_that_moves_between_two_subjects_of_one_id_makes_nobody_the_recipient(known: str) -> None:
    issuer = FarIssuer()
    document = issuer.credential()
    subject = document["credentialSubject"]
    document["credentialSubject"] = [subject, {name: v for name, v in subject.items() if name != "identifier"}]
    forged = json.loads(issuer.sign(document))
    first, second = forged["credentialSubject"]
    second["identifier"] = first.pop("identifier")
    report = badges.verify(json.dumps(forged), fetch=issuer, now=NOW, recipient=known)
    assert (report.verified, report.verdict) == (False, "not_conformant")  # an Open Badge has one subject


def test_an_issuer_that_is_described_again_as_a_creator_is_accepted() -> None:
    document = credential()
    creator = {"id": document["issuer"]["id"], "type": ["Profile"], "name": "Tuesday", "phone": "+351 1"}
    document["credentialSubject"]["achievement"]["creator"] = creator
    rdfc(document)


def test_an_evidence_or_a_related_thing_may_point_at_the_credential() -> None:
    document = carrying(carrying(credential(), "evidence"), "related")
    rdfc(document)


def test_credentials_in_a_presentation_each_have_a_graph_of_their_own() -> None:
    held = credential()
    other = copy.deepcopy(held) | {"credentialStatus": held["credentialStatus"] | {"statusListIndex": "8"}}
    presentation = {"@context": [VC2, OB3], "type": ["VerifiablePresentation"], "verifiableCredential": [held, other]}
    refuse_split_nodes(presentation)
    with pytest.raises(NotConformant):
        refuse_split_nodes(presentation | {"type": ["Bundle"]})
