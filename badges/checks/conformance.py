"""Whether an OB 3.0 credential is as the standards say; every deviation is listed, not only the first.

The published JSON Schema is generous (an `id` may be a language map there, one context alone may do), so the rules of
the VC Data Model that it forgets are asked here as well. Then JSON-LD in safe mode: what the contexts do not define
means nothing, and under a canonicalising proof nobody has signed it.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from badges import reports, schemas
from badges.checks.data_models import VC1, VC2, data_model_of
from badges.checks.questions import Question, brief
from badges.checks.reading import Badge, Secured
from badges.checks.tokens import date_of
from badges.documents import Document, as_list, instant, pointer_to, types
from badges.errors import BadgeError, NotConformant, UnknownContext
from badges.proofs.compacted import refuse_other_forms
from badges.proofs.safe_mode import lost_values, refuse_unsigned
from badges.reports import Check, Deviation

CONFORMS = Question("conforms", "OB 3.0 §9.1 step 1; VC Data Model 2.0 §4, 1.1 §4")

OB_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TYPED = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")
_DATES = ("validFrom", "validUntil", "issuanceDate", "expirationDate", "awardedDate")


def conforms(badge: Badge) -> Check:
    """Whether an OpenBadgeCredential or EndorsementCredential is as OB 3.0 and its version of the VC Data Model say."""
    schema = "endorsementcredential" if badge.is_endorsement else "achievementcredential"
    found = schemas.errors(schema, badge.document, vc1=badge.data_model is VC1)
    errors = [Deviation(pointer, detail) for pointer, detail in found]
    errors += [*_contexts(badge.document), *data_model(badge.document), *_subject(badge), *_claims(badge)]
    try:
        errors += _meanings(badge.document)
    except BadgeError as error:
        if not errors:
            return CONFORMS.refused(error, whose="context")
    if errors:
        return CONFORMS.failed("not-conformant", _told(errors), errors=errors)
    return CONFORMS.passed(
        "conforms", "The badge is as Open Badges 3.0 asks.", warnings=_foreign_schemas(badge.document)
    )


def _foreign_schemas(document: Document) -> Iterator[reports.Warning]:
    """Schemas that the issuer names besides those of 1EdTech: they are not fetched."""
    for n, node in enumerate(as_list(document.get("credentialSchema"))):
        if not str(node.get("id")).startswith(schemas.BASE):
            told = f"The schema {brief(node.get('id'))} was not consulted."
            yield CONFORMS.warning("schema-not-consulted", told, pointer_to("credentialSchema", n))


def data_model(document: Document) -> Iterator[Deviation]:
    """What the VC Data Model asks of any credential (2.0 §4.3 to §4.13; 1.1 §4), as far as the schema does not."""
    contexts = as_list(document.get("@context"))
    if not contexts or contexts[0] != data_model_of(document).context:
        yield Deviation("/@context/0", f"The first context has to be {data_model_of(document).context}.")
    if "VerifiableCredential" not in types(document):
        yield Deviation("/type", "A credential has the type VerifiableCredential.")
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
    yield from _dates(document)


def _meanings(document: Document) -> list[Deviation]:
    """What JSON-LD in safe mode refuses (VC Data Integrity §2.4.2). Raises `UnknownContext` or `TooLarge`."""
    lost = [Deviation(pointer, "No context defines this, so it means nothing.") for pointer in lost_values(document)]
    try:
        refuse_other_forms(document)
        if not lost:
            refuse_unsigned(document)
    except UnknownContext:
        raise
    except NotConformant as error:
        lost.append(Deviation(error.pointer or "", error.detail))
    return lost


def _contexts(document: Document) -> Iterator[Deviation]:
    contexts = as_list(document.get("@context"))
    if len(contexts) < 2 or not isinstance(contexts[1], str) or not OB_CONTEXT.fullmatch(contexts[1]):
        yield Deviation("/@context/1", "The second context has to be one of Open Badges 3.0.")


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
            elif name == "credentialSchema":
                yield from _identified(node, pointer_to(name, n), required=True)
            elif name == "credentialStatus" and node.get("id", "") == node.get("statusListCredential"):
                yield Deviation(pointer_to(name, n), "The id of a status entry is not that of its list.")


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


def _subject(badge: Badge) -> Iterator[Deviation]:
    subject = badge.document.get("credentialSubject")
    if not isinstance(subject, dict):
        yield Deviation("/credentialSubject", "An Open Badge is about one subject.")
    elif badge.is_endorsement and "id" not in subject:
        yield Deviation("/credentialSubject/id", "An endorsement says by id what it endorses.")
    elif not (badge.is_endorsement or "id" in subject or as_list(subject.get("identifier"))):
        yield Deviation("/credentialSubject", "The recipient has neither an id nor an identifier.")


def _expected_claims(secured: Secured) -> dict[str, Any]:
    """What the claims of a VC-JWT have to equal (OB 3.0 §8.2); None where the credential does not say."""
    document = secured.document
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    return {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "jti": document.get("id"),
        "nbf": _seconds(document.get(secured.data_model.begins)),
        "exp": _seconds(document.get(secured.data_model.ends)),
    }


def _claims(badge: Badge) -> Iterator[Deviation]:
    """Claims of a VC-JWT that are missing, or that say something else than the credential does."""
    if badge.jws is None:
        return
    for name, expected in _expected_claims(badge).items():
        claim = badge.claims.get(name)
        if expected is not None and (claim != expected or isinstance(claim, bool)):
            yield Deviation(f"/{name}", f"The token says {name} {brief(claim)!r}, the credential {brief(expected)!r}.")
    if "exp" in badge.claims and date_of(badge.claims, "exp") is None:
        yield Deviation("/exp", "exp is not a number of seconds that names an instant.")
    if badge.claim and badge.claim != badge.data_model.token_claim:
        told = f"In a token of {badge.data_model.name} the credential is the payload itself, not a claim of it."
        yield Deviation(pointer_to(badge.claim), told)


def _seconds(text: Any) -> int | None:
    """The whole seconds since 1970 of a date; fractions cannot be said in a claim and do not count."""
    try:
        return int(instant(text).timestamp())
    except NotConformant:
        return None


def _told(errors: list[Deviation]) -> str:
    one = errors[0]
    more = f" There are {len(errors) - 1} more deviations." if errors[1:] else ""
    return (
        f"The badge is not as the standard asks, at {brief(one.pointer) or 'its root'}: {brief(one.detail, 200)}{more}"
    )
