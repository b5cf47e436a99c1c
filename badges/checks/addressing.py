"""A badge at an address: what is there is judged as what it is, an OB 3.0 credential as much as a hosted assertion."""

from dataclasses import replace

from badges.checks.hosting import says_revoked
from badges.checks.questions import brief
from badges.checks.reading import Badge, Format, read
from badges.documents import id_of
from badges.errors import BadgeError, Gone, NothingThere
from badges.resolving import ANY_BADGE, Fetch, Fetched, fetched

MOST_STEPS = 2
"""Addresses that are asked one after the other: what one serves may be a picture that carries another."""


def followed(badge: Badge, *, fetch: Fetch) -> Badge:
    """The badge that is served where `badge` is no more than an address; else `badge` itself, as where the address is
    that of a hosted assertion of Open Badges 2.0, or does not answer.

    Raises `NothingThere`, `Gone`, and like `read` where it is no badge that the address serves.
    """
    for _ in range(MOST_STEPS):
        served = _served(badge, fetch=fetch) if badge.is_address else None
        if served is None:
            break
        badge = replace(served, container=badge.container or served.container)
    return badge


def _served(badge: Badge, *, fetch: Fetch) -> Badge | None:
    url = id_of(badge.document) or ""
    try:
        answer = fetched(url, fetch=fetch, accept=ANY_BADGE)
    except BadgeError:
        return None  # told where the hosted assertion is asked for
    # (1) A picture that carries an address is an assertion hosted there, which has its own rules (OB 2.0 Baking); an
    # address alone claims nothing.
    if answer.status == 404 and badge.container is None:
        raise NothingThere(f"There is no badge at {brief(url, 200)}, or it is not public.")
    if answer.status == 410 and badge.container is None and not says_revoked(url, answer):
        raise Gone(
            f"Whatever was at {brief(url, 200)} is gone. If that was a badge, its issuer may have taken it back: hand "
            "in a copy to know."
        )
    found = _badge_in(answer, badge) if answer.status == 200 else None
    # (2) Of what is hosted there, the address has the last word, and who led to it.
    return None if found is None or (found.format is Format.ob2_hosted and id_of(found.document) == url) else found


def _badge_in(answer: Fetched, badge: Badge) -> Badge | None:
    try:
        return read(answer.body)
    except BadgeError:
        if badge.container is None:
            raise
        return None
