from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from badges import ob2
from badges.errors import NotConformant
from badges.keys import SigningKey
from tests.badges import samples

HOST = samples.HOST


@pytest.fixture(scope="module")
def key() -> SigningKey:
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return SigningKey.of(private_key, id=f"{HOST}/ob2/keys/1", controller=f"{HOST}/ob2/issuers/guild")


def profile() -> ob2.Profile:
    return ob2.Profile(
        id=f"{HOST}/ob2/issuers/guild",
        name="Guild of testers",
        url=HOST,
        email="guild@guild.example",
        public_key=f"{HOST}/ob2/keys/1",
        revocation_list=f"{HOST}/ob2/revocations/guild",
    )


def badge_class() -> ob2.BadgeClass:
    return ob2.BadgeClass(
        id=f"{HOST}/ob2/badgeclasses/1",
        name="Peer mentor",
        description="Mentored a member.",
        image=f"{HOST}/mentor.png",
        criteria=ob2.Criteria(narrative="Two nominations."),
        issuer=profile().id,
        tags=["mentoring"],
        alignment=[ob2.Alignment(target_name="Coaching", target_url="https://skills.example/coaching")],
    )


def test_a_profile_is_written_as_verifiers_read_it() -> None:
    assert profile().to_document() == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{HOST}/ob2/issuers/guild",
        "type": "Profile",
        "name": "Guild of testers",
        "url": HOST,
        "email": "guild@guild.example",
        "publicKey": f"{HOST}/ob2/keys/1",
        "revocationList": f"{HOST}/ob2/revocations/guild",
    }


def test_a_hosted_assertion_is_written_as_verifiers_read_it() -> None:
    assertion = samples.assertion(evidence=[ob2.Evidence(id="https://code.example/pull/1", narrative="Reviewed.")])
    assert assertion.to_document() == {
        "@context": "https://w3id.org/openbadges/v2",
        "id": f"{HOST}/ob2/assertions/1",
        "type": "Assertion",
        "recipient": {"type": "id", "hashed": False, "identity": "urn:uuid:00000000-0000-4000-8000-000000000100"},
        "badge": f"{HOST}/ob2/badgeclasses/1",
        "verification": {"type": "hosted"},
        "issuedOn": "2026-11-21T09:00:00Z",
        "evidence": [{"id": "https://code.example/pull/1", "narrative": "Reviewed."}],
    }


def test_a_signed_assertion_names_its_key() -> None:
    signed = ob2.VerificationObject.signed(f"{HOST}/ob2/keys/1")
    written = samples.assertion(id="urn:uuid:00000000-0000-4000-8000-000000000001", verification=signed).to_document()
    assert written["verification"] == {"type": "signed", "creator": f"{HOST}/ob2/keys/1"}


def test_a_whole_badge_can_stand_in_one_document_and_is_read_back() -> None:
    whole = samples.assertion(badge=badge_class().model_copy(update={"issuer": profile()}))
    written = whole.to_document()
    assert "@context" not in written["badge"]
    assert "@context" not in written["badge"]["issuer"]
    assert ob2.Assertion.from_document(written) == whole


@pytest.mark.parametrize("document", [profile(), badge_class(), samples.assertion()], ids=lambda d: type(d).__name__)
def test_what_is_written_is_read_back(document: ob2.Served) -> None:
    assert type(document).from_document(document.to_document()) == document


def test_a_hosted_assertion_has_the_url_that_serves_it() -> None:
    with pytest.raises(NotConformant, match="hosted"):
        samples.assertion(id="urn:uuid:00000000-0000-4000-8000-000000000001")


def test_an_assertion_that_nobody_can_verify_is_refused() -> None:
    with pytest.raises(NotConformant, match="neither hosted nor signed"):
        samples.assertion(verification=ob2.VerificationObject(type="trust-me"))


@pytest.mark.parametrize("name", ["hosted", "HostedBadge"])
def test_hosted_goes_by_two_names(name: str) -> None:
    assert ob2.VerificationObject(type=name).is_hosted
    assert not ob2.VerificationObject(type=name).is_signed


@pytest.mark.parametrize("member", ["recipient", "badge", "verification", "issuedOn", "id", "type"])
def test_an_assertion_lacks_nothing_that_is_required(member: str) -> None:
    document = samples.assertion().to_document()
    del document[member]
    with pytest.raises(NotConformant) as refusal:
        ob2.Assertion.from_document(document)
    assert refusal.value.pointer == f"/{member}"


