"""Whether an OB 3.0 credential is as the standards say; every deviation is listed, not only the first.

The published JSON Schema is generous (an `id` may be a language map there, one context alone may do), so the rules of
the VC Data Model that it forgets are asked here as well. Then JSON-LD in safe mode: what the contexts do not define
means nothing, and under a canonicalising proof nobody has signed it.
"""

import re
from collections.abc import Iterator
from typing import Any

from badges import reports, schemas
from badges.checks import vc_rules
from badges.checks.collecting import without_members
from badges.checks.data_models import VC1
from badges.checks.questions import Question, brief
from badges.checks.reading import Badge
from badges.checks.tokens import date_of
from badges.documents import FEW_VALUES, Document, as_list, id_of, instant, pointer_to, values_in
from badges.errors import BadgeError, NotConformant, UnknownContext
from badges.proofs.compacted import refuse_other_forms
from badges.proofs.jws import header_deviations
from badges.proofs.remembering import Findings
from badges.proofs.safe_mode import lost_values, refuse_unsigned
from badges.reports import Check, Deviation, Outcome

CONFORMS = Question("conforms", "OB 3.0 §9.1 step 1; VC Data Model 2.0 §4, 1.1 §4")

MOST_DEVIATIONS = 100
"""Deviations that are listed; how many more there are is said."""
MANY_DEVIATIONS = 30
"""After which the meaning and the proof of a document of more than `FEW_VALUES` are not looked at."""

CLR_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.[0-9]\.[0-9])*\.json")
OB_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json")


_CONFORMING: Findings[Check] = Findings(4096)
"""Of badges that are as they should be, without a word to add, so that nothing of them is in it."""


def conforms(badge: Badge) -> Check:
    """Whether a credential is as OB 3.0 (a learner record: CLR 2.0) and its version of the VC Data Model say."""
    everything = repr(badge).encode("utf-8", "surrogatepass")
    return _CONFORMING.of(everything, lambda: _conforms(badge), worth=_is_plain)


def _is_plain(check: Check) -> bool:
    return check.outcome is Outcome.passed and not check.warnings


def _conforms(badge: Badge) -> Check:
    document = badge.document
    found = schemas.errors(_schema(badge), document, vc1=badge.data_model is VC1)
    errors = [Deviation(pointer, detail) for pointer, detail in found]
    errors += [*_contexts(badge), *vc_rules.of_credential(document), *_subject(badge), *_claims(badge)]
    return _answered(errors, badge, f"The badge is as {badge.version.name} asks.", are_all=found.are_all)


def is_hopeless(badge: Badge, answer: Check) -> bool:
    """Whether a credential departs from the standard in so many places, and is so large, that nobody need look on."""
    return _is_hopeless(len(answer.errors), badge)


def _is_hopeless(deviations: int, badge: Badge) -> bool:
    return deviations >= MANY_DEVIATIONS and values_in(badge.document) > FEW_VALUES


def presentation_conforms(badge: Badge) -> Check:
    """Whether a presentation is as its version of the VC Data Model says."""
    errors = [*vc_rules.of_presentation(badge.document), *_claims(badge)]
    return _answered(errors, badge, f"The presentation is as {badge.data_model.name} asks.")


def _answered(errors: list[Deviation], badge: Badge, told: str, *, are_all: bool = True) -> Check:
    if _is_hopeless(len(errors), badge):
        told = f"{_told(errors)} What it means was not looked at."
        return CONFORMS.failed("not-conformant", told, errors=errors[:MOST_DEVIATIONS])
    # What is inside a collection is asked for its meaning when it is judged by itself, and once is enough.
    document = without_members(badge)
    try:
        errors += _meanings(document, badge.document)
    except BadgeError as error:
        if not errors:
            return CONFORMS.refused(error, whose="context")
    if errors:
        rest = "" if are_all else " Not all of it was held against the schema."
        return CONFORMS.failed("not-conformant", _told(errors) + rest, errors=errors[:MOST_DEVIATIONS])
    return CONFORMS.passed("conforms", told, warnings=_foreign_schemas(document))


