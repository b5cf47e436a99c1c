"""Pictures that hold a badge in two ways, in the wrong way, or none."""

import zlib

import badges
from badges.baking import png
from tests.badges.baking.pictures import DATA, END, HEADER, PNG, SIGNATURE, SVG, chunk
from tests.vectors.making import Files, signed, text

OB3 = b"https://purl.imsglobal.org/ob/v3p0"
OB2 = b"http://openbadges.org"


def files() -> Files:
    whole = text(signed())
    yield from _pngs(whole)
    yield from _svgs(whole)


def _pngs(whole: bytes) -> Files:
    badge = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + whole)
    yield "ok-baked.png", badges.bake(PNG, whole.decode())
    squeezed = chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(whole))
    yield "ok-badge-compressed.png", SIGNATURE + HEADER + squeezed + DATA + END
    for name, chunks in {
        "no-badge": HEADER + DATA + END,
        "two-badges": HEADER + badge + badge + DATA + END,
        "badge-in-ztxt": HEADER + chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(whole)) + DATA + END,
        "badge-in-text": HEADER + chunk(b"tEXt", b"openbadgecredential\0" + whole) + DATA + END,
        "bomb-in-itxt": HEADER
        + chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(bytes(4_000_000), 9))
        + DATA
        + END,
        "badge-after-the-end": HEADER + DATA + END + badge,
        "badge-before-the-header": badge + HEADER + DATA + END,
        "header-twice": HEADER + HEADER + badge + DATA + END,
        "no-end": HEADER + badge + DATA,
        "badge-incomplete": HEADER + chunk(b"iTXt", b"openbadgecredential\0\0") + DATA + END,
        "badge-empty": HEADER + chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0") + DATA + END,
        "badge-not-utf-8": HEADER + chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0\xff") + DATA + END,
        "length-past-the-end": HEADER + b"\x7f\xff\xff\xff" + badge[4:] + DATA + END,
        "length-beyond-31-bits": HEADER + b"\xff\xff\xff\xff" + badge[4:] + DATA + END,
        "crc-wrong": HEADER + badge[:-1] + bytes([badge[-1] ^ 1]) + DATA + END,
        "chunk-without-a-name": HEADER + chunk(b"\0\0\0\0") + badge + DATA + END,
    }.items():
        yield f"err-{name}.png", SIGNATURE + chunks
    yield "err-signature-alone.png", png.SIGNATURE
    yield "err-jpeg.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + whole


def _svgs(whole: bytes) -> Files:
    def svg(inside: bytes, before: bytes = b"") -> bytes:
        return before + b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="' + OB3 + b'">' + inside + b"</svg>"

    data = b"<![CDATA[" + whole + b"]]>"
    badge = b"<o:credential>" + data + b"</o:credential>"
    yield "ok-baked.svg", badges.bake(SVG, whole.decode())
    yield "ok-doctype.svg", svg(badge, b"<!DOCTYPE svg>")
    for name, image in {
        "no-badge": svg(b"<circle/>"),
        "two-badges": svg(badge + badge),
        "badge-empty": svg(b"<o:credential/>"),
        "badge-deeper": svg(b"<g>" + badge + b"</g>"),
        "badge-with-a-child": svg(b"<o:credential><g/>" + data + b"</o:credential>"),
        "badge-within-a-badge": svg(b"<o:credential>" + badge + b"</o:credential>"),
        "badge-says-two-things": svg(b'<o:credential verify="https://far.example/1">' + data + b"</o:credential>"),
        "badge-of-another-namespace": svg(badge).replace(OB3, OB3 + b"/"),
        "entities": svg(b"&b;", b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'),
        "external-entity": svg(b"&x;", b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "parameter-entity": svg(b"", b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://far.example/x.dtd"> %x;]>'),
        "encoding-declared-otherwise": svg(badge, b'<?xml version="1.0" encoding="ISO-8859-1"?>'),
        "encoding-unknown": svg(badge, b'<?xml version="1.0" encoding="x-none"?>'),
        "cut-short": svg(badge)[:-9],
        "attribute-twice": svg(b'<o:credential verify="a" verify="b"/>'),
        "prefix-undeclared": svg(badge).replace(b"xmlns:o=", b"xmlns:p="),
        "control-character": svg(b"<o:credential>\x01</o:credential>"),
        "100-levels": svg(b"<g>" * 100 + b"</g>" * 100),
        "text-after-the-end": svg(badge) + whole,
    }.items():
        yield f"err-{name}.svg", image
    yield "err-not-utf-8.svg", svg(b"\xff" + badge)
    yield "err-utf-16.svg", b'<?xml version="1.0"?>' + svg(badge).decode().encode("utf-16")
    yield "err-html-with-a-badge.svg", b"<html>" + svg(badge) + b"</html>"
