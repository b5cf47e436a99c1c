"""How the tests of the verdict ask, through the front door."""

import json
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

import badges
from badges import Outcome
from badges.documents import Document
from badges.proofs import jws
from badges.reports import Report
from badges.resolving import Fetched
from badges.written_keys import base64url
from tests.far_issuer import EMBEDDED, NOW, Award, FarIssuer

OB3_FORMS = (*EMBEDDED, "vc-jwt")


@cache
def png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    return file.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'


def judge(issuer: FarIssuer, badge: Award | str | bytes, **asked: Any) -> Report:
    data = badge.text if isinstance(badge, Award) else badge
    return badges.verify(data, **{"fetch": issuer, "now": NOW, **asked})


def found(report: Report, name: str) -> tuple[Outcome, str]:
    check = report.found(name)
    assert check is not None, name
    return check.outcome, check.code


def as_token(payload: Document, key: badges.SigningKey) -> str:
    """A token that says no more than it is told to."""
    return jws.sign(json.dumps(payload).encode(), key, header={"jwk": key.method.jwk()})


def silence(url: str, *, accept: str) -> Fetched:
    raise badges.Unreachable(f"{url}: nobody answered.")


def token(header: Document, payload: Document, signature: bytes = b"\0" * 64) -> str:
    return ".".join(base64url(part) for part in (json.dumps(header).encode(), json.dumps(payload).encode(), signature))


def objects(value: Any) -> Iterator[Document]:
    if isinstance(value, dict):
        yield value
        for name, child in value.items():
            if name != "@context":
                yield from objects(child)
    elif isinstance(value, list):
        for child in value:
            yield from objects(child)
