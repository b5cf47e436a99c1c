"""Several badges in one: each is judged alone, and the whole is as good as the worst of them."""

import json
from datetime import timedelta
from typing import Any

import pytest

import badges
from badges import Outcome, Verdict
from badges.checks.allowances import MOST_CREDENTIALS
from badges.documents import Document, serialize, timestamp
from badges.proofs import jws
from badges.reports import Report
from tests.badges.checks.collected import (
    CLR,
    enveloped,
    given,
    held,
    learner_record,
    presentation,
    verdicts_inside,
)
from tests.badges.judging import SVG, found, judge, png
from tests.far_issuer import NOW, OB3, VC2, FarIssuer
from tests.forging import changed

# What is inside


def test_the_whole_is_as_good_as_the_worst_inside() -> None:
    issuer = FarIssuer()
    good = given(issuer)
    taken_back = issuer.award()
    issuer.revoke(taken_back)
    late = given(issuer, validUntil=timestamp(NOW - timedelta(days=1)))
    forged = json.loads(changed(issuer.award().text, "name", to="Other"))
    cases: list[tuple[list[Any], Verdict]] = [
        ([good, late], Verdict.expired),
        ([good, late, json.loads(taken_back.text)], Verdict.revoked),
        ([forged, good, late], Verdict.forged),
        ([good, {"@context": [VC2], "type": ["VerifiableCredential"]}], Verdict.unknown),
        ([good, 7], Verdict.not_conformant),
        ([{"@context": [VC2], "type": ["VerifiableCredential"]}], Verdict.not_a_badge),
        ([], Verdict.not_a_badge),
    ]
    for inside, verdict in cases:
        report = judge(issuer, serialize(presentation(*inside)))
        assert (report.verdict, report.verified) == (verdict, False), report.to_dict()
    report = judge(issuer, serialize(presentation(forged, good, late)))
    assert found(report, "contains") == (Outcome.failed, "contains-forged")
    assert "1 is genuine, 1 is expired, 1 is forged." in report.summary
    assert "The one at /verifiableCredential/0: Do not trust this badge" in report.summary


def test_whose_they_are_is_asked_of_each() -> None:
    issuer = FarIssuer()
    text = serialize(presentation(given(issuer), given(issuer, "vc-jwt")))
    assert judge(issuer, text, recipient="ada@example.org").verdict is Verdict.valid
    assert judge(issuer, text, recipient="bob@example.org").verdict is Verdict.wrong_recipient


def test_collections_within_collections_are_looked_into_so_far() -> None:
    issuer = FarIssuer()
    nest = given(issuer)
    for depth in range(1, 6):
        nest = presentation(nest)
        report = judge(issuer, serialize(nest))
        assert report.verdict is (Verdict.valid if depth <= 3 else Verdict.unknown), depth


def test_more_credentials_than_are_looked_at_leave_a_doubt() -> None:
    issuer = FarIssuer(mode="did:key")
    token = enveloped(issuer.award("vc-jwt", credentialStatus=None).text)
    report = judge(issuer, serialize(presentation(*[token] * 101)))
    assert found(report, "contains") == (Outcome.unknown, "too-many-credentials")
    assert len(report.contains) == 100


def test_a_portfolio_of_as_many_badges_as_are_looked_at_is_judged_whole() -> None:
    issuer = FarIssuer(mode="did:key")
    for form in ("eddsa-rdfc-2022", "vc-jwt"):
        inside = [given(issuer, form, credentialStatus=None, id=f"urn:x:{n}") for n in range(MOST_CREDENTIALS - 1)]
        record = learner_record(issuer, *inside)
        del record["credentialStatus"]
        text = held(presentation(json.loads(issuer.sign(record))))
        report = judge(issuer, text)
        assert report.verdict is Verdict.valid, report.summary
        assert len(report.contains[0]["contains"]) == MOST_CREDENTIALS - 1


def test_what_is_large_is_not_gone_through_once_more_for_each_collection_around_it() -> None:
    issuer = FarIssuer(mode="did:key")

    def nested(items: int) -> Report:
        evidence = [{"id": f"https://far.example/evidence/{n:070}", "type": ["Evidence"]} for n in range(items)]
        badge = given(issuer, evidence=evidence)
        return judge(issuer, serialize(presentation(presentation(presentation(badge)))))

    assert nested(10).verdict is Verdict.valid
    large = nested(3_500)
    assert found(large, "contains") == (Outcome.unknown, "contains-unknown")
    assert "not those that are much larger together" in large.summary


