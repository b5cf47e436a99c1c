"""`python -m tests.vectors.making`: writes the hostile corpus, `tests/vectors/hostile/`, each file named by its fault.

What has to be answered stands in `index.json` beside the files and is kept by hand: a new file needs a line there.
Files that exist are left as they are, since some signatures come out differently each time.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from badges.documents import Document, serialize
from tests.far_issuer import FarIssuer

FOLDER = Path(__file__).parent / "hostile"

Files = Iterator[tuple[str, bytes]]
"""Names and contents."""

REVOKED, SUSPENDED = 77, 78
"""Places in the lists of the issuer that answers."""


HOSTED = f"{FarIssuer.base}/ob2/assertions/hosted"
SERVED, CHANGED = f"{FarIssuer.base}/served", f"{FarIssuer.base}/changed"
"""Addresses of an assertion, of a credential, and of one that somebody changed."""


def answering() -> FarIssuer:
    """The issuer in whose name all of it is: its Ed25519 and P-256 keys are always the same."""
    far = FarIssuer()
    far.bits["revocation"].add(REVOKED)
    far.bits["suspension"].add(SUSPENDED)
    far.pages[HOSTED] = hosted
    far.pages[SERVED] = signed
    far.pages[CHANGED] = lambda: signed() | {"name": "Master"}
    return far


def hosted() -> Document:
    """The assertion that the issuer hosts."""
    return FarIssuer().assertion(id=HOSTED)


def fresh(**changes: Any) -> tuple[FarIssuer, Document]:
    """The issuer, and a credential that it could sign; None removes a member."""
    far = answering()
    document = far.credential() | changes
    return far, {name: value for name, value in document.items() if value is not None}


def signed(form: str = "eddsa-rdfc-2022", **changes: Any) -> Document:
    """A credential as JSON that the issuer did sign."""
    far, document = fresh(**changes)
    value: Document = json.loads(far.sign(document, form))
    return value


def text(document: Document) -> bytes:
    return serialize(document).encode()


def main() -> None:
    from tests.vectors import documents, pictures, texts, tokens

    FOLDER.mkdir(exist_ok=True)
    makers: list[Callable[[], Files]] = [texts.files, documents.files, tokens.files, pictures.files]
    for make in makers:
        for name, data in make():
            file = FOLDER / name
            if not file.exists():
                file.write_bytes(data)


if __name__ == "__main__":
    main()
