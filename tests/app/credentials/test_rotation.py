"""Changing a community's keys: what goes on verifying, and what must not."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.credentials import rotation
from app.issuers.keys import KeepsItsKey, KeyIsTheName
from app.kit.database import read_session, write_session
from app.kit.journal import Event
from app.kit.occasions import Occasion
from app.members.service import community_by_slug
from app.settings import Settings
from tests.app.guild import SLUG, Guild, done
from tests.live import environment
from tests.service import ADMIN_TOKEN, on_both_databases

HTTPS = "https://badges.example.org"
DEMO = "http://127.0.0.1:8000"
FORMS = ("json", "jwt")

Rotate = Callable[..., None]


@pytest.fixture(params=[HTTPS])
def settings(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Settings:
    """An installation under https, whose issuers are did:web; or, where a test asks so, a demo."""
    values = {"database_url": database, "admin_token": ADMIN_TOKEN, "state_dir": tmp_path, "public_url": request.param}
    return Settings.model_validate(values)


on_http = pytest.mark.parametrize("settings", [DEMO], indirect=True)


@pytest.fixture
def guild(client: TestClient) -> Guild:
    return Guild(client).found()


@pytest.fixture
def rotate(app: FastAPI, guild: Guild) -> Rotate:
    """Changes the guild's keys as the operator does, beside the running service."""
    runtime = app.state.runtime

    def rotate(**options: bool) -> None:
        on = Occasion(actor="operator", now=runtime.clock(), ids=runtime.ids)
        with write_session(runtime.engine) as session:
            community = community_by_slug(session, SLUG)
            rotation.rotate(session, community, at=runtime.installation, on=on, **options)

    return rotate


def served(guild: Guild, badge: dict[str, Any], form: str) -> str:
    """A form of a badge as its holder downloads it."""
    kinds = {"ob2": f"/ob2/assertions/{badge['id']}", "ob2.jws": f"/ob2/assertions/{badge['id']}.jws"}
    return guild.get(kinds.get(form, f"/credentials/{badge['id']}.{form}")).text


def verdict(guild: Guild, text: str) -> str:
    report = guild.verdict(text, "application/json" if text.startswith("{") else "text/plain")
    word: str = report["verdict"]
    return word


def status_list_of(guild: Guild, text: str) -> dict[str, Any]:
    url = json.loads(text)["credentialStatus"]["statusListCredential"]
    return done(guild.get(urlsplit(url).path), 200)


def test_what_the_old_keys_signed_verifies_after_they_are_retired(guild: Guild, rotate: Rotate) -> None:
    badge = guild.badge()
    before = [served(guild, badge, form) for form in (*FORMS, "ob2", "ob2.jws")]
    rotate()
    assert [verdict(guild, text) for text in before] == ["valid"] * 4


def test_a_new_badge_is_signed_with_the_new_keys(guild: Guild, rotate: Rotate) -> None:
    old = json.loads(served(guild, guild.badge(), "json"))
    rotate()
    new = json.loads(served(guild, guild.badge(guild.achievement(name="Another")), "json"))
    listed = done(guild.get(f"/issuers/{SLUG}/did.json"), 200)["assertionMethod"]
    assert new["issuer"]["id"] == old["issuer"]["id"]
    assert [new["proof"][0]["verificationMethod"], old["proof"][0]["verificationMethod"]] == [listed[1], listed[3]]
    assert verdict(guild, json.dumps(new)) == "valid"


def test_status_lists_are_signed_with_the_new_keys_and_say_the_same(guild: Guild, rotate: Rotate) -> None:
    achievement = guild.achievement()
    good, bad = (guild.badge(achievement, recipient={"did": f"did:example:{name}"}) for name in ("good", "bad"))
    done(guild.post(f"/v1/credentials/{bad['id']}/revoke", {"reason": "By mistake."}), 200)
    texts = [served(guild, badge, form) for badge in (good, bad) for form in FORMS]
    before = status_list_of(guild, texts[0])
    rotate()
    after = status_list_of(guild, texts[0])
    newest = done(guild.get(f"/issuers/{SLUG}/did.json"), 200)["assertionMethod"][1]
    assert after["proof"][0]["verificationMethod"] == newest != before["proof"][0]["verificationMethod"]
    assert after["credentialSubject"]["encodedList"] == before["credentialSubject"]["encodedList"]
    assert [verdict(guild, text) for text in texts] == ["valid", "valid", "revoked", "revoked"]


def test_a_compromised_key_vouches_for_nothing_and_takes_no_other_badge_with_it(guild: Guild, rotate: Rotate) -> None:
    def badge(name: str) -> list[str]:
        made = guild.badge(achievement, recipient={"did": f"did:example:{name}"})
        return [served(guild, made, form) for form in FORMS]

    achievement = guild.achievement()
    under_the_first = badge("first")
    rotate()
    under_the_stolen = badge("second")
    rotate(compromised=True)
    assert [verdict(guild, text) for text in under_the_first] == ["valid", "valid"]
    # who names a key that the issuer does not list cannot be checked; who brings it along is caught
    assert [verdict(guild, text) for text in under_the_stolen] == ["unknown", "forged"]
    assert [verdict(guild, text) for text in badge("third")] == ["valid", "valid"]


