"""What a forger would hand in: the served documents, falsified.

    tampered       one word changed, everything around it (CRCs, encodings) put right; a hosted OB 2.0 assertion is
                   fetched from its address, whatever a copy says, and has no such form
    smuggled       a member added that nobody signed
    stranger       signed (or hosted) by a stranger who names their own key (or address) and keeps the issuer's name
    impostor       signed by a stranger who names the issuer's key
    stranger-own   the control: the same stranger, honestly in their own name (to be accepted)
    unreachable    revoked, and its status list cannot be had
    wiped          revoked, and its status list was cleared by somebody who cannot sign it

    took-part-tampered  a badge, and what it rests on: one count changed at the address that the badge pins

    nonconforming  a value that the OB 3.0 schema does not know

Signing is left to the judges' own libraries (node/forge.mjs), so that a forgery is well made but for what is wrong.
"""

import base64
import gzip
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from interop.community import WITNESSED
from interop.exhibits import JWKS, OB3_FORMS, PARTICIPATION, Exhibit
from interop.service import Service
from interop.web import NOBODY, Answer

Forge = Callable[[list[dict[str, Any]]], dict[str, str]]
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
WAYS = ("stranger", "impostor", "stranger-own")
STRANGERS_ORIGIN = "https://stranger.example"


class CannotFalsify(Exception):
    """What should have been rewritten does not occur in the served document."""


def falsify(service: Service, exhibits: list[Exhibit], forge: Forge) -> list[Exhibit]:
    """The forger's versions of the `rich`, `revoked` and `took-part` exhibits; `forge` signs (see node/forge.mjs)."""
    rich = {exhibit.form: exhibit for exhibit in exhibits if exhibit.case == "rich"}
    revoked = {exhibit.form: exhibit for exhibit in exhibits if exhibit.case == "revoked"}
    return [
        *(_tampered(rich[form]) for form in (*OB3_FORMS, JWKS, "ob2.jws")),
        *_nonconforming(rich),
        _smuggled(rich["json"]),
        *_forged(rich, forge),
        *(_moved(rich[form], rich) for form in ("ob2", "ob2.png", "ob2.svg")),
        *_without_status(service, revoked),
        *_recounted({exhibit.form: exhibit for exhibit in exhibits if exhibit.case == "took-part"}),
    ]


def claims(token: str) -> dict[str, Any]:
    """The payload of a compact JWS, unverified."""
    payload: dict[str, Any] = json.loads(_unbase64url(token.split(".")[1]))
    return payload


def _tampered(exhibit: Exhibit) -> Exhibit:
    """One word of its evidence changed."""
    return exhibit.as_case("tampered", content=_rewritten(exhibit, WITNESSED, WITNESSED.replace("two", "ten")))


def _recounted(took_part: dict[str, Exhibit]) -> Iterator[Exhibit]:
    token = took_part[PARTICIPATION]
    changed = _rewritten(token, '"contributions":3', '"contributions":9')
    yield token.as_case("took-part-tampered", content=changed)
    told = {token.url: Answer(200, "application/jwt", changed)}
    yield took_part["jwt"].as_case("took-part-tampered", told=told)


def _rewritten(exhibit: Exhibit, old: str, new: str) -> bytes:
    """The exhibit's bytes saying `new` for `old`: in plain sight, in a PNG's chunks, or in the payload of a JWS."""
    content, pair = exhibit.content, (old.encode(), new.encode())
    if content.startswith(PNG_SIGNATURE):
        written = PNG_SIGNATURE + b"".join(_chunk(kind, data.replace(*pair)) for kind, data in _chunks(content))
    elif content.startswith(b"eyJ"):
        header, payload, signature = content.decode().strip().split(".")
        payload = _base64url(_unbase64url(payload).replace(*pair))
        written = f"{header}.{payload}.{signature}".encode()
    else:
        written = content.replace(*pair)
    if written == content:
        raise CannotFalsify(f"{exhibit.name} does not say {old!r}")
    return written


