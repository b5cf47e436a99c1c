from datetime import timedelta
from typing import Any

import pytest

from badges import ob3
from badges.documents import Document
from badges.errors import NotConformant
from tests.badges import samples


def credential(**changes: Any) -> ob3.OpenBadgeCredential:
    return ob3.OpenBadgeCredential.from_document(samples.credential().to_document() | changes)


def subject_of(**changes: Any) -> ob3.AchievementSubject:
    return ob3.AchievementSubject.from_document(samples.subject().to_document() | changes)


def test_the_contexts_are_the_two_that_every_judge_accepts() -> None:
    assert samples.credential().to_document()["@context"] == [ob3.CREDENTIALS_CONTEXT, ob3.OB_CONTEXT]
    assert samples.endorsement().to_document()["@context"] == [ob3.CREDENTIALS_CONTEXT, ob3.OB_CONTEXT]


@pytest.mark.parametrize(
    "members",
    [
        {"credential_schema": ob3.CredentialSchema(id="https://guild.example/schema.json")},
        {"refresh_service": ob3.RefreshService(id="https://guild.example/refresh")},
        {"credential_status": ob3.CredentialStatus(id="https://guild.example/r", type="1EdTechRevocationList")},
    ],
    ids=lambda members: next(iter(members)),
)
def test_a_type_of_1edtechs_own_brings_its_context(members: Document) -> None:
    own = ob3.EndorsementCredential(
        id="urn:uuid:00000000-0000-4000-8000-000000000001",
        name="Endorsement",
        issuer="https://guild.example",
        valid_from=samples.AWARDED,
        credential_subject=ob3.EndorsementSubject(id="https://guild.example/credentials/1"),
        **members,
    )
    assert own.to_document()["@context"] == [ob3.CREDENTIALS_CONTEXT, ob3.OB_CONTEXT, ob3.EXTENSIONS_CONTEXT]


@pytest.mark.parametrize(
    "contexts",
    [
        [],
        [ob3.OB_CONTEXT, ob3.CREDENTIALS_CONTEXT],
        [ob3.CREDENTIALS_CONTEXT],
        [ob3.CREDENTIALS_CONTEXT, "https://purl.imsglobal.org.evil.example/spec/ob/v3p0/context-3.0.3.json"],
        [ob3.CREDENTIALS_CONTEXT, {"name": "https://evil.example/name"}],
    ],
)
def test_contexts_of_another_order_or_host_are_refused(contexts: list[Any]) -> None:
    with pytest.raises(NotConformant) as refusal:
        credential(**{"@context": contexts})
    assert refusal.value.pointer == "/@context"


def test_earlier_patches_of_the_context_and_more_after_it_are_read() -> None:
    contexts = [ob3.CREDENTIALS_CONTEXT, ob3.OB_CONTEXT.replace("3.0.3", "3.0.1"), "https://guild.example/own.jsonld"]
    assert credential(**{"@context": contexts}).to_document()["@context"] == contexts


def test_a_credential_cannot_end_before_it_begins() -> None:
    with pytest.raises(NotConformant, match="validUntil is before validFrom"):
        credential(validUntil="2020-01-01T00:00:00Z")
    assert credential(validUntil="2026-11-21T09:00:00Z").valid_until == samples.AWARDED


@pytest.mark.parametrize("member", ["validFrom", "awardedDate", "validUntil"])
def test_dates_name_a_time_zone(member: str) -> None:
    with pytest.raises(NotConformant, match="time zone") as refusal:
        credential(**{member: "2027-01-01T00:00:00"})
    assert refusal.value.pointer == f"/{member}"


def test_fractions_of_seconds_are_not_written() -> None:
    later = samples.AWARDED + timedelta(microseconds=999_999)
    written = samples.endorsement().model_copy(update={"valid_from": later}).to_document()
    assert written["validFrom"] == "2026-11-21T09:00:00Z"


def test_the_issuer_is_a_profile_or_its_id() -> None:
    assert credential().issuer_id == "did:web:guild.example:issuers:guild"
    assert credential(issuer="https://guild.example").issuer_id == "https://guild.example"
    for nobody in (None, 5, "guild", {"type": ["Profile"]}, {"id": None, "type": ["Profile"]}):
        with pytest.raises(NotConformant):
            credential(issuer=nobody)


def test_a_subject_is_known_by_id_or_identifier_or_the_badge_is_nobodys() -> None:
    document = samples.subject().to_document()
    del document["id"]
    assert ob3.AchievementSubject.from_document(document).identifier
    del document["identifier"]
    with pytest.raises(NotConformant, match="who the recipient is"):
        ob3.AchievementSubject.from_document(document)


def test_a_result_belongs_to_what_the_achievement_describes() -> None:
    elsewhere = "urn:uuid:00000000-0000-4000-8000-0000000000ff"
    with pytest.raises(NotConformant, match="describes no result"):
        subject_of(result=[{"type": ["Result"], "resultDescription": elsewhere, "value": "A"}])
    with pytest.raises(NotConformant, match="has no level"):
        subject_of(result=[{"type": ["Result"], "achievedLevel": elsewhere}])


def test_a_result_of_type_status_needs_a_status() -> None:
    description = "urn:uuid:00000000-0000-4000-8000-000000000003"
    with pytest.raises(NotConformant, match="needs a status"):
        subject_of(result=[{"type": ["Result"], "resultDescription": description, "value": "done"}])


def test_a_required_level_is_one_of_the_levels() -> None:
    document = samples.achievement().to_document()["resultDescription"][0]
    with pytest.raises(NotConformant, match="requiredLevel"):
        ob3.ResultDescription.from_document(document | {"requiredLevel": "urn:uuid:other"})


