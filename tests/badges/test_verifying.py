"""The verdict, through the library's front door, on badges of an issuer that we know nothing of."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import badges
from badges import Outcome, Verdict
from badges.documents import Document, serialize, timestamp
from badges.keys import base64url
from badges.proofs import jws
from badges.reports import Report
from badges.resolving import Fetched
from tests.far_issuer import EMBEDDED, FORMS, NOW, OB3, VC2, Award, FarIssuer, changed

OB3_FORMS = (*EMBEDDED, "vc-jwt")


@cache
def png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    return file.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'


def judge(issuer: FarIssuer, badge: Award | str | bytes, **asked: Any) -> Report:
    data = badge.text if isinstance(badge, Award) else badge
    return badges.verify(data, **{"fetch": issuer, "now": NOW, **asked})


def found(report: Report, name: str) -> tuple[Outcome, str]:
    check = report.found(name)
    assert check is not None, name
    return check.outcome, check.code


def as_token(payload: Document, key: badges.SigningKey) -> str:
    """A token that says no more than it is told to."""
    return jws.sign(json.dumps(payload).encode(), key, header={"jwk": key.method.jwk()})


def silence(url: str, *, accept: str) -> Fetched:
    raise badges.Unreachable(f"{url}: nobody answered.")


# What is genuine


@pytest.mark.parametrize("mode", ["did:web", "did:key"])
@pytest.mark.parametrize("form", FORMS)
def test_a_strangers_badge_is_valid_in_every_form(form: str, mode: Any) -> None:
    issuer = FarIssuer(mode=mode)
    report = judge(issuer, issuer.award(form))
    assert report.verdict is Verdict.valid, report.to_dict()
    assert report.verified
    assert report.outcome is Outcome.passed
    assert report.version == ("OB20" if form.startswith("ob2") else "OB30")
    assert report.format == ("data-integrity" if form in EMBEDDED else form)
    assert (report.issuer["name"], report.achievement["name"]) == (issuer.name, "Patient Teacher")
    assert report.summary.startswith("Genuine: “Patient Teacher” was awarded to ")
    assert report.summary.endswith("by The Far Hill on 2026-10-22; not revoked.")
    assert report.warnings == ()
    json.dumps(report.to_dict())


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_is_as_valid_in_its_picture(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    for container, picture in (("png", png()), ("svg", SVG)):
        report = judge(issuer, badges.bake(picture, award.text))
        assert (report.verdict, report.container) == (Verdict.valid, container)


@pytest.mark.parametrize("form", FORMS)
def test_bytes_and_text_are_judged_alike(form: str) -> None:
    issuer = FarIssuer()
    text = issuer.award(form).text
    assert judge(issuer, f"\n {text}\n".encode()).checks == judge(issuer, text).checks


def test_checks_come_in_the_order_of_the_contract_whatever_happened() -> None:
    issuer = FarIssuer()
    award = issuer.award()
    order = [check.check for check in judge(issuer, award).checks]
    for badge in ("", "{}", changed(award.text, "name", to="Other"), issuer.award("ob2-signed").text):
        assert [check.check for check in judge(issuer, badge).checks] == order


def test_a_self_asserted_issuer_says_so() -> None:
    for mode, code in (("did:key", "self-asserted"), ("did:web", "did-document")):
        issuer = FarIssuer(mode=mode)  # type: ignore[arg-type]
        assert found(judge(issuer, issuer.award()), "issuer") == (Outcome.passed, code)


def test_an_endorsement_can_be_judged_by_itself() -> None:
    issuer = FarIssuer()
    report = judge(issuer, issuer.sign(issuer.endorsement("https://elsewhere.example/badge")))
    assert report.verdict is Verdict.valid
    assert report.summary == "Genuine: signed by The Far Hill on 2026-10-22."


def test_the_address_of_a_hosted_assertion_is_a_badge() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    assert judge(issuer, award.document["id"]).verdict is Verdict.valid


def test_a_verified_report_needs_its_four_checks_to_have_passed() -> None:
    issuer = FarIssuer()
    report = judge(issuer, issuer.award())
    for name in ("proof", "conforms", "issuer", "valid_from"):
        rest = tuple(check for check in report.checks if check.check != name)
        assert not Report(rest, report.verdict, "", NOW).verified
    assert not Report((), Verdict.valid, "", NOW).verified


# What is forged


@pytest.mark.parametrize("form", EMBEDDED)
@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("name",), "Impatient Teacher"),
        (("credentialSubject", "id"), "did:example:me"),
        (("credentialSubject", "achievement", "name"), "Doctor"),
        (("issuer", "name"), "A Better Hill"),
        (("validUntil",), "2099-01-01T00:00:00Z"),
        (("validFrom",), "2020-01-01T00:00:00Z"),
        (("credentialStatus", "statusListIndex"), "99"),
        (("evidence", 0, "narrative"), "None."),
        (("proof", 0, "created"), "2020-01-01T00:00:00Z"),
    ],
)
def test_a_changed_credential_is_forged_and_nobody_is_asked_about_it(
    form: str, path: tuple[str | int, ...], to: Any
) -> None:
    issuer = FarIssuer()
    report = judge(issuer, changed(issuer.award(form).text, *path, to=to))
    assert report.verdict is Verdict.forged
    assert report.summary.startswith("Do not trust this badge")
    assert found(report, "status") == (Outcome.skipped, "not-reached")
    assert issuer.asked == [issuer.did_url]


@pytest.mark.parametrize("form", ["vc-jwt", "ob2-signed"])
def test_a_changed_token_is_forged(form: str) -> None:
    issuer = FarIssuer()
    header, payload, signature = issuer.award(form).text.split(".")
    other = issuer.award(form, narrative="Other.").text.split(".")[1]
    assert judge(issuer, f"{header}.{other}.{signature}").verdict is Verdict.forged
    assert judge(issuer, f"{header}.{payload}.{signature[:-4]}AAAA").verdict is Verdict.forged


@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_key_that_is_not_the_issuers_makes_a_forgery(form: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(mode="did:key", name="Forger")
    # In the forger's own name, with the forger's own key, all is well…
    assert judge(forger, forger.award(form)).verdict is Verdict.valid
    # …but not in the name of another issuer.
    report = judge(issuer, issuer.sign(issuer.credential(), form, key=forger.ed25519))
    assert report.verdict is Verdict.forged
    assert found(report, "proof") == (Outcome.failed, "foreign-key")


@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_strangers_key_under_the_issuers_name_makes_a_forgery(form: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger")
    for ours, theirs in ((issuer.ed25519, forger.ed25519), (issuer.p256, forger.p256)):
        if form in EMBEDDED and ours.algorithm != "EdDSA":
            continue
        key = badges.SigningKey.of(theirs.private_key, id=ours.id, controller=ours.controller)
        report = judge(issuer, issuer.sign(issuer.credential(), form, key=key))
        assert report.verdict is Verdict.forged
        assert found(report, "proof")[1] in {"bad-signature", "foreign-key"}


def token(header: Document, payload: Document, signature: bytes = b"\0" * 64) -> str:
    return ".".join(base64url(part) for part in (json.dumps(header).encode(), json.dumps(payload).encode(), signature))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS256"},
        {"alg": "ES256K"},
        {},
        {"alg": "ES256", "jku": "https://forger.example/jwks"},
        {"alg": "ES256", "x5u": "https://forger.example/x5u"},
        {"alg": "ES256", "x5c": ["MIIB"]},
        {"alg": "ES256", "crit": ["exp"], "exp": 1},
        {"alg": "ES256", "b64": False},
        {"alg": "ES256", "kid": "https://forger.example/jwk"},
        {"alg": "ES256", "kid": "../../etc/passwd"},
        {"alg": "ES256", "typ": "at+jwt"},
    ],
)
def test_no_header_talks_its_way_in_or_sends_us_anywhere(header: Document) -> None:
    issuer = FarIssuer()
    for signature in (b"", b"\0" * 64):
        report = judge(issuer, token(header, issuer.credential(), signature))
        assert not report.verified
        assert report.verdict in {Verdict.forged, Verdict.unknown, Verdict.not_conformant}
    assert set(issuer.asked) <= {issuer.did_url}


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512"])
def test_a_token_that_no_issuer_signed_is_not_merely_unknown(algorithm: str) -> None:
    issuer = FarIssuer()
    for signature in (b"", b"\0" * 32):
        report = judge(issuer, token({"alg": algorithm}, issuer.credential(), signature))
        assert (report.verdict, found(report, "readable")[1]) == (Verdict.not_conformant, "no-proof")


def test_a_public_key_is_no_shared_secret() -> None:
    import hashlib
    import hmac

    issuer = FarIssuer()
    signed = ".".join(token({"alg": "HS256", "kid": issuer.p256.id}, issuer.credential()).split(".")[:2])
    for secret in (issuer.p256.method.pem().encode(), json.dumps(issuer.p256.method.jwk()).encode()):
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        assert not judge(issuer, f"{signed}.{base64url(mac)}").verified


def test_a_badge_without_its_signature_is_nobodys() -> None:
    issuer = FarIssuer()
    for document in (issuer.credential(), issuer.credential() | {"proof": []}):
        report = judge(issuer, serialize(document))
        assert found(report, "proof") == (Outcome.failed, "no-proof")
        assert not report.verified
    hosted_as_json = issuer.award("ob2-signed").document
    assert found(judge(issuer, serialize(hosted_as_json)), "proof") == (Outcome.failed, "no-proof")


@pytest.mark.parametrize("form", OB3_FORMS)
def test_rotating_keys_leaves_old_badges_valid_while_the_old_key_is_listed(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.rotate()
    assert judge(issuer, award).verdict is Verdict.valid
    assert judge(issuer, issuer.award(form)).verdict is Verdict.valid


@pytest.mark.parametrize("form", EMBEDDED)
def test_a_key_that_its_issuer_forgot_leaves_us_unable_to_tell(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.rotate(forget=True)
    report = judge(issuer, award)
    assert report.verdict is Verdict.unknown
    assert found(report, "proof") == (Outcome.unknown, "no-such-key")


# What could not be checked


@pytest.mark.parametrize("form", ["ob2-hosted", "ob2-signed", *OB3_FORMS])
def test_a_silent_issuer_is_unknown_and_not_a_forger(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.go_down()
    report = judge(issuer, award)
    assert report.verdict is Verdict.unknown
    assert report.outcome is Outcome.unknown
    assert report.summary.startswith("We could not reach ")


@pytest.mark.parametrize("form", ["ob2-signed", *OB3_FORMS])
def test_a_silent_status_list_is_unknown_and_not_all_clear(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.unreachable = {f"{issuer.base}/status/", f"{issuer.base}/ob2/revocations"}
    report = judge(issuer, award)
    assert report.verdict is Verdict.unknown
    assert found(report, "status") == (Outcome.unknown, "status-unreachable")
    assert found(report, "proof")[0] is Outcome.passed
    assert "cannot tell if it was revoked" in report.summary


def test_a_did_key_badge_without_status_needs_nobody() -> None:
    issuer = FarIssuer(mode="did:key")
    for form in OB3_FORMS:
        report = judge(issuer, issuer.award(form, credentialStatus=None), fetch=silence)
        assert report.verdict is Verdict.valid
        assert found(report, "status") == (Outcome.skipped, "no-status")


@pytest.mark.parametrize(
    "proof",
    [
        {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"},
        {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-rdfc-2019"},
        {"type": "DataIntegrityProof"},
    ],
)
def test_a_proof_of_a_kind_we_do_not_know_is_no_forgery(proof: Document) -> None:
    issuer = FarIssuer()
    given = {
        "verificationMethod": issuer.ed25519.id,
        "proofPurpose": "assertionMethod",
        "created": timestamp(NOW),
        "proofValue": "z3FXQ",
    }
    report = judge(issuer, serialize(issuer.credential() | {"proof": [proof | given]}))
    assert found(report, "proof") == (Outcome.unknown, "unsupported-proof")
    assert report.verdict is Verdict.unknown


def test_one_good_proof_is_enough_and_the_others_are_mentioned() -> None:
    issuer, witness = FarIssuer(), FarIssuer(mode="did:key", name="Witness")
    document = issuer.credential()
    ours = json.loads(issuer.sign(document))["proof"]
    theirs = json.loads(witness.sign(document))["proof"]
    report = judge(issuer, serialize(document | {"proof": [*theirs, *ours]}))
    assert report.verdict is Verdict.valid
    assert [warning.code for warning in report.warnings] == ["other-proof-foreign-key"]
    assert judge(issuer, serialize(document | {"proof": theirs})).verdict is Verdict.forged


@pytest.mark.parametrize("kind", ["VerifiablePresentation", "ClrCredential"])
def test_collections_of_badges_are_told_from_forgeries(kind: str) -> None:
    document = {"@context": [VC2, OB3], "type": ["VerifiableCredential", kind]}
    report = judge(FarIssuer(), serialize(document))
    assert found(report, "readable") == (Outcome.unknown, "unsupported")
    assert report.verdict is Verdict.unknown


def test_a_credential_of_vc_1_1_is_not_called_wrong() -> None:
    issuer = FarIssuer()
    document = issuer.credential() | {"@context": ["https://www.w3.org/2018/credentials/v1", OB3]}
    report = judge(issuer, serialize(document))
    assert found(report, "conforms") == (Outcome.unknown, "unsupported-data-model")


# Dates and recipients


@pytest.mark.parametrize("form", FORMS)
def test_an_expired_badge_is_genuine_all_the_same(form: str) -> None:
    issuer = FarIssuer()
    member = "expires" if form.startswith("ob2") else "validUntil"
    award = issuer.award(form, **{member: timestamp(NOW - timedelta(days=1))})
    report = judge(issuer, award)
    assert report.verdict is Verdict.expired
    assert found(report, "proof")[0] is Outcome.passed
    assert "expired on 2026-11-20" in report.summary
    assert judge(issuer, award, now=NOW - timedelta(days=2)).verdict is Verdict.valid


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_from_the_future_is_not_yet_valid(form: str) -> None:
    issuer = FarIssuer()
    member = "issuedOn" if form.startswith("ob2") else "validFrom"
    award = issuer.award(form, **{member: timestamp(NOW + timedelta(days=1))})
    assert judge(issuer, award).verdict is Verdict.not_yet_valid


def test_an_issuers_clock_may_be_a_minute_ahead() -> None:
    issuer = FarIssuer()
    for seconds, verdict in ((60, Verdict.valid), (61, Verdict.not_yet_valid)):
        award = issuer.award(validFrom=timestamp(NOW + timedelta(seconds=seconds)))
        assert judge(issuer, award).verdict is verdict


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_is_its_recipients_or_somebody_elses_or_it_cannot_be_told(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    for known, outcome, verdict in (
        ("ada@example.org", Outcome.passed, Verdict.valid),
        (" Ada@Example.org ", Outcome.passed, Verdict.valid),
        ("bob@example.org", Outcome.failed, Verdict.wrong_recipient),
        ("did:example:ada", Outcome.unknown, Verdict.unknown),
        ("\ud800", Outcome.unknown, Verdict.unknown),
    ):
        report = judge(issuer, award, recipient=known)
        assert (found(report, "recipient")[0], report.verdict) == (outcome, verdict)


# What does not conform


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/validFrom", {"validFrom": "2026-10-22T12:00:00"}),
        ("/validUntil", {"validUntil": "tomorrow"}),
        ("/validUntil", {"validUntil": "2020-01-01T00:00:00Z"}),
        ("/id", {"id": "not a URL"}),
        ("/id", {"id": {"en": "urn:x:1"}}),
        ("/issuer/id", {"issuer": {"type": ["Profile"], "name": "Nobody"}}),
        ("/credentialSubject", {"credentialSubject": {"type": ["AchievementSubject"]}}),
        ("/credentialStatus/0", {"credentialStatus": {"id": "urn:x:1"}}),
        ("/type", {"type": ["OpenBadgeCredential"]}),
        ("/@context/1", {"@context": [VC2]}),
        ("/@context/0", {"@context": [OB3, VC2]}),
    ],
)
def test_deviations_are_listed_with_their_pointers(pointer: str, changes: Document) -> None:
    issuer = FarIssuer(mode="did:key")
    report = judge(issuer, serialize(issuer.credential() | changes))
    conforms = report.found("conforms")
    assert conforms is not None
    assert conforms.outcome is Outcome.failed
    assert pointer in [error.pointer for error in conforms.errors]
    assert {"pointer", "detail"} == conforms.to_dict()["errors"][0].keys()


def test_a_genuine_badge_that_does_not_conform_is_not_called_forged() -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    del credential["credentialSubject"]["id"], credential["credentialSubject"]["identifier"]
    for signed in (
        issuer.sign(credential),
        issuer.sign(credential, "eddsa-jcs-2022"),
        as_token(credential, issuer.p256),
    ):
        report = judge(issuer, signed)
        assert report.verdict is Verdict.not_conformant
        assert found(report, "proof")[0] is Outcome.passed
        assert report.summary.startswith("Genuinely from The Far Hill, but: ")


def test_what_no_context_defines_does_not_conform_even_in_a_token() -> None:
    issuer = FarIssuer()
    fancy: list[Document] = [
        {"favouriteColour": "teal"},
        {"type": ["VerifiableCredential", "OpenBadgeCredential", "Fancy"]},
        {"evidence": [{"type": ["Evidence"], "@included": []}]},
    ]
    for changes in fancy:
        document = issuer.credential() | changes
        report = judge(issuer, as_token(document | jws.claims_of(document), issuer.p256))
        assert report.verdict is Verdict.not_conformant
        assert found(report, "proof")[0] is Outcome.passed


def test_an_unknown_context_is_never_fetched() -> None:
    issuer = FarIssuer(mode="did:key")
    document = issuer.credential() | {"@context": [VC2, OB3, "https://forger.example/context.json"]}
    for signed in (as_token(document | jws.claims_of(document), issuer.p256), serialize(document)):
        report = judge(issuer, signed)
        assert not report.verified
        assert found(report, "conforms") == (Outcome.unknown, "unknown-context")
    assert "https://forger.example/context.json" not in issuer.asked


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:example:other"),
        ("sub", "did:example:other"),
        ("jti", "urn:x:other"),
        ("nbf", 1),
        ("nbf", True),
        ("nbf", "soon"),
        ("exp", 10**15),
        ("exp", "never"),
    ],
)
def test_a_token_that_says_something_else_than_its_credential_does_not_conform(claim: str, value: Any) -> None:
    issuer = FarIssuer()
    payload = json.loads(jws.parse(issuer.award("vc-jwt").text).payload)
    signed = as_token(payload | {claim: value}, issuer.p256)
    report = judge(issuer, signed)
    assert report.verdict is Verdict.not_conformant
    assert f"/{claim}" in [error.pointer for error in report.checks[1].errors]


def test_the_exp_of_a_token_ends_it_and_its_other_claims_are_asked_for() -> None:
    issuer = FarIssuer()
    document = issuer.credential()
    report = judge(issuer, as_token(document, issuer.p256))
    assert report.verdict is Verdict.not_conformant
    assert {error.pointer for error in report.checks[1].errors} == {"/iss", "/sub", "/jti", "/nbf"}
    claims = jws.claims_of(document) | {"exp": int(NOW.timestamp()) - 1}
    assert judge(issuer, as_token(document | claims, issuer.p256)).verdict is Verdict.expired


# Endorsements


def endorsed(issuer: FarIssuer, *endorsements: Any, member: str = "endorsement", on: str = "") -> Award:
    credential = issuer.credential()
    node = credential["credentialSubject"]["achievement"] if on == "achievement" else credential
    node[member] = list(endorsements)
    return Award(issuer.sign(credential, "vc-jwt" if member == "endorsementJwt" else "eddsa-rdfc-2022"), credential)


ABOUT = "https://far.example/issuers/hill/achievements/patient-teacher"


@pytest.mark.parametrize("on", ["", "achievement"])
@pytest.mark.parametrize(("member", "form"), [("endorsement", "eddsa-rdfc-2022"), ("endorsementJwt", "vc-jwt")])
def test_endorsements_at_any_depth_are_judged(on: str, member: str, form: str) -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    signed = friend.sign(friend.endorsement(ABOUT), form)
    given = json.loads(signed) if form in EMBEDDED else signed
    report = judge(issuer, endorsed(issuer, given, member=member, on=on))
    assert report.verdict is Verdict.valid, report.to_dict()
    [endorsement] = report.endorsements
    assert endorsement["verified"] is True
    assert endorsement["about"] == ABOUT
    assert endorsement["issuer"]["name"] == "A Friend"


def test_a_forged_endorsement_is_named_and_fails_the_badge_that_shows_it() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    genuine = friend.sign(friend.endorsement(ABOUT))
    given: list[Document] = [
        json.loads(changed(genuine, "credentialSubject", "endorsementComment", to="The best of all.")),
        friend.endorsement(ABOUT),
        json.loads(friend.sign(issuer.endorsement(ABOUT))),
    ]
    for forged in given:
        report = judge(issuer, endorsed(issuer, forged))
        assert found(report, "proof")[0] is Outcome.passed
        assert found(report, "endorsements") == (Outcome.failed, "endorsement-forged")
        assert report.verdict is Verdict.forged
        assert "/endorsement/0" in report.summary
    assert (
        found(judge(issuer, endorsed(issuer, "no token", member="endorsementJwt")), "endorsements")[0] is Outcome.failed
    )


def test_an_endorsement_of_something_else_is_misdirected() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    document = friend.endorsement("https://elsewhere.example/badge")
    given = json.loads(friend.sign(document))
    report = judge(issuer, endorsed(issuer, given))
    assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")
    # Nor does it become one of this badge by naming itself.
    itself = friend.endorsement("urn:x:itself", id="urn:x:itself")
    report = judge(issuer, endorsed(issuer, json.loads(friend.sign(itself))))
    assert not report.verified


def test_no_endorser_can_undo_somebody_elses_badge() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    entry = friend.credential()["credentialStatus"] | {"statusListCredential": "https://friend.example/status"}
    for changes, verdict in (
        ({"credentialStatus": entry}, "unknown"),
        ({"validUntil": timestamp(NOW - timedelta(days=1))}, "expired"),
    ):
        report = judge(issuer, endorsed(issuer, json.loads(friend.sign(friend.endorsement(ABOUT, **changes)))))
        assert report.verdict is Verdict.valid, report.to_dict()
        [endorsement] = report.endorsements
        assert (endorsement["verified"], endorsement["verdict"]) == (False, verdict)
        assert [warning.code for warning in report.warnings] == [f"endorsement-{verdict}"]


# Open Badges 2.0


def test_a_hosted_badge_is_what_its_address_says() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    for path, to in ((("recipient", "identity"), "sha256$" + "0" * 64), (("issuedOn",), "2020-01-01T00:00:00Z")):
        report = judge(issuer, changed(award.text, *path, to=to))
        assert report.verdict is Verdict.forged
        assert found(report, "proof") == (Outcome.failed, "copy-differs")
        assert report.recipient["identity"] == award.document["recipient"]["identity"]
    report = judge(issuer, changed(award.text, "narrative", to="Better than all others."))
    assert report.verdict is Verdict.valid
    assert [(warning.code, warning.pointer) for warning in report.warnings] == [("copy-differs", "/narrative")]


def test_links_may_be_embedded_in_a_copy() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    report = judge(issuer, changed(award.text, "badge", to=issuer.badge_class()))
    assert (report.verdict, report.warnings) == (Verdict.valid, ())


def test_a_badge_that_is_not_hosted_is_nobodys() -> None:
    issuer = FarIssuer()
    made_up = serialize(issuer.assertion())
    assert found(judge(issuer, made_up), "proof") == (Outcome.failed, "not-hosted")
    award = issuer.award("ob2-hosted")
    issuer.answer(award.document["id"], issuer.assertion())
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "not-hosted")
    issuer.answer(award.document["id"], "<html>Welcome!</html>")
    assert judge(issuer, award).verdict is Verdict.unknown
    issuer.answer(award.document["id"], "", status=503)
    assert judge(issuer, award).verdict is Verdict.unknown


def test_nobody_hosts_a_badge_in_another_issuers_name() -> None:
    issuer = FarIssuer()
    url = "https://forger.example/assertions/1"
    forged = issuer.assertion(id=url)
    issuer.pages[url] = lambda: forged
    assert found(judge(issuer, serialize(forged)), "proof") == (Outcome.failed, "out-of-scope")
    issuer.profile_changes = {"verification": {"type": "VerificationObject", "startsWith": "https://forger.example/"}}
    assert judge(issuer, serialize(forged)).verdict is Verdict.valid
    assert not judge(issuer, issuer.award("ob2-hosted")).verified
    issuer.profile_changes = {"verification": {"type": "VerificationObject", "allowedOrigins": ["forger.example"]}}
    assert judge(issuer, serialize(forged)).verdict is Verdict.valid


def test_a_profile_that_calls_itself_by_another_id_is_foreign_elsewhere_and_odd_at_home() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.profile_changes = {"id": "https://far.example/me"}
    report = judge(issuer, award)
    assert (report.verdict, [warning.code for warning in report.warnings]) == (Verdict.valid, ["issuer-id-differs"])
    scope = {"verification": {"type": "VerificationObject", "startsWith": "https://far.example/"}}
    issuer.profile_changes = {"id": "https://famous.example/me"} | scope
    report = judge(issuer, award)
    assert found(report, "issuer") == (Outcome.failed, "foreign-profile")
    assert report.verdict is Verdict.forged


def test_a_link_that_leads_nowhere_is_unknown_and_a_link_that_is_none_does_not_conform() -> None:
    issuer = FarIssuer()
    for form in ("ob2-hosted", "ob2-signed"):
        assert judge(issuer, issuer.award(form, badge="https://far.example/lost")).verdict is Verdict.unknown
        report = judge(issuer, issuer.award(form, badge={"type": "BadgeClass", "name": "Mine"}))
        assert found(report, "conforms")[0] is Outcome.failed
        assert not report.verified


def test_a_signed_badge_needs_a_key_that_its_issuer_links_to_both_ways() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-signed")
    issuer.profile_changes = {"publicKey": "https://far.example/another"}
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "foreign-key")
    issuer.profile_changes = {"publicKey": None}
    assert found(judge(issuer, award), "proof") == (Outcome.unknown, "no-such-key")
    issuer.profile_changes = {}
    issuer.answer(issuer.rsa.id, issuer.cryptographic_key() | {"owner": "https://forger.example/"})
    assert found(judge(issuer, award), "proof") == (Outcome.failed, "foreign-key")


def test_a_signed_badge_by_another_key_is_forged() -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger")
    forger.rotate()
    key = badges.SigningKey.of(forger.rsa.private_key, id=issuer.rsa.id, controller=issuer.rsa.controller)
    report = judge(issuer, as_token(issuer.assertion("signed"), key))
    assert (report.verdict, found(report, "proof")[1]) == (Verdict.forged, "foreign-key")


# What was taken back


@pytest.mark.parametrize("form", FORMS)
def test_a_revoked_badge_is_revoked_in_every_form(form: str) -> None:
    issuer = FarIssuer()
    award, other = issuer.award(form), issuer.award(form)
    issuer.revoke(award)
    report = judge(issuer, award)
    assert (report.verdict, report.verified) == (Verdict.revoked, False)
    assert found(report, "status") == (Outcome.failed, "revoked")
    assert judge(issuer, other).verdict is Verdict.valid


def test_a_hosted_badge_that_says_it_was_revoked_is_as_good_as_gone() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    issuer.answer(award.document["id"], {"id": award.document["id"], "revoked": True, "revocationReason": "A mix-up."})
    report = judge(issuer, award)
    assert (report.verdict, "A mix-up." in report.summary) == (Verdict.revoked, True)
    issuer.answer(award.document["id"], b"", status=410)
    assert judge(issuer, award).verdict is Verdict.revoked


def test_a_suspended_badge_is_suspended_until_it_is_reinstated() -> None:
    issuer = FarIssuer()
    for form in OB3_FORMS:
        suffix = ".jwt" if form == "vc-jwt" else ""
        credential = issuer.credential(purpose="suspension", status_suffix=suffix)
        award = Award(issuer.sign(credential, form), credential)
        issuer.revoke(award)
        assert judge(issuer, award).verdict is Verdict.suspended
        issuer.bits["suspension"].clear()
        assert judge(issuer, award).verdict is Verdict.valid


# What is no badge


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-credential"),
        (b"\xff\xd8\xff\xe0 a photograph", "unreadable"),
        ("Hello!", "no-credential"),
        ("a.b.c", "unreadable"),
        ("{}", "no-credential"),
        ('{"a": 1, "a": 2}', "unreadable"),
        ("[]", "no-credential"),
        (SVG, "no-credential"),
        (SVG.decode(), "no-credential"),
        (SVG[:40], "unreadable"),
        (serialize({"@context": VC2, "type": ["VerifiableCredential"]}), "no-credential"),
        (serialize({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass"}), "no-credential"),
        (b'{"@context": NaN}', "unreadable"),
    ],
)
def test_what_is_no_badge_is_told_why(data: bytes | str, code: str) -> None:
    report = judge(FarIssuer(), data)
    assert report.verdict is Verdict.not_a_badge
    assert found(report, "readable") == (Outcome.failed, code)
    assert report.summary.startswith("There is no Open Badge to be judged here. ")


def test_a_picture_without_a_badge_is_told_the_likely_reason() -> None:
    report = judge(FarIssuer(), png())
    assert (report.verdict, "remove what a picture carries" in report.summary) == (Verdict.not_a_badge, True)


def test_what_is_too_large_to_read_is_not_judged() -> None:
    report = judge(FarIssuer(), "[" * 2_000_000)
    assert not report.verified
    assert judge(FarIssuer(), b'{"a":"' + b"x" * 1_100_000 + b'"}').verdict is Verdict.unknown


# Properties


@cache
def settled(form: str) -> tuple[FarIssuer, str]:
    issuer = FarIssuer()
    return issuer, issuer.award(form).text


def flipped(data: bytes, draw: st.DataObject) -> bytes:
    at = draw.draw(st.integers(0, len(data) - 1))
    to = draw.draw(st.integers(0, 255).filter(lambda byte: byte != data[at]))
    return data[:at] + bytes([to]) + data[at + 1 :]


@pytest.mark.parametrize("form", ["ob2-signed", *OB3_FORMS])
@given(draw=st.data())
@settings(max_examples=60, deadline=None)
def test_one_flipped_byte_is_never_verified(form: str, draw: st.DataObject) -> None:
    issuer, text = settled(form)
    forged = flipped(text.encode(), draw)
    report = judge(issuer, forged)
    if report.verified:  # only white space may change, which is no part of the value
        assert form in EMBEDDED
        assert json.loads(forged) == json.loads(text)


@pytest.mark.parametrize("picture", ["png", "svg"])
@pytest.mark.parametrize("form", ["ob2-signed", "vc-jwt", "eddsa-jcs-2022"])
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


def objects(value: Any) -> Iterator[Document]:
    if isinstance(value, dict):
        yield value
        for name, child in value.items():
            if name != "@context":
                yield from objects(child)
    elif isinstance(value, list):
        for child in value:
            yield from objects(child)


MEMBERS = st.text(min_size=1) | st.sampled_from(
    ["name", "id", "@id", "@graph", "@included", "validUntil", "endorsement", "description", "result", "tag", "x:y"]
)
VALUES = st.text() | st.booleans() | st.integers(-9, 9) | st.just("https://x.example/") | st.just({"name": "x"})


@pytest.mark.parametrize("form", EMBEDDED)
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


def test_the_example_of_the_front_door_runs() -> None:
    import doctest

    assert doctest.testmod(badges, raise_on_error=True).attempted > 5
