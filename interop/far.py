"""Badges of an issuer that no judge has seen before (tests/far_issuer.py): every format, every fault.

It signs with keys named by did:web and, where a case says so, by did:key; what it hosts is told to the judges for each
exhibit alone, so that it can be as far gone in one as it likes. The cases are those of `expected.EXPECTED`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import badges
from app.kit.clock import system_clock
from interop.exhibits import Exhibit
from interop.web import Answer
from tests.far_issuer import NOW, Award, FarIssuer
from tests.forging import changed

FORMS = {"eddsa-rdfc-2022": "json", "vc-jwt": "jwt", "ob2-hosted": "ob2", "ob2-signed": "ob2.jws"}
"""How the issuer calls a form, and how the judges do."""
OB3 = ("eddsa-rdfc-2022", "vc-jwt")
EVERY = tuple(FORMS)
SIGNED = ("eddsa-rdfc-2022", "vc-jwt", "ob2-signed")
DAY = timedelta(days=1)

Making = Callable[[FarIssuer, str], str]
"""From an issuer and a form to the text of a badge; what it does to the issuer on the way is part of the case."""


@dataclass(frozen=True)
class Case:
    """One case: who the issuer is, how the badge is made, in which forms, and which of its addresses is gone."""

    make: Making
    forms: tuple[str, ...] = EVERY
    mode: Any = "did:web"
    gone: str | None = None


def _plain(issuer: FarIssuer, form: str) -> str:
    return issuer.award(form).text


def _of_vc1(issuer: FarIssuer, form: str) -> str:
    return issuer.award_vc1(form).text


def _revoked(issuer: FarIssuer, form: str) -> str:
    return _and(issuer.award(form), issuer.revoke)


def _suspended(issuer: FarIssuer, form: str) -> str:
    suffix = ".jwt" if form == "vc-jwt" else ""
    credential = issuer.credential(purpose="suspension", status_suffix=suffix)
    return _and(Award(issuer.sign(credential, form), credential), issuer.revoke)


def _expired(issuer: FarIssuer, form: str) -> str:
    end = badges.timestamp(NOW - DAY)
    return issuer.award(form, **{"expires" if form.startswith("ob2") else "validUntil": end}).text


def _early(issuer: FarIssuer, form: str) -> str:
    begin = badges.timestamp(NOW + DAY)
    return issuer.award(form, **{"issuedOn" if form.startswith("ob2") else "validFrom": begin}).text


def _tampered(issuer: FarIssuer, form: str) -> str:
    text = issuer.award(form).text
    if text.startswith("{"):
        return changed(text, "name", to="Impatient Teacher")
    head, payload, signature = text.split(".")
    return ".".join((head, payload, ("A" if signature[0] != "A" else "B") + signature[1:]))


def _stranger(issuer: FarIssuer, form: str) -> str:
    other = FarIssuer(name="Somebody Else", base="https://else.example/issuers/dale")
    key = other.p256 if form == "vc-jwt" else other.ed25519
    return issuer.sign(issuer.award(form).document, form, key=key)


def _rotated(issuer: FarIssuer, form: str) -> str:
    return _and(issuer.award(form), lambda _: issuer.rotate())


def _nonconforming(issuer: FarIssuer, form: str) -> str:
    credential = issuer.award(form).document
    del credential["credentialSubject"]["achievement"]["criteria"]
    return issuer.sign(credential, form)


def _endorsed(issuer: FarIssuer, form: str) -> str:
    return _vouched(issuer, form)


def _endorsement_forged(issuer: FarIssuer, form: str) -> str:
    return _vouched(issuer, form, forged=True)


def _endorsement_misdirected(issuer: FarIssuer, form: str) -> str:
    return _vouched(issuer, form, about="https://elsewhere.example/credentials/1")


def _vouched(issuer: FarIssuer, form: str, *, about: str | None = None, forged: bool = False) -> str:
    """A friend vouches for it, or for something else, or wrote other words than those that the badge shows."""
    friend = FarIssuer(name="A Friend", base="https://friend.example/issuers/dale", mode="did:key")
    credential = issuer.award(form).document
    token = form == "vc-jwt"
    # A did:key has one key: its tokens are signed with that too.
    key = friend.ed25519
    signed = friend.sign(friend.endorsement(about or credential["id"]), form, key=key)
    if forged:
        other = friend.sign(friend.endorsement(credential["id"], name="Doubted"), form, key=key)
        signed = (
            ".".join([*other.split(".")[:2], signed.split(".")[2]]) if token else changed(signed, "name", to="Doubt")
        )
    shown = {"endorsementJwt": [signed]} if token else {"endorsement": [badges.parse(signed)]}
    return issuer.sign(credential | shown, form)


def _and(award: Award, then: Callable[[Award], object]) -> str:
    then(award)
    return award.text


CASES = {
    "far": Case(_plain),
    "far-by-key": Case(_plain, OB3, mode="did:key"),
    "far-vc1": Case(_of_vc1, OB3),
    "far-revoked": Case(_revoked),
    "far-suspended": Case(_suspended, OB3),
    "far-expired": Case(_expired),
    "far-early": Case(_early),
    "far-tampered": Case(_tampered, SIGNED),
    "far-stranger": Case(_stranger, OB3),
    "far-rotated": Case(_rotated, OB3),
    "far-unlisted": Case(_revoked, OB3, gone="/status/"),
    "far-away": Case(_plain, EVERY, gone=""),
    "far-nonconforming": Case(_nonconforming, OB3),
    "far-endorsed": Case(_endorsed, OB3),
    "far-endorsement-forged": Case(_endorsement_forged, OB3),
    "far-endorsement-misdirected": Case(_endorsement_misdirected, OB3),
}


def from_afar() -> list[Exhibit]:
    """Every case in each of its forms, judged at the issuer's own time."""
    return [_exhibit(name, case, form) for name, case in CASES.items() for form in case.forms]


def _exhibit(name: str, case: Case, form: str) -> Exhibit:
    # At an address of its own each time: judges remember the keys of an address from one exhibit to the next.
    issuer = FarIssuer(mode=case.mode, base=f"https://{name}-{FORMS[form].replace('.', '-')}.example/issuers/hill")
    text = case.make(issuer, form)
    url = badges.parse(text)["id"] if form == "ob2-hosted" else issuer.base
    later = int((NOW - system_clock()).total_seconds())
    return Exhibit(name, FORMS[form], text.encode(), url, later=later, told=dict(_told(issuer, case.gone)))


def _told(issuer: FarIssuer, gone: str | None) -> Iterator[tuple[str, Answer]]:
    for url in issuer.pages:
        if gone is None or gone not in url:
            found = issuer(url, accept="*/*")
            yield url, Answer(found.status, found.content_type, found.body)
    yield f"{issuer.base}/ob2/badgeclass.png", Answer(200, "image/png", _picture())


@cache
def _picture() -> bytes:
    return badges.artwork.draw(title="Far", community="Hill", contribution_type=None, seed="far").png