def _schema(badge: Badge) -> str:
    if badge.is_learner_record:
        return "clrcredential"
    return "endorsementcredential" if badge.is_endorsement else "achievementcredential"


def _foreign_schemas(document: Document) -> Iterator[reports.Warning]:
    """Schemas that the issuer names besides those of 1EdTech: they are not fetched."""
    for n, node in enumerate(as_list(document.get("credentialSchema"))):
        if not str(node.get("id")).startswith(schemas.BASE):
            told = f"The schema {brief(node.get('id'))} was not consulted."
            yield CONFORMS.warning("schema-not-consulted", told, pointer_to("credentialSchema", n))


def _meanings(document: Document, whole: Document) -> list[Deviation]:
    """What JSON-LD in safe mode refuses (VC Data Integrity §2.4.2). Raises `UnknownContext` or `TooLarge`.

    `document` may be without what is inside the `whole`.
    """
    lost = [Deviation(pointer, "No context defines this, so it means nothing.") for pointer in lost_values(document)]
    try:
        refuse_other_forms(whole)
        if not lost:
            refuse_unsigned(document)
    except UnknownContext:
        raise
    except NotConformant as error:
        lost.append(Deviation(error.pointer or "", error.detail))
    return lost


def _contexts(badge: Badge) -> Iterator[Deviation]:
    contexts = as_list(badge.document.get("@context"))
    asked = [("second", OB_CONTEXT, "Open Badges 3.0")]
    if badge.is_learner_record:
        asked = [("second", CLR_CONTEXT, "CLR 2.0"), ("third", OB_CONTEXT, "Open Badges 3.0")]
    for n, (place, pattern, name) in enumerate(asked, start=1):
        if len(contexts) <= n or not isinstance(contexts[n], str) or not pattern.fullmatch(contexts[n]):
            yield Deviation(f"/@context/{n}", f"The {place} context has to be one of {name}.")


def _subject(badge: Badge) -> Iterator[Deviation]:
    subject = badge.document.get("credentialSubject")
    if not isinstance(subject, dict):
        yield Deviation("/credentialSubject", "An Open Badge is about one subject.")
    elif badge.is_endorsement and "id" not in subject:
        yield Deviation("/credentialSubject/id", "An endorsement says by id what it endorses.")
    elif not (badge.is_endorsement or "id" in subject or as_list(subject.get("identifier"))):
        yield Deviation("/credentialSubject", "The recipient has neither an id nor an identifier.")


def _expected_claims(badge: Badge) -> dict[str, Any]:
    """What the claims of a VC-JWT have to equal (OB 3.0 §8.2); None where the credential does not say."""
    document = badge.document
    if badge.is_presentation:
        return {"iss": id_of(document.get("holder")), "jti": document.get("id")}
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    return {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "jti": document.get("id"),
        "nbf": _seconds(document.get(badge.data_model.begins)),
        "exp": _seconds(document.get(badge.data_model.ends)),
    }


def _claims(badge: Badge) -> Iterator[Deviation]:
    """Claims of a VC-JWT that are missing, or say something else than the credential does; and what OB 3.0 does not
    allow in its header.
    """
    if badge.jws is None:
        return
    if not badge.is_presentation:
        yield from (Deviation("", told) for told in header_deviations(badge.jws.header))
    for name, expected in _expected_claims(badge).items():
        claim = badge.claims.get(name, expected if badge.is_presentation else None)
        if expected is not None and (claim != expected or isinstance(claim, bool)):
            yield Deviation(f"/{name}", f"The token says {name} {brief(claim)!r}, the credential {brief(expected)!r}.")
    if "exp" in badge.claims and date_of(badge.claims, "exp") is None:
        yield Deviation("/exp", "exp is not a number of seconds that names an instant.")
    if badge.claim and badge.claim not in badge.data_model.token_claims:
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
