"""What a forger would hand in: the served documents, falsified.

    tampered       one word changed, everything around it (CRCs, encodings) put right
    smuggled       a member added that nobody signed
    stranger       signed by a stranger who names their own key and keeps the issuer's name
    impostor       signed by a stranger who names the issuer's key
    stranger-own   the control: the same stranger, honestly in their own name (to be accepted)
    unreachable    revoked, and its status list cannot be had
    wiped          revoked, and its status list was cleared by somebody who cannot sign it

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
from interop.exhibits import Exhibit
from interop.service import Service
from interop.web import NOBODY, Answer

Forge = Callable[[list[dict[str, Any]]], dict[str, str]]
REWRITTEN = WITNESSED.replace("two peers", "ten peers")
WAYS = ("stranger", "impostor", "stranger-own")
STRANGERS_ORIGIN = "https://stranger.example"


class CannotFalsify(Exception):
    """What should have been rewritten does not occur in the served document."""


def falsify(service: Service, exhibits: list[Exhibit], forge: Forge) -> list[Exhibit]:
    """The forger's versions of the `rich` and `revoked` exhibits; `forge` signs (see node/forge.mjs)."""
    rich = {exhibit.form: exhibit for exhibit in exhibits if exhibit.case == "rich"}
    revoked = {exhibit.form: exhibit for exhibit in exhibits if exhibit.case == "revoked"}
    return [
        *(tampered(exhibit) for form, exhibit in rich.items() if form != "ob2"),  # which is fetched from its origin
        *_nonconforming(rich),
        _smuggled(rich["json"]),
        *_forged(rich, forge),
        _hosted_by_a_stranger(rich["ob2"]),
        *_without_status(service, revoked),
    ]


def claims(token: str) -> dict[str, Any]:
    """The payload of a compact JWS, unverified."""
    payload: dict[str, Any] = json.loads(_unbase64url(token.split(".")[1]))
    return payload


def tampered(exhibit: Exhibit) -> Exhibit:
    """The exhibit with one word of its evidence changed."""
    content = exhibit.content
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        content = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, _reworded(data)) for kind, data in _chunks(content))
    else:
        content = _reworded(content)
    if content == exhibit.content:
        raise CannotFalsify(f"{exhibit.name} does not say {WITNESSED!r}")
    return exhibit.as_case("tampered", content=content, baked=None)


def _reworded(data: bytes) -> bytes:
    """`data` with the changed word, wherever it stands: in plain sight or in the payload of a JWS within."""
    plain = data.replace(WITNESSED.encode(), REWRITTEN.encode())
    start = data.find(b"eyJ")
    if plain != data or start < 0:
        return plain
    end = next((i for i in range(start, len(data)) if data[i : i + 1] in b"\"'<\n\0 "), len(data))
    token = data[start:end].split(b".")
    if len(token) != 3:
        return data
    token[1] = _base64url(_unbase64url(token[1].decode()).replace(WITNESSED.encode(), REWRITTEN.encode())).encode()
    return data[:start] + b".".join(token) + data[end:]


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


def _hosted_by_a_stranger(exhibit: Exhibit) -> Exhibit:
    url = f"{STRANGERS_ORIGIN}/assertion"
    assertion = json.dumps(json.loads(exhibit.content) | {"id": url}).encode()
    return exhibit.as_case(
        "stranger", content=assertion, url=url, told={url: Answer(200, "application/ld+json", assertion)}
    )


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