@pytest.mark.parametrize("member", ["name", "description", "image", "criteria", "issuer"])
def test_a_badge_class_lacks_nothing_that_is_required(member: str) -> None:
    document = badge_class().to_document()
    del document[member]
    with pytest.raises(NotConformant) as refusal:
        ob2.BadgeClass.from_document(document)
    assert refusal.value.pointer == f"/{member}"


@pytest.mark.parametrize("member", ["name", "url", "email"])
def test_an_issuer_has_a_name_an_address_and_an_email(member: str) -> None:
    document = profile().to_document()
    del document[member]
    with pytest.raises(NotConformant):
        ob2.Profile.from_document(document)


@pytest.mark.parametrize("when", [1_763_715_600, "2026-11-21", "2026-11-21T09:00:00"])
def test_dates_of_version_1_and_dates_without_a_zone_are_refused(when: Any) -> None:
    with pytest.raises(NotConformant) as refusal:
        ob2.Assertion.from_document(samples.assertion().to_document() | {"issuedOn": when})
    assert refusal.value.pointer == "/issuedOn"


def test_a_hashed_email_is_found_by_who_knows_it() -> None:
    recipient = ob2.IdentityObject.hashed_identity("a@example.com", "Kosher")
    assert recipient.to_document() == {
        "type": "email",
        "hashed": True,
        "identity": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
        "salt": "Kosher",
    }
    assert recipient.is_of("a@example.com")
    assert not recipient.is_of("b@example.com")


def test_a_plain_recipient_is_found_by_the_identity_itself() -> None:
    assert ob2.IdentityObject.plain("did:key:z6Mk").is_of("did:key:z6Mk")
    with pytest.raises(NotConformant, match="hexadecimal"):
        ob2.IdentityObject(type="email", hashed=True, identity="a@example.com")


def test_a_key_is_published_with_its_owner_and_read_back(key: SigningKey) -> None:
    published = ob2.CryptographicKey.of(key.method)
    assert published.owner == f"{HOST}/ob2/issuers/guild"
    read = ob2.CryptographicKey.from_document(published.to_document()).verification_method()
    read.verify(key.sign(b"message"), b"message")
    assert (read.id, read.controller) == (key.id, key.controller)


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(NotConformant) as refusal:
        ob2.CryptographicKey(id=f"{HOST}/keys/1", owner=HOST, public_key_pem="-----BEGIN PUBLIC KEY-----")
    assert refusal.value.pointer == "/publicKeyPem"


def test_an_issuer_may_carry_its_keys_or_link_to_them() -> None:
    ed25519_key = SigningKey.of(
        ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)), id=f"{HOST}/k", controller=HOST
    )
    carried = ob2.CryptographicKey.of(ed25519_key.method)
    document = profile().to_document() | {"publicKey": [f"{HOST}/ob2/keys/1", carried.to_document()]}
    assert ob2.Profile.from_document(document).public_key == (f"{HOST}/ob2/keys/1", carried)


def test_a_revocation_list_never_holds_exactly_one_that_was_issued() -> None:
    for revoked in ({}, {"urn:uuid:1": "By mistake."}, {"urn:uuid:1": "By mistake.", "urn:uuid:2": None}):
        of = ob2.RevocationList.of(
            id=f"{HOST}/ob2/revocations/guild", issuer=profile().id, revoked=revoked, placeholder="urn:uuid:never"
        )
        entries = of.to_document()["revokedAssertions"]
        assert [entry["id"] for entry in entries] == [*revoked, "urn:uuid:never"]
        assert [entry.get("revocationReason") for entry in entries[:-1]] == list(revoked.values())


def test_a_revocation_list_of_bare_ids_is_read() -> None:
    document = {"@context": ob2.CONTEXT, "type": "RevocationList", "revokedAssertions": "urn:uuid:1"}
    assert ob2.RevocationList.from_document(document).revoked_assertions[0].id == "urn:uuid:1"


def test_what_is_left_of_a_revoked_assertion_says_so_and_why() -> None:
    assert ob2.revoked_assertion(f"{HOST}/ob2/assertions/1", "Left.") == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"{HOST}/ob2/assertions/1",
        "revoked": True,
        "revocationReason": "Left.",
    }
