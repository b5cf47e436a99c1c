from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from badges import ob2, ob3
from badges.documents import Document, as_list, walk
from badges.errors import NotConformant
from tests.badges import samples

NAMES = st.sampled_from(
    ["valid_from", "context", "self", "model_extra", "copy", "__class__", "x", "ext:a", "achievement_type"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=3), children, max_size=3),
    max_leaves=5,
)
CLOSED = ("Image", "IdentityObject", "IdentifierEntry")


def open_nodes(document: Document) -> list[Document]:
    return [node for _, node in walk(document) if isinstance(node, dict) and node.get("type") not in CLOSED]


@given(st.data())
def test_unknown_members_stay_where_they_stood_whatever_they_are_called(data: st.DataObject) -> None:
    document = samples.credential().to_document()
    for node in data.draw(st.lists(st.sampled_from(open_nodes(document)), min_size=1, max_size=3)):
        node[data.draw(NAMES)] = data.draw(VALUES)
    assert ob3.OpenBadgeCredential.from_document(document).to_document() == document


@given(st.dictionaries(NAMES, VALUES))
def test_unknown_members_of_an_assertion_stay_too(unknown: Document) -> None:
    document = samples.assertion().to_document()
    document |= unknown
    document["verification"] |= unknown
    assert ob2.Assertion.from_document(document).to_document() == document


@given(st.datetimes(timezones=st.timezones()))
def test_any_instant_with_a_zone_is_written_in_whole_seconds_of_utc(when: datetime) -> None:
    try:
        seconds = when.astimezone(UTC).replace(microsecond=0)
    except OverflowError:  # on the first and the last day there are
        with pytest.raises(NotConformant, match="outside the years"):
            samples.assertion(issued_on=when)
        return
    written = samples.assertion(issued_on=when).to_document()
    assert datetime.fromisoformat(written["issuedOn"]) == seconds
    assert ob2.Assertion.from_document(written).issued_on == seconds


def test_what_was_written_is_read_as_the_same_value() -> None:
    credential = samples.credential()
    assert ob3.OpenBadgeCredential.from_document(credential.to_document()) == credential


def test_context_id_and_type_come_first() -> None:
    assert list(samples.credential().to_document())[:3] == ["@context", "id", "type"]
    assert list(samples.assertion().to_document())[:3] == ["@context", "id", "type"]


def test_nothing_empty_is_written() -> None:
    written = ob3.Profile(id="urn:x:1", name=None, other_identifier=[]).to_document()
    assert written == {"id": "urn:x:1", "type": ["Profile"]}


def test_what_is_written_can_be_changed_without_changing_the_model() -> None:
    credential = samples.credential()
    credential.to_document()["endorsement"][0]["name"] = "Changed"
    assert credential == samples.credential()


def test_a_model_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        samples.achievement().name = "Changed"  # type: ignore[misc]


def test_a_value_may_stand_alone_where_the_standard_has_a_list() -> None:
    document = samples.credential().to_document()
    achievement = document["credentialSubject"]["achievement"]
    for node, member in ((document, "evidence"), (achievement, "alignment"), (achievement, "related")):
        (node[member],) = node[member]
    assert ob3.OpenBadgeCredential.from_document(document) == samples.credential()


@pytest.mark.parametrize(("member", "value"), [("type", None), ("type", "Profile"), ("@context", None)])
def test_a_document_has_to_state_what_a_model_adds_by_itself(member: str, value: Any) -> None:
    document = samples.credential().to_document()
    document[member] = value
    if value is None:
        del document[member]
    with pytest.raises(NotConformant) as refusal:
        ob3.OpenBadgeCredential.from_document(document)
    assert refusal.value.pointer == f"/{member}"


def test_a_refusal_points_at_the_place_as_it_stands_in_the_document() -> None:
    document = samples.credential().to_document()
    document["credentialSubject"]["achievement"]["alignment"] = {"type": "Alignment", "targetName": "Coaching"}
    with pytest.raises(NotConformant, match="Field required") as refusal:
        ob3.OpenBadgeCredential.from_document(document)
    assert refusal.value.pointer == "/credentialSubject/achievement/alignment/targetUrl"


def test_a_refusal_says_how_many_more_deviations_there_are() -> None:
    with pytest.raises(NotConformant, match=r"Achievement at /id: Field required \(3 more\)\.") as refusal:
        ob3.Achievement.from_document({"type": "Achievement"})
    assert refusal.value.pointer == "/id"


def test_a_model_that_is_built_refuses_like_one_that_is_read() -> None:
    with pytest.raises(NotConformant) as refusal:
        ob3.Alignment(target_name="Coaching", target_url="skills/coaching")
    assert refusal.value.pointer == "/targetUrl"


@pytest.mark.parametrize(
    "uri",
    ["", "x", "/achievements/1", "//guild.example", "http:", "https:///x", "https://?", "urn:a b", "urn:<>", "1:x"],
)
def test_a_link_has_to_be_absolute(uri: str) -> None:
    with pytest.raises(NotConformant, match="absolute"):
        ob3.Profile(id=uri)


@pytest.mark.parametrize(
    "uri",
    [
        "did:key:z6Mk",
        "urn:uuid:1",
        "mailto:a@b.example",
        "https://guild.example",
        "data:image/png;base64,AA==",
        "ftp:x",
    ],
)
def test_any_scheme_names_something(uri: str) -> None:
    assert ob3.Profile(id=uri).id == uri


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NotConformant, match="time zone") as refusal:
        samples.assertion(issued_on=datetime(2026, 11, 21, 9, 0))  # noqa: DTZ001
    assert refusal.value.pointer == "/issuedOn"


def test_an_instant_past_the_last_year_is_refused() -> None:
    with pytest.raises(NotConformant, match="outside the years"):
        samples.assertion(expires=datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1))))


def test_instants_are_kept_in_utc() -> None:
    bern = timezone(timedelta(hours=1))
    assert samples.assertion(issued_on=datetime(2026, 11, 21, 10, 0, tzinfo=bern)).issued_on == samples.AWARDED


@pytest.mark.parametrize("value", [True, "1", float("nan"), float("inf"), None, [1]])
def test_a_number_is_a_number(value: Any) -> None:
    with pytest.raises(NotConformant):
        ob3.GeoCoordinates(latitude=value, longitude=0)


@pytest.mark.parametrize("value", ["1815-12-1", "1815-12-32", 0, "tomorrow", "1815-12-10T00:00:00Z"])
def test_a_birthday_is_a_date(value: Any) -> None:
    with pytest.raises(NotConformant):
        ob3.Profile(id="urn:x:1", date_of_birth=value)
    document = {"id": "urn:x:1", "type": ["Profile"], "dateOfBirth": "1815-12-10"}
    assert ob3.Profile.from_document(document).to_document() == document


def test_types_of_ones_own_may_stand_beside_those_of_the_standard() -> None:
    document = samples.achievement().to_document() | {"type": ["ext:Thanks", "Achievement"]}
    written = ob3.Achievement.from_document(document).to_document()
    assert as_list(written["type"]) == ["ext:Thanks", "Achievement"]
