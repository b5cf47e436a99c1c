"""Objects of several types, each of which brings a context of its own.

All of these contexts apply, in the order of the terms (JSON-LD 1.1 API §5.1.2 step 11); the processor applies only the
last. So it is given other names for such types: all but the last without a context, the last with all contexts. They
mean the same IRIs, hence the statements are those of the document.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from badges.documents import Document, as_list
from badges.proofs.vocabulary import definitions

Types = tuple[str, ...]
Scopes = dict[str, Document]
"""The definitions of terms that bring a context."""


def types_in(stated: Any) -> Types:
    """What stands under `type`, as far as it is strings."""
    return tuple(t for t in as_list(stated) if isinstance(t, str))


def scopes_of(contexts: Iterable[Any]) -> Scopes:
    """The terms that bring a context, as all contexts that a document states define them."""
    found: Scopes = {}
    for context in contexts:
        for part in as_list(context):
            found |= _published_scopes(part) if isinstance(part, str) else _scopes([part])
    return found


def several_scopes(scopes: Scopes, stated: Iterable[Types]) -> dict[Types, Types]:
    """Of the lists of types in a document, those of which several bring a context: these, in their order."""
    found = {types: tuple(sorted(scopes.keys() & set(types))) for types in stated}
    return {types: several for types, several in found.items() if len(several) > 1}


def with_other_names(value: Any, several: dict[Types, Types]) -> Any:
    """`value`, a document, with other names for such types; contexts are left as they are."""
    if isinstance(value, list):
        return [with_other_names(child, several) for child in value]
    if not isinstance(value, dict):
        return value
    node = {key: child if key == "@context" else with_other_names(child, several) for key, child in value.items()}
    for keyword in node.keys() & {"type", "@type"}:
        found = several.get(types_in(value[keyword]), ())
        node[keyword] = [_other_name(t, found) if t in found else t for t in as_list(value[keyword])]
    return node


def other_names(scopes: Scopes, several: dict[Types, Types]) -> Document:
    """A context that defines the other names."""
    context: Document = {}
    for types in several.values():
        for term in types:
            definition = {key: value for key, value in scopes[term].items() if key != "@context"}
            if term == types[-1]:
                definition["@context"] = [part for one in types for part in as_list(scopes[one]["@context"])]
            context[_other_name(term, types)] = definition
    return context


@lru_cache(maxsize=64)
def _published_scopes(url: str) -> Scopes:
    return _scopes(definitions(url))


def _scopes(scope: Iterable[Document | None]) -> Scopes:
    return {
        term: definition
        for context in scope
        for term, definition in (context or {}).items()
        if isinstance(definition, dict) and "@context" in definition
    }


def _other_name(term: str, types: Types) -> str:
    return f"{term} of {'+'.join(types)}" if term == types[-1] else f"{term} beside others"
