"""What was signed is served byte for byte, for ever, in the form that is asked for."""

import base64
import itertools
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import select

import badges
from app.credentials import rotation
from app.credentials.tables import Edition
from app.kit.database import read_session, write_session
from app.kit.occasions import Occasion
from app.main import create_app
from app.members.service import community_by_slug
from app.settings import Settings
from tests.app.guild import SLUG, Guild, done, path_of, refused
from tests.client import Client
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

EDITIONS = (".json", ".jwt", ".png", ".svg")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def forms_of(id: str) -> list[str]:
    """Every form that holds what was signed."""
    return [
        f"/credentials/{id}",
        *(f"/credentials/{id}{suffix}" for suffix in EDITIONS),
        *(f"/editions/{id}/1{suffix}" for suffix in EDITIONS),
        *(f"/ob2/assertions/{id}{suffix}" for suffix in ("", ".json", ".jws", ".png", ".svg")),
    ]


def served(guild: Guild, id: str) -> dict[str, bytes]:
    answers = {form: guild.get(form) for form in forms_of(id)}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {form: answer.content for form, answer in answers.items()}


@pytest.fixture(scope="module")
def badge(standing: Guild) -> dict[str, Any]:
    """A public badge that the tests of this module only look at."""
    return standing.badge()


@on_both_databases
def test_every_form_is_what_was_signed_and_stays_so(
    guild: Guild, engine: sa.Engine, app: FastAPI, settings: Settings, clock: SettableClock
) -> None:
    achievement = guild.achievement()
    id = guild.badge(achievement)["id"]
    first = served(guild, id)
    # 1. Equal to what is stored, and images are the stored text in the stored picture.
    with read_session(engine) as session:
        [edition] = session.exec(select(Edition)).all()
    assert first[f"/credentials/{id}.json"].decode() == edition.data_integrity
    assert first[f"/credentials/{id}.jwt"].decode() == edition.vc_jwt
    assert first[f"/ob2/assertions/{id}"].decode() == edition.ob2_hosted
    assert first[f"/ob2/assertions/{id}.jws"].decode() == edition.ob2_signed
    for kind, text in (("credentials", edition.data_integrity), ("ob2/assertions", edition.ob2_hosted)):
        for suffix in (".png", ".svg"):
            assert badges.unbake(first[f"/{kind}/{id}{suffix}"]).text == text
    # 2. Equal when asked again; a change of the achievement, of names, keys and time later; and after a restart.
    clock.forward(days=400)
    change = {"name": "Renamed", "description": "Otherwise.", "criteria": {"narrative": "More."}}
    done(guild.call("PATCH", guild.in_guild(f"achievements/{achievement['id']}"), change, If_Match='"1"'), 200)
    runtime = app.state.runtime
    on = Occasion(actor="operator", now=clock(), ids=runtime.ids)
    with write_session(engine) as session:
        rotation.rotate(session, community_by_slug(session, SLUG), at=runtime.installation, on=on, new_issuer=True)
    guild.badge(achievement, recipient=guild.somebody())
    assert served(guild, id) == first
    guild.client.__exit__(None, None, None)
    with Client(create_app(settings, clock=clock)) as restarted:
        again = Guild(restarted)
        assert served(again, id) == first
        # 3. And it still verifies, with nothing but what is served now.
        assert again.verdict(first[f"/credentials/{id}.png"], "image/png")["verdict"] == "valid"
    guild.client.__enter__()


def test_an_edition_stays_and_is_the_newest_until_there_is_a_newer(standing: Guild, badge: dict[str, Any]) -> None:
    for suffix in EDITIONS:
        edition = standing.get(f"/editions/{badge['id']}/1{suffix}")
        newest = standing.get(f"/credentials/{badge['id']}{suffix}")
        assert edition.content == newest.content
        for answer in (edition, newest):  # the bytes stay, but their holder may hide them tomorrow
            assert answer.headers["cache-control"] == "public, max-age=300"
        assert edition.headers["last-modified"] == "Sat, 21 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    "name",
    ["0.json", "2.json", "1.html", "1", "1.", ".json", "one.json", "-1.json", "1.5.json", "9" * 40 + ".json", "01.json",
     "\u0661.json", "1.JSON"],
)  # fmt: skip
def test_there_is_no_other_edition(standing: Guild, badge: dict[str, Any], name: str) -> None:
    refused(standing.get(f"/editions/{badge['id']}/{name}"), 404, "not-found")


