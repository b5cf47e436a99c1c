"""What somebody makes of an issuer's documents who means harm."""

import json
from functools import cache
from typing import Any

from badges.documents import Document, serialize
from tests.far_issuer import packed


def changed(text: str, *path: str | int, to: Any) -> str:
    """The JSON text with another value at `path`, as a forger would change it."""
    document = json.loads(text)
    here = document
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = to
    return serialize(document)


BOMBS = ("list", "depth", "values", "number", "string", "contexts")
"""What is small, or not so small, on the way and large when it is opened."""


def bomb(kind: str, document: Document) -> str:
    """`document` as somebody serves it who wants to see its reader choke."""
    if kind == "list":
        subject = {"encodedList": f"u{_huge()}"}
        return serialize(document | {"credentialSubject": document.get("credentialSubject", {}) | subject})
    text = serialize(document).removesuffix("}")
    swollen = {
        "depth": '"x": ' + "[" * 200_000 + "]" * 200_000,
        "values": '"x": [' + "0," * 400_000 + "0]",
        "number": '"x": ' + "9" * 900_000,
        "string": f'"id": "{"x" * 900_000}"',
        "contexts": '"@context": [' + '{"x": "urn:x"},' * 40_000 + "{}]",
    }
    return f"{text}, {swollen[kind]}}}"


@cache
def _huge() -> str:
    return packed(bytes(100_000_000))
