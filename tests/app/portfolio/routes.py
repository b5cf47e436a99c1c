"""The routes of portfolios, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import badges
from tests.app.guild import done
from tests.app.town import Town
from tests.far_issuer import FarIssuer
from tests.far_keys import FarKeys
from tests.service import ADMIN_TOKEN
from tests.stand_ins import THEN

FAR = FarIssuer(mode="did:key")

OPEN = (200,) * 9
SEEN = (200, 401, *[200] * 7)
"""Of the recipient, who has a badge that everybody sees."""
ASKED = {"challenge": "c", "domain": "d"}
KEYS = FarKeys("did:key", "Rio")
OWNER = (401, 401, 403, 200, 403, 403, 404, 404, 403)


def member_id(town: Town) -> str:
    id: str = done(town.guild.get(town.guild.in_guild("members/rio"), token=ADMIN_TOKEN), 200)["id"]
    return id


def shared(town: Town) -> dict[str, Any]:
    """A new link to what the recipient shows."""
    ends_at = (town.clock.now + timedelta(days=30)).isoformat()
    path = f"/v1/members/{member_id(town)}/portfolio/links"
    return done(town.guild.post(path, {"ends_at": ends_at}, token=town.tokens["recipient"]), 201)


def link_id(town: Town) -> str:
    return str(shared(town)["id"])


def secret(town: Town) -> str:
    return str(shared(town)["secret"])


def _new(town: Town) -> dict[str, Any]:
    return {"ends_at": (town.clock.now + timedelta(days=30)).isoformat()}


def from_elsewhere(town: Town) -> Any:
    """A new badge from elsewhere, of the recipient; it takes no network to be verified."""
    email = done(town.guild.get("/v1/me/emails", token=town.tokens["recipient"]), 200)["items"][0]["email"]
    subject = FAR.credential()["credentialSubject"] | {"id": f"mailto:{email}"}
    del subject["identifier"]
    return json.loads(FAR.award(credentialStatus=None, credentialSubject=subject).text)


def imported(town: Town) -> str:
    """The id of a new one in the recipient's portfolio, which everybody sees."""
    path, token = f"/v1/members/{member_id(town)}/portfolio/imports?visibility=public", town.tokens["recipient"]
    [item] = done(town.guild.post(path, from_elsewhere(town), token=token), 200)["items"]
    assert item["outcome"] == "taken", item
    id: str = item["import_id"]
    return id


def member_with_one(town: Town) -> str:
    imported(town)
    return member_id(town)


_OF_THE_RECIPIENT: dict[str, Callable[[Town], str]] = {"member_id": member_id}
_A_LINK: dict[str, Callable[[Town], str]] = {"member_id": member_id, "link_id": link_id}

_IMPORTS = "/v1/members/{member_id}/portfolio/imports"
_AN_IMPORT = _OF_THE_RECIPIENT | {"import_id": imported}


def signed(town: Town) -> dict[str, Any]:
    """A presentation of a badge of the recipient's, signed with a DID that they have proven."""
    guild, token = town.guild, town.tokens["recipient"]
    if not done(guild.get("/v1/me/dids", token=token), 200)["items"]:
        asked = done(guild.post("/v1/me/dids", {"did": KEYS.id}, token=token), 201)
        nothing = {"@context": [badges.ob3.CREDENTIALS_CONTEXT], "type": ["VerifiablePresentation"], "holder": KEYS.id}
        said = {"challenge": asked["challenge"]["challenge"], "domain": asked["challenge"]["domain"]}
        proof = {"presentation": _with_proof(nothing, said)}
        done(guild.post(f"/v1/me/dids/{asked['id']}/proof", proof, token=token), 200)
    path = f"/v1/members/{member_id(town)}/portfolio?format=vp&challenge=c&domain=d"
    shown = done(guild.get(path, token=token), 200)
    del shown["verifiableCredential"][1:]
    return {"signed": _with_proof(shown, ASKED), "challenge": "c", "domain": "d"}


def presentation(town: Town) -> str:
    """The id of one that was taken."""
    path = f"/v1/members/{member_id(town)}/portfolio/presentations"
    id: str = done(town.guild.post(path, signed(town), token=town.tokens["recipient"]), 201)["id"]
    return id


def _with_proof(document: badges.Document, asked: dict[str, str]) -> badges.Document:
    return badges.add_proof(document, KEYS.ed25519, created=THEN, purpose="authentication", **asked)


_PRESENTED = _OF_THE_RECIPIENT | {"presentation": presentation}

ROWS: list[tuple[str, tuple[int, ...], dict[str, Callable[[Town], str]], Callable[[Town], Any] | None]] = [
    ("GET /v1/members/{member_id}/portfolio", SEEN, _OF_THE_RECIPIENT, None),
    ("GET /v1/members/{member_id}/portfolio/choice", OWNER, _OF_THE_RECIPIENT, None),
    ("PUT /v1/members/{member_id}/portfolio/choice", OWNER, _OF_THE_RECIPIENT, lambda _: {"title": "T"}),
    ("POST /v1/members/{member_id}/portfolio/links", OWNER, _OF_THE_RECIPIENT, _new),
    ("GET /v1/members/{member_id}/portfolio/links", OWNER, _OF_THE_RECIPIENT, None),
    ("GET /v1/members/{member_id}/portfolio/links/{link_id}", OWNER, _A_LINK, None),
    ("DELETE /v1/members/{member_id}/portfolio/links/{link_id}", OWNER, _A_LINK, None),
    ("GET /portfolios/{secret}", OPEN, {"secret": secret}, None),
    ("GET /portfolios/{secret}.json", OPEN, {"secret": secret}, None),
    (f"GET {_IMPORTS}", SEEN, {"member_id": member_with_one}, None),
    (f"POST {_IMPORTS}", OWNER, _OF_THE_RECIPIENT, from_elsewhere),
    (f"GET {_IMPORTS}/{{import_id}}", SEEN, _AN_IMPORT, None),
    (f"GET {_IMPORTS}/{{import_id}}/original", SEEN, _AN_IMPORT, None),
    (f"POST {_IMPORTS}/{{import_id}}/visibility", OWNER, _AN_IMPORT, lambda _: {"visibility": "private"}),
    (f"DELETE {_IMPORTS}/{{import_id}}", OWNER, _AN_IMPORT, None),
    ("GET /v1/members/{member_id}/portfolio/presentations", OWNER, _OF_THE_RECIPIENT, None),
    ("POST /v1/members/{member_id}/portfolio/presentations", OWNER, _OF_THE_RECIPIENT, signed),
    ("GET /v1/members/{member_id}/portfolio/presentations/{presentation}", OPEN, _PRESENTED, None),
    ("DELETE /v1/members/{member_id}/portfolio/presentations/{presentation}", OWNER, _PRESENTED, None),
]