def test_a_large_document_is_put_into_canonical_form_for_few_of_its_proofs() -> None:
    issuer = FarIssuer(mode="did:key")

    def chained(items: int) -> tuple[Outcome, str]:
        document = given(issuer, evidence=[{"id": f"urn:x:{n:090}", "type": ["Evidence"]} for n in range(items)])
        first = document["proof"][0] | {"id": "urn:x:first"}
        document["proof"] = [first, *({**first, "id": f"urn:x:{n}", "previousProof": "urn:x:first"} for n in range(3))]
        return found(judge(issuer, serialize(document)), "proof")

    assert chained(10) == (Outcome.failed, "bad-signature")
    assert chained(3_500) == (Outcome.unknown, "too-many-proofs")


def test_the_addresses_asked_are_counted_over_all_that_is_inside() -> None:
    issuer = FarIssuer(mode="did:key")
    entry = issuer.credential()["credentialStatus"]
    named = [entry | {"statusListCredential": f"https://far.example/{n}"} for n in range(80)]
    judge(issuer, serialize(presentation(*(given(issuer, "vc-jwt", credentialStatus=each) for each in named))))
    assert len(issuer.asked) == 64


# Learner records


def test_a_learner_record_is_a_credential_of_credentials() -> None:
    issuer, school = FarIssuer(), FarIssuer(mode="did:key", name="The School")
    inside = [given(issuer), given(issuer, "vc-jwt")]
    for form in ("eddsa-rdfc-2022", "vc-jwt"):
        record = learner_record(school, *inside)
        del record["credentialStatus"]
        text = school.sign(record, form)
        report = judge(issuer, text)
        assert report.verdict is Verdict.valid, report.to_dict()
        assert (report.verified, report.version, report.issuer["name"]) == (True, "CLR20", "The School")
        assert report.summary.startswith("Genuine: “A year” was awarded to ")
        assert verdicts_inside(report) == [
            ("/credentialSubject/verifiableCredential/0", "valid"),
            ("/credentialSubject/verifiableCredential/1", "valid"),
        ]
        for picture in (png(), SVG):
            assert judge(issuer, badges.bake(picture, text)).verdict is Verdict.valid


def test_a_forged_learner_record_does_not_make_its_badges_forged_nor_the_other_way_round() -> None:
    issuer = FarIssuer()
    record = issuer.sign(learner_record(issuer, given(issuer)))
    report = judge(issuer, changed(record, "name", to="Two years"))
    assert report.verdict is Verdict.forged
    assert [verdict for _, verdict in verdicts_inside(report)] == ["valid"]
    assert found(report, "status") == (Outcome.skipped, "not-reached")
    bad = json.loads(changed(issuer.award().text, "name", to="Other"))
    report = judge(issuer, issuer.sign(learner_record(issuer, bad)))
    assert report.verdict is Verdict.forged
    assert found(report, "proof")[0] is Outcome.passed


@pytest.mark.parametrize(
    ("pointer", "changes"),
    [
        ("/@context/1", {"@context": [VC2, OB3, CLR]}),
        ("", {"name": None}),
        ("/credentialSubject", {"credentialSubject": {"id": "urn:x:1", "type": ["ClrSubject"]}}),
        ("/partial", {"partial": "yes"}),
    ],
)
def test_a_learner_record_has_rules_of_its_own(pointer: str, changes: Document) -> None:
    issuer = FarIssuer(mode="did:key")
    record = learner_record(issuer, given(issuer)) | changes
    report = judge(issuer, serialize({name: value for name, value in record.items() if value is not None}))
    assert pointer in [error.pointer for error in report.checks[1].errors]


def test_endorsements_inside_are_those_of_the_badge_that_shows_them() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    credential = issuer.credential()
    about = credential["credentialSubject"]["achievement"]["id"]
    credential["endorsement"] = [json.loads(friend.sign(friend.endorsement(about)))]
    report = judge(issuer, issuer.sign(learner_record(issuer, json.loads(issuer.sign(credential)))))
    assert report.verdict is Verdict.valid, report.to_dict()
    assert (report.endorsements, len(report.contains[0]["endorsements"])) == ((), 1)


@pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "vc-jwt"])
def test_an_endorsement_of_a_learner_record_may_be_about_what_is_inside(form: str) -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    inside = issuer.credential(status_suffix=".jwt" if form == "vc-jwt" else "")
    elsewhere = json.loads(friend.sign(friend.endorsement("urn:x:other")))
    for about, shown, verdict in (
        (inside["id"], {}, Verdict.valid),
        (inside["credentialSubject"]["achievement"]["id"], {}, Verdict.valid),
        ("urn:x:other", {}, Verdict.forged),
        ("urn:x:other", {"endorsement": [elsewhere]}, Verdict.forged),
    ):
        text = issuer.sign(inside | shown, form)
        member = enveloped(text) if form == "vc-jwt" else json.loads(text)
        endorsement = json.loads(friend.sign(friend.endorsement(about)))
        record = learner_record(issuer, member, endorsement=[endorsement])
        report = judge(issuer, issuer.sign(record))
        assert report.verdict is verdict, report.to_dict()
        assert found(report, "endorsements")[0] is (Outcome.passed if verdict is Verdict.valid else Outcome.failed)


@pytest.mark.parametrize("word", [Verdict.valid, Verdict.forged])
def test_an_endorsement_for_which_no_look_is_left_is_not_taken_for_none(word: Verdict) -> None:
    issuer = FarIssuer(mode="did:key")
    credential = issuer.credential()
    del credential["credentialStatus"]
    endorsement = json.loads(issuer.sign(issuer.endorsement(credential["id"])))
    if word is Verdict.forged:
        endorsement["name"] = "Other"
    last = json.loads(issuer.sign(credential | {"endorsement": [endorsement]}))
    other = enveloped(issuer.sign(credential, "vc-jwt"))
    for many, verdict in ((98, word), (99, Verdict.unknown)):
        report = judge(issuer, serialize(presentation(*[other] * many, last)))
        assert (report.verdict, report.contains[-1]["verdict"]) == (verdict, verdict)
        codes = [check["code"] for check in report.contains[-1]["checks"]]
        assert ("too-many-endorsements" in codes) is (verdict is Verdict.unknown)


def test_a_presentation_is_no_endorsement_and_no_credential() -> None:
    """Were it taken for one, what it says would count although nobody signed it."""
    issuer = FarIssuer()
    credential = issuer.credential()
    about = credential["credentialSubject"]["achievement"]["id"]
    for kinds in (["VerifiablePresentation", "EndorsementCredential"], ["VerifiablePresentation"]):
        shown = presentation(given(issuer)) | issuer.endorsement(about) | {"type": kinds}
        document = credential | {"endorsement": [shown]}
        report = judge(issuer, issuer.sign_payload(document | jws.claims_of(document)))
        assert found(report, "endorsements") == (Outcome.failed, "endorsement-forged")
    both = issuer.credential() | {"type": ["VerifiableCredential", "OpenBadgeCredential", "VerifiablePresentation"]}
    report = judge(issuer, serialize(both | {"verifiableCredential": [given(issuer)]}))
    assert found(report, "proof") == (Outcome.failed, "no-proof")


def test_large_endorsements_of_endorsements_are_not_gone_through_once_more_for_each_around_them() -> None:
    issuer = FarIssuer(mode="did:key")

    def shown(items: int) -> Report:
        document = issuer.credential()
        outer = issuer.endorsement(document["id"], id="urn:x:outer")
        evidence = [{"id": f"urn:x:{n}", "type": ["Evidence"]} for n in range(items)]
        outer["endorsement"] = [json.loads(issuer.sign(issuer.endorsement("urn:x:outer", evidence=evidence)))]
        del document["credentialStatus"]
        text = issuer.sign(document | {"endorsement": [json.loads(issuer.sign(outer))]})
        return judge(issuer, text.replace("{", "{" + " " * 300_000, 1))  # long enough for so many objects

    assert shown(10).verdict is Verdict.valid
    assert found(shown(2_500), "endorsements") == (Outcome.unknown, "too-many-endorsements")


def test_badges_of_more_different_contexts_than_a_hundred_issuers_have_leave_a_doubt() -> None:
    issuer = FarIssuer(mode="did:key")

    def judged(kinds: int) -> list[str]:
        own: list[list[Any]] = [[VC2, OB3, {f"own{n}": f"urn:own:{n}"}] for n in range(kinds)]
        inside = [json.loads(issuer.sign(issuer.credential() | {"@context": context})) for context in own]
        return [verdict for _, verdict in verdicts_inside(judge(issuer, serialize(presentation(*inside))))]

    assert set(judged(20)) == {"valid"}
    assert set(judged(40)) == {"valid", "unknown"}
