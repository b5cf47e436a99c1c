"""The proof and the status of a signed assertion of Open Badges 2.0 (OB 2.0 §SignedBadge): a JWS by a key to which the
issuer links, and which links back. Neither is the proof of a hosted one, nor is hosting the proof of this one.
"""

from badges.checks import revocations
from badges.checks.following import Links
from badges.checks.opened_lists import Lists
from badges.checks.questions import Question, brief
from badges.checks.reading import Badge
from badges.checks.revocations import STATUS_OB2 as STATUS
from badges.documents import id_of, types
from badges.errors import BadgeError
from badges.proofs import jws
from badges.reports import Check
from badges.resolving import Fetch, linked_key

SIGNED = Question("proof", "OB 2.0 §SignedBadge")


def signed_proof(badge: Badge, links: Links, *, fetch: Fetch) -> Check:
    """Whether the assertion is signed by a key that its issuer links to, and that links back."""
    if badge.jws is None:
        return SIGNED.failed("no-proof", "The assertion says that it is signed, but came without its signature.")
    verification = links.assertion.get("verification")
    if not {"signed", "SignedBadge"}.intersection(types(verification)):
        return SIGNED.failed("no-proof", "The assertion does not say that it is signed, so a signature proves nothing.")
    if links.issuer is None:
        return SIGNED.unknown("issuer-unreachable", f"Whose key it should be cannot be told. {links.broken}")
    creator = verification.get("creator") if isinstance(verification, dict) else None
    try:
        jws.verify(badge.jws, linked_key(links.issuer, id_of(creator), fetch=fetch))
    except BadgeError as error:
        return SIGNED.refused(error, whose="issuer")
    return SIGNED.passed("signature-valid", f"Signed with a key of {brief(links.issuer_url)}.")


def listed_status(links: Links, *, fetch: Fetch, lists: Lists) -> Check:
    """Whether a signed assertion is on its issuer's RevocationList, or says itself that it was revoked."""
    if links.assertion.get("revoked") is True:
        return revocations.revoked(STATUS, links.assertion)
    profile = links.issuer or {}
    url = id_of(profile.get("revocationList"))
    if url is None:
        return STATUS.skipped("no-status", "The issuer keeps no list of revoked badges.")
    ids = [links.assertion[name] for name in ("id", "uid") if isinstance(links.assertion.get(name), str)]
    return revocations.listed(
        STATUS, url, ids, {id_of(profile), links.issuer_url, links.alias}, fetch=fetch, lists=lists
    )
