"""Who shows it: the proof of a presentation, which is its holder's (VC Data Model 2.0 §4.13, §5.12; 1.1 §4.10).

It says that a holder of that name put these credentials together, for whom they said, and nothing more: not that the
credentials are theirs, nor that who hands it in now is the same.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from badges import reports
from badges.checks.proofs import FurtherProofs, proof
from badges.checks.questions import Question, named
from badges.checks.reading import Badge
from badges.documents import Document, as_list, id_of
from badges.errors import BadgeError
from badges.proofs.data_integrity import proofs_of
from badges.reports import Check, Outcome
from badges.resolving import Fetch

HELD = Question("proof", "VC Data Model 2.0 §4.13; VC Data Integrity §4.4")

_PURPOSES = ("authentication", "assertionMethod")
_FOR_SOMEBODY = ("domain", "challenge", "aud", "nonce")


def holder_proof(presentation: Badge, *, fetch: Fetch, now: datetime, further: FurtherProofs) -> Check:
    """Whether the holder signed it; skipped where nobody did, which a presentation allows."""
    try:
        proofs = [] if presentation.jws else proofs_of(presentation.document)
    except BadgeError as error:
        return HELD.refused(error, whose="holder")
    if not presentation.jws and not proofs:
        told = "Nobody signed the presentation, so it does not say who shows these credentials."
        return HELD.skipped("not-signed", told, warnings=[HELD.warning("presentation-not-signed", told)])
    holder = _holder(presentation, proofs)
    if holder is None:
        return HELD.unknown("no-holder", "The presentation does not say who signed it.")
    # For which use the key has to be listed: to authenticate, unless the proof itself says to assert.
    stated = [each.get("proofPurpose") for each in proofs]  # a list, for what stands there can be anything
    purpose = next((purpose for purpose in _PURPOSES if purpose in stated), _PURPOSES[0])
    answer = proof(presentation, fetch=fetch, now=now, signer=holder, purpose=purpose, further=further)
    if answer.outcome is not Outcome.passed:
        return answer
    told = f"Presented by {named(holder)}, who signed it."
    return replace(answer, detail=told, warnings=(*answer.warnings, *_remarks(presentation, proofs)))


def _holder(presentation: Badge, proofs: list[Document]) -> str | None:
    """Who presents, as the presentation says: its `holder`, the issuer of the token, or whose key is named."""
    holder = id_of(presentation.document.get("holder")) or presentation.claims.get("iss")
    if holder is None:
        named = (id_of(each.get("verificationMethod")) for each in proofs)
        key = presentation.jws.header.get("kid") if presentation.jws else next(named, None)
        holder = key.partition("#")[0] if isinstance(key, str) else None
    return holder if isinstance(holder, str) else None


def _remarks(presentation: Badge, proofs: list[Document]) -> Iterator[reports.Warning]:
    said = [
        value for each in (presentation.claims, *proofs) for name in _FOR_SOMEBODY for value in as_list(each.get(name))
    ]
    if said:
        told = (
            f"The presentation was made for somebody in particular ({named(said[0])}); it may be shown again by others."
        )
        yield HELD.warning("presentation-for-others", told)
