"""Pinned contexts in place of their URLs, without the terms that a document cannot use.

The JSON-LD processor takes contexts as JSON text and reads them anew for every document; of the 170 terms in the two
contexts of a badge, a third is used. A definition can influence expansion only through a string of the document that
is its term, or that begins with its term and a colon (JSON-LD 1.1 API §5.2 IRI Expansion), or through a definition
that does so. The rest is left out. Keywords (`@vocab`, `@protected`…) always stay.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
import pyoxigraph as ox

from badges.documents import Document
from badges.errors import NotConformant, TooLarge
from badges.proofs.type_scopes import Types, other_names, scopes_of, several_scopes, types_in, with_other_names
from badges.proofs.vocabulary import Words, definitions, named, terms, vocabulary
from badges.proofs.weighing import refuse_heavy_contexts

MOST_CONTEXTS = 12
"""In one list; the largest credentials name five."""
MOST_LISTS = 24
"""Different ones in one document: each is tried once on its own."""
MOST_TYPE_LISTS = 16
"""Different lists of types of which several bring a context: for each of them contexts are combined anew."""
MOST_COMBINATIONS = 4_000
"""Types in such lists, wherever they stand: for each object the contexts are read once more."""
LARGEST_TEXT = 4_194_304
"""Bytes with contexts inlined: hundreds of embedded credentials, each with its own contexts; two seconds of work."""

_TOO_MANY = "The document states too many contexts."


def inlined(value: Any) -> bytes:
    """`value`, a JSON-LD document, as JSON text with each context URL replaced by what that context defines.

    Raises `UnknownContext` for a URL that is not pinned, `NotConformant` for what is no context, for contexts that
    contradict each other and for what JSON text cannot carry, `TooLarge` past the limits above.
    """
    refuse_heavy_contexts(value)
    found = _Found(set(), [], Counter())
    _collect(value, found)
    urls = _urls(found.contexts)
    used = _closure(urls, frozenset(found.words & vocabulary(urls)))
    more: list[Document | None] = []
    scopes = scopes_of(found.contexts) if found.types else {}
    several = several_scopes(scopes, found.types)
    if len(several) > MOST_TYPE_LISTS or sum(len(several[t]) * found.types[t] for t in several) > MOST_COMBINATIONS:
        raise TooLarge("The document combines too many types.")
    if several:
        value = with_other_names(value, several)
        kept = used.union(found.words, *map(terms, found.contexts))
        more = [{name: _pruned_scope(meaning, kept) for name, meaning in other_names(scopes, several).items()}]
    try:
        if isinstance(value, dict) and len(found.contexts) == 1 and "@context" in value:
            text = orjson.dumps(value | {"@context": orjson.Fragment(_written(value["@context"], used, more))})
        else:
            text = orjson.dumps(_replaced(value, used, more, [LARGEST_TEXT]))
    except TypeError as error:  # an integer past 64 bits, half a surrogate pair
        raise NotConformant(f"The document cannot be written as JSON: {error}.") from error
    if len(text) > LARGEST_TEXT:
        raise TooLarge(_TOO_MANY)
    return text


def _urls(contexts: list[Any]) -> Words:
    """The URLs in what a document states as contexts, which has to be contexts."""
    lists = set()
    for context in contexts:
        parts = context if isinstance(context, list) else [context]
        if len(parts) > MOST_CONTEXTS:
            raise TooLarge(_TOO_MANY)
        for part in parts:
            if not isinstance(part, str | dict | None):
                raise NotConformant("A context is a URL, an object or null.", pointer="/@context")
            if isinstance(part, dict) and any(named(part)):
                raise NotConformant("An inline context may not name others.", pointer="/@context")
        lists.add(tuple(part for part in parts if isinstance(part, str)))
    if len(lists) > MOST_LISTS:
        raise TooLarge(_TOO_MANY)
    return frozenset(url for urls in lists for url in urls)


@dataclass(frozen=True)
class _Found:
    """In a document: its strings and what stands before the first colon of each, its contexts, its lists of types."""

    words: set[str]
    contexts: list[Any]
    types: Counter[Types]


def _collect(value: Any, found: _Found) -> None:
    if isinstance(value, str):
        _collect_word(value, found.words)
    elif isinstance(value, dict):
        for key, child in value.items():
            _collect_word(key, found.words)
            if key == "@context":
                found.contexts.append(child)
            elif key in ("type", "@type") and isinstance(child, list) and len(child) > 1:
                found.types[types_in(child)] += 1
            _collect(child, found)
    elif isinstance(value, list):
        for child in value:
            _collect(child, found)


def _collect_word(word: str, words: set[str]) -> None:
    words.add(word)
    prefix, colon, _ = word.partition(":")
    if colon:
        words.add(prefix)


@lru_cache(maxsize=1024)
def _closure(urls: Words, words: Words) -> Words:
    """`words` with the terms that their definitions mention, and so on until there are no more."""
    while True:
        mentioned: set[str] = set()
        for url in urls:
            _mentions(definitions(url), words, mentioned)
        more = words | (mentioned & vocabulary(urls))
        if more == words:
            return words
        words = more


def _mentions(scope: Iterable[Document | None], words: Words, mentioned: set[str]) -> None:
    for context in scope:
        for term, definition in (context or {}).items():
            if not term.startswith("@") and term not in words:
                continue
            _collect_word(term, mentioned)
            if isinstance(definition, dict):
                own = [value for key, value in definition.items() if key != "@context"]
                _collect(own, _Found(mentioned, [], Counter()))
                _mentions(definition.get("@context", ()), words, mentioned)
            elif isinstance(definition, str):
                _collect_word(definition, mentioned)


def _pruned(scope: Iterable[Document | None], words: Words) -> list[Document | None]:
    return [
        context and {t: _pruned_scope(d, words) for t, d in context.items() if t.startswith("@") or t in words}
        for context in scope
    ]


def _pruned_scope(definition: Any, words: Words) -> Any:
    if isinstance(definition, dict) and "@context" in definition:
        return definition | {"@context": _pruned(definition["@context"], words)}
    return definition


def _replaced(value: Any, words: Words, more: list[Document | None], room: list[int]) -> Any:
    """`room` is what may still be added, so that a small document does not grow large."""
    if isinstance(value, list):
        return [_replaced(child, words, more, room) for child in value]
    if not isinstance(value, dict):
        return value
    replaced = {key: _replaced(child, words, more, room) for key, child in value.items() if key != "@context"}
    if "@context" in value:
        text = _written(value["@context"], words, more)
        replaced["@context"] = orjson.Fragment(text)
        room[0] -= len(text)
        if room[0] < 0:
            raise TooLarge(_TOO_MANY)
    return replaced


def _written(context: Any, words: Words, more: list[Document | None]) -> bytes:
    """The JSON text of a stated context, and of `more` after it."""
    parts = context if isinstance(context, list) else [context]
    pinned = _written_pinned(tuple(part for part in parts if isinstance(part, str)), words)
    texts = [text for part in parts for text in (pinned[part] if isinstance(part, str) else [orjson.dumps(part)])]
    return b"[" + b",".join((*texts, *map(orjson.dumps, more))) + b"]"


@lru_cache(maxsize=1024)
def _written_pinned(urls: tuple[str, ...], words: Words) -> dict[str, list[bytes]]:
    contradiction = _contradiction(urls)
    if contradiction:
        raise NotConformant(f"The contexts cannot be combined: {contradiction}.", pointer="/@context")
    return {url: [orjson.dumps(part) for part in _pruned(definitions(url), words)] for url in urls}


@lru_cache(maxsize=256)
def _contradiction(urls: tuple[str, ...]) -> str | None:
    """Why these contexts cannot stand together, be the terms in question used or not."""
    whole = orjson.dumps({"@context": [part for url in urls for part in definitions(url)]})
    try:
        list(ox.parse(whole, format=ox.RdfFormat.JSON_LD))
    except SyntaxError as error:
        return error.msg
    return None
