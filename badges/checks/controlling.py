"""Whether somebody controls a DID: they sign a presentation for a challenge that nobody could know before.

The challenge says that it was made now, the domain that it was made for us: what was shown to somebody else, or once
before, proves nothing (VC Data Integrity §2.1, `challenge` and `domain`; in a token `nonce` and `aud`).
"""

from collections.abc import Iterator
from datetime import datetime

from badges.checks import timing
from badges.checks.proofs import proof
from badges.checks.questions import Question, named
from badges.checks.reading import Badge, read
from badges.checks.tokens import date_of
from badges.documents import Document, as_list, id_of, parse_object
from badges.errors import BadgeError, NoCredential
from badges.proofs.data_integrity import proofs_of
from badges.reports import Check, Outcome
from badges.resolving import BoundedFetch, Fetch

CONTROL = Question("control", "VC Data Model 2.0 §4.13; VC Data Integrity §2.1, §4.4")

_ASKED_FOR = "A VerifiablePresentation is asked for"
_PURPOSES = ("authentication", "assertionMethod")
_HELD = frozenset({"verifiableCredential"})


def control(
    did: str,
    presented: bytes | str,
    *,
    challenge: str,
    domain: str,
    fetch: Fetch,
    now: datetime,
    empty: bool = False,
) -> Check:
    """Whether a presentation was signed by a key of `did`, for this challenge and this domain.

    It may hold no credentials at all, and if `empty` it has to: who shows badges wants them seen, and does not mean to
    say whose the DID is. Passed, failed, or unknown where the DID's document could not be had; raises
    nothing for what the presentation is or is not.
    """
    try:
        shown = read(presented)
        if empty and _HELD & {*shown.document, *shown.claims}:
            return CONTROL.failed("credentials-inside", "A presentation without credentials is asked for.")
        return _answer(did, shown, challenge, domain, fetch=BoundedFetch(fetch), now=now)
    except NoCredential as error:  # whose words are about badges, and none is asked for
        return CONTROL.failed(error.code, f"{_ASKED_FOR}, in JSON or as a signed token, and this is none.")
    except BadgeError as error:
        return CONTROL.refused(error, whose="controller")


def _answer(did: str, shown: Badge, challenge: str, domain: str, *, fetch: Fetch, now: datetime) -> Check:
    if not shown.is_presentation:
        return CONTROL.failed("no-presentation", f"{_ASKED_FOR}, and this is none.")
    said = parse_object(shown.jws.payload) if shown.jws else _one_proof(shown.document)
    if said is None:
        return CONTROL.failed("no-proof", "The presentation has to have one proof, and no more.")
    holders = {holder for holder in _holders(shown, said) if holder is not None}
    if holders - {did}:
        return CONTROL.failed("other-holder", f"It is shown by {named(next(iter(holders - {did})))}, not by {did}.")
    asked, of_whom = ("nonce", "aud") if shown.jws else ("challenge", "domain")
    if as_list(said.get(asked)) != [challenge]:
        return CONTROL.failed("other-challenge", f"Its `{asked}` is not the challenge that was given.")
    if domain not in as_list(said.get(of_whom)):
        return CONTROL.failed("other-domain", f"Its `{of_whom}` does not name {domain}.")
    return _signed(did, shown, fetch=fetch, now=now)


def _signed(did: str, shown: Badge, *, fetch: Fetch, now: datetime) -> Check:
    late = next((check for check in _dates(shown.claims, now) if check.outcome is not Outcome.passed), None)
    if late is not None:
        return CONTROL.failed(late.code, late.detail)
    # A token says nothing of the use of its key: it may be one to authenticate, or one to assert. A proof says it.
    stated = [] if shown.jws else [each.get("proofPurpose") for each in proofs_of(shown.document)]
    purposes = [purpose for purpose in _PURPOSES if not stated or purpose in stated] or [_PURPOSES[0]]
    answers = [proof(shown, fetch=fetch, now=now, signer=did, purpose=purpose) for purpose in purposes]
    best = next((answer for answer in answers if answer.outcome is Outcome.passed), answers[0])
    if best.outcome is Outcome.passed:
        return CONTROL.passed("control-proven", f"{named(did)} signed this challenge.")
    return (CONTROL.failed if best.outcome is Outcome.failed else CONTROL.unknown)(best.code, best.detail)


def _one_proof(document: Document) -> Document | None:
    """The only proof: of several one might be for us, and another by the DID."""
    proofs = proofs_of(document)
    return proofs[0] if len(proofs) == 1 and "previousProof" not in proofs[0] else None


def _holders(shown: Badge, said: Document) -> Iterator[str | None]:
    """Who shows it, wherever it says so."""
    yield id_of(shown.document.get("holder"))
    issuer = shown.claims.get("iss")
    yield issuer if isinstance(issuer, str) else None
    key = shown.jws.header.get("kid") if shown.jws else id_of(said.get("verificationMethod"))
    yield key.partition("#")[0] if isinstance(key, str) and key.startswith("did:") else None


def _dates(claims: Document, now: datetime) -> Iterator[Check]:
    if "nbf" in claims:
        yield timing.valid_from(date_of(claims, "nbf"), now=now)
    if "exp" in claims:
        yield timing.expiry(date_of(claims, "exp"), now=now)
