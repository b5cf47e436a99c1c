"""Bytes that are no JSON, or JSON that readers read differently, or no badge at all."""

import gzip
import zipfile
from io import BytesIO

from tests.vectors.making import CHANGED, HOSTED, SERVED, Files, signed, text


def files() -> Files:
    whole = text(signed())
    yield "ok-data-integrity.json", whole
    yield "err-nothing.txt", b""
    yield "err-white-space.txt", b" \r\n\t"
    yield "ok-byte-order-mark.json", b"\xef\xbb\xbf" + whole
    yield "ok-utf-16.json", whole.decode().encode("utf-16")
    yield "err-not-utf-8.json", whole.replace(b"Patient", b"Pa\xfftient")
    yield "err-overlong-utf-8.json", whole.replace(b"Patient", b"Pa\xc0\xaftient")
    yield "err-surrogate-in-utf-8.json", whole.replace(b"Patient", b"Pa\xed\xa0\x80tient")
    yield "err-lone-surrogate.json", whole.replace(b"Patient", b"Pa\\ud800tient")
    yield "err-null-character.json", whole.replace(b"Patient", b"Pa\\u0000tient")
    yield "err-member-twice.json", whole.replace(b'"name"', b'"name":"Other","name"', 1)
    yield "err-member-twice-by-escape.json", whole.replace(b'"name"', b'"n\\u0061me":"Other","name"', 1)
    yield "err-nan.json", whole.replace(b'"name"', b'"version":NaN,"name"', 1)
    yield "err-infinity.json", whole.replace(b'"name"', b'"version":-Infinity,"name"', 1)
    yield "err-integer-past-2-53.json", whole.replace(b'"name"', b'"version":9007199254740993,"name"', 1)
    yield "err-number-of-5000-digits.json", whole.replace(b'"name"', b'"version":' + b"9" * 5000 + b',"name"', 1)
    yield "err-exponent.json", whole.replace(b'"name"', b'"version":1e400,"name"', 1)
    yield "err-cut-short.json", whole[:-40]
    yield "err-two-values.json", whole + b"{}"
    yield "err-comment.json", whole + b" // signed"
    yield "err-comma-too-many.json", whole[:-1] + b",}"
    yield "err-65-levels.json", b'{"a":' * 65 + b"1" + b"}" * 65
    yield "err-4000-brackets.json", b'{"a":' + b"[" * 4000
    yield "err-many-values.json", b'{"a":[' + b"0," * 6000 + b"0]}"
    yield "err-array.json", b"[" + whole + b"]"
    yield "err-string.json", b'"' + whole.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    yield "err-null.json", b"null"
    yield "err-empty-object.json", b"{}"
    yield "err-gzip.json.gz", gzip.compress(whole, mtime=0)
    yield "err-zip.zip", _zipped(whole)
    yield "err-web-page.html", b"<!doctype html><html><body><script>alert(1)</script></body></html>"
    yield "err-file-address.txt", b"file:///etc/passwd"
    yield "err-data-address.txt", b"data:application/json,%7B%7D"
    yield "ok-address-of-a-credential.txt", SERVED.encode()
    yield "ok-address-of-an-assertion.txt", HOSTED.encode()
    yield "err-address-of-a-changed-credential.txt", CHANGED.encode()
    yield "err-nobody-there.txt", b"https://far.example/issuers/hill/ob2/assertions/999"


def _zipped(data: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("badge.json"), data)
    return file.getvalue()
