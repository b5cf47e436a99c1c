"""Members prove which DIDs are theirs, by signing what nobody could have signed before."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

import badges
from app.main import create_app
from app.settings import Settings
from badges.proofs import jws
from tests.app.guild import PUBLIC_URL, Guild, done, refused
from tests.client import Client
from tests.far_keys import FarKeys
from tests.stand_ins import THEN, CountingIds, SettableClock

VC2 = "https://www.w3.org/ns/credentials/v2"
ANA, BO = FarKeys("did:key", "Ana"), FarKeys("did:key", "Bo")


class World:
    """The web, as far as anybody publishes a DID's document in it; nobody else answers."""

    def __init__(self) -> None:
        self.sites: list[FarKeys] = []

    def __call__(self, url: str, *, accept: str) -> badges.Fetched:
        for site in self.sites:
            if url.startswith(site.base):
                return site(url, accept=accept)
        raise badges.Unreachable(f"{url} did not answer.")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def guild(settings: Settings, clock: SettableClock, ids: CountingIds, world: World) -> Any:
    """Ana and Bo are members; strangers' documents are asked of `world`."""
    with Client(create_app(settings, clock=clock, ids=ids, fetch=world)) as client:
        guild = Guild(client).found()
        for handle in ("ana", "bo"):
            guild.member(handle)
            guild.tokens[handle] = guild.token(handle)
        yield guild


def begin(guild: Guild, did: str, by: str = "ana") -> dict[str, Any]:
    return done(guild.post("/v1/me/dids", {"did": did}, token=guild.tokens[by]), 201)


def answer(guild: Guild, id: str, presentation: Any, by: str = "ana") -> httpx2.Response:
    return guild.post(f"/v1/me/dids/{id}/proof", {"presentation": presentation}, token=guild.tokens[by])


def embedded(
    keys: FarKeys,
    asked: dict[str, Any],
    *,
    holder: str | None = None,
    purpose: str = "authentication",
    held: dict[str, Any] | None = None,
    **other: Any,
) -> Any:
    """A presentation of nothing, or of what is `held`, signed for the challenge."""
    shown = {"@context": [VC2], "type": ["VerifiablePresentation"], "holder": holder or keys.id} | (held or {})
    said = {"challenge": asked["challenge"]["challenge"], "domain": asked["challenge"]["domain"]} | other
    return badges.add_proof(shown, keys.ed25519, created=THEN, purpose=purpose, **said)


def enveloped(keys: FarKeys, asked: dict[str, Any], **claims: Any) -> Any:
    """The same as a token (VC-JOSE-COSE)."""
    said = {"iss": keys.id, "aud": asked["challenge"]["domain"], "nonce": asked["challenge"]["challenge"]} | claims
    shown = {"@context": [VC2], "type": ["VerifiablePresentation"], "holder": keys.id} | said
    return jws.sign(json.dumps(shown).encode(), keys.ed25519, header={"typ": "vp+jwt", "kid": keys.ed25519.id})


def own(guild: Guild, keys: FarKeys, by: str = "ana") -> dict[str, Any]:
    """A DID that somebody has proven."""
    asked = begin(guild, keys.id, by)
    return done(answer(guild, asked["id"], embedded(keys, asked), by), 200)


@pytest.mark.parametrize("form", [embedded, enveloped])
@pytest.mark.parametrize("mode", ["did:key", "did:jwk", "did:web"])
def test_a_did_is_proven_by_signing_its_challenge(
    guild: Guild, world: World, mode: Any, form: Callable[..., Any]
) -> None:
    keys = FarKeys(mode, "Ana")
    world.sites.append(keys)
    asked = begin(guild, keys.id)
    assert asked["proven_at"] is None
    assert asked["challenge"]["domain"] == f"{PUBLIC_URL}/v1/me/dids/{asked['id']}"
    proven = done(answer(guild, asked["id"], form(keys, asked)), 200)
    assert (proven["did"], proven["challenge"]) == (keys.id, None)
    assert proven["proven_at"] is not None
    listed = done(guild.get("/v1/me/dids", token=guild.tokens["ana"]), 200)["items"]
    assert listed == [proven] == [done(guild.get(f"/v1/me/dids/{proven['id']}", token=guild.tokens["ana"]), 200)]