def test_two_result_descriptions_cannot_share_an_id() -> None:
    document = samples.achievement().to_document()
    document["resultDescription"][1]["id"] = document["resultDescription"][0]["id"]
    with pytest.raises(NotConformant, match="same id"):
        ob3.Achievement.from_document(document)


@pytest.mark.parametrize("term", ["Badge", "ext:Thanks", "ext:my-own/type"])
def test_achievement_types_are_listed_or_ones_own(term: str) -> None:
    document = samples.achievement().to_document() | {"achievementType": term}
    assert ob3.Achievement.from_document(document).achievement_type == term


@pytest.mark.parametrize("term", ["badge", "", "ext:", "ext: x", "Thanks", "my ext:Thanks"])
def test_other_achievement_types_are_refused(term: str) -> None:
    with pytest.raises(NotConformant) as refusal:
        ob3.Achievement.from_document(samples.achievement().to_document() | {"achievementType": term})
    assert refusal.value.pointer == "/achievementType"


def test_a_status_of_a_result_cannot_be_ones_own() -> None:
    with pytest.raises(NotConformant):
        ob3.Result(status="ext:Nearly")


@pytest.mark.parametrize(
    "image",
    ["https://guild.example/a.png", {"id": "a.png", "type": "Image"}, {"id": "urn:x:1", "type": "Image", "alt": "x"}],
)
def test_an_image_is_an_object_with_id_type_and_caption_alone(image: Any) -> None:
    with pytest.raises(NotConformant) as refusal:
        ob3.Achievement.from_document(samples.achievement().to_document() | {"image": image})
    assert (refusal.value.pointer or "").startswith("/image")


def test_a_hashed_recipient_is_found_by_who_knows_the_identity() -> None:
    recipient = ob3.IdentityObject.hashed_identity("ben@guild.example", "sel")
    assert recipient.identity_type == "emailAddress"
    assert recipient.is_of("ben@guild.example")
    assert not recipient.is_of("cleo@guild.example")
    assert "ben" not in str(recipient.to_document())


def test_a_plain_recipient_is_found_by_the_identity_itself() -> None:
    recipient = ob3.IdentityObject.plain("ben", identity_type="userName")
    assert recipient.is_of("ben")
    assert not recipient.is_of("cleo")


def test_what_is_called_hashed_but_is_not_is_refused() -> None:
    with pytest.raises(NotConformant, match="hexadecimal"):
        ob3.IdentityObject(hashed=True, identity_hash="ben@guild.example", identity_type="emailAddress")


def test_a_status_entry_has_an_id_that_is_not_the_list() -> None:
    entry = ob3.BitstringStatusListEntry.at(7, status_list="https://guild.example/status/1")
    assert entry.to_document() == {
        "id": "https://guild.example/status/1#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://guild.example/status/1",
    }
    with pytest.raises(NotConformant, match="URL of the status list"):
        credential(credentialStatus=entry.to_document() | {"id": entry.status_list_credential})


@pytest.mark.parametrize("index", [7, "-7", "7.0", "0x7", "", "٣"])
def test_a_status_index_is_a_decimal_string(index: Any) -> None:
    entry = ob3.BitstringStatusListEntry.at(7, status_list="https://guild.example/status/1").to_document()
    with pytest.raises(NotConformant) as refusal:
        credential(credentialStatus=entry | {"statusListIndex": index})
    assert refusal.value.pointer == "/credentialStatus/statusListIndex"


def test_a_status_method_of_another_kind_is_kept() -> None:
    status = {"id": "https://guild.example/revoked", "type": "1EdTechRevocationList"}
    assert credential(credentialStatus=status).to_document()["credentialStatus"] == status


def test_two_status_entries_are_refused_as_both_schemas_do() -> None:
    entry = samples.credential().to_document()["credentialStatus"]
    with pytest.raises(NotConformant):
        credential(credentialStatus=[entry, entry])


def test_an_endorsement_needs_a_name() -> None:
    document = samples.endorsement().to_document()
    del document["name"]
    with pytest.raises(NotConformant) as refusal:
        ob3.EndorsementCredential.from_document(document)
    assert refusal.value.pointer == "/name"


def test_an_embedded_endorsement_stays_as_it_was_signed() -> None:
    signed = samples.endorsement().to_document() | {
        "validFrom": "2026-11-21T10:00:00.500+01:00",
        "proof": {"type": "x"},
    }
    assert credential(endorsement=signed).to_document()["endorsement"] == [signed]
    with pytest.raises(NotConformant, match="EndorsementCredential"):
        credential(endorsement=[samples.issuer().to_document()])


def test_endorsements_as_jwt_are_compact_jws() -> None:
    assert credential(endorsementJwt="e30.e30.AA").to_document()["endorsementJwt"] == ["e30.e30.AA"]
    with pytest.raises(NotConformant):
        credential(endorsementJwt=["not a token"])


def test_proofs_are_kept_and_written_as_an_array() -> None:
    assert credential(proof={"type": "DataIntegrityProof"}).to_document()["proof"] == [{"type": "DataIntegrityProof"}]


@pytest.mark.parametrize("encoded", ["H4sIAAAA", "uH4sI=", "u", "zH4sI"])
def test_a_status_list_credential_needs_a_multibase_list(encoded: str) -> None:
    with pytest.raises(NotConformant):
        ob3.BitstringStatusList(status_purpose="revocation", encoded_list=encoded)
