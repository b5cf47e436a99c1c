"""Canonical forms: the bytes that a Data Integrity signature is made over.

The seam for a faster canonicaliser: whatever replaces `rdfc` has to give the same bytes and the same refusals.
"""

import math
from typing import Any

import rfc8785

from badges.documents import LARGEST_INTEGER, Document, walk
from badges.errors import NotConformant
from badges.proofs.blank_nodes import Digest, canonical_lines
from badges.proofs.compacted import refuse_other_forms
from badges.proofs.safe_mode import refuse_unsigned
from badges.proofs.templates import lines


def rdfc(document: Document, *, digest: Digest = "sha256") -> bytes:
    """The canonical N-Quads of a JSON-LD document (RDF Dataset Canonicalization 1.0), in safe mode, UTF-8.

    Raises `UndefinedTerm` for whatever would go unsigned, `UnknownContext`, `NotConformant` for what is not compacted
    JSON-LD, and `TooLarge` for what would cost too much.
    """
    # 1. Before anything else: the JSON means what the statements mean (compacted.py), and is in them (safe_mode.py).
    refuse_other_forms(document)
    refuse_unsigned(document)
    # 2. The statements, bounded in number; then their canonical form, bounded in work. Code point order of the lines
    #    is the order of their UTF-8 bytes (RDFC-1.0 §4.4.3 step 7, §5).
    canonical = canonical_lines(lines(document), digest=digest)
    if not canonical:
        raise NotConformant("The document says nothing that could be signed.")
    return "".join(canonical).encode()


def jcs(document: Document) -> bytes:
    """The canonical JSON of a document (RFC 8785), UTF-8. Raises `NotConformant` for values that it cannot carry."""
    try:
        return rfc8785.dumps(document)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotConformant(f"The document has no canonical JSON: {error}.") from error


def refuse_disputed_values(document: Document) -> None:
    """Returns when all verifiers read the values of `document` alike. For issuers; raises `NotConformant`.

    Processors disagree on integers past 2^53, on how fractions of many digits are written, and on U+FFFE and U+FFFF.
    """
    if not _disputed_within(document):
        return
    for pointer, value in walk(document):
        if any(map(_disputed, value)) if isinstance(value, dict) else _disputed(value):
            raise NotConformant("Verifiers disagree on how to read this value.", pointer=pointer)


def _disputed_within(value: Any) -> bool:
    """Whether there is any such value: asked of every document, whereas its place is asked of few."""
    if isinstance(value, dict):
        children = [*value, *value.values()]
    elif isinstance(value, list):
        children = value
    else:
        return _disputed(value)
    for child in children:
        if isinstance(child, str):
            if "\ufffe" in child or "\uffff" in child:
                return True
        elif child is not None and _disputed_within(child):
            return True
    return False


def _disputed(value: Any) -> bool:
    if isinstance(value, str):
        return "\ufffe" in value or "\uffff" in value
    if isinstance(value, float):
        return not math.isfinite(value) or "e" in repr(value) or len(repr(abs(value)).replace(".", "").lstrip("0")) > 15
    return isinstance(value, int) and abs(value) > LARGEST_INTEGER


def refuse_disputed_order(canonical: bytes) -> None:
    """Returns when all verifiers sort these lines alike. For issuers; raises `NotConformant`.

    Processors written in JavaScript sort by UTF-16 code units (RDFC-1.0 asks for code points), which makes U+FF01
    greater than an emoji.
    """
    text = canonical.decode().removesuffix("\n")
    lines = text.split("\n")
    if not text.isascii() and lines != sorted(lines, key=lambda line: line.encode("utf-16-be")):
        raise NotConformant("Verifiers would sort two values of one member differently, an emoji among them.")
