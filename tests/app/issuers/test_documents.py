"""The documents by which the world knows an issuer."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from fastapi.testclient import TestClient

import badges
from app.main import create_app
from app.settings import Settings
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import HTTPS, rotate
from tests.stand_ins import SettableClock

DID = "did:web:badges.example.org:issuers:guild"


def did_document(guild: Guild) -> dict[str, Any]:
    answer = guild.get(f"/issuers/{guild.slug}/did.json")
    assert answer.headers["content-type"] == "application/did+json"
    return done(answer, 200)


def keys(guild: Guild) -> list[dict[str, Any]]:
    answer = guild.get(f"/issuers/{guild.slug}/jwks.json")
    assert answer.headers["content-type"] == "application/jwk-set+json"
    listed: list[dict[str, Any]] = done(answer, 200)["keys"]
    return listed


def test_under_https_an_issuer_is_a_did_web(web: Guild) -> None:
    document = did_document(web)
    assert list(document) == ["@context", "id", "verificationMethod", "assertionMethod"]
    assert document["@context"][0] == "https://www.w3.org/ns/did/v1"
    assert document["id"] == DID
    vc_jwt, data_integrity = document["verificationMethod"]
    assert vc_jwt == {
        "id": f"{DID}#{jwk(web, 'ES256')['kid']}",
        "type": "JsonWebKey",
        "controller": DID,
        "publicKeyJwk": {name: jwk(web, "ES256")[name] for name in ("kty", "crv", "x", "y")},
    }
    key = badges.key_from_jwk({name: jwk(web, "EdDSA")[name] for name in ("kty", "crv", "x")})
    assert data_integrity == {
        "id": f"{DID}#{jwk(web, 'EdDSA')['kid']}",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": badges.multikey(key),
    }
    assert document["assertionMethod"] == [vc_jwt["id"], data_integrity["id"]]


def jwk(guild: Guild, algorithm: str) -> dict[str, Any]:
    [key] = [key for key in keys(guild) if key["alg"] == algorithm]
    return key


def test_the_port_of_a_did_web_is_escaped(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://badges.example.org:8443"}))
    with TestClient(app) as client:
        guild = Guild(client).found()
        did = did_document(guild)["id"]
        assert did == "did:web:badges.example.org%3A8443:issuers:guild"
        signed = done(guild.get(f"/credentials/{guild.badge()['id']}.json"), 200)
        assert signed["issuer"]["id"] == did
        assert guild.verdict(json.dumps(signed))["verified"]


def test_under_plain_http_an_issuer_is_the_did_key_of_its_key(guild: Guild) -> None:
    document = did_document(guild)
    [method] = document["verificationMethod"]
    did = f"did:key:{method['publicKeyMultibase']}"
    assert document["id"] == method["controller"] == did
    assert method["id"] == f"{did}#{method['publicKeyMultibase']}"
    assert document["assertionMethod"] == [method["id"]]
    profile = done(guild.get("/issuers/guild.json"), 200)
    assert profile["id"] == did
    signed = done(guild.get(f"/credentials/{guild.badge()['id']}.json"), 200)
    assert signed["issuer"]["id"] == did
    assert signed["proof"][0]["verificationMethod"] == method["id"]


def test_the_profile_conforms_and_says_what_the_community_says(web: Guild) -> None:
    community = done(web.get("/v1/communities/guild"), 200)
    document = done(web.get("/issuers/guild.json"), 200)
    assert document["@context"] == list(badges.ob3.CONTEXTS)
    profile = badges.ob3.Profile.from_document(document)
    assert profile.id == DID
    for field in ("name", "url", "email", "description"):
        assert getattr(profile, field) == community[field]


def test_every_key_is_published_as_what_it_is_and_nothing_private(web: Guild) -> None:
    rotate(web)
    listed = keys(web)
    assert sorted(key["alg"] for key in listed) == ["ES256", "ES256", "EdDSA", "EdDSA", "RS256"]
    for key in listed:
        assert key.keys().isdisjoint({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        answer = web.get(f"/issuers/guild/keys/{key['kid']}")
        assert answer.headers["content-type"] == "application/jwk+json"
        assert done(answer, 200) == key
        public = badges.key_from_jwk({name: key[name] for name in key if name not in {"kid", "alg", "use"}})
        assert badges.VerificationMethod(id="x", controller="x", key=public).thumbprint() == key["kid"]
    for kid in ("x", listed[0]["kid"][:-1], "%2e%2e%2fdid.json", "é"):
        answer = web.get(f"/issuers/guild/keys/{kid}")
        assert answer.status_code == 404


def test_an_ob2_issuer_and_its_key_point_at_each_other(web: Guild) -> None:
    profile = done(web.get("/ob2/issuers/guild"), 200)
    assert profile["id"] == f"{HTTPS}/ob2/issuers/guild"
    assert profile["email"] == "hello@guild.example"
    key = done(web.get(profile["publicKey"].removeprefix(HTTPS)), 200)
    assert key["id"] == profile["publicKey"]
    assert key["owner"] == profile["id"]
    public = load_pem_public_key(key["publicKeyPem"].encode())
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 2048
    revocations = done(web.get(profile["revocationList"].removeprefix(HTTPS)), 200)
    assert revocations["id"] == profile["revocationList"]
    assert revocations["issuer"] == profile["id"]
    assert len(revocations["revokedAssertions"]) == 1


def test_every_generation_of_the_ob2_key_has_names_of_its_own(web: Guild) -> None:
    rotate(web, ob2=True, compromised=True)
    first, second = (done(web.get(f"/ob2/issuers/guild{suffix}"), 200) for suffix in ("", ".k2"))
    assert second["id"] == f"{HTTPS}/ob2/issuers/guild.k2"
    assert second["revocationList"] == f"{HTTPS}/ob2/revocations/guild.k2"
    key = done(web.get(second["publicKey"].removeprefix(HTTPS)), 200)
    assert key["owner"] == second["id"]
    assert "publicKey" not in first
    for name in (
        "guild.k1",
        "guild.k02",
        "guild.k２",
        "guild.k3",
        "guild.k",
        "guild.",
        "guild.k2.k2",
        "guild.k2x",
        "k2",
    ):
        for folder in ("issuers", "revocations"):
            assert web.get(f"/ob2/{folder}/{name}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/issuers/{}.json", "/issuers/{}/did.json", "/issuers/{}/jwks.json", "/issuers/{}/keys/x",
             "/ob2/issuers/{}", "/ob2/revocations/{}", "/issuers/{}"],
)  # fmt: skip
def test_who_is_no_issuer_has_no_documents(standing: Guild, path: str) -> None:
    for name in ("nobody", "GUILD", "%F0%9F%98%80", "guild%20", "guild.json.json", "x" * 2000):
        answer = standing.get(path.format(name))
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    refused(standing.get("/ob2/keys/guild"), 404, "not-found")


def test_documents_of_an_issuer_can_be_asked_for_again_cheaply(web: Guild, clock: SettableClock) -> None:
    for path in ("/issuers/guild.json", "/issuers/guild/did.json", "/issuers/guild/jwks.json", "/ob2/issuers/guild"):
        first = web.get(path)
        assert first.headers["cache-control"] == "public, max-age=300"
        again = web.get(path, If_None_Match=first.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
    before = web.get("/issuers/guild/did.json").headers["etag"]
    clock.forward(days=1)
    rotate(web)
    assert web.get("/issuers/guild/did.json", If_None_Match=before).status_code == 200
