"""Only one reading of a signed document.

An RDF signature covers statements, and the same statements can be written in many JSON shapes. Who reads the JSON (we,
and every wallet) knows one of them: a `credentialStatus` that sits in `@included`, or under a name that an inline
context made up for it, is signed all the same, but no reader finds it, and a revoked badge would verify. So a document
has to be in compacted form (OB 3.0 §A): terms for keys, one object for a credential, and inline contexts that only
add. That a term is the published one is looked at in `safe_mode`.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from badges.documents import Document, as_list, pointer_to
from badges.errors import NotConformant
from badges.proofs.remembering import Findings
from badges.proofs.shared_ids import refuse_split_nodes
from badges.proofs.vocabulary import named, prefixes, published_prefixes

VALUE_KEYWORDS = frozenset({"@value", "@type", "@language", "@direction"})
"""Of a value object (JSON-LD 1.1 §4.2.1); elsewhere `@context` is the only keyword."""

CONTEXT_KEYWORDS = frozenset({"@version", "@vocab", "@language", "@protected", "@propagate"})
TERM_KEYWORDS = frozenset({"@id", "@type", "@container", "@context", "@language", "@protected", "@prefix"})
CONTAINERS = frozenset({"@set", "@list"})
"""What inline contexts may use. The rest moves statements to where no reader looks, or leaves keys unsigned."""

ALIASES = {"id": "@id", "type": "@type"}
"""What every credential context says, and an inline context may say again."""

SCHEMES = frozenset({"http", "https", "urn", "did", "data", "mailto"})
"""No context makes a prefix of these, so a string that begins with one is an IRI as it stands."""


_COMPACTED: Findings[None] = Findings(4096)
"""Of documents in compacted form, for they are asked about again for each of their proofs."""


def refuse_other_forms(document: Document) -> None:
    """Returns when `document` is in compacted form. Raises `NotConformant` with a pointer, or `UnknownContext`."""
    try:
        written = orjson.dumps(document)
    except TypeError:  # as no JSON has it; somebody else says so
        return _refuse_other_forms(document)
    _COMPACTED.of(written, lambda: _refuse_other_forms(document))
    if "proof" in document:
        # What is left without the proofs has no keys, contexts or objects that were not looked at.
        unsecured = {name: value for name, value in document.items() if name != "proof"}
        _COMPACTED.of(orjson.dumps(unsecured), lambda: None)
    return None


def _refuse_other_forms(document: Document) -> None:
    stated: list[Any] = []
    ids: list[tuple[str, str]] = []
    _look(document, "", stated, ids)
    for context in stated:
        for oddity in _oddities(context):
            raise NotConformant(f"An inline context may not use {oddity[:200]!r} so.", pointer="/@context")
    abbreviations = published_prefixes(frozenset(url for context in stated for url in named(context)))
    abbreviations = abbreviations.union(*map(prefixes, stated))
    for name, pointer in ids:
        if name.partition(":")[0] in abbreviations:
            raise NotConformant("An id is written out, not abbreviated by a prefix.", pointer=pointer)
    # Now that an id is what it says: two objects with one id are one node.
    refuse_split_nodes(document)


def _look(value: Any, pointer: str, stated: list[Any], ids: list[tuple[str, str]]) -> None:
    """Gathers contexts and ids (with pointer); refuses keys that are no terms."""
    if isinstance(value, list):
        for index, child in enumerate(value):
            if isinstance(child, dict | list):
                _look(child, f"{pointer}/{index}", stated, ids)
        return
    for key, child in value.items():
        if key == "@context":
            stated.append(child)
        elif key == "id" and isinstance(child, str):
            ids.append((child, f"{pointer}/id"))
        elif key.startswith("@") and not ("@value" in value and key in VALUE_KEYWORDS):
            raise NotConformant(f"The keyword {key[:200]!r} has no place here.", pointer=pointer + pointer_to(key))
        elif isinstance(child, dict | list):
            _look(child, pointer + pointer_to(key), stated, ids)


def _oddities(context: Any) -> Iterator[str]:
    for part in context if isinstance(context, list) else [context]:
        for term, definition in part.items() if isinstance(part, dict) else ():
            if term in SCHEMES or (term.startswith("@") and term not in CONTEXT_KEYWORDS):
                yield term
            meaning = definition.get("@id") if isinstance(definition, dict) else definition
            if isinstance(meaning, str) and meaning.startswith("@") and ALIASES.get(term) != meaning:
                yield meaning
            if isinstance(definition, dict):
                yield from definition.keys() - TERM_KEYWORDS
                if not all(container in CONTAINERS for container in map(str, as_list(definition.get("@container")))):
                    yield "@container"
                yield from _oddities(definition.get("@context"))
