"""What the VC Data Model asks of any credential and any presentation (2.0 §4; 1.1 §4)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from badges.checks.data_models import VC1, VC2, data_model_of
from badges.documents import Document, as_list, instant, pointer_to, types
from badges.errors import NotConformant
from badges.reports import Deviation

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TYPED = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")
_LANGUAGE_VALUE = {"@value", "@language", "@direction"}
_DATES = ("validFrom", "validUntil", "issuanceDate", "expirationDate", "awardedDate")


def of_credential(document: Document) -> Iterator[Deviation]:
    """What is asked of any credential (2.0 §4.3 to §4.13)."""
    yield from _context(document)
    if "VerifiableCredential" not in types(document):
        yield Deviation("/type", "A credential has the type VerifiableCredential.")
    if "VerifiablePresentation" in types(document):
        yield Deviation("/type", "A credential is no presentation.")
    yield from _identified(document, "")
    issuer = document.get("issuer")
    if isinstance(issuer, dict):
        yield from _identified(issuer, "/issuer", required=True)
    elif not _is_uri(issuer):
        yield Deviation("/issuer", "The issuer is one URL, or one object with a URL as id.")
    subjects = as_list(document.get("credentialSubject"))
    for subject in subjects or [None]:
        if not isinstance(subject, dict) or not subject:
            yield Deviation("/credentialSubject", "The credential says nothing about anybody.")
        else:
            yield from _identified(subject, "/credentialSubject")
    yield from _typed_members(document)
    yield from _related_resources(document)
    for node, pointer in ((document, ""), (issuer, "/issuer")):
        yield from _names(node, pointer)
    yield from _dates(document)


def of_presentation(document: Document) -> Iterator[Deviation]:
    """What is asked of a presentation (2.0 §4.13); of each credential in it, no more than that it is one."""
    yield from _context(document)
    yield from _identified(document, "")
    holder = document.get("holder")
    if isinstance(holder, dict):
        yield from _identified(holder, "/holder", required=True)
    elif "holder" in document and not _is_uri(holder):
        yield Deviation("/holder", "The holder is one URL, or one object with a URL as id.")
    for n, credential in enumerate(as_list(document.get("verifiableCredential"))):
        if data_model_of(document) is VC2 and not isinstance(credential, dict):
            yield Deviation(pointer_to("verifiableCredential", n), "In VC Data Model 2.0 each credential is an object.")
    yield from _typed_members(document)


def _context(document: Document) -> Iterator[Deviation]:
    contexts = as_list(document.get("@context"))
    if not contexts or contexts[0] != data_model_of(document).context:
        yield Deviation("/@context/0", f"The first context has to be {data_model_of(document).context}.")


def _identified(node: Document, pointer: str, *, required: bool = False) -> Iterator[Deviation]:
    if (required or "id" in node) and not _is_uri(node.get("id")):
        yield Deviation(f"{pointer}/id", "An id is one absolute URL.")


def _is_uri(value: Any) -> bool:
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def _typed_members(document: Document) -> Iterator[Deviation]:
    for name in _TYPED:
        for n, node in enumerate(as_list(document.get(name))):
            if not types(node):
                yield Deviation(pointer_to(name, n), f"Each {name} is an object that says its type.")
                continue
            yield from _identified(node, pointer_to(name, n), required=name == "credentialSchema")
            if name == "credentialStatus" and node.get("id", "") == node.get("statusListCredential"):
                yield Deviation(pointer_to(name, n), "The id of a status entry is not that of its list.")


def _related_resources(document: Document) -> Iterator[Deviation]:
    """Each names a resource that no other one names, and its digest (2.0 §5.3)."""
    seen: set[str] = set()
    for n, node in enumerate(as_list(document.get("relatedResource"))):
        pointer = pointer_to("relatedResource", n)
        if not isinstance(node, dict):
            yield Deviation(pointer, "A related resource is an object.")
            continue
        yield from _identified(node, pointer, required=True)
        if str(node.get("id")) in seen:
            yield Deviation(f"{pointer}/id", "Two related resources have the same id.")
        seen.add(str(node.get("id")))
        if not any(isinstance(node.get(digest), str) for digest in ("digestSRI", "digestMultibase")):
            yield Deviation(pointer, "A related resource has a digestSRI or a digestMultibase.")


def _names(node: Any, pointer: str) -> Iterator[Deviation]:
    """A name or description is text, or text in languages (2.0 §4.6, §11.1)."""
    for name in ("name", "description") if isinstance(node, dict) else ():
        for value in as_list(node.get(name)):
            if isinstance(value, dict):
                is_text = isinstance(value.get("@value"), str) and value.keys() <= _LANGUAGE_VALUE
            else:
                is_text = isinstance(value, str)
            if not is_text:
                yield Deviation(f"{pointer}/{name}", f"A {name} is text, or an object with @value and @language.")


def _dates(document: Document) -> Iterator[Deviation]:
    found: dict[str, datetime] = {}
    for name in _DATES:
        if name in document:
            try:
                found[name] = instant(document[name])
            except NotConformant as error:
                yield Deviation(pointer_to(name), error.detail)
    for model in (VC1, VC2):
        if model.begins in found and found.get(model.ends, found[model.begins]) < found[model.begins]:
            yield Deviation(pointer_to(model.ends), "The badge ends before it begins.")
