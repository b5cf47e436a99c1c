"""Text as it was before it was sent: editors mark files and write them in UTF-16, mail breaks tokens into lines, and
people put them in quotation marks.

Taken off is only what cannot be part of what was signed, so that there is one text that it can have been.
"""

import re

from badges.baking import container_of
from badges.checks import recognising
from badges.errors import Unreadable

URL = re.compile(r"(https?)(://[\x21-\x7e]+)", re.IGNORECASE)
JWS = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){2}")

_UTF8_MARK, _UTF16_MARKS, _UTF32_MARK = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff"), b"\xff\xfe\0\0"
_QUOTES = {'""', "''", "``", "<>", "“”", "„“", "«»", "‘’"}


def text_in(raw: bytes) -> str:
    """The text in a file: UTF-8, with a byte order mark or without (RFC 8259 §8.1), or UTF-16 that begins with one.

    Raises `Unreadable` for what is no text, or text that could be read in two ways.
    """
    if file := recognising.file_of(raw):
        raise file
    if raw.startswith(_UTF16_MARKS) and not raw.startswith(_UTF32_MARK):
        return _utf16(raw)
    # Every other byte is zero: UTF-16 that does not say which of its two orders it has.
    if len(raw) > 3 and not (any(raw[0:8:2]) and any(raw[1:8:2])):
        raise Unreadable("This text is in UTF-16, and does not begin with the mark that says so. Save it as UTF-8.")
    try:
        return raw.removeprefix(_UTF8_MARK).decode().strip()
    except UnicodeDecodeError as error:
        raise recognising.bytes_of() from error


def _utf16(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16").strip()
    except UnicodeDecodeError as error:
        raise Unreadable("This begins like text in UTF-16 and cannot be read as such. Save it as UTF-8.") from error
    if container_of(text.encode()):
        raise Unreadable("This SVG is written in UTF-16, and only UTF-8 is read. Save it as UTF-8.")
    return text


def unwrapped(text: str) -> str:
    """The token or address in `text` without quotation marks around it and, of a token, without its lines: neither has
    a place in it (RFC 7515 §2). Any other text as it is.
    """
    bare = text[1:-1].strip() if text[:1] + text[-1:] in _QUOTES and len(text) > 1 else text
    if URL.fullmatch(bare):
        return bare
    token = "".join(line.strip(" \t\r") for line in bare.split("\n"))
    # The header of a token is a JSON object: these are a brace, and a quotation mark or a blank after it.
    return token if token.startswith(("ey", "ew")) and JWS.fullmatch(token) else text
