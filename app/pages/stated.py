"""What a stranger's badge says, for a page: taken out of whatever stands there, in words that are still the stranger's.

Nothing has to be as the standard asks, since what does not conform is shown too. What is not text is passed over, and
what is long is cut. Nothing becomes an address that a browser asks by itself: pictures are not shown, and only https
and http become links.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import badges
from app.kit.markup import prose, web_link

LONGEST = 4000
"""Characters of one text that are shown: making Markdown of them takes up to 16 µs each."""
MOST_EVIDENCE = 20
LONGEST_OF_ALL_EVIDENCE = 8000
MOST_NAMES = 20
LONGEST_GENRE = 60

_KINDS = {"emailAddress": "email address", "email": "email address", "url": "address on the web", "did": "DID"}


def what(document: dict[str, Any]) -> dict[str, Any]:
    """What a credential, an assertion, an endorsement or a learner record is for, why, and from when to when."""
    subject = _one(document.get("credentialSubject"))
    achievement = _one(subject.get("achievement")) or _one(document.get("badge"))
    if not achievement or "verifiableCredential" in subject:  # endorsements and learner records say it of themselves
        achievement = {name: document[name] for name in ("name", "description") if name in document}
    criteria = achievement.get("criteria")
    narrative = _text(subject.get("narrative")) or _text(document.get("narrative"))
    comment = _text(subject.get("endorsementComment")) or _text(_one(document.get("claim")).get("endorsementComment"))
    evidence = _all(document.get("evidence"))
    shown = evidence[:MOST_EVIDENCE]
    return {
        "name": _text(achievement.get("name")),
        "description": _text(achievement.get("description")),
        "criteria": prose(told) if (told := _text(_one(criteria).get("narrative"))) else None,
        "criteria_link": web_link(_id(criteria)),
        "narrative": prose(narrative or comment) if narrative or comment else None,
        "evidence": [_evidence(each, LONGEST_OF_ALL_EVIDENCE // len(shown), above=narrative) for each in shown],
        "more_evidence": max(0, len(evidence) - MOST_EVIDENCE),
        "awarded": _day(_first(document, "awardedDate", "validFrom", "issuanceDate", "issuedOn")),
        "until": _day(_first(document, "validUntil", "expirationDate", "expires")),
    }


def whose(document: dict[str, Any]) -> list[str]:
    """Each way in which a badge names its recipient."""
    subject, recipient = _one(document.get("credentialSubject")), _one(document.get("recipient"))
    return list(dict.fromkeys(islice(_names(subject, recipient), MOST_NAMES)))


def _names(subject: dict[str, Any], recipient: dict[str, Any]) -> Iterator[str]:
    if id := _id(subject):
        yield f"somebody by a number that only the issuer can match ({id})" if id.startswith("urn:uuid:") else id
    for entry in _all(subject.get("identifier")):
        if isinstance(entry, dict):
            yield _name(entry, "identityHash", "identityType")
    if recipient:
        yield _name(recipient, "identity", "type")


def _name(entry: dict[str, Any], value: str, kind: str) -> str:
    named = _text(entry.get(kind))
    called = _KINDS.get(named, named) or "name"
    if entry.get("hashed") is True:
        return f"somebody whose {called} it does not show; enter it below to compare"
    return _text(entry.get(value)) or "nobody"


def _evidence(given: Any, longest: int, *, above: str) -> dict[str, Any]:
    """One piece; where its words are the narrative, which stands above it, they are not said again."""
    node = _one(given)
    names = [name for name in ("description", "narrative") if not above or _text(node.get(name)) != above]
    told = [text for name in names if (text := _text(node.get(name), longest // 2))]
    link = web_link(_id(given))
    return {
        "url": link,
        "name": _text(node.get("name")) or link,
        "genre": _text(node.get("genre"), LONGEST_GENRE) or None,
        "told": prose("\n\n".join(told)) if told else None,
        "is_above": len(names) < 2,
    }


def _first(document: dict[str, Any], *names: str) -> Any:
    return next((document[name] for name in names if name in document), None)


def _day(date: Any) -> str | None:
    """A day for people; what is no date, as it stands there."""
    try:
        return day(badges.instant(date))
    except badges.BadgeError:
        return _text(date)[:40] or None


def day(when: date) -> str:
    """A day as people write it."""
    return f"{when:%d %B %Y}".lstrip("0")


def _all(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _one(value: Any) -> dict[str, Any]:
    """An object, that may stand in an array of one; else empty."""
    one = next(iter(_all(value)), None)
    return one if isinstance(one, dict) else {}


def _id(value: Any) -> str:
    """An id, that may stand alone or in its object."""
    one = next(iter(_all(value)), None)
    return _text(one.get("id")) if isinstance(one, dict) else _text(one)


def _text(value: Any, longest: int = LONGEST) -> str:
    """Text, also where its language stands beside it (`{"@value", "@language"}`); else empty."""
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str):
        return ""
    return value if len(value) <= longest else f"{value[: longest - 1]}…"