@pytest.mark.parametrize(
    "id",
    [
        "",
        "1",
        "nonsense",
        "00000000-0000-4000-8000-00000000000g",
        "' OR 1=1",
        "%2e%2e%2fetc",
        "x" * 3000,
        "FFFFFFFF-0000-4000-8000-000000000000",
        "urn:uuid:ffffffff-0000-4000-8000-000000000000",
    ],
)
def test_what_is_no_id_is_not_found(standing: Guild, id: str) -> None:
    for form in ("/credentials/{}.json", "/credentials/{}", "/ob2/assertions/{}", "/editions/{}/1.json", "/status/{}"):
        answer = standing.get(form.format(id))
        assert answer.status_code == 404, answer.text
        assert answer.json()["fix"]


ACCEPT = [
    (None, "application/vc"),
    ("", "application/vc"),
    ("*/*", "application/vc"),
    ("application/*", "application/vc"),
    ("application/json", "application/json"),
    ("application/ld+json", "application/ld+json"),
    ('application/ld+json; profile="https://w3id.org/security/data-integrity/v2"', "application/ld+json"),
    ("application/vc", "application/vc"),
    ("application/vc+ld+json", "application/vc+ld+json"),
    ("application/vc+jwt", "application/vc+jwt"),
    ("text/plain", "text/plain; charset=utf-8"),
    ("image/png", "image/png"),
    ("image/svg+xml", "image/svg+xml"),
    ("image/*", "application/vc"),
    ("text/html", "text/html; charset=utf-8"),
    ("TEXT/HTML", "text/html; charset=utf-8"),
    (BROWSER, "text/html; charset=utf-8"),
    ("text/html, application/json", "application/json"),
    ("text/html, application/json;q=0.9", "text/html; charset=utf-8"),
    ("text/html;q=0.8, application/ld+json;q=0.9", "application/ld+json"),
    ("text/html;q=0", "application/vc"),
    ("text/html, text/plain", "text/html; charset=utf-8"),
    ("image/png, text/html;q=0.5", "image/png"),
    ("application/json;q=0.1, image/png;q=0.2", "image/png"),
    ("application/json;q=0, image/png;q=0", "application/vc"),
    ("application/pdf", "application/vc"),
    ("application/json;q=nonsense, image/svg+xml;q=0.1", "image/svg+xml"),
    (",;,q=1,/,\t", "application/vc"),
]


@pytest.mark.parametrize(("accept", "media_type"), ACCEPT)
def test_the_form_follows_what_is_asked_for(
    standing: Guild, badge: dict[str, Any], accept: str | None, media_type: str
) -> None:
    address = f"/credentials/{badge['id']}"
    asked = standing.client.build_request("GET", address)
    del asked.headers["accept"]
    if accept is not None:
        asked.headers["accept"] = accept
    answer = standing.client.send(asked)
    assert answer.headers["content-type"] == media_type
    assert "Accept" in answer.headers["vary"]
    suffix = {"image/png": ".png", "image/svg+xml": ".svg", "application/vc+jwt": ".jwt", "text/plain": ".jwt"}
    essence = media_type.partition(";")[0]
    expected = ".html" if essence == "text/html" else suffix.get(essence, ".json")
    assert answer.content == standing.get(address + expected).content


def test_accept_may_come_in_several_lines(standing: Guild, badge: dict[str, Any]) -> None:
    lines = [("accept", "application/json;q=0.5"), ("accept", "application/vc+jwt")]
    answer = standing.client.get(f"/credentials/{badge['id']}", headers=lines)
    assert answer.headers["content-type"] == "application/vc+jwt"


def test_a_suffix_says_the_form_whatever_is_accepted(standing: Guild, badge: dict[str, Any]) -> None:
    types = {
        ".json": "application/vc",
        ".jwt": "text/plain; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".html": "text/html; charset=utf-8",
    }
    for suffix, media_type in types.items():
        answer = standing.get(f"/credentials/{badge['id']}{suffix}", accept="application/pdf, text/html;q=0.1")
        assert answer.headers["content-type"] == media_type


