"""Why a receiver does not believe a signature: what it got, held part by part against what was sent. Pure."""

import base64
import binascii
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from cryptography.exceptions import InvalidSignature
from standardwebhooks import Webhook

from app.webhooks.keys import Keys, public_key

_VERSIONS = {"v1", "v1a"}
TOLERANCE = timedelta(minutes=5)
"""By how much receivers let a timestamp differ from their clock (Standard Webhooks)."""


@dataclass(frozen=True)
class Known:
    """What is known of the message of this id."""

    id: str
    body: str
    times: Sequence[datetime]
    """When it was sent, the last time first."""


@dataclass(frozen=True)
class Finding:
    """What was found of one part."""

    part: str
    right: bool | None
    """None where it cannot be told."""
    said: str


def findings(
    headers: Mapping[str, str], body: str, ring: Sequence[tuple[str, Keys]], known: Known | None, now: datetime
) -> list[Finding]:
    """Of each part of a message whether it is as it was sent; `ring` is each of the keys with what they are called."""
    given = {name.lower(): value.strip() for name, value in headers.items()}
    id, stamp, signature = (given.get(f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    at = _instant(stamp)
    return [
        _of_id(id, known),
        _of_timestamp(stamp, at, known, now),
        _of_body(body, known),
        _of_signature(id, at, body, signature, ring, known),
    ]


def _of_id(id: str | None, known: Known | None) -> Finding:
    if id is None:
        return Finding("webhook-id", False, "The header webhook-id is missing: pass all headers on as they came.")
    if known is None:
        return Finding("webhook-id", False, "No delivery of this webhook has this id: another webhook's, or mistyped.")
    return Finding("webhook-id", True, "A delivery of this webhook has this id.")


def _of_timestamp(stamp: str | None, at: datetime | None, known: Known | None, now: datetime) -> Finding:
    part = "webhook-timestamp"
    if stamp is None:
        return Finding(part, False, "The header webhook-timestamp is missing.")
    if at is None:
        return Finding(part, False, "This is no number of seconds since 1970; it is signed as it came, in decimal.")
    if known is not None and known.times and at not in _seconds(known.times):
        return Finding(part, False, f"It was sent at {', '.join(_stamps(known.times))}, and never at this time.")
    if abs(now - at) > TOLERANCE:
        said = "It is as it was sent, but more than five minutes from now: receivers refuse that, for fear of repeats."
        return Finding(part, None, f"{said} If it had just come, the receiver's clock is wrong.")
    return Finding(part, True, "It is within five minutes of now.")


def _of_body(body: str, known: Known | None) -> Finding:
    if known is None:
        return Finding("body", None, "Without a delivery of this id there is nothing to hold it against.")
    if body == known.body:
        return Finding("body", True, "It is what was sent, byte for byte.")
    if body.strip() == known.body:
        said = "It has blanks or line ends around it that were not sent."
    elif _json(body) is not None and _json(body) == _json(known.body):
        said = "It says the same in other bytes: it was parsed and written anew. Verify it raw, before parsing it."
    else:
        said = "It is not what was sent."
    return Finding("body", False, said)


def _of_signature(
    id: str | None,
    at: datetime | None,
    body: str,
    signature: str | None,
    ring: Sequence[tuple[str, Keys]],
    known: Known | None,
) -> Finding:
    part = "webhook-signature"
    if signature is None:
        return Finding(part, False, "The header webhook-signature is missing.")
    signed = [each.partition(",")[::2] for each in signature.split()]
    if not all(version and value for version, value in signed):
        return Finding(part, False, "It is a list of v1,<base64>, divided by blanks; this one was cut or joined.")
    for name, keys in ring:
        if id is not None and at is not None and _fits(signed, keys, id, at, body):
            which = _which(signed, ring, id, at, body)
            return Finding(
                part, True, f"It was made with the {name} keys, over the id, time and body given here: {which}."
            )
    return Finding(part, False, _meant(id, at, body, signed, ring, known))


def _which(
    signed: Sequence[tuple[str, str]], ring: Sequence[tuple[str, Keys]], id: str, at: datetime, body: str
) -> str:
    """Of each signature whether it fits, since a receiver may look at one alone; those after the tenth are left out."""
    told = []
    for version, value in signed[:10]:
        fits = any(_fits([(version, value)], keys, id, at, body) for _, keys in ring)
        told.append(f"{version if version in _VERSIONS else 'another'} {'fits' if fits else 'does not fit'}")
    return ", ".join(told)


def _meant(
    id: str | None,
    at: datetime | None,
    body: str,
    signed: Sequence[tuple[str, str]],
    ring: Sequence[tuple[str, Keys]],
    known: Known | None,
) -> str:
    """Over what it was made instead, where that can be found."""
    if known is not None:
        for name, keys in ring:
            for one_id, one_at, one_body in _ways(id, at, body, known):
                if _fits(signed, keys, one_id, one_at, one_body):
                    differ = [
                        what
                        for what, differs in (("id", one_id != id), ("time", one_at != at), ("body", one_body != body))
                        if differs
                    ]
                    return f"It was made with the {name} secret over another {' and '.join(differ)}: see above."
    return (
        "None of the webhook's secrets made it: it is another webhook's, was changed on the way, or has been rotated."
    )


def _ways(id: str | None, at: datetime | None, body: str, known: Known) -> Iterable[tuple[str, datetime, str]]:
    times = [*([at] if at else []), *_seconds(known.times)]
    return product([*([id] if id else []), known.id], times, [body, known.body])


def _fits(signed: Iterable[tuple[str, str]], keys: Keys, id: str, at: datetime, body: str) -> bool:
    due = Webhook(keys.secret).sign(id, at, body).partition(",")[2]
    return any(
        hmac.compare_digest(due.encode(), value.encode())
        if version == "v1"
        else _by_key(version, value, keys, id, at, body)
        for version, value in signed
    )


def _by_key(version: str, value: str, keys: Keys, id: str, at: datetime, body: str) -> bool:
    if version != "v1a" or keys.public is None:
        return False
    try:
        content = f"{id}.{int(at.timestamp())}.{body}".encode()
        public_key(keys.public).verify(base64.b64decode(value, validate=True), content)
    except (InvalidSignature, binascii.Error):
        return False
    return True


def _instant(stamp: str | None) -> datetime | None:
    if stamp is None or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return None
    try:
        return datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError):
        return None


def _seconds(times: Iterable[datetime]) -> list[datetime]:
    return [time.replace(microsecond=0) for time in times]


def _stamps(times: Iterable[datetime]) -> list[str]:
    return [str(int(time.timestamp())) for time in times]


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
