"""Endorsements inside a badge."""

import json
from datetime import timedelta
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.documents import Document, timestamp
from badges.written_keys import base64url
from tests.badges.judging import found, judge
from tests.far_issuer import EMBEDDED, NOW, Award, FarIssuer
from tests.forging import changed


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


def test_an_endorsement_may_repeat_the_id_of_what_it_is_about_and_must_not_be_alone_in_naming_it() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")

    def endorsement(about: str, **members: Any) -> Document:
        evidence = [{"id": about, "type": ["Evidence"]}] * 2
        signed: Document = json.loads(friend.sign(friend.endorsement(about, evidence=evidence, **members)))
        return signed

    for about, verified in ((ABOUT, True), ("urn:x:other", False)):
        for others in ([], [endorsement(ABOUT, id="urn:x:second")]):
            assert judge(issuer, endorsed(issuer, endorsement(about), *others)).verified is verified


@pytest.mark.parametrize("around", ["eddsa-rdfc-2022", "vc-jwt"])
@pytest.mark.parametrize(("member", "form"), [("endorsement", "eddsa-rdfc-2022"), ("endorsementJwt", "vc-jwt")])
def test_endorsements_of_somebody_elses_badge_do_not_vouch_for_each_other(around: str, member: str, form: str) -> None:
    crook, honest = FarIssuer(), FarIssuer(mode="did:key", name="Honest University")
    elsewhere = "https://other.example/credentials/1"
    same = [honest.endorsement(elsewhere, id=f"urn:x:{n}") for n in range(2)]
    evidence = [{"id": elsewhere, "type": ["Evidence"]}]
    described = [honest.endorsement(elsewhere, id=f"urn:x:{n}", evidence=evidence) for n in range(2)]
    of_each_other = [honest.endorsement(f"urn:x:{1 - n}", id=f"urn:x:{n}") for n in range(2)]
    for given in (same, described, of_each_other):
        shown = [honest.sign(each, form) for each in given]
        texts = [json.loads(each) if member == "endorsement" else each for each in shown]
        report = judge(crook, crook.sign(crook.credential() | {member: texts}, around))
        assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")
        assert (report.verdict, report.verified) == (Verdict.forged, False)
        assert [each["verified"] for each in report.endorsements] == [False, False]


@pytest.mark.parametrize(("member", "form"), [("endorsement", "eddsa-rdfc-2022"), ("endorsementJwt", "vc-jwt")])
def test_an_endorsement_of_an_endorsement_of_the_badge_holds(member: str, form: str) -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    first = friend.endorsement(ABOUT)
    second = friend.endorsement(first["id"])
    for given in ([first, second], [second, first]):
        shown = [friend.sign(each, form) for each in given]
        texts = [json.loads(each) if member == "endorsement" else each for each in shown]
        report = judge(issuer, endorsed(issuer, *texts, member=member))
        assert report.verdict is Verdict.valid, report.to_dict()
        assert [each["verified"] for each in report.endorsements] == [True, True]


def test_an_issuer_that_is_named_by_its_id_alone_may_be_endorsed() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    about = json.loads(friend.sign(friend.endorsement(issuer.id)))
    report = judge(issuer, issuer.award(issuer=issuer.id, endorsement=[about]))
    assert found(report, "endorsements") == (Outcome.passed, "endorsements-seen")


def test_no_endorser_can_undo_somebody_elses_badge() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    listing = "https://friend.example/status"
    entry = friend.credential()["credentialStatus"] | {"id": f"{listing}#1", "statusListCredential": listing}
    for changes, verdict in (
        ({"credentialStatus": entry}, "unknown"),
        ({"validUntil": timestamp(NOW - timedelta(days=1))}, "expired"),
    ):
        report = judge(issuer, endorsed(issuer, json.loads(friend.sign(friend.endorsement(ABOUT, **changes)))))
        assert report.verdict is Verdict.valid, report.to_dict()
        [endorsement] = report.endorsements
        assert (endorsement["verified"], endorsement["verdict"]) == (False, verdict)
        assert [warning.code for warning in report.warnings] == [f"endorsement-{verdict}"]


def test_an_endorsement_that_cannot_be_judged_is_no_forgery() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    signed = friend.sign(friend.endorsement(ABOUT), "vc-jwt")
    header = base64url(json.dumps({"alg": "ES384"}).encode())
    unknown_algorithm = f"{header}.{signed.split('.')[1]}.AAAA"
    report = judge(issuer, endorsed(issuer, unknown_algorithm, member="endorsementJwt"))
    assert report.verdict is Verdict.valid
    assert [each["verdict"] for each in report.endorsements] == ["unknown"]


def test_endorsements_inside_an_endorsement_are_found_in_the_badge() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    inner = friend.endorsement(friend.id)
    outer = friend.endorsement(ABOUT)
    outer["issuer"]["endorsement"] = [json.loads(friend.sign(inner))]
    report = judge(issuer, endorsed(issuer, json.loads(friend.sign(outer))))
    assert report.verdict is Verdict.valid
    pointers = [each["pointer"] for each in report.endorsements]
    assert pointers == ["/endorsement/0", "/endorsement/0/issuer/endorsement/0"]