def test_what_was_signed_once_or_for_somebody_else_proves_nothing(guild: Guild, clock: SettableClock) -> None:
    asked = begin(guild, ANA.id)
    wrong = {
        "other-challenge": embedded(ANA, asked, challenge="another"),
        "other-domain": embedded(ANA, asked, domain=PUBLIC_URL),
        "credentials-inside": embedded(ANA, asked, held={"verifiableCredential": [ANA_CREDENTIAL]}),
        "other-holder": embedded(BO, asked),
        "bad-signature": forged(asked),
        "no-credential": ANA_CREDENTIAL,
        "expired": enveloped(ANA, asked, exp=int((THEN - timedelta(days=1)).timestamp())),
    }
    for code, shown in wrong.items():
        problem = refused(answer(guild, asked["id"], shown), 422, "did-not-proven")
        assert problem["check"] == code, problem
        assert problem["errors"][0]["pointer"] == "/presentation"
    token = enveloped(ANA, asked, verifiableCredential=[ANA_CREDENTIAL])
    assert refused(answer(guild, asked["id"], token), 422, "did-not-proven")["check"] == "credentials-inside"
    for unreadable in ("x", "a.b.c", enveloped(ANA, asked)[:-9] + "AAAAAAAA."):
        problem = refused(answer(guild, asked["id"], unreadable), 422, "did-not-proven")
        assert "badge" not in problem["detail"].lower(), problem
    right = embedded(ANA, asked)
    done(answer(guild, asked["id"], right), 200)
    refused(answer(guild, asked["id"], right), 409, "challenge-over")
    refused(guild.post("/v1/me/dids", {"did": ANA.id}, token=guild.tokens["ana"]), 409, "did-proven")
    again = begin(guild, BO.id)
    clock.forward(minutes=10)
    refused(answer(guild, again["id"], embedded(BO, again)), 409, "challenge-over")
    newer = begin(guild, BO.id)
    assert newer["id"] == again["id"]
    refused(answer(guild, newer["id"], embedded(BO, again)), 422, "did-not-proven")
    done(answer(guild, newer["id"], embedded(BO, newer)), 200)


def forged(asked: dict[str, Any]) -> Any:
    """In Ana's name, signed by Bo."""
    [proof], [of_bo] = embedded(ANA, asked)["proof"], embedded(BO, asked, holder=ANA.id)["proof"]
    return embedded(ANA, asked) | {"proof": [proof | {"proofValue": of_bo["proofValue"]}]}


ANA_CREDENTIAL = badges.add_proof(
    {"@context": [VC2], "type": ["VerifiableCredential"], "issuer": ANA.id, "credentialSubject": {"id": ANA.id}},
    ANA.ed25519,
    created=THEN,
)


def test_a_did_is_one_members_and_goes_with_them(guild: Guild) -> None:
    own(guild, ANA)
    asked = begin(guild, ANA.id, "bo")
    refused(answer(guild, asked["id"], embedded(ANA, asked), "bo"), 409, "did-taken")
    refused(guild.get(f"/v1/me/dids/{asked['id']}", token=guild.tokens["ana"]), 404, "no-such-did")
    refused(answer(guild, asked["id"], embedded(ANA, asked), "ana"), 404, "no-such-did")
    [hers] = done(guild.get("/v1/me/dids", token=guild.tokens["ana"]), 200)["items"]
    done(guild.call("DELETE", f"/v1/me/dids/{hers['id']}", token=guild.tokens["ana"]), 200)
    done(answer(guild, asked["id"], embedded(ANA, asked), "bo"), 200)
    member = done(guild.call("GET", guild.in_guild("members/bo")), 200)
    assert member["did"] is None  # that is for stewards to write down


def test_whose_document_does_not_answer_is_told_so_and_may_try_again(guild: Guild, world: World) -> None:
    keys = FarKeys("did:web", "Ana")
    asked = begin(guild, keys.id)
    refused(answer(guild, asked["id"], embedded(keys, asked)), 422, "did-unchecked")
    world.sites.append(keys)
    done(answer(guild, asked["id"], embedded(keys, asked, purpose="assertionMethod")), 200)


def test_kinds_that_nobody_can_look_up_and_more_than_ten_are_refused(guild: Guild) -> None:
    for did in ("did:example:ana", "did:ion:abc"):
        refused(guild.post("/v1/me/dids", {"did": did}, token=guild.tokens["ana"]), 422, "invalid")
    for number in range(10):
        begin(guild, FarKeys("did:key", f"Ana {number}").id)
    refused(guild.post("/v1/me/dids", {"did": ANA.id}, token=guild.tokens["ana"]), 409, "too-many-dids")
    refused(guild.post("/v1/me/dids", {"did": ANA.id}), 403, "forbidden")


def test_a_call_repeated_under_its_key_is_answered_as_the_first_time(guild: Guild) -> None:
    asked = begin(guild, ANA.id)
    body = {"presentation": embedded(ANA, asked)}
    first, second = (
        guild.post(f"/v1/me/dids/{asked['id']}/proof", body, token=guild.tokens["ana"], Idempotency_Key="k")
        for _ in range(2)
    )
    assert done(first, 200) == done(second, 200)
