"""Endorsements of Open Badges 2.0: whose they are, and what they are about."""

import json
from typing import Any, Literal

import pytest

from badges import Outcome, Verdict
from badges.reports import Report
from badges.resolving import Fetched
from tests.badges.judging import found, judge
from tests.far_issuer import FarIssuer
from tests.forging import changed

KINDS: tuple[Literal["hosted", "signed"], ...] = ("hosted", "signed")
FORMS = ["ob2-hosted", "ob2-signed"]


class Scene:
    """An issuer and a friend, who vouches for it."""

    def __init__(self) -> None:
        self.issuer = FarIssuer()
        self.friend = FarIssuer(name="A Friend", base="https://friend.example")
        self.about = f"{self.issuer.base}/ob2/badgeclass"

    def fetch(self, url: str, *, accept: str) -> Fetched:
        one = self.friend if url.startswith(self.friend.base) else self.issuer
        return one(url, accept=accept)

    def judged(self, endorsement: Any, form: str = "ob2-hosted") -> Report:
        return judge(self.issuer, self.issuer.award(form, endorsement=endorsement), fetch=self.fetch)


def given(kind: Literal["hosted", "signed"], scene: Scene, *, embedded: bool = False, **changes: Any) -> Any:
    award = scene.friend.vouch(changes.pop("about", scene.about), kind, **changes)
    if kind == "signed":
        return award.text
    return award.document if embedded else award.document["id"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_endorsement_by_its_endorser_holds(form: str, kind: Literal["hosted", "signed"]) -> None:
    scene = Scene()
    for embedded in (False, True):
        report = scene.judged(given(kind, scene, embedded=embedded), form)
        assert (report.verdict, report.warnings) == (Verdict.valid, ())
        assert found(report, "endorsements") == (Outcome.passed, "endorsements-seen")
        [endorsement] = report.endorsements
        assert (endorsement["verified"], endorsement["about"]) == (True, scene.about)
        assert (endorsement["pointer"], endorsement["issuer"]["name"]) == ("/endorsement/0", "A Friend")


def test_endorsements_of_the_badge_class_and_of_the_issuer_are_judged_too() -> None:
    scene = Scene()
    profile = f"{scene.issuer.base}/ob2/profile"
    badge_class = scene.issuer.badge_class() | {"endorsement": [given("hosted", scene)]}
    scene.issuer.answer(scene.about, badge_class)
    scene.issuer.profile_changes = {"endorsement": given("signed", scene, about=profile)}
    report = scene.judged([])
    assert [(each["pointer"], each["verified"]) for each in report.endorsements] == [
        ("/badge/endorsement/0", True),
        ("/badge/issuer/endorsement/0", True),
    ]
    scene.issuer.profile_changes = {"endorsement": scene.issuer.vouch(profile, "signed").text[:-8] + "AAAAAAAA"}
    assert found(scene.judged([]), "endorsements") == (Outcome.failed, "endorsement-forged")


@pytest.mark.parametrize("kind", KINDS)
def test_an_endorsement_of_something_else_is_misdirected(kind: Literal["hosted", "signed"]) -> None:
    scene = Scene()
    report = scene.judged(given(kind, scene, about="https://far.example/something-else"))
    assert report.verdict is Verdict.forged
    assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_endorsements_of_somebody_elses_badge_do_not_vouch_for_each_other(
    form: str, kind: Literal["hosted", "signed"]
) -> None:
    scene, elsewhere = Scene(), "https://other.example/assertions/1"
    for embedded in (False, True):
        praise = [given(kind, scene, about=elsewhere, embedded=embedded) for _ in range(2)]
        report = scene.judged(praise, form)
        assert found(report, "endorsements") == (Outcome.failed, "endorsement-misdirected")
    first = scene.friend.vouch(elsewhere).document
    second = scene.friend.vouch(first["id"]).document
    assert not scene.judged([first, second], form).verified


def test_an_endorsement_that_nobody_proves_is_forged() -> None:
    scene = Scene()
    hosted = scene.friend.vouch(scene.about)
    elsewhere = "https://far.example/issuers/hill/endorsement"
    stolen = hosted.document | {"id": elsewhere}
    scene.issuer.pages[elsewhere] = lambda: stolen
    unsigned = scene.friend.vouch(scene.about, "signed").document
    rotated = scene.friend.vouch(scene.about, "signed").text
    inflated = json.loads(changed(hosted.text, "claim", "endorsementComment", to="The best of all."))
    forgeries = [
        elsewhere,
        stolen,
        unsigned,
        inflated,
        f"{rotated[:-8]}AAAAAAAA",
        {"claim": {"id": scene.about}},
        "I vouch.",
        7,
    ]
    for forgery in forgeries:
        report = scene.judged(forgery)
        assert found(report, "endorsements") == (Outcome.failed, "endorsement-forged"), forgery
        assert report.verdict is Verdict.forged


def test_a_badge_is_no_endorsement() -> None:
    scene = Scene()
    badge = scene.friend.award("ob2-hosted").document
    for shown in (badge, badge["id"]):
        assert not scene.judged(shown).verified


@pytest.mark.parametrize("embedded", [False, True])
def test_no_endorser_can_undo_somebody_elses_badge(embedded: bool) -> None:
    scene = Scene()
    endorsement = scene.friend.vouch(scene.about)
    url = endorsement.document["id"]
    shown = endorsement.document if embedded else url
    for status, word in ((404, "unknown"), (500, "unknown"), (410, "revoked")):
        scene.friend.answer(url, "", status=status)
        report = scene.judged(shown)
        assert report.verdict is Verdict.valid
        assert [warning.code for warning in report.warnings] == [f"endorsement-{word}"]
        assert not report.endorsements[0]["verified"]
    scene.friend.unreachable = {scene.friend.base}
    assert [warning.code for warning in scene.judged(shown).warnings] == ["endorsement-unknown"]


def test_a_signed_endorsement_that_was_withdrawn_is_mentioned() -> None:
    scene = Scene()
    endorsement = scene.friend.vouch(scene.about, "signed")
    scene.friend.revoke(endorsement)
    report = scene.judged(endorsement.text)
    assert (report.verdict, [warning.code for warning in report.warnings]) == (Verdict.valid, ["endorsement-revoked"])


def test_more_endorsements_than_are_looked_at_are_not_passed_over() -> None:
    scene = Scene()
    endorsement = given("hosted", scene)
    report = scene.judged([endorsement] * 40)
    assert found(report, "endorsements") == (Outcome.unknown, "too-many-endorsements")


@pytest.mark.parametrize("kind", KINDS)
def test_an_endorsement_of_what_the_badge_only_mentions_does_not_count(kind: Literal["hosted", "signed"]) -> None:
    scene, elsewhere = Scene(), "https://friend.example/degrees/of/ada"
    shown = given(kind, scene, about=elsewhere)
    report = judge(
        scene.issuer,
        scene.issuer.award(endorsement=[shown], evidence={"id": elsewhere}, form="ob2-hosted"),
        fetch=scene.fetch,
    )
    assert (report.verdict, [each["verified"] for each in report.endorsements]) == (Verdict.valid, [False])
    assert [warning.code for warning in report.warnings] == ["endorsement-aside"]
    # What proves the badge is not even mentioned by it.
    proof = {"type": "hosted", "creator": {"id": elsewhere}}
    award = scene.issuer.award(endorsement=[shown], verification=proof, form="ob2-hosted")
    assert found(judge(scene.issuer, award, fetch=scene.fetch), "endorsements")[1] == "endorsement-misdirected"
