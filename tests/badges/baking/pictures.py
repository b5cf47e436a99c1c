"""Pictures and badges to bake, made by hand so that their bytes never change."""

import json
import struct
import zlib
from base64 import urlsafe_b64encode
from typing import Any

from badges.documents import serialize

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
PIXELS = b"\0\xff\0\0\0\xff\0" + b"\0\0\0\xff\xff\xff\xff"
# A stored deflate block, so that no version of zlib writes it otherwise.
STORED = b"\x78\x01\x01" + struct.pack("<HH", len(PIXELS), len(PIXELS) ^ 0xFFFF) + PIXELS
DATA = chunk(b"IDAT", STORED + struct.pack(">I", zlib.adler32(PIXELS)))
END = chunk(b"IEND")
PNG = SIGNATURE + HEADER + DATA + END

SVG = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n'
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" aria-label="a > b">\r\n'
    b"  <title>Caf\xc3\xa9</title><circle cx='4' cy='4' r='3'/>\n</svg>\n"
)

CONTEXTS = {"OB20": "https://w3id.org/openbadges/v2", "OB30": "https://www.w3.org/ns/credentials/v2"}


def badge(version: str = "OB30", **more: Any) -> dict[str, Any]:
    return {"@context": CONTEXTS[version], "id": f"https://badges.example.org/{version}?a=1&b=2", **more}


def text(version: str = "OB30", **more: Any) -> str:
    return serialize(badge(version, **more))


def jws(version: str = "OB30", **more: Any) -> str:
    def part(value: Any) -> str:
        return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'EdDSA'})}.{part(badge(version, **more))}.c2lnbmF0dXJl"
