"""Downloads every public form of what was awarded."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx

from interop.community import SLUG, VALID_DAYS
from interop.exhibits import DAY, JWKS, OB2_FORMS, OB3_FORMS, Exhibit
from interop.service import Service

GONE = httpx.codes.GONE  # what a revoked hosted assertion answers, with a body


class NotServed(Exception):
    """A public document that the contract promises is not there."""


def collect(service: Service, awards: dict[str, str]) -> list[Exhibit]:
    """Every award (id by case) in every form, and those that are judged on another day or for a named person."""
    served = [exhibit for case, id in awards.items() for exhibit in _forms(service, case, id)]
    plain = next(exhibit for exhibit in served if exhibit.name == "plain.json")
    recipient = json.loads(plain.content)["credentialSubject"]["id"]
    published = f"{service.origin}/issuers/{SLUG}/jwks.json"
    by_key_set = [replace(exhibit, form=JWKS, url=published) for exhibit in served if exhibit.name == "rich.jwt"]
    return served + by_key_set + [other for exhibit in served for other in _seen_differently(exhibit, recipient)]


def _forms(service: Service, case: str, id: str) -> Iterator[Exhibit]:
    baked: dict[str, str] = {}
    for form in (*OB3_FORMS, *OB2_FORMS):
        path = f"/credentials/{id}.{form}" if form in OB3_FORMS else f"/ob2/assertions/{id}{form.removeprefix('ob2')}"
        answer = service.public.get(path)
        if not answer.is_success and not (form == "ob2" and answer.status_code == GONE):
            raise NotServed(f"GET {path} {answer.status_code} ({case}): {answer.text[:500]}")
        if form == "ob2":
            # the bakery reads the body of an SVG only where no `verify` attribute names an address (Baking §SVG)
            baked = {"ob2.png": answer.text, "ob2.svg": service.origin + path}
        yield Exhibit(case, form, answer.content, service.origin + path, baked=baked.get(form))


def _seen_differently(exhibit: Exhibit, recipient: str) -> Iterator[Exhibit]:
    match exhibit.case:
        case "rich":
            yield exhibit.as_case("expired", later=(VALID_DAYS + 2) * DAY)
        case "plain":
            yield exhibit.as_case("early", later=-2 * DAY)
            yield exhibit.as_case("addressed", recipient=recipient)
            yield exhibit.as_case("misdirected", recipient=recipient[:-1] + ("0" if recipient[-1] != "0" else "1"))
