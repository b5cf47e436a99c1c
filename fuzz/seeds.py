"""Where fuzzing begins: a badge of every format, in and out of pictures, and the hostile corpus of the tests."""

from functools import cache
from io import BytesIO

from PIL import Image

import badges
from badges.checks.unwrapping import text_in, unwrapped
from badges.documents import serialize
from tests.far_issuer import FORMS, FarIssuer
from tests.vectors.making import FOLDER, answering

LARGEST = 16_384
"""Bytes of a seed: longer ones slow down everything that is made of them."""

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'


@cache
def far() -> FarIssuer:
    return answering()


@cache
def awards() -> list[str]:
    return [far().award(form).text for form in FORMS]


@cache
def signed() -> list[str]:
    """All that the issuer has signed: the awards, and what is well in the corpus."""
    return [*awards(), *(unwrapped(text_in(file.read_bytes())) for file in FOLDER.glob("ok-*.j*"))]


@cache
def tokens() -> list[bytes]:
    """All that its keys may have signed, those of the corpus among them whose claims are wrong."""
    own = [text.encode() for text in awards() if not text.startswith("{")]
    return [*own, *(file.read_bytes() for file in FOLDER.glob("*.jwt"))]


def of(target: str) -> list[bytes]:
    """The seeds of a target; the corpus serves all of them, since a fault of one kind may be a fault of another."""
    corpus = [file.read_bytes() for file in sorted(FOLDER.glob("*")) if file.stat().st_size <= LARGEST]
    texts = [text.encode() for text in awards()]
    pages = [page() for page in far().pages.values()]
    own: dict[str, list[bytes]] = {
        "unbake": _pictures(),
        "parse": texts,
        "jws": tokens(),
        "status": [far().status_list("revocation")["credentialSubject"]["encodedList"].encode()],
        "verify": [*texts, *_pictures()],
        "answers": [(page if isinstance(page, str) else serialize(page)).encode() for page in pages],
    }
    return own[target] + corpus


def _pictures() -> list[bytes]:
    file = BytesIO()
    Image.new("RGB", (2, 2), "teal").save(file, "PNG")
    return [badges.bake(image, text) for image in (file.getvalue(), _SVG) for text in awards()]
