"""What a rule finds in an event: texts and keys, instants, addresses of the web, and people."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app.kit.addresses import web_url
from app.sources.events import Known, Party, within
from app.sources.grammar import Who
from app.sources.paths import Path, Scope
from app.sources.texts import Text

LONGEST_TITLE, LONGEST_URL = 200, 2_000
_SECONDS = re.compile(r"-?[0-9]{9,}(?:\.[0-9]+)?")
"""In a text; what has fewer digits is a day, or no time."""
_MILLISECONDS = 1e11
"""Seconds since 1970 have fewer digits than this until the year 5138."""


def moment(value: Any) -> datetime:
    """The instant that a value names: ISO 8601, or seconds or milliseconds since 1970. Raises `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is no time")  # noqa: TRY004  whatever else it is
    if isinstance(value, str) and not _SECONDS.fullmatch(value):
        when = datetime.fromisoformat(value)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    try:
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("is no time") from error


class Missing(Exception):
    """A rule does not find what it needs."""


def somebody(who: Who, scope: Scope) -> Party | None:
    """The one person whom this names; of several the first."""
    found = _named(who, scope)
    return found[0] if found else None


def parties(credit: Sequence[Who], scope: Scope) -> tuple[Party, ...]:
    """All whom a contribution names. Raises `Missing`."""
    found: list[Party] = []
    for number, who in enumerate(credit):
        named = _named(who, scope)
        if not named and who.needed:
            raise Missing(f"credit/{number} names nobody")
        found += [party for party in named if party not in found]
    did = {known for party in found if party.part == "by" for known in party.known}
    if any(known in did for party in found if party.part == "for" for known in party.known):
        raise Missing("it was done for whoever did it")
    if not did and not any(party.remembered for party in found if party.part == "by"):
        raise Missing("nobody did it")
    return tuple(found)


def _named(who: Who, scope: Scope) -> list[Party]:
    ways = [[Known(who.scheme, within(account)) for account in each.values(scope)] for each in who.person]
    if len(ways) == 1 and len(ways[0]) > 1 and who.email is None:
        return [Party((known,), who.role, who.part) for known in dict.fromkeys(ways[0])]
    known = [one for way in ways for one in way[:1]]
    if who.email is not None and (email := who.email.one(scope)) is not None:
        known.append(Known("email", email))
    remembered = who.remembered.one(scope) if who.remembered is not None else None
    if not known and remembered is None:
        return []
    return [Party(tuple(dict.fromkeys(known)), who.role, who.part, within(remembered) if remembered else None)]


def one_text(name: str, text: Text, scope: Scope) -> str:
    """The text that comes of it. Raises `Missing`."""
    found = text.one(scope)
    if found is None:
        raise Missing(f"{name}: {text} names nothing, or several")
    return found


def key_of(name: str, text: Text, scope: Scope) -> str:
    """The same, as a key. Raises `Missing`."""
    return within(one_text(name, text, scope))


def moment_at(name: str, where: Path | None, scope: Scope) -> datetime | None:
    """The instant at a place; None if there is none. Raises `Missing`."""
    values = where.values(scope) if where is not None else []
    if not values:
        return None
    try:
        return moment(values[0])
    except (ValueError, OverflowError):
        raise Missing(f"{name}: {where} is no time") from None


def url_of(text: Text | None, scope: Scope) -> str | None:
    """An address of the web; what is none is left out, since the deed was done all the same."""
    found = text.one(scope) if text is not None else None
    if found is None or len(found) > LONGEST_URL:
        return None
    try:
        return web_url(found)
    except ValueError:
        return None


def short(text: Text | None, scope: Scope) -> str | None:
    """A line of text, cut off; None where there is none."""
    found = text.one(scope) if text is not None else None
    return " ".join(found.split())[:LONGEST_TITLE] if found else None
