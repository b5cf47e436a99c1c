"""Whether a badge is on a plain list of those that its issuer has taken back (OB 2.0 §RevocationList; 1EdTech
Revocation List, which OB 3.0 had before it took Bitstring Status Lists).

Nobody signs such a list. What makes it the issuer's is that the signed badge, or the issuer's own Profile, names its
address: what that address answers is what the issuer says, unless the list calls itself somebody else's.
"""

from collections.abc import Collection, Sequence

from badges.checks.opened_lists import Lists
from badges.checks.questions import Question, brief, named, quoted
from badges.documents import Document, id_of
from badges.errors import BadgeError, Unreachable
from badges.reports import Check
from badges.resolving import Fetch, document_at
from badges.status import revocations_in

KIND = "1EdTechRevocationList"
"""The type of a `credentialStatus` whose id is the address of such a list."""

STATUS = Question("status", "OB 3.0 §9.1 step 4; 1EdTech Revocation List")
STATUS_OB2 = Question("status", "OB 2.0 §RevocationList; §HostedBadge")


def by_status(entry: Document, credential: Document, *, fetch: Fetch, lists: Lists) -> Check:
    """Whether an OB 3.0 credential is on the list at the id of its `credentialStatus` of type `KIND`."""
    url, id = id_of(entry), id_of(credential)
    if url is None or id is None:
        return STATUS.unknown("invalid-status", "The badge does not say properly where its status is.")
    return listed(STATUS, url, [id], {id_of(credential.get("issuer"))}, fetch=fetch, lists=lists)


def listed(
    question: Question, url: str, ids: Sequence[str], owners: Collection[str | None], *, fetch: Fetch, lists: Lists
) -> Check:
    """Whether the badge that goes by any of `ids` is on the list at `url`; one of `owners` is whose that has to be."""
    try:
        document = lists.once(("plain", url), lambda: document_at(url, fetch=fetch))
        theirs = id_of(document.get("issuer"))
        if theirs is not None and theirs not in owners:
            return question.unknown("status-foreign-list", f"The list at {brief(url)} is that of {named(theirs)}.")
        listed = lists.once(("revocations", url), lambda: revocations_in(document))
    except Unreachable as error:
        return question.refused(error, whose="status")
    except BadgeError as error:
        return question.unknown("status-unreadable", f"{brief(url)} holds no list of revoked badges. {error.detail}")
    for id in listed.keys() & set(ids):
        return revoked(question, {"revocationReason": listed[id]})
    return question.passed("not-revoked", "The badge is not on its issuer's list of revoked badges.")


def revoked(question: Question, said: Document) -> Check:
    """The badge was taken back, for the `revocationReason` in what was said, if any."""
    reason = said.get("revocationReason")
    because = f" Its reason: {quoted(reason, 300)}" if isinstance(reason, str) else ""
    return question.failed("revoked", f"The issuer has revoked this badge.{because}")