def test_more_endorsements_than_are_looked_at_leave_a_doubt() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    token = friend.sign(friend.endorsement(ABOUT), "vc-jwt")
    report = judge(issuer, endorsed(issuer, *[token] * 33, member="endorsementJwt"))
    assert found(report, "endorsements") == (Outcome.unknown, "too-many-endorsements")
    assert len(report.endorsements) == 32


def test_an_endorsement_of_one_that_was_not_looked_at_leaves_a_doubt() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    some = [friend.endorsement(ABOUT) for _ in range(40)]
    for about, outcome in ((some[-1]["id"], Outcome.unknown), ("urn:x:other", Outcome.failed)):
        signed = [json.loads(friend.sign(each)) for each in (friend.endorsement(about), *some)]
        assert found(judge(issuer, endorsed(issuer, *signed)), "endorsements")[0] is outcome


def test_an_endorsement_that_stands_alone_is_no_more_about_itself() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    itself = json.loads(friend.sign(friend.endorsement("urn:x:itself", id="urn:x:itself")))
    for given in (itself, [itself]):
        report = judge(issuer, issuer.sign(issuer.credential() | {"endorsement": given}))
        assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")
    about = json.loads(friend.sign(friend.endorsement(ABOUT)))
    report = judge(issuer, issuer.sign(issuer.credential() | {"endorsement": about}))
    assert [(each["pointer"], each["verified"]) for each in report.endorsements] == [("/endorsement", True)]


@pytest.mark.parametrize("place", ["issuer", "creator", "source"])
def test_endorsements_of_every_profile_are_judged(place: str) -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    credential = issuer.credential()
    profile: Document = {"id": "https://far.example/people/1", "type": ["Profile"], "name": "Somebody"}
    if place == "issuer":
        profile = credential["issuer"]
    elif place == "creator":
        credential["credentialSubject"]["achievement"]["creator"] = profile
    else:
        credential["credentialSubject"]["source"] = profile
    endorsement = json.loads(friend.sign(friend.endorsement(profile["id"])))
    profile["endorsement"] = [endorsement]
    assert judge(issuer, issuer.sign(credential)).verdict is Verdict.valid
    endorsement["name"] = "Other"
    report = judge(issuer, issuer.sign(credential))
    assert found(report, "endorsements") == (Outcome.failed, "endorsement-forged")


def test_endorsements_inside_a_token_are_judged_too() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    inner = json.loads(friend.sign(friend.endorsement(ABOUT)))
    forged = inner | {"name": "Other"}
    elsewhere = json.loads(friend.sign(friend.endorsement("https://elsewhere.example/badge")))
    for given, answer in (
        (inner, (Outcome.passed, "endorsements-seen")),
        (forged, (Outcome.failed, "endorsement-forged")),
        (elsewhere, (Outcome.failed, "endorsement-misdirected")),
    ):
        outer = friend.endorsement(ABOUT)
        outer["issuer"]["endorsement"] = [given]
        report = judge(issuer, endorsed(issuer, friend.sign(outer, "vc-jwt"), member="endorsementJwt"))
        assert found(report, "endorsements") == answer
        assert [each["pointer"] for each in report.endorsements] == [
            "/endorsementJwt/0",
            "/endorsementJwt/0#/issuer/endorsement/0",
        ]


def test_a_forged_endorsement_does_not_hide_in_tokens_inside_tokens() -> None:
    issuer, friend = FarIssuer(), FarIssuer(mode="did:key", name="A Friend")
    forged = json.loads(friend.sign(friend.endorsement(ABOUT))) | {"name": "Other"}
    token = ""
    for depth in range(1, 7):
        shown = {"endorsementJwt": [token]} if token else {"endorsement": [forged]}
        token = friend.sign(friend.endorsement(ABOUT, **shown), "vc-jwt")
        report = judge(issuer, endorsed(issuer, token, member="endorsementJwt"))
        assert found(report, "endorsements")[0] is (Outcome.failed if depth <= 3 else Outcome.unknown), depth


def test_endorsements_deep_inside_each_other_are_not_all_looked_at() -> None:
    issuer = FarIssuer()
    credential = issuer.credential()
    chain = [issuer.endorsement(credential["id"])]
    for _ in range(2):
        chain.append(issuer.endorsement(chain[-1]["id"]))
    for outer, inner in zip(chain[-2::-1], chain[::-1], strict=False):
        outer["endorsement"] = [json.loads(issuer.sign(inner))]
    credential["endorsement"] = [json.loads(issuer.sign(chain[0]))]
    report = judge(issuer, issuer.sign(credential))
    assert found(report, "endorsements") == (Outcome.unknown, "too-many-endorsements")
    assert [each["verified"] for each in report.endorsements] == [True, True]
    del credential["endorsement"][0]["endorsement"]
    assert found(judge(issuer, issuer.sign(credential)), "endorsements")[0] is Outcome.failed