def test_a_compromised_key_is_published_nowhere(guild: Guild, rotate: Rotate) -> None:
    def published() -> set[str]:
        return {key["kid"] for key in done(guild.get(f"/issuers/{SLUG}/jwks.json"), 200)["keys"]}

    stolen = published()
    rotate(compromised=True)
    rotate(compromised=True, ob2=True)
    assert len(published()) == 3
    assert not published() & stolen
    did_document = guild.get(f"/issuers/{SLUG}/did.json").text
    assert not [kid for kid in stolen if kid in did_document]
    assert {guild.get(f"/issuers/{SLUG}/keys/{kid}").status_code for kid in stolen} == {404}


def test_a_hosted_assertion_outlives_the_key_that_signed_its_twin(guild: Guild, rotate: Rotate) -> None:
    badge = guild.badge()
    hosted, signed = served(guild, badge, "ob2"), served(guild, badge, "ob2.jws")
    rotate(compromised=True, ob2=True)
    assert verdict(guild, hosted) == "valid"
    assert verdict(guild, signed) == "unknown"
    assert verdict(guild, served(guild, guild.badge(guild.achievement(name="Another")), "ob2.jws")) == "valid"


def test_the_ob2_key_stays_unless_it_was_compromised(guild: Guild, rotate: Rotate) -> None:
    with pytest.raises(KeepsItsKey):
        rotate(ob2=True)


@on_http
def test_a_did_key_is_not_given_up_by_mistake(guild: Guild, rotate: Rotate) -> None:
    before = guild.get(f"/issuers/{SLUG}/did.json").text
    with pytest.raises(KeyIsTheName):
        rotate()
    assert guild.get(f"/issuers/{SLUG}/did.json").text == before


@on_http
def test_a_new_issuer_leaves_the_old_ones_badges_and_lists_as_they_were(guild: Guild, rotate: Rotate) -> None:
    achievement = guild.achievement()
    badge = guild.badge(achievement)
    old = served(guild, badge, "json")
    rotate(new_issuer=True)
    new = served(guild, guild.badge(achievement, recipient={"did": "did:example:cy"}), "json")
    assert json.loads(new)["issuer"]["id"] != json.loads(old)["issuer"]["id"]
    assert [verdict(guild, old), verdict(guild, new)] == ["valid", "valid"]
    done(guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "By mistake."}), 200)
    assert [verdict(guild, old), verdict(guild, new)] == ["revoked", "valid"]


@on_http
def test_keys_are_not_rotated_under_an_address_that_no_badge_bears(guild: Guild, settings: Settings) -> None:
    guild.badge()
    folder = settings.state_dir
    command = [sys.executable, "-m", "app", "keys", "rotate", SLUG]
    env = environment(folder, public_url=HTTPS)
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 69
    assert f"LAURELS_PUBLIC_URL={DEMO}" in said.stderr
    assert said.stdout == ""


@on_both_databases
def test_a_key_that_was_given_up_signs_nothing_later(guild: Guild, rotate: Rotate, engine: sa.Engine) -> None:
    """Leans on `journal.hold` in `editions.issue`, before the keys are read. While awards and answers go on, the keys
    are declared stolen; whatever the journal tells after that is signed by the new ones."""
    achievements = [guild.achievement(name=f"Kindness {n}") for n in range(4)]
    offers = {n: guild.offer(achievements[n % 4], {"email": f"asked{n}@people.example"}) for n in range(0, 16, 2)}

    def call(n: int) -> Any:
        if n == 16:
            return rotate(compromised=True)
        if n in offers:
            return done(guild.claim(offers[n], visibility="public"), 200)
        recipient = {"email": f"late{n}@people.example"}
        return done(guild.award(achievements[n % 4], recipient, consent="given", visibility="public"), 201)

    with ThreadPoolExecutor(17) as threads:
        badges = {badge["id"]: badge for badge in threads.map(call, [*range(8), 16, *range(8, 16)]) if badge}
    with read_session(engine) as session:
        told = session.exec(select(Event.type, Event.subject).order_by(col(Event.seq))).all()
    [rotation_at] = [n for n, (kind, _) in enumerate(told) if kind == "keys.rotated"]
    later = [subject for kind, subject in told[rotation_at:] if kind == "credential.issued"]
    assert {verdict(guild, served(guild, badges[id], form)) for id in later for form in FORMS} <= {"valid"}
    fresh = guild.badge(achievements[0], recipient={"email": "fresh@people.example"})
    assert {verdict(guild, served(guild, fresh, form)) for form in FORMS} == {"valid"}
