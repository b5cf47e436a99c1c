"""Pinned contexts in place of their URLs, without the terms that a document cannot use.

The JSON-LD processor takes contexts as JSON text and reads them anew for every document; of the 170 terms in the two
contexts of a badge, a third is used. A definition can influence expansion only through a string of the document that
is its term, or that begins with its term and a colon (JSON-LD 1.1 API §5.2 IRI Expansion), or through a definition
that does so. The rest is left out. Keywords (`@vocab`, `@protected`…) always stay.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
import pyoxigraph as ox

from badges.documents import Document
from badges.errors import NotConformant
from badges.proofs.vocabulary import Words, definitions, flattened, named, vocabulary


def inlined(value: Any) -> bytes:
    """`value`, a JSON-LD document, as JSON text with each context URL replaced by what that context defines.

    Raises `UnknownContext` for a URL that is not pinned, `NotConformant` for what is no context, for contexts that
    contradict each other and for what JSON text cannot carry.
    """
    words: set[str] = set()
    stated: list[Any] = []
    _collect(value, words, stated)
    urls = frozenset(url for context in stated for url in named(context))
    used = _closure(urls, frozenset(words & vocabulary(urls)))
    try:
        if isinstance(value, dict) and len(stated) == 1 and "@context" in value:
            return orjson.dumps(value | {"@context": _written(stated[0], used)})
        return orjson.dumps(_replaced(value, used))
    except TypeError as error:  # an integer past 64 bits, half a surrogate pair
        raise NotConformant(f"The document cannot be written as JSON: {error}.") from error


def _collect(value: Any, words: set[str], stated: list[Any]) -> None:
    """All strings of `value` and what stands before the first colon of each; all contexts that it states."""
    if isinstance(value, str):
        words.add(value)
        prefix, colon, _ = value.partition(":")
        if colon:
            words.add(prefix)
    elif isinstance(value, dict):
        for key, child in value.items():
            _collect(key, words, stated)
            if key == "@context":
                stated.append(child)
            _collect(child, words, stated)
    elif isinstance(value, list):
        for child in value:
            _collect(child, words, stated)


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
            _collect(term, mentioned, [])
            if isinstance(definition, dict):
                _collect([value for key, value in definition.items() if key != "@context"], mentioned, [])
                _mentions(definition.get("@context", ()), words, mentioned)
            else:
                _collect(definition, mentioned, [])


def _pruned(scope: Iterable[Document | None], words: Words) -> list[Document | None]:
    return [
        context and {t: _pruned_scope(d, words) for t, d in context.items() if t.startswith("@") or t in words}
        for context in scope
    ]


def _pruned_scope(definition: Any, words: Words) -> Any:
    if isinstance(definition, dict) and "@context" in definition:
        return definition | {"@context": _pruned(definition["@context"], words)}
    return definition


def _replaced(value: Any, words: Words) -> Any:
    if isinstance(value, dict):
        return {
            key: _written(child, words) if key == "@context" else _replaced(child, words)
            for key, child in value.items()
        }
    return [_replaced(child, words) for child in value] if isinstance(value, list) else value


def _written(context: Any, words: Words) -> orjson.Fragment:
    """The JSON text of a stated context."""
    urls = [context] if isinstance(context, str) else context
    if isinstance(urls, list) and all(isinstance(part, str) for part in urls):
        return _written_pinned(tuple(urls), words)
    return orjson.Fragment(orjson.dumps(flattened(context)))


@lru_cache(maxsize=1024)
def _written_pinned(urls: tuple[str, ...], words: Words) -> orjson.Fragment:
    contradiction = _contradiction(urls)
    if contradiction:
        raise NotConformant(f"The contexts cannot be combined: {contradiction}.", pointer="/@context")
    return orjson.Fragment(orjson.dumps([part for url in urls for part in _pruned(definitions(url), words)]))


@lru_cache(maxsize=256)
def _contradiction(urls: tuple[str, ...]) -> str | None:
    """Why these contexts cannot stand together, be the terms in question used or not."""
    whole = orjson.dumps({"@context": [part for url in urls for part in definitions(url)]})
    try:
        list(ox.parse(whole, format=ox.RdfFormat.JSON_LD))
    except SyntaxError as error:
        return error.msg
    return None
