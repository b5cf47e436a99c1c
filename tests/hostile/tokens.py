"""Tokens whose headers are expensive."""

import json

from badges.written_keys import base64url
from tests.hostile.making import KIB, Made, credential, family, issuer


def _token_with_header(header: bytes, payload: bytes) -> bytes:
    return ".".join((base64url(header), base64url(payload), base64url(bytes(64)))).encode()


@family
def a_huge_header(size: int) -> Made:
    return issuer(), _token_with_header(b'{"alg":"EdDSA","kid":"' + b"x" * (size * 3 // 4 - KIB) + b'"}', b"{}")


@family
def a_header_of_a_huge_key(size: int) -> Made:
    far = issuer()
    n = base64url(b"\xff" * 512)
    header = json.dumps({"alg": "RS256", "jwk": {"kty": "RSA", "n": n, "e": n}}).encode()
    return far, _token_with_header(header, json.dumps(credential(far)).encode())


@family
def a_token_of_dots(size: int) -> Made:
    return issuer(), b"a." * (size // 2)