def _nonconforming(rich: dict[str, Exhibit]) -> Iterator[Exhibit]:
    """Neither signed nor to be: for judges of shapes alone."""
    for form in ("json", "jwt"):
        text = rich[form].content.decode().strip()
        credential = json.loads(text) if form == "json" else claims(text)
        credential["credentialSubject"]["achievement"]["achievementType"] = "Made up"
        content = json.dumps(credential).encode()
        if form == "jwt":
            header, _, signature = text.split(".")
            content = f"{header}.{_base64url(content)}.{signature}".encode()
        yield rich[form].as_case("nonconforming", content=content)


def _smuggled(exhibit: Exhibit) -> Exhibit:
    credential = json.loads(exhibit.content)
    credential["credentialSubject"]["isPresidentOf"] = "everything"
    return exhibit.as_case("smuggled", content=json.dumps(credential).encode())


def _forged(rich: dict[str, Exhibit], forge: Forge) -> Iterator[Exhibit]:
    orders = [
        {"name": f"{way}.{form}", "way": way, "form": form, "text": rich[form].content.decode()}
        for form in ("json", "jwt", "ob2.jws")
        for way in WAYS
        if (form, way) != ("ob2.jws", "stranger-own")  # an OB 2.0 issuer is a hosted document: no control without one
    ]
    signed = forge(orders)
    for order in orders:
        exhibit = rich[str(order["form"])]
        key = {f"{STRANGERS_ORIGIN}/key": Answer(200, "application/ld+json", signed["key"].encode())}
        yield exhibit.as_case(
            str(order["way"]),
            content=signed[str(order["name"])].encode(),
            told=key if exhibit.form == "ob2.jws" else {},
        )


def _moved(exhibit: Exhibit, rich: dict[str, Exhibit]) -> Exhibit:
    """The hosted assertion with its picture, served by a stranger: nothing in a copy counts but its address."""
    url, hosted = f"{STRANGERS_ORIGIN}/assertion", rich["ob2"]
    assertion = Answer(200, "application/ld+json", _rewritten(hosted, hosted.url, url))
    picture = Answer(200, "image/png", rich["ob2.png"].content)
    content = _rewritten(exhibit, hosted.url, url)
    return exhibit.as_case("stranger", content=content, url=url, told={url: assertion, f"{url}.png": picture})


def _without_status(service: Service, revoked: dict[str, Exhibit]) -> Iterator[Exhibit]:
    for form in ("json", "jwt"):
        exhibit, text = revoked[form], revoked[form].content.decode().strip()
        credential = json.loads(text) if form == "json" else claims(text)
        url = credential["credentialStatus"]["statusListCredential"]
        yield exhibit.as_case("unreachable", told={url: NOBODY})
        yield exhibit.as_case("wiped", told={url: _cleared(_get(service, url))})
    badge = json.loads(_get(service, claims(revoked["ob2.jws"].content.decode())["badge"]).body)
    issuer = json.loads(_get(service, badge["issuer"]).body)
    yield revoked["ob2.jws"].as_case("unreachable", told={issuer["revocationList"]: NOBODY})


def _get(service: Service, url: str) -> Answer:
    reply = service.public.get(urlsplit(url).path)
    return Answer(reply.status_code, reply.headers["content-type"], reply.content)


def _cleared(status_list: Answer) -> Answer:
    """The list with every bit cleared, its proof or signature left as it was."""
    text = status_list.body.decode().strip()
    parts = text.split(".")
    document = json.loads(text) if text.startswith("{") else claims(text)
    document["credentialSubject"]["encodedList"] = "u" + _base64url(gzip.compress(bytes(16_384)))
    body = json.dumps(document).encode()
    if not text.startswith("{"):
        body = ".".join([parts[0], _base64url(body), parts[2]]).encode()
    return Answer(status_list.status, status_list.content_type, body)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
