"""What contexts define: their terms, and what the terms mean."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from badges import contexts
from badges.documents import Document, as_list

Words = frozenset[str]
Definitions = tuple[Document | None, ...]
"""Context objects in order; None is the null context, which forgets all before it."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def named(context: Any) -> Iterator[str]:
    """The URLs in a stated context, those inside its scoped contexts included."""
    for part in as_list(context):
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            for definition in part.values():
                if isinstance(definition, dict):
                    yield from named(definition.get("@context"))


def terms(context: Any) -> Iterator[str]:
    """Every term that a stated context itself defines, those inside its scoped contexts included."""
    for part in as_list(context):
        for term, definition in part.items() if isinstance(part, dict) else ():
            if not term.startswith("@"):
                yield term
            if isinstance(definition, dict):
                yield from terms(definition.get("@context"))


@lru_cache(maxsize=64)
def definitions(url: str) -> Definitions:
    """The pinned context at `url`. Raises `UnknownContext`."""
    return _flattened(contexts.load(url)["@context"])


def _flattened(context: Any) -> Definitions:
    """A published context with every URL in it, also inside scoped contexts, replaced by what it names."""
    found: list[Document | None] = []
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, str):
            found.extend(definitions(part))
        else:
            found.append(part and {term: _with_scope(definition) for term, definition in part.items()})
    return tuple(found)


def _with_scope(definition: Any) -> Any:
    if isinstance(definition, dict) and "@context" in definition:
        return definition | {"@context": list(_flattened(definition["@context"]))}
    return definition


@lru_cache(maxsize=256)
def vocabulary(urls: Words) -> Words:
    """Every term that these pinned contexts define at any depth. Raises `UnknownContext`."""
    return frozenset(term for url in urls for term in terms(list(definitions(url))))


@lru_cache(maxsize=256)
def meanings(urls: Words) -> dict[str, set[str]]:
    """Per IRI, the terms by which these pinned contexts say it. Raises `UnknownContext`."""
    found = {RDF_TYPE: {"type", "@type"}}
    for url in urls:
        _gather(definitions(url), {}, found)
    return found


def _gather(scope: Iterable[Document | None], said: dict[str, str], found: dict[str, set[str]]) -> None:
    for context in scope:
        said = said | {term: iri for term, definition in (context or {}).items() if (iri := _iri(definition))}
        for term, definition in (context or {}).items():
            if term in said and not term.startswith("@"):
                iri = said.get(said[term], said[term])
                prefix, colon, rest = iri.partition(":")
                found.setdefault(said[prefix] + rest if colon and prefix in said else iri, set()).add(term)
            if isinstance(definition, dict):
                _gather(definition.get("@context", ()), said, found)


def _iri(definition: Any) -> str | None:
    iri = definition.get("@id") if isinstance(definition, dict) else definition
    return iri if isinstance(iri, str) else None


def prefixes(context: Any) -> Iterator[str]:
    """The terms of a stated context that may stand before a colon (JSON-LD 1.1 API §4.2.2 step 14.2.5)."""
    for part in as_list(context):
        for term, definition in part.items() if isinstance(part, dict) else ():
            if isinstance(definition, dict):
                if definition.get("@prefix"):
                    yield term
                yield from prefixes(definition.get("@context"))
            elif isinstance(definition, str) and definition.endswith((":", "/", "?", "#", "[", "]", "@")):
                yield term


@lru_cache(maxsize=256)
def published_prefixes(urls: Words) -> Words:
    """The terms of these pinned contexts that may stand before a colon. Raises `UnknownContext`."""
    return frozenset(term for url in urls for term in prefixes(list(definitions(url))))


@lru_cache(maxsize=256)
def graph_terms(urls: Words) -> Words:
    """The terms whose values are graphs of their own (JSON-LD 1.1 §4.9), such as `proof`. Raises `UnknownContext`."""
    found: set[str] = set()
    for url in urls:
        _gather_graphs(definitions(url), found)
    return frozenset(found)


def _gather_graphs(scope: Iterable[Document | None], found: set[str]) -> None:
    for context in scope:
        for term, definition in (context or {}).items():
            if isinstance(definition, dict):
                if "@graph" in as_list(definition.get("@container")):
                    found.add(term)
                _gather_graphs(definition.get("@context", ()), found)
