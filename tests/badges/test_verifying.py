"""The verdict, through the front door, on badges of an issuer that we know nothing of."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import badges
from badges import Outcome, Verdict
from badges.documents import Document, serialize, timestamp
from badges.reports import Lookup, Report
from badges.resolving import MOST_ADDRESSES, Fetched
from tests.badges.judging import OB3_FORMS, SVG, found, judge, png, silence
from tests.far_issuer import EMBEDDED, FORMS, NOW, VC2, Award, FarIssuer
from tests.forging import changed

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
    # An issuer at an address is called by it too; one who is but a key could be anybody.
    is_key_alone = issuer.mode == "did:key" and not form.startswith("ob2")
    known = "so it says: only its key is known" if is_key_alone else "far.example"
    assert report.summary.endswith(f"by “The Far Hill” ({known}) on 2026-10-22; not revoked.")
    assert [warning.code for warning in report.warnings] == ["issuer-self-asserted"] * is_key_alone
    json.dumps(report.to_dict())


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_is_as_valid_in_its_picture(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    for container, picture in (("png", png()), ("svg", SVG)):
        report = judge(issuer, badges.bake(picture, award.text))
        assert (report.verdict, report.container) == (Verdict.valid, container)


@pytest.mark.parametrize("form", FORMS)
def test_a_report_holds_what_was_judged_and_keeps_it_out_of_its_json(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    document = judge(issuer, badges.bake(png(), award.text)).document
    if form.startswith("ob2"):
        assert (document["id"], document["badge"]["issuer"]["name"]) == (award.document["id"], issuer.name)
        told = document["badge"]["criteria"]
    else:
        assert document["id"] == award.document["id"]
        told = document["credentialSubject"]["achievement"]["criteria"]
    assert told["narrative"].startswith("Named by")
    assert "document" not in judge(issuer, award).to_dict()
    assert judge(issuer, "nothing").document == {}


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
    assert report.summary == "Genuine: signed by “The Far Hill” (far.example) on 2026-10-22."


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
        {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"},
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


# The front door


def test_the_example_of_the_front_door_runs() -> None:
    import doctest

    assert doctest.testmod(badges, raise_on_error=True).attempted > 5


def test_a_report_says_what_was_fetched_for_it_and_when() -> None:
    issuer = FarIssuer()
    kept = NOW - timedelta(seconds=40)

    def fetch(url: str, *, accept: str) -> Fetched:
        answer = issuer(url, accept=accept)
        return replace(answer, fetched_at=kept) if url == issuer.did_url else answer

    award = issuer.award()
    listing = award.document["credentialStatus"]["statusListCredential"]
    assert judge(issuer, award, fetch=fetch).fetched == (Lookup(issuer.did_url, kept, 200), Lookup(listing, NOW, 200))
    issuer.answer(listing, "", status=503)
    assert judge(issuer, award).fetched[-1] == Lookup(listing, NOW, 503)
    issuer.go_down()
    assert judge(issuer, award).fetched == (Lookup(issuer.did_url, NOW, None),)
    assert judge(issuer, "no badge").fetched == ()


def test_what_was_not_asked_any_more_is_not_said_to_have_been_fetched() -> None:
    issuer = FarIssuer()
    entry = {name: v for name, v in issuer.credential()["credentialStatus"].items() if name != "id"}
    many = [entry | {"statusListCredential": f"https://far.example/{n}"} for n in range(70)]
    endorsements = [
        json.loads(issuer.sign(issuer.endorsement(issuer.id, credentialStatus=many[n : n + 7]), "eddsa-jcs-2022"))
        for n in range(0, 70, 7)
    ]
    award = issuer.award("eddsa-jcs-2022", endorsement=endorsements)
    asked = [lookup.url for lookup in judge(issuer, award).fetched]
    assert asked == issuer.asked
    assert len(asked) == MOST_ADDRESSES


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("error", [ZeroDivisionError("a secret"), KeyError("a secret"), RecursionError("a secret")])
def test_an_error_that_nobody_expected_is_an_answer_that_says_nothing_of_the_badge(form: str, error: Exception) -> None:
    def broken(url: str, *, accept: str) -> Fetched:
        raise error

    report = badges.verify(FarIssuer().award(form).text, fetch=broken, now=NOW)
    assert (report.verdict, report.verified) == (Verdict.unknown, False)
    assert found(report, "readable") == (Outcome.unknown, "internal")
    assert type(error).__name__ in report.summary
    assert "secret" not in report.summary
    (fault,) = report.faults
    assert fault.startswith(f"{type(error).__name__} in tests.badges.test_verifying:")
    assert " broken < badges." in fault
    assert "secret" not in fault
    assert "faults" not in report.to_dict()


def test_an_error_over_one_badge_of_many_leaves_the_others_judged() -> None:
    one, other = FarIssuer(mode="did:key"), FarIssuer(base="https://other.example/issuers/hill")

    def half_broken(url: str, *, accept: str) -> Fetched:
        if url.startswith(other.base):
            raise ZeroDivisionError
        return one(url, accept=accept)

    members = [json.loads(issuer.award().text) for issuer in (other, one)]
    shown = {"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": members}
    report = badges.verify(serialize(shown), fetch=half_broken, now=NOW)
    assert [each["verdict"] for each in report.contains] == ["unknown", "valid"]
    assert [fault.split()[0] for fault in report.faults] == ["ZeroDivisionError"]
    assert report.verdict is Verdict.unknown


@pytest.mark.parametrize(
    "mistaken",
    [{"data": {}}, {"data": None}, {"data": bytearray(b"{}")}, {"recipient": ["ada@example.org"]}, {"recipient": 5}],
)
def test_a_mistake_of_the_callers_is_no_report(mistaken: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"data": "{}", "fetch": badges.no_fetch, "now": NOW} | mistaken
    with pytest.raises(TypeError, match="text"):
        badges.verify(**asked)


def test_an_instant_without_a_time_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        badges.verify("{}", fetch=badges.no_fetch, now=NOW.replace(tzinfo=None))
