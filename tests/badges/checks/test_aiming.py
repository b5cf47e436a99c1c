"""What endorsements are about, and that nobody lends them what is somebody else's."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from badges import Outcome, Verdict
from badges.documents import Document, timestamp
from badges.ob3 import EXTENSIONS_CONTEXT
from badges.reports import Report
from badges.resolving import Fetched
from tests.badges.judging import found, judge
from tests.far_issuer import EMBEDDED, NOW, FarIssuer

ELSEWHERE = "https://university.example/degrees/of/ada"
"""What the famous university praised: somebody else's degree."""
ABOUT = "https://far.example/issuers/hill/achievements/patient-teacher"
FORMS = [("endorsement", "eddsa-rdfc-2022"), ("endorsementJwt", "vc-jwt")]


class Scene:
    """A crook, who awards a badge, and a famous university that praised something else."""

    def __init__(self) -> None:
        self.crook = FarIssuer(mode="did:key", name="Crook")
        self.university = FarIssuer(name="Famous University", base="https://university.example/i")
        self.friend = FarIssuer(mode="did:key", name="A Friend")

    def fetch(self, url: str, *, accept: str) -> Fetched:
        one = self.university if url.startswith(self.university.base) else self.crook
        return one(url, accept=accept)

    def praise(self, about: str = ELSEWHERE, form: str = "eddsa-rdfc-2022", **members: Any) -> Any:
        return signed(self.university, self.university.endorsement(about, **members), form)

    def shown(self, *given: Any, member: str = "endorsement", form: str = "eddsa-rdfc-2022", **members: Any) -> str:
        credential = self.crook.credential()
        del credential["credentialStatus"]
        return self.crook.sign(credential | members | {member: list(given)}, form)

    def judged(self, *given: Any, **members: Any) -> Report:
        return self.of(self.shown(*given, **members))

    def of(self, text: str) -> Report:
        return judge(self.crook, text, fetch=self.fetch)


def signed(by: FarIssuer, document: Document, form: str = "eddsa-rdfc-2022") -> Any:
    text = by.sign(document, form)
    return json.loads(text) if form in EMBEDDED else text


def held(report: Report) -> list[bool]:
    return [each["verified"] for each in report.endorsements]


def junk(proof: Document) -> Document:
    """A proof in a stranger's name that anybody could write."""
    return proof | {"verificationMethod": FarIssuer(mode="did:key").id, "proofValue": "z" + "1" * 88}


NAMING: list[Callable[[Document], Document]] = [
    lambda proof: proof | {"id": ELSEWHERE},
    lambda proof: proof | {"verificationMethod": {"id": ELSEWHERE}},
    lambda proof: proof | {"verificationMethod": {"id": "urn:x:1", "issuer": ELSEWHERE}},
    lambda proof: proof | {"creator": {"id": ELSEWHERE}, "issuer": {"id": ELSEWHERE}},
]


@pytest.mark.parametrize("naming", NAMING)
def test_a_proof_that_anybody_may_add_brings_nothing_into_the_badge(naming: Callable[[Document], Document]) -> None:
    scene = Scene()
    badge = json.loads(scene.shown(scene.praise()))
    [good] = badge["proof"]
    for proof in ([good, naming(junk(good))], [naming(junk(good)), good]):
        report = scene.of(json.dumps(badge | {"proof": proof}))
        assert (report.verified, held(report)) == (False, [False])
    # Nor does one inside a token, which somebody did sign: it is nothing that the badge is about.
    inside = scene.shown(scene.praise(), form="vc-jwt", proof=naming(junk(good)))
    assert found(scene.of(inside), "endorsements") == (Outcome.failed, "endorsement-misdirected")


def test_nor_does_a_proof_of_an_endorsement() -> None:
    scene = Scene()
    outer = signed(scene.friend, scene.friend.endorsement(ABOUT, endorsement=[scene.praise()]))
    outer["proof"] += [junk(each) | {"id": ELSEWHERE} for each in outer["proof"]]
    report = scene.judged(outer)
    assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")
    assert held(report) == [True, False]


@pytest.mark.parametrize("member", ["credentialStatus", "credentialSchema", "termsOfUse", "refreshService"])
def test_what_says_how_to_treat_a_badge_is_nothing_to_endorse(member: str) -> None:
    scene = Scene()
    named = {"id": ELSEWHERE, "type": "1EdTechCredentialRefresh"}
    contexts = [*scene.crook.credential()["@context"], EXTENSIONS_CONTEXT]
    members: dict[str, Any] = {"@context": contexts, member: [named]}
    report = scene.of(scene.shown(scene.praise(), form="vc-jwt", **members))
    assert (report.verified, held(report)) == (False, [False])
    assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")


