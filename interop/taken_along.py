"""What a member takes along: their badges as a presentation, unsigned or signed by them, and as a learner record.

portfolio           a VerifiablePresentation that nobody signed; a ClrCredential that the community signed
portfolio-shown     a presentation that its holder signed for whoever asked, as the service took it back
portfolio-replayed  the same, shown to somebody who asked something else
portfolio-tampered  one word changed in a badge inside
"""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import badges
from app.kit.clock import system_clock
from interop.community import Community, done
from interop.exhibits import CLR, VP, Exhibit
from interop.falsified import CannotFalsify
from interop.service import Service
from tests.far_issuer import FarIssuer
from tests.far_keys import FarKeys

CHALLENGE, DOMAIN = "5b0c7d3e-8c1f-4a51", "https://employer.example"
OWNER = "rut"
WORD = b"Finds a way"


def taken_along(service: Service, community: Community) -> list[Exhibit]:
    """The portfolio of Rut, who has an endorsed badge, a self-asserted one and one more."""
    own = community.by(community.token(OWNER))
    member = done(community.api.get(f"/v1/communities/{community.slug}/members/{OWNER}"))["id"]
    path = f"/v1/members/{member}/portfolio"
    keys = _proven(own)
    _bring_along(own, path, keys)
    served = [
        Exhibit("portfolio", form, own.get(f"{path}?format={form}").raise_for_status().content, service.origin + path)
        for form in (VP, CLR)
    ]
    shown = _shown(service, own, path, keys)
    return [
        *served,
        shown,
        replace(shown, case="portfolio-replayed", challenge="something else"),
        *(_tampered(exhibit) for exhibit in (*served, shown)),
    ]


def _proven(own: Any) -> FarKeys:
    """The keys of a DID that the service knows as hers, since she signed its challenge."""
    keys = FarKeys("did:key", "Rut")
    asked = done(own.post("/v1/me/dids", json={"did": keys.id}))
    nothing = {"@context": [badges.ob3.CREDENTIALS_CONTEXT], "type": ["VerifiablePresentation"], "holder": keys.id}
    given = asked["challenge"]
    proof = _signed(keys, nothing, given["challenge"], given["domain"])
    done(own.post(f"/v1/me/dids/{asked['id']}/proof", json={"presentation": proof}))
    return keys


def _bring_along(own: Any, path: str, keys: FarKeys) -> None:
    """A badge of an issuer whom nobody here knows, which is in whatever she takes along from then on."""
    issuer = FarIssuer(mode="did:key")
    subject = issuer.credential()["credentialSubject"] | {"id": keys.id}
    subject.pop("identifier", None)
    badge = issuer.award(credentialSubject=subject, credentialStatus=None)
    taken = done(own.post(f"{path}/imports", content=badge.text, headers={"Content-Type": "application/json"}))
    [item] = taken["items"]
    if item["outcome"] != "taken":
        raise CannotFalsify(f"The service does not take a badge along: {item}")
    done(own.post(f"{path}/imports/{item['import_id']}/visibility", json={"visibility": "public"}))


def _shown(service: Service, own: Any, path: str, keys: FarKeys) -> Exhibit:
    """Signed by its holder, handed in, and fetched from the address that the service gave it."""
    query = {"format": VP, "challenge": CHALLENGE, "domain": DOMAIN}
    to_sign = done(own.get(path, params=query))
    body = {"signed": _signed(keys, to_sign, CHALLENGE, DOMAIN), "challenge": CHALLENGE, "domain": DOMAIN}
    taken = done(own.post(f"{path}/presentations", json=body))
    content = service.public.get(urlsplit(taken["url"]).path).raise_for_status().content
    if json.loads(content) != body["signed"]:
        raise CannotFalsify("The service does not give back what was signed.")
    return Exhibit("portfolio-shown", VP, content, taken["url"], challenge=CHALLENGE, domain=DOMAIN)


def _signed(keys: FarKeys, document: badges.Document, challenge: str, domain: str) -> badges.Document:
    said = {"challenge": challenge, "domain": domain, "purpose": "authentication"}
    return badges.add_proof(document, keys.ed25519, created=system_clock(), **said)  # type: ignore[arg-type]


def _tampered(exhibit: Exhibit) -> Exhibit:
    content = exhibit.content.replace(WORD, b"Loses a way", 1)
    if content == exhibit.content:
        raise CannotFalsify(f"{exhibit.name} does not say {WORD!r}")
    case = "portfolio-tampered" if exhibit.case == "portfolio" else "portfolio-shown-tampered"
    return exhibit.as_case(case, content=content)