def test_every_form_has_a_tag_a_head_and_a_304(standing: Guild, badge: dict[str, Any]) -> None:
    for form in forms_of(badge["id"]):
        whole = standing.get(form)
        tag = whole.headers["etag"]
        head = standing.call("HEAD", form, token=None)
        assert (head.status_code, head.content) == (200, b"")
        assert {name: head.headers[name] for name in ("etag", "content-length", "content-type")} == {
            name: whole.headers[name] for name in ("etag", "content-length", "content-type")
        }
        for known in (tag, f'"other", W/{tag}', "*"):
            unchanged = standing.get(form, if_none_match=known)
            assert (unchanged.status_code, unchanged.content) == (304, b"")
            assert unchanged.headers["etag"] == tag
            assert unchanged.headers["vary"] == whole.headers["vary"]
        assert standing.get(form, if_none_match='"other"').content == whole.content


def test_forms_have_different_tags(standing: Guild, badge: dict[str, Any]) -> None:
    tags = {form: standing.get(f"/credentials/{badge['id']}{form}").headers["etag"] for form in EDITIONS}
    assert len(set(tags.values())) == len(EDITIONS)


def test_nothing_but_reading_is_done_at_public_addresses(standing: Guild, badge: dict[str, Any]) -> None:
    for form, method in itertools.product(forms_of(badge["id"])[:3], ("POST", "PUT", "PATCH", "DELETE")):
        refused(standing.call(method, form, {}), 405, "method-not-allowed")


def test_the_forms_say_the_same_thing_about_the_same_award(standing: Guild, badge: dict[str, Any]) -> None:
    id = badge["id"]
    embedded = done(standing.get(f"/credentials/{id}.json"), 200)
    claims = standing.get(f"/credentials/{id}.jwt").text.split(".")[1]
    enveloped = badges.parse(base64.urlsafe_b64decode(claims + "=="))
    assert (enveloped["iss"], enveloped["sub"], enveloped["jti"]) == (
        embedded["issuer"]["id"],
        embedded["credentialSubject"]["id"],
        embedded["id"],
    )
    status = embedded.pop("credentialStatus")
    assert embedded.pop("proof")[0]["cryptosuite"] == "eddsa-rdfc-2022"
    assert {name: enveloped[name] for name in embedded} == embedded
    assert enveloped["credentialStatus"]["statusListCredential"] == f"{status['statusListCredential']}.jwt"
    assert enveloped["credentialStatus"]["statusListIndex"] == status["statusListIndex"]
    hosted = done(standing.get(f"/ob2/assertions/{id}"), 200)
    assert hosted["recipient"] == {"type": "id", "hashed": False, "identity": embedded["credentialSubject"]["id"]}
    assert (hosted["issuedOn"], hosted["id"]) == (embedded["validFrom"], f"http://127.0.0.1:8000/ob2/assertions/{id}")


def test_the_shapes_are_those_that_the_judges_accept(standing: Guild, badge: dict[str, Any]) -> None:
    document = done(standing.get(f"/credentials/{badge['id']}.json"), 200)
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert isinstance(document["proof"], list)
    assert "credentialSchema" not in document
    assert document["credentialStatus"]["type"] == "BitstringStatusListEntry"
    header = badges.parse(
        base64.urlsafe_b64decode(standing.get(f"/credentials/{badge['id']}.jwt").text.split(".")[0] + "==")
    )
    assert (header["alg"], header["kid"]) == ("EdDSA", document["proof"][0]["verificationMethod"])


def test_a_badge_without_answer_has_no_edition_of_number_two(standing: Guild, tmp_path: Path) -> None:
    offer = standing.offer(standing.achievement())
    refused(standing.get(f"/editions/{offer['id']}/1.json"), 404, "no-such-credential")
    accepted = done(standing.claim(offer, visibility="public"), 200)
    assert standing.get(path_of(accepted["url"]) + ".json").text == accepted["signed"]
    assert standing.get(f"/editions/{offer['id']}/1.json").text == accepted["signed"]
