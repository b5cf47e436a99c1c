"""What the API says of a report is what a report is: nothing in an answer is undescribed, and the example is true."""

from typing import Any

import pytest

import badges
from app.verifier.example import REPORT
from app.verifier.models import BatchOfReports, VerificationReport
from tests.app.guild import Guild, done, path_of
from tests.app.verifier.test_verify import FORMS, NO_BADGES
from tests.badges.checks.collected import learner_record
from tests.far_issuer import NOW, FarIssuer

SENTENCES = {"detail", "summary"}


def assert_described(report: dict[str, Any]) -> None:
    described = VerificationReport.model_validate(report).model_dump(mode="json", exclude_unset=True)
    assert described == report


def without_sentences(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_sentences(child) for name, child in value.items() if name not in SENTENCES}
    return [without_sentences(child) for child in value] if isinstance(value, list) else value


def test_the_example_is_a_report_as_it_comes() -> None:
    issuer = FarIssuer(base="https://badges.example.org/hill")
    award = issuer.award()
    issuer.revoke(award)
    picture = badges.artwork.draw(title="Patient Teacher", community="The Hill", contribution_type=None, seed="1")
    report = badges.verify(badges.bake(picture.png, award.text), fetch=issuer, now=NOW).to_dict()
    assert without_sentences(REPORT) == without_sentences(report)
    assert_described(REPORT)


@pytest.mark.parametrize("form", FORMS)
def test_every_member_of_an_answer_is_described(standing: Guild, form: str) -> None:
    badge = standing.badge(recipient={"email": "bo@people.example", "name": "Bo"})
    copy = standing.get(form.format(badge["id"])).content
    for recipient in (None, "bo@people.example", "eve@people.example"):
        params = {"recipient": recipient} if recipient else {}
        assert_described(done(standing.client.post("/v1/verify", content=copy, params=params), 200))


def test_what_lies_in_a_collection_and_what_endorses_is_described() -> None:
    issuer = FarIssuer()
    document = issuer.credential()
    document["endorsement"] = [badges.parse(issuer.sign(issuer.endorsement(document["id"])))]
    shown = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    inside = [badges.parse(issuer.sign(document)), issuer.award("vc-jwt").text, {"type": "Nonsense"}]
    report = badges.verify(badges.serialize(shown | {"verifiableCredential": inside}), fetch=issuer, now=NOW).to_dict()
    assert len(report["contains"]) == 3
    assert len(report["contains"][0]["endorsements"]) == 1
    assert report["warnings"]
    assert_described(report)


def test_the_report_on_a_learner_record_is_described() -> None:
    issuer = FarIssuer()
    record = learner_record(issuer, badges.parse(issuer.award().text))
    report = badges.verify(issuer.sign(record), fetch=issuer, now=NOW).to_dict()
    assert (report["verdict"], report["version"]) == ("valid", "CLR20")
    assert_described(report)


@pytest.mark.parametrize("data", NO_BADGES.values(), ids=NO_BADGES.keys())
def test_the_report_on_what_is_no_badge_is_described(standing: Guild, data: bytes) -> None:
    assert_described(done(standing.client.post("/v1/verify", content=data), 200))


def test_the_answer_to_a_batch_is_described(standing: Guild) -> None:
    address = path_of(standing.badge()["url"])
    items = [done(standing.get(f"{address}.json"), 200), {"url": "https://nowhere.example/1"}, "nonsense", 5]
    answer = done(standing.client.post("/v1/verify/batch", json={"items": items}), 200)
    assert BatchOfReports.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer
