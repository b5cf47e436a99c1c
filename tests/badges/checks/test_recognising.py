"""What is no badge is told what it is, and what to hand in instead."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badges import Outcome, Verdict
from badges.baking.png import _itxt
from badges.checks.recognising import document_of, text_of
from badges.documents import Document, serialize
from badges.errors import BadgeError
from tests.badges.judging import found, judge, png
from tests.far_issuer import OB3, VC2, FarIssuer
from tests.far_site import OB2

ISSUER = FarIssuer()


def picture(kind: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Nothing was handed in."),
        (picture("JPEG"), "This is a JPEG picture, and only PNG and SVG carry badges. Phones,"),
        (picture("GIF"), "This is a GIF picture"),
        (picture("WEBP"), "This is a WebP picture"),
        (picture("BMP"), "This is a BMP picture"),
        (picture("TIFF"), "This is a TIFF picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "This is a HEIC picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avif", "This is an AVIF picture"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "This is a PDF"),
        (b"%PDF-1.4\nascii", "This is a PDF"),
        (b"PK\x03\x04\x14\0\0\0", "This is an archive (ZIP)"),
        (b"\x1f\x8b\x08\0\0", "This is a compressed file"),
        (b"\xfe\xfe\xfe", "This is neither text nor a PNG or SVG picture"),
        (b"<!DOCTYPE html><html><body>A badge</body></html>", "This is a web page"),
        (b"<?xml version='1.0'?><rss/>", "This is XML"),
        (b'[{"recipient": "x"}]', "This is a list"),
        (b"data:image/png;base64,iVBORw0KGgo=", "written as a data: URL"),
        (b"a.b.c.d.e", "an encrypted token"),
        (b"eyJh.eyJi.c2ln~WyJh~", "This is an SD-JWT"),
        (b"Congratulations!", "This is neither a badge's picture, nor JSON"),
        (png(), "There is no badge in this picture. Phones, chats"),
    ],
)
def test_files_and_texts_are_named(data: bytes, words: str) -> None:
    report = judge(ISSUER, data)
    assert report.verdict is Verdict.not_a_badge
    assert words in report.summary, report.summary


BADGE_OF_1: Document = {
    "name": "Open Badges Master",
    "description": "x",
    "image": "https://a.example/badge.png",
    "criteria": "https://a.example/criteria",
}
ASSERTIONS_OF_1: list[Document] = [
    {  # 0.5
        "recipient": "sha256$2ad891a61112bb953171416acc9cfe2484d59a45a3ed574a1ca93b47d07629fe",
        "salt": "hashbrowns",
        "evidence": "/badges/html5/basic/bimmy",
        "issued_on": "2011-06-01",
        "badge": {"version": "0.5.0", **BADGE_OF_1, "issuer": {"origin": "https://a.example", "name": "A"}},
    },
    {  # 1.0
        "uid": "f2c20",
        "recipient": {"type": "email", "hashed": True, "salt": "x", "identity": "sha256$c7ef86"},
        "issuedOn": 1359217910,
        "badge": "https://a.example/badge.json",
        "verify": {"type": "hosted", "url": "https://a.example/assertion.json"},
    },
    {  # 1.1
        "@context": "https://w3id.org/openbadges/v1",
        "type": "Assertion",
        "id": "https://a.example/assertion.json",
        "uid": "f2c20",
        "recipient": {"type": "email", "hashed": False, "identity": "ada@example.org"},
        "issuedOn": "2016-12-31T23:59:59Z",
        "badge": "https://a.example/badge.json",
        "verify": {"type": "signed", "url": "https://a.example/key.pem"},
    },
]


@pytest.mark.parametrize("assertion", ASSERTIONS_OF_1, ids=["0.5", "1.0", "1.1"])
def test_badges_of_mozillas_days_are_recognised_in_text_token_and_picture(assertion: Document) -> None:
    text = serialize(assertion)
    image = png()
    baked = image[:33] + _itxt("openbadges", text) + image[33:]
    for data in (text, ISSUER.sign_payload(assertion), baked):
        report = judge(ISSUER, data)
        assert (report.verdict, report.verified) == (Verdict.not_a_badge, False)
        assert found(report, "readable") == (Outcome.failed, "outdated-version")
        assert "Open Badges 1 (Mozilla's" in report.summary


@pytest.mark.parametrize("assertion", ASSERTIONS_OF_1, ids=["0.5", "1.0", "1.1"])
def test_an_address_that_leads_to_a_badge_of_mozillas_days_is_recognised(assertion: Document) -> None:
    issuer = FarIssuer()
    issuer.answer("https://a.example/assertion.json", assertion)
    report = judge(issuer, "https://a.example/assertion.json")
    assert found(report, "readable") == (Outcome.failed, "outdated-version")
    assert "Open Badges 1 (Mozilla's" in report.summary
    current = issuer.award("ob2-hosted", **{"@context": "https://openbadgespec.org/v2/context.json"})
    assert found(judge(issuer, current.document["id"]), "readable")[0] is Outcome.passed


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (BADGE_OF_1 | {"issuer": "https://a.example/issuer.json"}, "describes a badge or an issuer of Open Badges 1"),
        ({"@context": "https://w3id.org/openbadges/v1", "type": "Issuer", "name": "A"}, "(Issuer)"),
        ({"@context": OB2, "type": "BadgeClass"}, "the description of a badge (BadgeClass), and not an award"),
        ({"@context": OB2, "type": "Issuer"}, "the description of an issuer"),
        ({"@context": OB2, "type": "RevocationList"}, "a list of what an issuer took back"),
        ({"@context": [VC2, OB3], "type": ["Achievement"]}, "the description of a badge (Achievement)"),
        ({"@context": [VC2, OB3], "type": "Profile"}, "the description of an issuer or a person"),
        ({"@context": [VC2], "type": ["VerifiableCredential", "DriversLicence"]}, "credential of type DriversLicence"),
        ({"@context": [VC2], "type": ["VerifiableCredential"]}, "a verifiable credential, but it is not an Open Badge"),
        (ISSUER.status_list("revocation"), "This is a status list"),
        (ISSUER.did_document(), "lists its keys (a DID document)"),
        ({"keys": []}, "a set of keys"),
        (ISSUER.p256.method.jwk(), "This is a key (JWK)"),
        ({"@context": ["https://purl.imsglobal.org/spec/clr/v1p0/context/clr_v1p0.jsonld"]}, "CLR 1.0"),
        ({"credential": [ISSUER.credential()]}, "the answer of a service"),
        ({"hello": "world"}, "names no context of Open Badges"),
    ],
)
def test_documents_are_named(document: Document, words: str) -> None:
    report = judge(ISSUER, serialize(document))
    assert report.verdict is Verdict.not_a_badge
    assert words in report.summary, report.summary


def test_a_token_for_something_else_is_named() -> None:
    report = judge(ISSUER, ISSUER.sign_payload({"iss": "https://lms.example", "sub": "7", "nonce": "x"}))
    assert "a signed token, but there is no badge in it" in report.summary


def test_what_a_blockchain_proves_is_not_called_wrong() -> None:
    context = [OB2, "https://w3id.org/blockcerts/v2"]
    verification = {"type": ["MerkleProofVerification2017", "Extension"]}
    certificate = {"@context": context, "type": "Assertion", "verification": verification, "id": "urn:uuid:1"}
    report = judge(ISSUER, serialize(certificate))
    assert (report.verdict, found(report, "readable")) == (Verdict.unknown, (Outcome.unknown, "unsupported"))


def test_a_badge_without_its_contexts_is_a_badge_that_does_not_conform() -> None:
    for contexts in (None, "https://schema.org"):
        document = {"@context": contexts} | {k: v for k, v in ISSUER.credential().items() if k != "@context"}
        report = judge(ISSUER, serialize({name: value for name, value in document.items() if value is not None}))
        assert report.verdict is Verdict.not_conformant
        assert "/@context/0" in [error.pointer for error in report.checks[1].errors]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
MEMBERS = st.sampled_from(["type", "@context", "recipient", "badge", "criteria", "issuer", "id", "credential", "uid"])


@given(st.dictionaries(MEMBERS | st.text(), JSON), st.booleans())
def test_naming_never_fails(document: dict[str, Any], is_token: bool) -> None:
    assert isinstance(document_of(json.loads(json.dumps(document)), is_token=is_token), BadgeError)


@given(st.text())
def test_naming_text_never_fails(text: str) -> None:
    assert isinstance(text_of(text), BadgeError)
