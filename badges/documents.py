"""JSON documents as badges need them: read strictly and within limits, written so that every reader agrees.

Unknown fields are kept. What was signed is never parsed and written again: the text itself is passed along.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from badges.errors import NotConformant, TooLarge, Unreadable

Document = dict[str, Any]
"""A JSON object as Python values."""

LARGEST_INTEGER = 2**53 - 1
"""Past this, JSON readers disagree about a number (RFC 8259 §6)."""


@dataclass(frozen=True)
class Limits:
    """What a document may cost to read."""

    bytes: int = 1_048_576
    depth: int = 64
    values: int = 50_000
    bytes_per_value: int = 0
    """On average, of a document of more than `FEW_VALUES`: what is done with a document is done for each value."""
    bytes_per_object: int = 0
    """Likewise, of a document of more than `FEW_OBJECTS`: each is a node of a graph, as dear as five values."""


LIMITS = Limits()

BADGE_LIMITS = Limits(bytes_per_value=20, bytes_per_object=120)
"""For what is to be judged. Badges have 22 to 30 bytes a value and 180 an object, the learner records that hold them
likewise.
"""

FEW_VALUES = 5_000
"""Short lists of short things, such as five hundred lines of evidence, are left alone."""
FEW_OBJECTS = 1_500


def in_units(count: int) -> str:
    """So many bytes as people say it: `812 bytes`, `256 KiB`, `1.2 MiB`; rounded up, so that too many look so."""
    for size, unit in ((1_048_576, "MiB"), (1024, "KiB")):
        if count >= size:
            return f"{-(-count * 10 // size) / 10:g} {unit}"
    return f"{count} bytes"


def parse(data: bytes | str, *, limits: Limits = LIMITS) -> Any:
    """The JSON value in `data` (UTF-8, RFC 8259), refusing what readers disagree about.

    Refused: bad UTF-8, a byte order mark, duplicate members, NaN and Infinity, integers past 2^53, U+0000 and lone
    surrogates, and anything past `limits`. Raises `TooLarge` or `Unreadable`; never anything else.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > limits.bytes:
        raise TooLarge(f"The document has {in_units(len(raw))}; at most {in_units(limits.bytes)} are read.")
    try:
        text = raw.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except UnicodeDecodeError as error:
        raise Unreadable(f"The document is not UTF-8: byte {error.start} cannot be read.") from error
    except RecursionError as error:
        raise TooLarge(f"The document is nested more than {limits.depth} levels deep.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The document is not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}."
        ) from error
    _within(value, limits, len(raw))
    return value


def parse_object(data: bytes | str, *, limits: Limits = LIMITS) -> Document:
    """Like `parse`, for a document that has to be an object."""
    value = parse(data, limits=limits)
    if not isinstance(value, dict):
        raise Unreadable("The document is JSON, but not an object.")
    return value


def serialize(document: Document) -> str:
    """`document` as compact JSON text, in the form of `for_wallets`."""
    return for_wallets(orjson.dumps(document).decode())


_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACE = re.compile("[{}]")
_MAYBE_INSIDE = re.compile(r'\{(?!"[A-Za-z@])')


def for_wallets(text: str) -> str:
    """JSON text with braces and whatever is not ASCII inside strings written as escapes; the same JSON value.

    Wallets in use find a baked credential by counting braces, those in strings included, and read an image a byte at a
    time: raw, a badge named `Curly }` cannot be opened, and one named `Café` does not verify. So is the end of `]]>`,
    which CDATA cannot carry (XML 1.0 §2.7).
    """
    # 1. Outside of strings JSON has none of these.
    if not text.isascii():
        text = text.encode("ascii", _AS_ESCAPES).decode()
    if "\x7f" in text:
        text = text.replace("\x7f", r"\u007f")
    if ">" in text:
        text = text.replace("]]>", r"]]\u003e")
    # 2. Nearly always there is no brace in any string. An opening one that a quote and a letter follow opens an object:
    #    inside a string the quote would end it, and no letter comes after that. With all of them opening objects, a
    #    closing one inside a string would be one too many.
    if text.count("{") == text.count("}") and not _MAYBE_INSIDE.search(text):
        return text
    return _STRING.sub(lambda string: _BRACE.sub(lambda brace: _escaped(brace[0]), string[0]), text)


def _escaped(characters: str) -> str:
    """`\\uXXXX` for each, twice for what lies beyond the first plane (RFC 8259 §7)."""
    units = characters.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _escape_unencodable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101  raised by `encode` alone
    return _escaped(error.object[error.start : error.end]), error.end


