"""Whether the issuer signed it: the proof inside an OB 3.0 credential, or the VC-JWT around it.

The signature of a key means nothing until the key is known to be the issuer's own (`methods`): read to the letter,
the verification steps of OB 3.0 accept anybody's badge in anybody's name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from badges import reports
from badges.checks.allowances import Allowance
from badges.checks.questions import Question, named
from badges.checks.reading import Secured
from badges.checks.timing import SKEW
from badges.checks.tokens import date_of
from badges.documents import Document, id_of, instant, values_in
from badges.errors import BadgeError, BadSignature, ForeignKey, NotConformant
from badges.keys import VerificationMethod
from badges.methods import Signing, attribute
from badges.proofs import data_integrity, jws
from badges.proofs.data_integrity import SecuredDocument
from badges.proofs.jws import CompactJws
from badges.reports import Check, Outcome
from badges.resolving import Fetch

EMBEDDED = Question("proof", "OB 3.0 §9.1 step 2, §8.3; VC Data Integrity §4.4, §4.5")
ISSUER = Question("issuer", "OB 3.0 §9.1 step 2; VC Data Model 2.0 §4.7")
VC_JWT = Question("proof", "OB 3.0 §9.1 step 2, §8.2")

MOST_PROOFS = 8
"""Proofs of one document that are looked at."""
MOST_FURTHER_PROOFS = 100
"""Proofs that are looked at in one verification, but for the first of each document."""
MOST_FURTHER_VALUES = 15_000
"""Of documents that are put into canonical form once more, as for each proof that builds on others: a hundred badges,
or the largest document once."""


class FurtherProofs:
    """How many more proofs one verification may look at, where a document has several."""

    def __init__(self) -> None:
        self._proofs = Allowance(MOST_FURTHER_PROOFS)
        self._values = Allowance(MOST_FURTHER_VALUES)

    def grant(self, document: Document, proofs: list[Document]) -> bool:
        """Whether all these proofs of a document may be looked at."""
        chained = sum("previousProof" in each for each in proofs)
        suites = {f"{each.get('type')} {each.get('cryptosuite')}" for each in proofs if "previousProof" not in each}
        forms = chained + len(suites) - 1
        proofs_wanted, values_wanted = len(proofs) - 1, forms and forms * values_in(document)
        return self._proofs.take(proofs_wanted) == proofs_wanted and self._values.take(values_wanted) == values_wanted


def proof(
    credential: Secured,
    *,
    fetch: Fetch,
    now: datetime,
    signer: str | None = None,
    purpose: str = "assertionMethod",
    further: "FurtherProofs | None" = None,
) -> Check:
    """Whether the issuer that the credential names has signed it; of a presentation, the `signer` and for what.

    Of several proofs inside it one is enough (§9.1 step 2): an observer's proof, or one of a kind that is not known
    here, takes nothing away and is mentioned. But a signature in the issuer's own name that does not hold says that
    something was changed, whatever another one says. So all are looked at or, where `further` proofs than the first are
    no longer granted, none is.
    """
    issuer = signer or id_of(credential.document.get("issuer")) or ""
    asking = _Asking(fetch, now, purpose)
    if credential.jws:
        return _around(credential, credential.jws, issuer, asking)
    try:
        proofs = data_integrity.proofs_of(credential.document)
    except BadgeError as error:
        return EMBEDDED.refused(error, whose="issuer")
    if not proofs:
        return EMBEDDED.failed("no-proof", "The badge is not signed: anybody could have written it.")
    shown = len(proofs)
    proofs = sorted(proofs, key=lambda each: not _is_in_the_name_of(issuer, each))[:MOST_PROOFS]
    if further and not further.grant(credential.document, proofs):
        return EMBEDDED.unknown(
            "too-many-proofs", "What was handed in has too many proofs to look at those of this one."
        )
    secured = SecuredDocument(credential.document)
    answers = [_inside(secured, each, issuer, asking) for each in proofs]
    changed = [
        answer
        for answer, each in zip(answers, proofs, strict=True)
        if answer.code == BadSignature.code and _is_in_the_name_of(issuer, each)
    ]
    if shown > len(proofs) and not changed:
        return EMBEDDED.unknown("too-many-proofs", f"The badge has more than {MOST_PROOFS} proofs.")
    best = min(changed or answers, key=_rank)
    others = [
        EMBEDDED.warning(f"other-proof-{each.code}", each.detail, "/proof") for each in answers if each is not best
    ]
    return replace(best, warnings=(*best.warnings, *others)) if best.outcome is Outcome.passed else best


def _is_in_the_name_of(issuer: str, proof: Document) -> bool:
    return (id_of(proof.get("verificationMethod")) or "").partition("#")[0] == issuer


def proof_not_looked_at() -> Check:
    """The answer about a badge that departs from the standard in too many places to be put into canonical form."""
    told = "So much of the badge is not as the standard asks that its proof was not looked at."
    return EMBEDDED.unknown("too-many-deviations", told)


def issuer(document: Document) -> Check:
    """Who signed a credential whose proof holds, and how much is known about them."""
    id = id_of(document.get("issuer")) or ""
    if id.startswith(("did:key:", "did:jwk:")):
        told = "The issuer is known by its key alone; the name is what it calls itself."
        unconfirmed = "Nothing confirms the issuer's name: anybody can make a key and call themselves so."
        return ISSUER.passed(
            "self-asserted", told, warnings=[ISSUER.warning("issuer-self-asserted", unconfirmed, "/issuer")]
        )
    if id.startswith("did:"):
        return ISSUER.passed("did-document", f"{named(id)} lists the key with which this was signed.")
    return ISSUER.passed("issuer-address", f"{named(id)} publishes the key with which this was signed.")


def _rank(answer: Check) -> tuple[bool, bool, bool]:
    """One that holds comes first. Else the issuer's own says more than that of an observer, and one that is wrong more
    than one that could not be checked.
    """
    is_passed, is_foreign = answer.outcome is Outcome.passed, answer.code == ForeignKey.code
    return not is_passed, is_foreign, answer.outcome is Outcome.unknown


@dataclass(frozen=True)
class _Asking:
    fetch: Fetch
    now: datetime
    purpose: str
    found: dict[tuple[int, str], VerificationMethod | BadgeError] = field(default_factory=dict)
    """What came of each proof of the document by its identity and signer: those that others build on are asked for
    again and again."""


def _around(credential: Secured, token: CompactJws, issuer: str, asking: _Asking) -> Check:
    header = token.header
    at, kinds = _issued(credential), (jws.ALGORITHMS[header["alg"]],)
    signing = Signing(issuer, header.get("kid"), header.get("jwk"), at, asking.now, asking.purpose, kinds)
    try:
        # (1) The keys that the header names or holds, as the issuer publishes them; (2) the signature of one of them
        #     over the very text; (3) whether that one was still to be used.
        found = attribute(signing, verify=partial(jws.verify, token), fetch=asking.fetch)
    except BadgeError as error:
        return VC_JWT.refused(error, whose="issuer")
    return _signed(VC_JWT, found, _dated_ahead(VC_JWT, date_of(credential.claims, "iat"), asking.now))


def _inside(secured: SecuredDocument, each: Document, issuer: str, asking: _Asking) -> Check:
    try:
        found = _verified(secured, each, issuer, asking)
        # What a proof builds on has to hold too, by whomever it was made (VC Data Integrity §4.5).
        for earlier in _chain(secured.document, each):
            signer = _named(earlier.get("verificationMethod")).partition("#")[0]
            _verified(secured, earlier, signer, asking)
    except BadgeError as error:
        return EMBEDDED.refused(error, whose="issuer")
    return _signed(EMBEDDED, found, _dated_ahead(EMBEDDED, each.get("created"), asking.now))


def _verified(secured: SecuredDocument, each: Document, signer: str, asking: _Asking) -> VerificationMethod:
    place = (id(each), signer)
    if place not in asking.found:
        try:
            asking.found[place] = _verified_anew(secured, each, signer, asking)
        except BadgeError as error:
            asking.found[place] = error
    found = asking.found[place]
    if isinstance(found, BadgeError):
        raise found
    return found


def _verified_anew(secured: SecuredDocument, each: Document, signer: str, asking: _Asking) -> VerificationMethod:
    # (1) A proof that can be one at all; before anybody is asked, and long before anything is canonicalised.
    name = _named(each.get("verificationMethod"))
    suite = data_integrity.refuse_at_sight(each, purpose=asking.purpose, now=asking.now)
    # (2) The keys that it names, as the signer publishes them; (3) the signature of one of them over the rest of the
    #     document; (4) whether that one was still to be used.
    created = instant(each["created"]) if "created" in each else None
    signing = Signing(signer, name, None, created, asking.now, asking.purpose, suite.algorithms)
    verify = partial(secured.verify, each, purpose=asking.purpose, now=asking.now)
    return attribute(signing, verify=verify, fetch=asking.fetch)


def _chain(document: Document, last: Document) -> list[Document]:
    """The proofs that `last` builds on, and those that they build on. Raises `NotConformant`."""
    chain: list[Document] = []
    waiting = [last]
    while waiting:
        for earlier in data_integrity.previous_proofs(document, waiting.pop()):
            if earlier is last:
                raise NotConformant("A proof builds on itself.", pointer="/proof")
            if not any(earlier is each for each in chain):
                chain.append(earlier)
                waiting.append(earlier)
    return chain


def _signed(question: Question, method: VerificationMethod, warnings: Iterable[reports.Warning]) -> Check:
    told = f"Signed by {named(method.controller)} with its key {named(method.id)}."
    return question.passed("signature-valid", told, warnings=warnings)


def _dated_ahead(question: Question, made: str | None, now: datetime) -> Iterator[reports.Warning]:
    """What to say of a signature that gives a day to come as its own. No standard refuses it (VC Data Integrity §4.4
    looks at `expires` alone, RFC 7519 §4.1.6 asks nothing of `iat`), and what the badge says holds from its own dates.
    """
    if made is not None and instant(made) > now + SKEW:
        yield question.warning("dated-ahead", f"The signature says that it was made on {made}, which is still to come.")


def _issued(credential: Secured) -> datetime | None:
    """When a token says that it was made: `iat`, else when the credential begins."""
    seconds = credential.claims.get("iat")
    begins = credential.document.get(credential.data_model.begins)
    try:
        if isinstance(seconds, int) and not isinstance(seconds, bool):
            return datetime.fromtimestamp(seconds, UTC)
        return instant(begins)
    except (BadgeError, ValueError, OverflowError, OSError):
        return None


def _named(method: Any) -> str:
    """The key's name. A proof that brings its key along names it all the same; what it brings does not count."""
    name = id_of(method)
    if name is None:
        raise ForeignKey("The proof does not say with which key of the issuer it was made.")
    return name
