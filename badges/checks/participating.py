"""What evidence says of participation: window and counts, and who signed it where it is a token of its own.

A community's record of what somebody took part in can be handed on without the badge that pins it: a compact JWS by the
issuer, typed for this alone (RFC 8725 §3.11). Of what is only pinned, the badge's own signature says whose it is.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from badges.checks.questions import Question, brief
from badges.documents import Document, id_of, parse_object
from badges.errors import BadgeError, ForeignKey, NotConformant
from badges.methods import Signing, attribute
from badges.proofs import jws
from badges.proofs.jws import CompactJws
from badges.reports import Check, Outcome
from badges.resolving import Fetch

SIGNED = Question("evidence", "RFC 7515 §5.2; RFC 8725 §3.11")
TYP = "participation+jwt"
MOST_TYPES = 100
"""Types of contributions of one piece of evidence that are told."""


def token_in(body: bytes) -> CompactJws | None:
    """The signed record of participation that evidence is, if it is one."""
    try:
        token = jws.parse(body.decode("ascii").strip())
    except (BadgeError, UnicodeDecodeError):
        return None
    return token if str(token.header.get("typ")).casefold().removeprefix("application/") == TYP else None


def claims_in(token: CompactJws) -> Document:
    """What it says. Raises `Unreadable`."""
    return parse_object(token.payload)


def signature(token: CompactJws, claims: Document, badge: Document, *, fetch: Fetch, now: datetime) -> Check:
    """Whether the issuer of a badge that is proven signed this, for this badge."""
    issuer = id_of(badge.get("issuer")) or ""
    made = claims.get("iat")
    try:
        if claims.get("iss") != issuer:
            raise ForeignKey("It names another issuer than the badge.")
        if claims.get("badge") != id_of(badge):
            raise NotConformant("It was made for another badge.")
        kinds = (jws.ALGORITHMS[token.header["alg"]],)
        signing = Signing(
            issuer, token.header.get("kid"), token.header.get("jwk"), _instant(made), now, algorithms=kinds
        )
        attribute(signing, verify=partial(jws.verify, token), fetch=fetch)
    except BadgeError as error:
        return SIGNED.refused(error, whose="issuer")
    return SIGNED.passed("signature-valid", "It is signed by the issuer of the badge, for this badge.")


def facts_in(document: Document) -> Document | None:
    """Window and counts, as the evidence says them; None where it counts nothing. They are a stranger's words."""
    counts = document.get("counts")
    by_type = counts.get("by_type") if isinstance(counts, dict) else None
    if not isinstance(counts, dict) or not isinstance(by_type, dict):
        return None
    window = document.get("window")
    ends = window if isinstance(window, dict) else {}
    return {
        "since": _text(ends.get("since")),
        "until": _text(ends.get("until")),
        "contributions": _count(counts.get("contributions")),
        "by_type": {
            brief(type, 80): count
            for type, told in list(by_type.items())[:MOST_TYPES]
            if (count := _count(told)) is not None
        },
    }


def told(facts: Document, signed: Check | None) -> str:
    """The same in a sentence."""
    number, since, until = facts["contributions"], facts["since"], facts["until"]
    window = f" from {since[:10]}" if since else ""
    window += f" to {until[:10]}" if until else ""
    who = " The issuer signed that." if signed is not None and signed.outcome is Outcome.passed else ""
    return f" It counts {number} contribution{'s' if number != 1 else ''}{window}.{who}" if number is not None else ""


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _text(value: Any) -> str | None:
    return brief(value, 40) if isinstance(value, str) else None


def _instant(seconds: Any) -> datetime | None:
    """When it says that it was signed."""
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