_AS_ESCAPES = "badges.documents.for_wallets"
codecs.register_error(_AS_ESCAPES, _escape_unencodable)


def as_list(value: Any) -> list[Any]:
    """A JSON-LD value as a list: nothing is none, one may stand alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(node: Any) -> list[str]:
    """The `type` of a node, always as a list of strings."""
    return [t for t in as_list(node.get("type")) if isinstance(t, str)] if isinstance(node, dict) else []


def id_of(node: Any) -> str | None:
    """The id of a node that may stand as a bare URL or as an object with `id`."""
    if isinstance(node, dict):
        node = node.get("id")
    return node if isinstance(node, str) else None


def walk(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a document with its JSON pointer (RFC 6901), parents before children."""
    stack = [(pointer, value)]
    while stack:
        where, here = stack.pop()
        yield where, here
        if isinstance(here, dict):
            stack.extend((where + pointer_to(key), child) for key, child in reversed(here.items()))
        elif isinstance(here, list):
            stack.extend((f"{where}/{i}", child) for i, child in reversed(list(enumerate(here))))


def values_of(document: Any) -> Iterator[Any]:
    """Every value of a document, itself and those at every depth included, in no order."""
    waiting = [document]
    while waiting:
        here = waiting.pop()
        yield here
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)


def values_in(document: Any) -> int:
    """How many values a document has, itself and those at every depth included."""
    return sum(1 for _ in values_of(document))


def pointer_to(*steps: str | int) -> str:
    """The JSON pointer that takes these steps from the root (RFC 6901 §3)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


_DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?P<fraction>\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)", re.ASCII
)


def instant(text: Any, *, pointer: str | None = None) -> datetime:
    """The instant that an XSD dateTimeStamp names, in UTC. A zone is required (VC Data Model 2.0 §4.9).

    Raises `NotConformant`.
    """
    match = _DATE_TIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise NotConformant(
            f"{text!r} is not a date and time with a time zone, like 2026-11-21T09:00:00Z.", pointer=pointer
        )
    micros = (match["fraction"] or ".0")[1:7].ljust(6, "0")
    zone = "+00:00" if match["zone"] == "Z" else match["zone"]
    try:
        return datetime.fromisoformat(f"{match['date']}T{match['time']}.{micros}{zone}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotConformant(f"{text!r} names no instant: {error}.", pointer=pointer) from error


def timestamp(when: datetime) -> str:
    """An instant in whole seconds of UTC, `2026-11-21T09:00:00Z`.

    Fractions are cut off: the `nbf` of a VC-JWT is a whole number of seconds and has to equal `validFrom`
    (OB 3.0 §8.2.4). Raises ValueError for an instant without a time zone, rather than ask the machine for its own.
    """
    if when.tzinfo is None:
        raise ValueError("an instant has a time zone")
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _object(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Unreadable(f"The member {twice!r} occurs twice in one object; readers disagree on which one counts.")
    return found


def _no_constant(name: str) -> Any:
    raise Unreadable(f"{name} is not JSON.")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER:
        raise Unreadable("An integer lies beyond 2^53, where readers disagree about its value.")
    return int(digits)


def _float(text: str) -> float:
    number = float(text)
    if len(text) > 64 or number in (float("inf"), float("-inf")):
        raise Unreadable("A number is too large or too long to be read the same everywhere.")
    return number


_UNPAIRED = re.compile("[\x00\ud800-\udfff]")


def _within(value: Any, limits: Limits, size: int) -> None:
    """Walks level by level, so that depth is bounded without recursion. `size` is the length of the text."""
    most = limits.values
    if limits.bytes_per_value:
        most = min(most, max(FEW_VALUES, size // limits.bytes_per_value))
    most_objects = max(FEW_OBJECTS, size // limits.bytes_per_object) if limits.bytes_per_object else most
    level, depth, count, objects = [value], 0, 0, 0
    while level:
        count += len(level)
        if depth > limits.depth or count > most:
            raise TooLarge(f"The document has more than {most} values or {limits.depth} levels.")
        children: list[Any] = []
        for here in level:
            if isinstance(here, dict):
                objects += 1
                for key in here:
                    _readable(key)
                children.extend(here.values())
            elif isinstance(here, list):
                children.extend(here)
            elif isinstance(here, str):
                _readable(here)
        if objects > most_objects:
            raise TooLarge(f"The document has more than {most_objects} objects for its length.")
        level, depth = children, depth + 1


def _readable(text: str) -> None:
    if _UNPAIRED.search(text):
        raise Unreadable("A string holds U+0000 or half a surrogate pair, which no database or signature can carry.")
