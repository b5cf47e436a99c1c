"""Somebody vouches with a key of their own: it is verified before it is taken, and kept byte for byte."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

import badges
from app.cli.archives import judged_archive
from app.cli.talking import Status
from app.endorsements.deadlines import JOBS as DEADLINES
from app.main import create_app
from app.portfolio.offline import verify
from app.settings import Settings
from app.worker import run_once
from tests.app.commands import laurels
from tests.app.endorsements.test_endorsing import SAID, respond
from tests.app.guild import PUBLIC_URL, Guild, done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.test_dids import World, own
from tests.app.portfolio.exporting import unpacked
from tests.client import Client
from tests.far_issuer import FarIssuer
from tests.far_keys import FarKeys
from tests.live import environment
from tests.stand_ins import THEN, CountingIds, SettableClock

CY, MALLORY = FarKeys("did:key", "Cy"), FarKeys("did:key", "Mallory")
ELSEWHERE = FarKeys("did:web", "Cy")
"""What Cy publishes on a site of their own."""


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def guild(settings: Settings, clock: SettableClock, ids: CountingIds, world: World) -> Iterator[Guild]:
    """Bo has a badge, Cy a DID of their own, Ste is a steward."""
    with Client(create_app(settings, clock=clock, ids=ids, fetch=world)) as client:
        guild = Guild(client).found()
        for handle, role in (("bo", "member"), ("cy", "member"), ("ste", "steward")):
            guild.member(handle, role=role)
            guild.tokens[handle] = guild.token(handle, role)
        own(guild, CY, "cy")
        yield guild


@pytest.fixture
def badge(guild: Guild) -> dict[str, Any]:
    return guild.badge(recipient={"member": "bo"})


def credential(about: str, keys: FarKeys = CY, **changes: Any) -> badges.Document:
    """An EndorsementCredential without its proof."""
    subject = badges.ob3.EndorsementSubject(id=about, endorsement_comment=SAID)
    return (
        badges.ob3.EndorsementCredential(
            id="https://cy.example/endorsements/1",
            name="Cy vouches for it",
            issuer=badges.ob3.Profile(id=keys.id, name="Cy"),
            valid_from=THEN - timedelta(days=1),
            credential_subject=subject,
        ).to_document()
        | changes
    )


def embedded(about: str, keys: FarKeys = CY, **changes: Any) -> str:
    signed = badges.add_proof(credential(about, keys, **changes), keys.ed25519, created=THEN)
    return json.dumps(signed, indent=1)  # as nobody here would write it


def enveloped(about: str, keys: FarKeys = CY, **changes: Any) -> str:
    return badges.sign_credential(credential(about, keys, **changes), keys.ed25519, embed_key=True)


def vouch(
    guild: Guild, id: str, signed: str, subject: str = "credential", by: str = "cy", **more: Any
) -> httpx2.Response:
    """Offers what was signed, as it is written."""
    given = signed if signed.startswith("{") else json.dumps(signed)
    rest = json.dumps({"subject": subject, "id": id} | more)
    content = rest[:-1] + f', "signed": {given}}}'
    headers = {"Authorization": f"Bearer {guild.tokens[by]}", "Content-Type": "application/json"}
    return guild.client.post("/v1/endorsements", content=content.encode(), headers=headers)


@pytest.mark.parametrize("form", [embedded, enveloped])
def test_what_an_endorser_signs_is_shown_as_they_signed_it(
    guild: Guild, badge: dict[str, Any], form: Any, settings: Settings, tmp_path: Path
) -> None:
    signed = form(badge["url"])
    offered = done(vouch(guild, badge["id"], signed), 201)
    assert (offered["signed_by"], offered["comment"], offered["url"]) == ("endorser", SAID, None)
    accepted = done(respond(guild, offered["id"], "accept"), 200)
    hosted = guild.get(path_of(accepted["url"]))
    assert hosted.text == signed
    suffix, other = ("json", "jwt") if form is embedded else ("jwt", "json")
    assert guild.get(f"{path_of(accepted['url'])}.{suffix}").text == signed
    refused(guild.get(f"{path_of(accepted['url'])}.{other}"), 404, "no-such-endorsement")
    refused(guild.get(f"/ob2/endorsements/{offered['id']}"), 404, "no-such-endorsement")
    media = "application/json" if form is embedded else "text/plain"
    whole = guild.get(f"/credentials/{badge['id']}.{suffix}").content
    report = guild.verdict(whole, media)
    assert report["verdict"] == "valid", report
    assert [(each["verified"], each["issuer"]["id"]) for each in report["endorsements"]] == [(True, CY.id)], report
    # Taken back, nothing that was signed tells of it: so its address does, and it is shown no more.
    done(guild.post(f"/v1/endorsements/{offered['id']}/withdraw", token=guild.tokens["cy"]), 200)
    refused(guild.get(path_of(accepted["url"])), 410, "endorsement-withdrawn")
    assert guild.verdict(guild.get(f"/credentials/{badge['id']}.{suffix}").content, media)["endorsements"] == []
    assert guild.verdict(whole, media)["verified"]
    env = environment(tmp_path, database_url=str(settings.database_url), state_dir=str(settings.state_dir))
    exported = laurels("export-issuer", tmp_path / "files", "--community", guild.slug, env=env)
    assert exported.status == 0, exported.talk
    assert not [*(tmp_path / "files").rglob(f"{offered['id']}*")]


def test_a_portfolio_names_who_signed_and_not_what_they_call_it(guild: Guild, badge: dict[str, Any]) -> None:
    offered = done(vouch(guild, badge["id"], embedded(badge["url"], name="The Royal Academy endorses Bo")), 201)
    done(respond(guild, offered["id"], "accept"), 200)
    bo = guild.get(f"/v1/communities/{guild.slug}/members/bo", token=guild.tokens["bo"]).json()
    shown = guild.get(f"/v1/members/{bo['id']}/portfolio?format=html").text
    assert "Royal Academy" not in shown
    assert "<bdi>Cy</bdi> (signed with a key of their own)" in shown


@pytest.mark.parametrize(("keys", "form"), [(CY, enveloped), (ELSEWHERE, embedded), (ELSEWHERE, enveloped)])
def test_an_exported_badge_that_shows_it_verifies_by_itself(
    guild: Guild, badge: dict[str, Any], world: World, tmp_path: Path, keys: FarKeys, form: Any
) -> None:
    if keys is ELSEWHERE:
        world.sites.append(keys)
        own(guild, keys, "cy")
    id = done(vouch(guild, badge["id"], form(badge["url"], keys)), 201)["id"]
    done(respond(guild, id, "accept"), 200)
    bo = done(guild.get(guild.in_guild("members/bo"), token=guild.tokens["bo"]), 200)["id"]
    zip = guild.get(f"/v1/members/{bo}/portfolio?format=zip", token=guild.tokens["bo"]).content
    (tmp_path / "bo.zip").write_bytes(zip)
    assert verify.main(unpacked(zip, tmp_path / "bo"), THEN) == 0
    judged = judged_archive(str(tmp_path / "bo.zip"), recipient=None, now=THEN, with_reports=False)
    assert judged.status is Status.verified, judged.told
    # What its endorser publishes is not enclosed, so nobody can tell; that takes nothing from the badge.
    assert bool(judged.badges[0].wrong) is (keys is ELSEWHERE), judged.told


def test_an_achievement_and_an_issuer_are_endorsed_by_their_own_ids(guild: Guild, badge: dict[str, Any]) -> None:
    document = guild.get(f"/credentials/{badge['id']}.json").json()
    achievement, issuer = document["credentialSubject"]["achievement"], document["issuer"]
    for subject, id, about in (
        ("achievement", achievement["id"].rpartition("/")[2].partition("-v")[0], achievement["id"]),
        ("issuer", guild.slug, issuer["id"]),
    ):
        offered = done(vouch(guild, id, embedded(about), subject), 201)
        done(respond(guild, offered["id"], "accept", "ste"), 200)
        path = f"/endorsed/achievements/{id}.json" if subject == "achievement" else f"/endorsed/issuers/{id}.json"
        [shown] = guild.get(path).json()["endorsement"]
        assert shown["issuer"]["id"] == CY.id


def test_what_is_not_theirs_not_of_this_or_not_right_is_not_taken(guild: Guild, badge: dict[str, Any]) -> None:
    about = badge["url"]
    forged = embedded(about).replace("sat beside him", "sat beside me.")
    past = (THEN - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    short = {"credentialSubject": credential(about)["credentialSubject"] | {"endorsementComment": "Good."}}
    unreachable = {
        "id": "https://nowhere.example/status/1#1",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://nowhere.example/status/1",
    }
    wrong = [
        (forged, "endorsement-not-verified"),
        (embedded(about, validUntil=past), "endorsement-not-verified"),
        (enveloped(about)[:-8] + "AAAAAAAA", "endorsement-not-verified"),
        (embedded(about, credentialStatus=unreachable), "endorsement-unchecked"),
        (embedded(about, MALLORY), "did-not-yours"),
        (embedded(f"{PUBLIC_URL}/credentials/00000000-0000-4000-8000-0000000000ff"), "endorsement-misdirected"),
        (embedded(about, **short), "not-an-endorsement"),
        (embedded(about, name="Cy\u202ethgir"), "not-an-endorsement"),
        (enveloped(about, name="two\nlines"), "not-an-endorsement"),
        (embedded(about, endorsement=[json.loads(embedded(about, id="urn:x:2"))]), "not-an-endorsement"),
        (guild.get(f"/credentials/{badge['id']}.json").text, "not-an-endorsement"),
        (embedded(about, id=about), "not-an-endorsement"),
        ("a.b.c", "not-an-endorsement"),
        (embedded(about, description="x" * 20_000), "invalid"),
        (embedded(about).replace("\n", " " * 900 + "\n"), "invalid"),
    ]
    for signed, code in wrong:
        problem = refused(vouch(guild, badge["id"], signed), 422, code)
        assert {error["pointer"].split("/")[1] for error in problem["errors"]} == {"signed"}
    refused(vouch(guild, badge["id"], embedded(about), comment=SAID), 422, "invalid")
    refused(vouch(guild, badge["id"], embedded(about), skills=["s"]), 422, "invalid")
    body = {"subject": "credential", "id": badge["id"]}
    refused(guild.post("/v1/endorsements", body, token=guild.tokens["cy"]), 422, "invalid")
    refused(vouch(guild, badge["id"], embedded(about), by="bo"), 403, "own-endorsement")
    assert done(guild.get("/v1/endorsements", token=guild.tokens["bo"]), 200)["items"] == []


def test_two_by_one_id_are_not_shown_in_one_badge(guild: Guild, badge: dict[str, Any]) -> None:
    guild.member("dee")
    guild.tokens["dee"], keys = guild.token("dee"), FarKeys("did:key", "Dee")
    own(guild, keys, "dee")
    first = done(vouch(guild, badge["id"], embedded(badge["url"])), 201)
    second = done(vouch(guild, badge["id"], embedded(badge["url"], keys), by="dee"), 201)
    done(respond(guild, first["id"], "accept"), 200)
    refused(respond(guild, second["id"], "accept"), 409, "endorsement-does-not-fit")
    done(respond(guild, first["id"], "decline"), 200)
    done(respond(guild, second["id"], "accept"), 200)
    refused(respond(guild, first["id"], "accept"), 409, "endorsement-does-not-fit")
    assert len(guild.get(f"/credentials/{badge['id']}.json").json()["endorsement"]) == 1


def test_whose_did_no_longer_answers_is_told_so_and_its_time_is_kept(
    guild: Guild, badge: dict[str, Any], world: World, clock: SettableClock
) -> None:
    keys = FarKeys("did:web", "Cy")
    world.sites.append(keys)
    own(guild, keys, "cy")
    world.sites.clear()
    soon = (THEN + timedelta(days=5)).isoformat().replace("+00:00", "Z")
    signed = embedded(badge["url"], keys, validUntil=soon)
    refused(vouch(guild, badge["id"], signed), 422, "endorsement-unchecked")
    world.sites.append(keys)
    offered = done(vouch(guild, badge["id"], signed), 201)
    clock.forward(days=5)
    refused(respond(guild, offered["id"], "accept"), 409, "endorsement-over")
    done(respond(guild, offered["id"], "decline"), 200)


def test_what_its_endorser_revokes_in_a_list_of_their_own_is_withdrawn_here_within_a_day(
    guild: Guild, badge: dict[str, Any], world: World, clock: SettableClock
) -> None:
    cy = FarIssuer(mode="did:web", name="Cy")
    cy.age_lists(timedelta(days=-30))
    world.sites.append(cy)
    own(guild, cy, "cy")
    entry = cy.credential()["credentialStatus"]
    signed = embedded(badge["url"], cy, credentialStatus=entry)
    offered = done(vouch(guild, badge["id"], signed), 201)
    done(respond(guild, offered["id"], "accept"), 200)

    def after_a_day() -> str:
        runtime = runtime_of(guild)
        run_once(runtime, clock.forward(days=1), jobs=DEADLINES)
        seen = done(guild.get(f"/v1/endorsements/{offered['id']}", token=guild.tokens["cy"]), 200)
        return str(seen["state"])

    assert after_a_day() == "accepted"
    world.sites.clear()
    assert after_a_day() == "accepted"  # nobody answered, which says nothing
    world.sites.append(cy)
    cy.bits["revocation"].add(int(entry["statusListIndex"]))
    assert after_a_day() == "withdrawn"
    assert "endorsement" not in guild.get(f"/credentials/{badge['id']}.json").json()
    refused(guild.get(f"/endorsements/{offered['id']}"), 410, "endorsement-withdrawn")
    refused(vouch(guild, badge["id"], signed), 422, "endorsement-not-verified")
