"""Pictures and lists made to be expensive."""

import gzip
from base64 import urlsafe_b64encode

from tests.badges.baking.pictures import DATA, END, HEADER, SIGNATURE, chunk
from tests.far_issuer import FarIssuer
from tests.hostile.making import Made, credential, embedded, family, issuer


@family
def png_of_empty_chunks(size: int) -> Made:
    return issuer(), SIGNATURE + HEADER + DATA + chunk(b"tEXt") * (size // 12 - 10) + END


@family
def png_of_badges(size: int) -> Made:
    badge = chunk(b"tEXt", b"openbadgecredential")
    return issuer(), SIGNATURE + HEADER + badge * (size // len(badge) - 5) + DATA + END


@family
def png_of_one_compressed_chunk(size: int) -> Made:
    import zlib

    body = b"openbadgecredential\0\1\0\0\0" + zlib.compress(bytes(size * 900))
    return issuer(), SIGNATURE + HEADER + chunk(b"iTXt", body[: size - 200]) + DATA + END


def _svg(inside: bytes, attributes: bytes = b"") -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"' + attributes + b">" + inside + b"</svg>"


@family
def svg_of_elements(size: int) -> Made:
    return issuer(), _svg(b"<a/>" * (size // 4 - 20))


@family
def svg_of_namespaces(size: int) -> Made:
    return issuer(), _svg(b"", b"".join(b' xmlns:n%d="u:%d"' % (n, n) for n in range(size // 24)))


@family
def svg_of_attributes(size: int) -> Made:
    return issuer(), _svg(b"", b"".join(b' a%d=""' % n for n in range(size // 12)))


@family
def svg_of_badges(size: int) -> Made:
    badge = b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0"/>'
    return issuer(), _svg(badge * (size // len(badge) - 5))


@family
def svg_of_badges_within_badges(size: int) -> Made:
    begin, end = b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">', b"</o:credential>"
    return issuer(), _svg((begin * 60 + end * 60) * (size // 4600))


@family
def svg_of_tags_that_never_end(size: int) -> Made:
    return issuer(), _svg(b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" a="' + b">" * (size - 200))


@family
def svg_of_pieces_of_text(size: int) -> Made:
    inside = b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">' + b"&lt;\n" * (size // 5 - 40)
    return issuer(), _svg(inside + b"</o:credential>")


@family
def svg_of_entities(size: int) -> Made:
    doctype = b'<!DOCTYPE svg [<!ENTITY a "' + b"x" * (size // 2) + b'">]>'
    return issuer(), doctype + _svg(b"&a;" * (size // 8))


@family
def svg_of_comments(size: int) -> Made:
    return issuer(), b"<!---->" * (size // 7 - 20) + _svg(b"")


@family
def svg_of_open_comments(size: int) -> Made:
    return issuer(), b"<!--" * (size // 4)


@family
def svg_of_instructions(size: int) -> Made:
    return issuer(), b"<?a" * (size // 3)


@family
def spaces_before_a_picture(size: int) -> Made:
    return issuer(), b" " * (size - 200) + _svg(b"")


# What others publish


def _listing(far: FarIssuer, encoded: bytes) -> Made:
    text = "u" + urlsafe_b64encode(encoded).rstrip(b"=").decode()
    far.list_changes = {"encodedList": text}
    listing = far.signed_list("revocation", ".jwt")
    far.pages[f"{far.base}/status/revocation"] = lambda: listing
    return far, far.award().text.encode()


@family
def a_status_list_that_expands_without_end(size: int) -> Made:
    return _listing(issuer(), gzip.compress(bytes(size * 700), compresslevel=9, mtime=0))


@family
def a_status_list_at_its_largest(size: int) -> Made:
    return _listing(issuer(), gzip.compress(bytes(16 * 1024 * 1024), compresslevel=9, mtime=0))


@family
def eight_status_lists_at_their_largest(size: int) -> Made:
    far = issuer()
    _listing(far, gzip.compress(bytes(16 * 1024 * 1024), compresslevel=9, mtime=0))
    page = far.pages[f"{far.base}/status/revocation"]
    document = credential(far)
    entries = []
    for n in range(8):
        url = f"{far.base}/status/{n}"
        far.pages[url] = page
        entries.append(
            {
                "id": f"{url}#1",
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "1",
                "statusListCredential": url,
            }
        )
    return far, embedded(far, document | {"credentialStatus": entries})
