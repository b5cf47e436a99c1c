"""New keys: what the old ones signed goes on verifying, unless they were stolen; and some keys are better kept."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa

from app.issuers.keys import KeepsItsKey, KeyIsTheName
from app.issuers.service import LARGEST_DID_DOCUMENT, NoRoomForKeys
from app.kit.database import read_session
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import rotate
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

FORMS = {
    "data-integrity": ("/credentials/{}.json", "application/json"),
    "vc-jwt": ("/credentials/{}.jwt", "text/plain"),
    "ob2-hosted": ("/ob2/assertions/{}", "application/json"),
    "ob2-signed": ("/ob2/assertions/{}.jws", "text/plain"),
}
OB3 = {"data-integrity", "vc-jwt"}


def copies(guild: Guild, badge: dict[str, Any]) -> dict[str, bytes]:
    """A badge as its holder has it, in every form."""
    return {form: guild.get(path.format(badge["id"])).content for form, (path, _) in FORMS.items()}


def verified(guild: Guild, held: dict[str, bytes]) -> set[str]:
    """The forms in which a badge is verified."""
    reports = {form: guild.verdict(copy, FORMS[form][1]) for form, copy in held.items()}
    assert {form: report["format"] for form, report in reports.items()} == {form: form for form in FORMS}
    return {form for form, report in reports.items() if report["verified"]}


def award(guild: Guild, achievement: dict[str, Any], who: str) -> dict[str, bytes]:
    return copies(guild, guild.badge(achievement, recipient={"did": f"did:example:{who}"}))


@on_both_databases
def test_what_retired_keys_signed_verifies_beside_what_the_new_ones_sign(web: Guild, clock: SettableClock) -> None:
    achievement = web.achievement()
    before = award(web, achievement, "before")
    methods = [method["id"] for method in done(web.get("/issuers/guild/did.json"), 200)["verificationMethod"]]
    clock.forward(days=1)
    made = rotate(web)
    document = done(web.get("/issuers/guild/did.json"), 200)
    listed = [method["id"] for method in document["verificationMethod"]]
    assert [id.partition("#")[2] for id in listed[:2]] == [
        key.kid for key in sorted(made, key=lambda key: key.kind.value != "p256")
    ]
    assert listed[2:] == methods
    assert document["assertionMethod"] == listed
    after = award(web, achievement, "after")
    for held in (before, after):
        assert verified(web, held) == set(FORMS)
    new = done(web.get("/credentials/" + web.badge(recipient={"did": "did:example:x"})["id"] + ".json"), 200)
    assert new["proof"][0]["verificationMethod"] == listed[1]


def test_what_stolen_keys_signed_is_believed_no_more_and_all_else_is(web: Guild, clock: SettableClock) -> None:
    achievement = web.achievement()
    before = award(web, achievement, "before")
    clock.forward(days=1)
    rotate(web)
    revoked = web.badge(achievement, recipient={"did": "did:example:revoked"})
    held = copies(web, revoked)
    done(
        web.post(f"/v1/credentials/{revoked['id']}/revoke", {"reason": "x"}), 200
    )  # signs the list with the second keys
    stolen = award(web, achievement, "stolen")
    kids = [key["kid"] for key in done(web.get("/issuers/guild/jwks.json"), 200)["keys"]]
    clock.forward(days=1)
    rotate(web, compromised=True)
    after = award(web, achievement, "after")
    assert verified(web, before) == set(FORMS)
    assert verified(web, after) == set(FORMS)
    assert verified(web, stolen) == set(FORMS) - OB3
    assert verified(web, held) == set()
    left = [key["kid"] for key in done(web.get("/issuers/guild/jwks.json"), 200)["keys"]]
    gone = set(kids) - set(left)
    assert len(gone) == 2
    published = web.get("/issuers/guild/did.json").text
    for kid in gone:
        assert kid not in published
        assert web.get(f"/issuers/guild/keys/{kid}").status_code == 404


def test_a_stolen_ob2_key_proves_nothing_and_hosted_badges_stay(web: Guild, clock: SettableClock) -> None:
    achievement = web.achievement()
    before = award(web, achievement, "before")
    clock.forward(days=1)
    rotate(web, ob2=True, compromised=True)
    assert "publicKey" not in done(web.get("/ob2/issuers/guild"), 200)
    assert verified(web, before) == set(FORMS) - {"ob2-signed"}
    assert verified(web, award(web, achievement, "after")) == set(FORMS)


@on_both_databases
def test_a_did_key_is_changed_only_by_becoming_another_issuer(guild: Guild, clock: SettableClock) -> None:
    achievement = guild.achievement()
    before = award(guild, achievement, "before")
    name = done(guild.get("/issuers/guild.json"), 200)["id"]
    for how in ({}, {"compromised": True}):
        with pytest.raises(KeyIsTheName):
            rotate(guild, **how)
    assert done(guild.get("/issuers/guild.json"), 200)["id"] == name
    clock.forward(days=1)
    rotate(guild, new_issuer=True)
    assert done(guild.get("/issuers/guild.json"), 200)["id"] != name
    for held in (before, award(guild, achievement, "after")):
        assert verified(guild, held) == set(FORMS)


def test_the_ob2_key_is_changed_only_when_it_is_stolen(web: Guild) -> None:
    before = web.get("/issuers/guild/jwks.json").content
    with pytest.raises(KeepsItsKey):
        rotate(web, ob2=True)
    assert web.get("/issuers/guild/jwks.json").content == before


def test_keys_are_kept_as_long_as_resolvers_read_the_whole_document(web: Guild, clock: SettableClock) -> None:
    achievement = web.achievement()
    first = award(web, achievement, "first")
    rotations = 0
    with suppress(NoRoomForKeys):
        while rotations < 100:
            clock.forward(days=365)
            rotate(web)
            rotations += 1
    assert 8 <= rotations < 100
    full = web.get("/issuers/guild/did.json").content
    assert LARGEST_DID_DOCUMENT * 0.85 < len(full) <= LARGEST_DID_DOCUMENT
    rotate(web, compromised=True)
    assert web.get("/issuers/guild/did.json").content != full
    assert len(web.get("/issuers/guild/did.json").content) <= LARGEST_DID_DOCUMENT
    for held in (first, award(web, achievement, "last")):
        assert verified(web, held) == set(FORMS)


@on_both_databases
def test_two_rotations_at_once_leave_one_active_key_of_each_kind(web: Guild, engine: sa.Engine) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: rotate(web), range(2)))
    with read_session(engine) as session:
        active = session.execute(
            sa.text("SELECT kind, generation FROM community_key WHERE state = 'active' ORDER BY kind")
        ).all()
        told = session.execute(sa.text("SELECT count(*) FROM event WHERE type = 'keys.rotated'")).scalar_one()
    assert [tuple(row) for row in active] == [("ed25519", 3), ("p256", 3), ("rsa", 1)]
    assert told == 2
