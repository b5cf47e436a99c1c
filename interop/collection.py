"""Downloads every public form of what was awarded."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx

from interop.community import VALID_DAYS, Community
from interop.exhibits import DAY, JWKS, OB2_FORMS, OB3_FORMS, PARTICIPATION, Exhibit
from interop.service import Service

GONE = httpx.codes.GONE  # what a revoked hosted assertion answers, with a body


class NotServed(Exception):
    """A public document that the contract promises is not there."""


def collect(service: Service, community: Community, awards: dict[str, str]) -> list[Exhibit]:
    """Every award (id by case) in every form."""
    return [exhibit for case, id in awards.items() for exhibit in _forms(service, community, case, id)]


def seen_differently(served: list[Exhibit]) -> list[Exhibit]:
    """Those that are judged on another day too, or for a named person."""
    plain = next(exhibit for exhibit in served if exhibit.name == "plain.json")
    recipient = json.loads(plain.content)["credentialSubject"]["id"]
    return [other for exhibit in served for other in _seen_differently(exhibit, recipient)]


def _forms(service: Service, community: Community, case: str, id: str) -> Iterator[Exhibit]:
    baked: dict[str, str] = {}
    for form in (*OB3_FORMS, *OB2_FORMS):
        path = f"/credentials/{id}.{form}" if form in OB3_FORMS else f"/ob2/assertions/{id}{form.removeprefix('ob2')}"
        answer = service.public.get(path)
        if not answer.is_success and not (form == "ob2" and answer.status_code == GONE):
            raise NotServed(f"GET {path} {answer.status_code} ({case}): {answer.text[:500]}")
        if form == "ob2":
            # the bakery reads the body of an SVG only where no `verify` attribute names an address (Baking §SVG)
            baked = {"ob2.png": answer.text, "ob2.svg": service.origin + path}
        exhibit = Exhibit(case, form, answer.content, service.origin + path, baked=baked.get(form))
        yield exhibit
        if form == "json":
            yield from _rested_on(service, case, json.loads(answer.content))
        if form == "jwt":
            yield replace(exhibit, form=JWKS, url=f"{service.origin}/issuers/{community.slug}/jwks.json")


def _rested_on(service: Service, case: str, badge: dict[str, Any]) -> Iterator[Exhibit]:
    """What the badge pins that is signed alone."""
    for pin in badge.get("relatedResource", []):
        if pin.get("mediaType") == "application/jwt":
            answer = service.public.get(pin["id"].removeprefix(service.origin))
            if not answer.is_success:
                raise NotServed(f"GET {pin['id']} {answer.status_code} ({case}): {answer.text[:500]}")
            yield Exhibit(case, PARTICIPATION, answer.content, pin["id"])


def _seen_differently(exhibit: Exhibit, recipient: str) -> Iterator[Exhibit]:
    match exhibit.case:
        case "rich":
            yield exhibit.as_case("expired", later=(VALID_DAYS + 2) * DAY)
        case "plain":
            yield exhibit.as_case("early", later=-2 * DAY)
            yield exhibit.as_case("addressed", recipient=recipient)
            yield exhibit.as_case("misdirected", recipient=recipient[:-1] + ("0" if recipient[-1] != "0" else "1"))
