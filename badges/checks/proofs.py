"""Whether the issuer signed it: the proof inside an OB 3.0 credential, or the VC-JWT around it.

The signature of a key means nothing until the key is known to be the issuer's own (`resolving`): read to the letter,
the verification steps of OB 3.0 accept anybody's badge in anybody's name.
"""

from datetime import datetime
from typing import Any

from badges.checks.questions import Question, brief
from badges.checks.reading import Secured
from badges.documents import Document, id_of
from badges.errors import BadgeError, ForeignKey
from badges.proofs import data_integrity, jws
from badges.proofs.jws import CompactJws
from badges.reports import Check, Outcome
from badges.resolving import Fetch, verification_method

EMBEDDED = Question("proof", "OB 3.0 §9.1 step 2, §8.3; VC Data Integrity §4.4")
ISSUER = Question("issuer", "OB 3.0 §9.1 step 2; VC Data Model 2.0 §4.7")
VC_JWT = Question("proof", "OB 3.0 §9.1 step 2, §8.2")

MOST_PROOFS = 8
"""Proofs of one document that are looked at."""


def proof(
    credential: Secured, *, fetch: Fetch, now: datetime, signer: str | None = None, purpose: str = "assertionMethod"
) -> Check:
    """Whether the issuer that the credential names has signed it; of a presentation, the `signer` and for what.

    Of several proofs inside it one is enough (§9.1 step 2): an observer's proof, or one of a kind that is not known
    here, takes nothing away and is mentioned.
    """
    issuer = signer or id_of(credential.document.get("issuer")) or ""
    if credential.jws:
        return _around(credential.jws, issuer, purpose, fetch=fetch)
    try:
        proofs = data_integrity.proofs_of(credential.document)[:MOST_PROOFS]
    except BadgeError as error:
        return EMBEDDED.refused(error, whose="issuer")
    if not proofs:
        return EMBEDDED.failed("no-proof", "The badge is not signed: anybody could have written it.")
    answers = [_inside(credential.document, each, issuer, purpose, fetch=fetch, now=now) for each in proofs]
    best = min(answers, key=lambda answer: _RANK[answer.outcome])
    others = [
        EMBEDDED.warning(f"other-proof-{each.code}", each.detail, "/proof") for each in answers if each is not best
    ]
    return EMBEDDED.passed(best.code, best.detail, warnings=others) if best.outcome is Outcome.passed else best


def issuer(document: Document) -> Check:
    """Who signed a credential whose proof holds, and how much is known about them."""
    id = id_of(document.get("issuer")) or ""
    if id.startswith("did:key:"):
        told = "The issuer is known by its key alone; the name is what it calls itself."
        return ISSUER.passed("self-asserted", told)
    return ISSUER.passed("did-document", f"{brief(id)} lists the key with which this was signed.")


_RANK = {Outcome.passed: 0, Outcome.failed: 1, Outcome.unknown: 2}
"""Where none holds, one that is wrong says more than one that could not be checked."""


def _around(token: CompactJws, issuer: str, purpose: str, *, fetch: Fetch) -> Check:
    header = token.header
    try:
        # (1) The key that the header names or holds, as the issuer publishes it; (2) its signature over the very text.
        method = verification_method(
            issuer, header.get("kid"), jwk=header.get("jwk"), fetch=fetch, relationship=purpose
        )
        jws.verify(token, method)
    except BadgeError as error:
        return VC_JWT.refused(error, whose="issuer")
    return VC_JWT.passed("signature-valid", f"Signed by {brief(issuer)} with its key {brief(method.id)}.")


def _inside(document: Document, each: Document, issuer: str, purpose: str, *, fetch: Fetch, now: datetime) -> Check:
    try:
        # (1) The key that the proof names, as the issuer publishes it; (2) its signature over the rest of the document.
        method = verification_method(issuer, _named(each.get("verificationMethod")), fetch=fetch, relationship=purpose)
        data_integrity.verify_proof(document, each, method, purpose=purpose, now=now)
    except BadgeError as error:
        return EMBEDDED.refused(error, whose="issuer")
    return EMBEDDED.passed("signature-valid", f"Signed by {brief(issuer)} with its key {brief(method.id)}.")


def _named(method: Any) -> str:
    """The key's name. A proof that brings its key along names it all the same; what it brings does not count."""
    name = id_of(method)
    if name is None:
        raise ForeignKey("The proof does not say with which key of the issuer it was made.")
    return name
