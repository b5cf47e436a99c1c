"""Until when a published key counts."""

from datetime import datetime, timedelta

import pytest

from badges.documents import timestamp
from badges.errors import (
    ForeignKey,
    RevokedKey,
    UnreadableKey,
)
from tests.badges.web import DID, ED, Web, method_of, multikey, the_web
from tests.far_issuer import NOW

DAY = timedelta(days=1)


def ending(**members: datetime) -> Web:
    return the_web(verificationMethod=[multikey(ED.method, **{k: timestamp(at) for k, at in members.items()})])


def test_a_key_that_expired_still_speaks_for_what_it_signed_before() -> None:
    web = ending(expires=NOW - DAY)
    assert method_of(DID, ED.id, fetch=web, at=NOW - 2 * DAY) == ED.method
    for at in (NOW - DAY, NOW, None):
        with pytest.raises(ForeignKey, match="expired"):
            method_of(DID, ED.id, fetch=web, at=at)
    assert method_of(DID, ED.id, fetch=ending(expires=NOW + DAY)) == ED.method


def test_of_a_revoked_key_nobody_can_tell_when_it_signed() -> None:
    web = ending(revoked=NOW - DAY)
    for header in (None, ED.method.jwk()):
        name = ED.id if header is None else None
        with pytest.raises(RevokedKey):
            method_of(DID, name, jwk=header, fetch=web, at=NOW - 2 * DAY)
        with pytest.raises(ForeignKey, match="revoked"):
            method_of(DID, name, jwk=header, fetch=web, at=NOW - DAY)
    assert method_of(DID, ED.id, fetch=ending(revoked=NOW + DAY), at=NOW) == ED.method


def test_a_key_that_is_revoked_in_one_place_is_revoked_in_all() -> None:
    revoked = multikey(ED.method, revoked=timestamp(NOW - DAY))
    for changes in (
        {"verificationMethod": [revoked], "assertionMethod": [multikey(ED.method)]},
        {"verificationMethod": [multikey(ED.method), revoked]},
        {"verificationMethod": [revoked, multikey(ED.method)], "assertionMethod": [multikey(ED.method)]},
    ):
        for name, header in ((ED.id, None), (None, ED.method.jwk())):
            with pytest.raises(RevokedKey):
                method_of(DID, name, jwk=header, fetch=the_web(**changes), at=NOW - 2 * DAY)


@pytest.mark.parametrize("member", ["expires", "revoked"])
def test_a_key_that_ends_at_no_instant_cannot_be_read(member: str) -> None:
    for when in ("soon", "2020-01-01", True):
        with pytest.raises(UnreadableKey):
            method_of(DID, ED.id, fetch=the_web(verificationMethod=[multikey(ED.method, **{member: when})]))
    never = the_web(verificationMethod=[multikey(ED.method, **{member: None})])
    assert method_of(DID, ED.id, fetch=never) == ED.method


def test_who_controls_a_key_may_be_said_in_a_list_or_not_at_all() -> None:
    for controller in ([DID], ["did:web:stranger.example", DID], None, []):
        web = the_web(verificationMethod=[multikey(ED.method, controller=controller)])
        assert method_of(DID, ED.id, fetch=web) == ED.method
    with pytest.raises(ForeignKey, match="controlled"):
        method_of(DID, ED.id, fetch=the_web(verificationMethod=[multikey(ED.method, controller=["urn:x"])]))


def test_a_key_at_an_address_that_is_listed_as_revoked_is_revoked() -> None:
    address = "https://far.example/keys/1"
    web = ending(revoked=NOW - DAY)
    web.pages[address] = {"id": address, "publicKeyJwk": ED.method.jwk()}
    with pytest.raises(RevokedKey):
        method_of(DID, address, fetch=web, at=NOW - 2 * DAY)
