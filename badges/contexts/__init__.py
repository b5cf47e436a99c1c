"""The JSON-LD contexts that are known here, pinned byte for byte; none is ever fetched (VC Data Integrity §2.4.1).

`index.json` says of each where it was taken from. `form` is `object` where the bytes are those of the JSON object in
that file of that package, and `value` where the package holds the same JSON with other white space, and the bytes are
those that the publisher serves. 1EdTech has changed 3.0.3 in place twice (2025-11 and 2026-06): this is the newer one,
in which `endorsementJwt` is defined; it means the same for documents that were signed under the older ones.
"""

import json
from functools import cache, lru_cache
from pathlib import Path

from badges.documents import Document
from badges.errors import UnknownContext

FOLDER = Path(__file__).parent


@cache
def index() -> Document:
    """Per URL: file, sha256, package, path, form, licence."""
    entries: Document = json.loads((FOLDER / "index.json").read_bytes())
    return entries


@lru_cache(maxsize=64)
def load(url: str) -> Document:
    """The document of the context at `url`: an object with `@context`; shared, so never to be changed.

    Raises `UnknownContext`.
    """
    entry = index().get(url)
    if entry is None:
        raise UnknownContext(
            f"The context {url[:200]!r} is not one of those that are pinned here, and contexts are never fetched.",
            pointer="/@context",
        )
    document: Document = json.loads((FOLDER / entry["file"]).read_bytes())
    return document


def pinned(url: str) -> bytes:
    """The context at `url` as it is pinned here, to be handed on. Raises `KeyError`."""
    return FOLDER.joinpath(str(index()[url]["file"])).read_bytes()
