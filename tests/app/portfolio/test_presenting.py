"""A portfolio as a presentation: unsigned for whoever sees it, or signed by its owner for whoever asked."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import badges
from app.verifier.service import documents
from badges.proofs import jws
from tests.app.guild import PUBLIC_URL, Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.portfolio.test_importing import adas
from tests.far_issuer import NOW, Award, FarIssuer
from tests.far_keys import FarKeys
from tests.stand_ins import THEN

ANA = FarKeys("did:key", "Ana")
ASKED = {"challenge": "7e1f", "domain": "https://employer.example"}


@dataclass
class Ana:
    """A member with a badge that everybody sees, one that nobody does, and one that was suspended."""

    guild: Guild
    id: str
    public: str

    @property
    def path(self) -> str:
        return f"/v1/members/{self.id}/portfolio"

    @property
    def kept(self) -> str:
        return f"{self.path}/presentations"

    def prove(self, now: datetime = THEN) -> None:
        asked = done(self.guild.post("/v1/me/dids", {"did": ANA.id}, token=self.guild.tokens["ana"]), 201)
        shown = {"@context": [badges.ob3.CREDENTIALS_CONTEXT], "type": ["VerifiablePresentation"], "holder": ANA.id}
        said = {"challenge": asked["challenge"]["challenge"], "domain": asked["challenge"]["domain"]}
        proof = signed(shown, now, **said)
        path = f"/v1/me/dids/{asked['id']}/proof"
        done(self.guild.post(path, {"presentation": proof}, token=self.guild.tokens["ana"]), 200)

    def to_sign(self) -> dict[str, Any]:
        query = f"?format=vp&challenge={ASKED['challenge']}&domain={ASKED['domain']}"
        return done(self.guild.get(self.path + query, token=self.guild.tokens["ana"]), 200)

    def hand_in(self, shown: Any, by: str = "ana", **asked: str) -> Any:
        return self.guild.post(self.kept, {"signed": shown} | ASKED | asked, token=self.guild.tokens[by])

    def judged(self, data: bytes) -> badges.Report:
        runtime = runtime_of(self.guild)
        return badges.verify(data, fetch=documents(runtime, THEN, strangers=badges.no_fetch), now=THEN)


def signed(shown: dict[str, Any], now: datetime = THEN, /, **asked: str) -> dict[str, Any]:
    return badges.add_proof(shown, ANA.ed25519, created=now, purpose="authentication", **asked)


@pytest.fixture
def ana(guild: Guild) -> Ana:
    member = guild.member("ana", email="ana@people.example")
    guild.member("bo")
    guild.tokens |= {"ana": guild.token("ana"), "bo": guild.token("bo")}
    achievement = guild.achievement(policy={"stackable": True, "period": "year", "status": "suspension"})
    made = [
        guild.badge(achievement, recipient={"member": "ana"}, visibility=each)["id"]
        for each in ("private", "public", "public")
    ]
    done(guild.post(f"/v1/credentials/{made[2]}/suspend", {"reason": "Under review."}), 200)
    return Ana(guild, member["id"], made[1])


def test_an_unsigned_presentation_holds_the_badges_in_force_byte_for_byte(ana: Ana) -> None:
    answer = ana.guild.get(f"{ana.path}?format=vp")
    assert answer.headers["content-type"] == "application/vp"
    shown = done(answer, 200)
    assert "holder" not in shown
    assert "proof" not in shown
    assert ana.guild.get(f"/credentials/{ana.public}.json").content in answer.content
    assert len(shown["verifiableCredential"]) == 1
    report = ana.judged(answer.content)
    assert (report.verdict, report.found("proof").code) == (badges.Verdict.valid, "not-signed")  # type: ignore[union-attr]
    own = done(ana.guild.get(f"{ana.path}?format=vp", token=ana.guild.tokens["ana"]), 200)
    assert len(own["verifiableCredential"]) == 2
    nil = ana.guild.member("nil")["id"]
    nothing = done(ana.guild.get(f"/v1/members/{nil}/portfolio?format=vp", token=ana.guild.token("nil")), 200)
    assert nothing == {name: shown[name] for name in ("@context", "type")}


def test_its_owner_signs_it_for_whoever_asked_and_it_is_kept_as_it_came(ana: Ana) -> None:
    query = "?format=vp&challenge=c&domain=d"
    refused(ana.guild.get(ana.path + query, token=ana.guild.tokens["ana"]), 409, "no-proven-did")
    refused(ana.hand_in("x"), 409, "no-proven-did")
    ana.prove()
    to_sign = ana.to_sign()
    assert (to_sign["holder"], len(to_sign["verifiableCredential"])) == (ANA.id, 2)
    text = json.dumps(signed(to_sign, **ASKED), indent=1)
    body = json.dumps(ASKED)[:-1] + f', "signed": {text}}}'
    headers = {"Authorization": f"Bearer {ana.guild.tokens['ana']}", "Content-Type": "application/json"}
    made = done(ana.guild.client.post(ana.kept, content=body, headers=headers), 201)
    assert (made["holder"], made["credentials"], made["challenge"]) == (ANA.id, 2, ASKED["challenge"])
    found = ana.guild.get(made["url"].removeprefix(PUBLIC_URL), token=None)
    assert (found.text, found.headers["content-type"]) == (text, "application/vp")
    assert ana.judged(found.content).verified
    token = jws.sign(
        json.dumps(to_sign | {"iss": ANA.id, "nonce": ASKED["challenge"], "aud": ASKED["domain"]}).encode(),
        ANA.ed25519,
        header={"typ": "vp+jwt", "kid": ANA.ed25519.id},
    )
    other = done(ana.hand_in(token), 201)
    assert ana.guild.get(f"{ana.kept}/{other['id']}", token=None).text == token
    listed = done(ana.guild.get(ana.kept, token=ana.guild.tokens["ana"]), 200)["items"]
    assert listed == [other, made]
    path = f"{ana.kept}/{made['id']}"
    refused(ana.guild.call("DELETE", path, None, token=ana.guild.tokens["bo"]), 403, "forbidden")
    done(ana.guild.call("DELETE", path, None, token=ana.guild.tokens["ana"]), 200)
    refused(ana.guild.get(path, token=None), 404, "no-such-presentation")


def test_what_does_not_verify_is_not_taken(ana: Ana) -> None:
    ana.prove()
    right = signed(ana.to_sign(), **ASKED)
    other = FarKeys("did:key", "Other")
    foreign = badges.add_proof(
        ana.to_sign() | {"holder": other.id}, other.ed25519, created=THEN, purpose="authentication", **ASKED
    )
    forged = json.loads(json.dumps(ana.to_sign()))
    forged["verifiableCredential"][0]["name"] = "Grand Master"
    for shown, asked, code in (
        (right, {"challenge": "other"}, "other-challenge"),
        (right, {"domain": "https://other.example"}, "other-domain"),
        (foreign, {}, "other-holder"),
        (right | {"holder": other.id}, {}, "other-holder"),
        (signed(forged, **ASKED), {}, "forged"),
        ("x", {}, None),
    ):
        problem = refused(ana.hand_in(shown, **asked), 422, "presentation-not-verified")
        assert code in (None, problem["check"]), problem
    refused(ana.hand_in(right, by="bo"), 403, "forbidden")
    assert done(ana.guild.get(ana.kept, token=ana.guild.tokens["ana"]), 200)["items"] == []


def test_nobody_presents_what_was_awarded_to_somebody_else(ana: Ana) -> None:
    ana.prove()
    own = ana.to_sign()
    record = done(ana.guild.get(f"{ana.path}?format=clr", token=ana.guild.tokens["ana"]), 200)
    theirs = ana.guild.badge(recipient={"member": "bo"}, visibility="public")["id"]
    bo = done(ana.guild.get(ana.guild.in_guild("members/bo"), token=ana.guild.tokens["bo"]), 200)["id"]
    others_record = done(ana.guild.get(f"/v1/members/{bo}/portfolio?format=clr"), 200)
    others = done(ana.guild.get(f"/credentials/{theirs}.json"), 200)
    far = FarIssuer(mode="did:key")
    # A stranger may sign a badge of any id, also of one that is hers.
    stranger = json.loads(far.award(credentialStatus=None, id=own["verifiableCredential"][0]["id"]).text)
    for inside in ([others], [*own["verifiableCredential"], others], [others_record], [record, others], [stranger]):
        shown = own | {"verifiableCredential": inside}
        problem = refused(ana.hand_in(signed(shown, **ASKED)), 422, "not-yours")
        assert inside[-1]["id"] in problem["detail"]
    to_her_did = far.credential()["credentialSubject"] | {"id": ANA.id, "identifier": None}
    awarded = far.award(credentialStatus=None, credentialSubject={k: v for k, v in to_her_did.items() if v}).text
    shown = own | {"verifiableCredential": [*own["verifiableCredential"], record, json.loads(awarded)]}
    done(ana.hand_in(signed(shown, **ASKED)), 201)


def test_what_is_shown_to_others_is_never_signed_for_this_service(ana: Ana) -> None:
    """Else whoever asks for badges proves that a DID is theirs, with what its owner signed for them."""
    ana.prove()
    host = PUBLIC_URL.removeprefix("http://")
    for domain in (PUBLIC_URL, f"{PUBLIC_URL}/v1/me/dids/1", host, host.upper(), f"{PUBLIC_URL.upper()}?x"):
        query = {"format": "vp", "challenge": "c", "domain": domain}
        refused(ana.guild.get(f"{ana.path}?{urlencode(query)}", token=ana.guild.tokens["ana"]), 422, "invalid")
        said = {"challenge": "c", "domain": domain}
        problem = refused(ana.hand_in(signed(ana.to_sign(), **said), **said), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/domain"
    odd = {"challenge": "c", "domain": "https://[odd"}
    done(ana.hand_in(signed(ana.to_sign(), **odd), **odd), 201)


def test_challenge_and_domain_are_for_its_owner_and_for_this_format(ana: Ana) -> None:
    for query in ("?format=vp&challenge=c", "?format=vp&domain=d", "?format=json&challenge=c&domain=d"):
        refused(ana.guild.get(ana.path + query, token=ana.guild.tokens["ana"]), 422, "invalid")
    refused(ana.guild.get(f"{ana.path}?format=vp&challenge=c&domain=d"), 403, "forbidden")


def presented(ana: Ana) -> str:
    """The path of a presentation of both badges in force, which anybody may read."""
    path = str(done(ana.hand_in(signed(ana.to_sign(), **ASKED)), 201)["url"]).removeprefix(PUBLIC_URL)
    assert ana.guild.get(path).status_code == 200
    return path


def test_by_the_journal_nobody_opens_what_was_shown_to_somebody(ana: Ana) -> None:
    ana.prove()
    guild, path = ana.guild, presented(ana)
    body = {"ends_at": (THEN + timedelta(days=7)).isoformat()}
    link = done(guild.post(f"{ana.path}/links", body, token=guild.tokens["ana"]), 201)
    other = presented(ana)
    done(guild.call("DELETE", other, token=guild.tokens["ana"]), 200)
    journal = done(guild.get(guild.in_guild("audit?type=portfolio"), token=guild.token(None, "steward")), 200)["items"]
    happened = {event["action"]: event["object"] for event in journal}
    assert happened.keys() == {"portfolio.presented", "portfolio.shared", "portfolio.presentation_removed"}
    assert len({event["object"] for event in journal}) == 3, "what was removed is what was shown"
    assert [word for word in (path, other, link["secret"]) if word.rpartition("/")[2] in str(journal)] == []
    for object in happened.values():
        refused(guild.get(f"{ana.kept}/{object}"), 404, "no-such-presentation")
        refused(guild.get(f"/portfolios/{object}"), 404, "no-such-portfolio-link")
    for told in (event["data"].get("link") for event in journal):
        refused(guild.get(f"/portfolios/{told}"), 404, "no-such-portfolio-link")


def test_it_is_shown_no_longer_once_what_it_says_is_not_so_any_more(ana: Ana) -> None:
    ana.prove()
    guild, token, path = ana.guild, ana.guild.tokens["ana"], presented(ana)
    hide = f"/v1/credentials/{ana.public}/visibility"
    done(guild.post(hide, {"visibility": "community"}, token=token), 200)
    refused(guild.get(path), 410, "presentation-over")
    done(guild.post(hide, {"visibility": "public"}, token=token), 200)
    [did] = done(guild.get("/v1/me/dids", token=token), 200)["items"]
    for change in ({"minor": True}, {"minor": False}):
        done(guild.call("PATCH", guild.in_guild("members/ana"), change, If_Match="*"), 200)
        assert guild.get(path).status_code == (410 if change["minor"] else 200)
    done(guild.call("DELETE", f"/v1/me/dids/{did['id']}", token=token), 200)
    refused(guild.get(path), 410, "presentation-over")
    ana.prove()
    assert guild.get(path).status_code == 200
    done(guild.post(f"/v1/credentials/{ana.public}/revoke", {"reason": "Given twice."}), 200)
    refused(guild.get(path), 410, "presentation-over")


def test_of_a_token_with_tokens_in_it_the_badges_are_known_too(ana: Ana) -> None:
    ana.prove()
    badge = ana.guild.get(f"/credentials/{ana.public}.jwt").text
    enveloped = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{badge}",
    }
    shown = {name: value for name, value in ana.to_sign().items() if name != "verifiableCredential"}
    claims = shown | {"verifiableCredential": [enveloped], "iss": ANA.id, "nonce": ASKED["challenge"]}
    head = {"typ": "vp+jwt", "kid": ANA.ed25519.id}
    token = jws.sign(json.dumps(claims | {"aud": ASKED["domain"]}).encode(), ANA.ed25519, header=head)
    path = str(done(ana.hand_in(token), 201)["url"]).removeprefix(PUBLIC_URL)
    assert ana.guild.get(path).text == token
    done(ana.guild.post(f"/v1/credentials/{ana.public}/revoke", {"reason": "Given twice."}), 200)
    refused(ana.guild.get(path), 410, "presentation-over")


def test_it_is_shown_no_longer_once_its_holder_has_left(ana: Ana) -> None:
    ana.prove()
    path = presented(ana)
    done(ana.guild.post(ana.guild.in_guild("members/ana/leave")), 200)
    refused(ana.guild.get(path), 410, "presentation-over")


def test_it_is_shown_no_longer_once_a_badge_from_elsewhere_in_it_is_not_what_it_was(tmp_path: Path) -> None:
    with adas(f"sqlite:///{tmp_path}/ada.db", tmp_path) as ada:
        guild = ada.guild
        guild.tokens["ana"] = ada.token
        she = Ana(guild, ada.id, "")
        she.prove(NOW)
        awards = [ada.issuer.award() for _ in range(3)]
        hidden, revoked, removed = (ada.taken(each.text, "?visibility=public")["id"] for each in awards)

        def shown(award: Award) -> str:
            to_sign = she.to_sign() | {"verifiableCredential": [json.loads(award.text)]}
            made = done(she.hand_in(signed(to_sign, NOW, **ASKED)), 201)
            return str(made["url"]).removeprefix(PUBLIC_URL)

        paths = [shown(each) for each in awards]
        assert [guild.get(path).status_code for path in paths] == [200] * 3
        done(guild.post(f"{ada.path}/{hidden}/visibility", {"visibility": "community"}, token=ada.token), 200)
        ada.issuer.revoke(awards[1])
        assert guild.call("DELETE", f"{ada.path}/{removed}", token=ada.token).status_code == 204
        ada.look_again(days=2)
        assert ada.read(revoked)["verdict"] == "revoked"
        for path in paths:
            refused(guild.get(path), 410, "presentation-over")