@pytest.mark.parametrize(("member", "form"), FORMS)
def test_an_endorsement_does_not_lend_the_id_of_something_else_to_another(member: str, form: str) -> None:
    scene, gone = Scene(), FarIssuer(name="Gone", base="https://gone.example/i")
    expired = {"validUntil": timestamp(NOW - timedelta(days=1))}
    for by, members in ((scene.friend, {}), (scene.friend, expired), (gone, {})):
        lender = signed(by, by.endorsement(ABOUT, id=ELSEWHERE, **members), form)
        for given in ((lender, scene.praise(form=form)), (scene.praise(form=form), lender)):
            report = scene.of(scene.shown(*given, member=member, form=form))
            assert found(report, "endorsements") == (Outcome.unknown, "endorsement-unsure")
            assert (report.verdict, report.verified) == (Verdict.unknown, False)
            assert [each["about"] for each in report.endorsements if each["verified"]] in ([], [ABOUT])


def test_an_endorsement_that_is_not_proven_lends_nothing_to_those_inside_either() -> None:
    scene, gone = Scene(), FarIssuer(name="Gone", base="https://gone.example/i")
    outer = signed(gone, gone.endorsement(ABOUT, id=ELSEWHERE, endorsement=[scene.praise()]))
    report = scene.judged(outer)
    assert held(report) == [False, False]
    # But it may be honest: no endorser who is silent undoes somebody else's badge.
    assert report.verdict is Verdict.valid
    assert [warning.code for warning in report.warnings][-2:] == ["endorsement-unknown", "endorsement-aside"]


def test_an_endorser_may_be_endorsed_and_so_may_what_it_says_under_an_id_of_its_site() -> None:
    scene = Scene()
    first = scene.university.endorsement(ABOUT)
    for given in (
        [signed(scene.university, first), signed(scene.friend, scene.friend.endorsement(first["id"]))],
        [
            signed(
                scene.university,
                first
                | {
                    "endorsement": [
                        signed(scene.friend, scene.friend.endorsement(about))
                        for about in (first["id"], scene.university.id)
                    ]
                },
            )
        ],
    ):
        report = scene.judged(*given)
        assert report.verdict is Verdict.valid, report.to_dict()
        assert all(held(report))


@pytest.mark.parametrize(
    "members",
    [
        {"evidence": [{"id": ELSEWHERE, "type": ["Evidence"]}]},
        {"image": {"id": ELSEWHERE, "type": "Image"}},
        {"credentialSubject": {"related": [{"id": ELSEWHERE, "type": ["Related"]}]}},
    ],
)
def test_an_endorsement_of_what_the_badge_only_mentions_does_not_count(members: Document) -> None:
    scene = Scene()
    subject = scene.crook.credential()["credentialSubject"]
    if "credentialSubject" in members:
        achievement = subject["achievement"] | members["credentialSubject"]
        members = {"credentialSubject": subject | {"achievement": achievement}}
    report = scene.judged(scene.praise(), **members)
    assert held(report) == [False]
    assert (report.verdict, report.warnings[-1].code) == (Verdict.valid, "endorsement-aside")
    assert ELSEWHERE in report.warnings[-1].detail
    assert found(report, "endorsements") == (Outcome.passed, "endorsements-seen")


def test_the_badge_its_subject_its_achievement_and_profiles_may_be_endorsed() -> None:
    scene = Scene()
    credential = scene.crook.credential()
    profile = {
        "id": "urn:x:creator",
        "type": ["Profile"],
        "name": "C",
        "parentOrg": {"id": "urn:x:parent", "type": ["Profile"]},
    }
    subject = credential["credentialSubject"]
    subject |= {"source": {"id": "urn:x:source", "type": ["Profile"]}}
    subject["achievement"] |= {"creator": profile}
    ids = [subject["id"], ABOUT, scene.crook.id, "urn:x:creator", "urn:x:parent", "urn:x:source"]
    report = scene.judged(*(scene.praise(about) for about in ids), credentialSubject=subject)
    assert (report.verdict, held(report)) == (Verdict.valid, [True] * len(ids)), report.to_dict()
