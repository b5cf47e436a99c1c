"""Whatever is changed, one byte or one member, is never verified, and whatever comes in, a report comes out."""

import json
from copy import deepcopy
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import badges
from badges.proofs.data_integrity import add_proof
from tests.badges.judging import OB3_FORMS, SVG, as_token, judge, objects, png
from tests.far_issuer import EMBEDDED, FORMS, FURTHER, NOW, OB3, VC2, FarIssuer


@cache
def settled(form: str) -> tuple[FarIssuer, str]:
    issuer = FarIssuer()
    if form in COLLECTIONS:
        return issuer, collection(issuer, form)
    old = form.removeprefix("vc1 ")
    return issuer, (issuer.award_vc1(old) if old != form else issuer.award(form)).text


OLD = [f"vc1 {form}" for form in OB3_FORMS]
COLLECTIONS = ("presentation", "learner record")


def collection(issuer: FarIssuer, kind: str) -> str:
    inside = json.loads(issuer.award(credentialStatus=None).text)
    if kind == "presentation":
        document = {"@context": [VC2], "type": ["VerifiablePresentation"], "holder": issuer.id}
        presented = document | {"verifiableCredential": [inside]}
        signed = add_proof(presented, issuer.ed25519, created=NOW, purpose="authentication")
        return json.dumps(signed)
    record = issuer.credential() | {"type": ["VerifiableCredential", "ClrCredential"]}
    record["@context"] = [VC2, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", OB3]
    subject = {"id": "urn:x:1", "type": ["ClrSubject"], "verifiableCredential": [inside]}
    return issuer.sign(record | {"credentialSubject": subject})


def flipped(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data) - 1))
    to = draw.draw(st.integers(0, 255).filter(lambda byte: byte != data[at]))
    return data[:at] + bytes([to]) + data[at + 1 :]


@pytest.mark.parametrize("form", ["ob2-signed", *OB3_FORMS, *FURTHER, *OLD, *COLLECTIONS])
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_one_flipped_byte_is_never_verified(form: str, draw: st.DataObject) -> None:
    issuer, text = settled(form)
    forged = flipped(text.encode(), draw)
    report = judge(issuer, forged)
    if report.verified:  # only white space may change, which is no part of the value
        assert not form.endswith(("vc-jwt", "ob2-signed"))
        assert json.loads(forged) == json.loads(text)


@pytest.mark.parametrize("picture", ["png", "svg"])
@pytest.mark.parametrize("form", ["ob2-signed", *OB3_FORMS, *FURTHER, *OLD])
@given(draw=st.data())
@settings(max_examples=30, deadline=None)
def test_one_flipped_byte_in_a_picture_never_changes_a_verified_badge(
    form: str, picture: str, draw: st.DataObject
) -> None:
    issuer, text = settled(form)
    forged = flipped(badges.bake(png() if picture == "png" else SVG, text), draw)
    if judge(issuer, forged).verified:
        assert picture == "svg"  # every byte of a PNG is under a checksum
        carried = badges.unbake(forged).text
        assert carried == text or json.loads(carried) == json.loads(text)


MEMBERS = st.text(min_size=1) | st.sampled_from(
    ["name", "id", "@id", "@graph", "@included", "validUntil", "endorsement", "description", "result", "tag", "x:y"]
)
VALUES = st.text() | st.booleans() | st.integers(-9, 9) | st.just("https://x.example/") | st.just({"name": "x"})


@pytest.mark.parametrize("form", [*EMBEDDED, *FURTHER, *OLD[:2], *COLLECTIONS])
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_one_more_member_anywhere_is_never_verified(form: str, draw: st.DataObject) -> None:
    issuer, text = settled(form)
    document = json.loads(text)
    node = draw.draw(st.sampled_from(list(objects(document))))
    member = draw.draw(MEMBERS.filter(lambda name: name not in node))
    node[member] = draw.draw(VALUES)
    assert not judge(issuer, json.dumps(document)).verified


@given(st.binary() | st.text())
@settings(max_examples=100, deadline=None)
def test_whatever_is_handed_in_a_report_comes_out(data: bytes | str) -> None:
    report = judge(FarIssuer(), data)
    assert not report.verified
    json.dumps(report.to_dict())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5) | st.sampled_from([VC2, OB3, "did:key:z6Mk"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "proof", "issuer", "statusListIndex", "hashed", "verificationMethod"]), inner
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("form", FORMS)
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_members_place_a_report_comes_out(form: str, draw: st.DataObject) -> None:
    issuer = FarIssuer(mode="did:key")
    document = deepcopy(issuer.award("ob2-signed" if form == "ob2-signed" else "ob2-hosted").document)
    if not form.startswith("ob2"):
        document = issuer.credential()
    node = draw.draw(st.sampled_from(list(objects(document))))
    node[draw.draw(st.sampled_from(sorted(node)))] = draw.draw(ANYTHING)
    if form == "vc-jwt":
        data = as_token(document, issuer.p256)
    elif form == "ob2-signed":
        data = as_token(document, issuer.rsa)
    else:
        data = json.dumps(document)
        if form == "ob2-hosted":
            issuer.answer(str(document.get("id")), data)
    json.dumps(judge(issuer, data, recipient="ada@example.org").to_dict())
