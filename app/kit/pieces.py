"""A JSON text taken apart without being read: what is wrong with one part of it says nothing about the others."""

import re

_WHITESPACE = b" \t\r\n"
# A string is one token, an unfinished one too; possessive, so that no text is gone through twice.
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_MOST_MEMBERS = 10
_MEMBER = re.compile(rb'"([ !#-\[\]-~]{0,40})"[ \t\r\n]*:(.*)', re.DOTALL)


def elements(text: bytes, *, most: int) -> list[bytes] | None:
    """The texts of the elements of a JSON array, or None where it is none. What they hold is not looked at.

    Of more than `most`, so many and one come back.
    """
    return _parts(text.strip(_WHITESPACE), b"[", b"]", most)


def members(text: bytes) -> dict[str, bytes] | None:
    """The texts of the members of a JSON object by their names, or None where it is none.

    None as well for an object with longer names, or others than plain ASCII, with one name twice, or with many.
    """
    parts = _parts(text.strip(_WHITESPACE), b"{", b"}", _MOST_MEMBERS)
    if parts is None:
        return None
    named = [match for part in parts if (match := _MEMBER.fullmatch(part))]
    found = {match[1].decode(): match[2].strip(_WHITESPACE) for match in named}
    return found if len(found) == len(parts) <= _MOST_MEMBERS else None


def _parts(text: bytes, opening: bytes, closing: bytes, most: int) -> list[bytes] | None:
    """What stands between the commas of the outermost brackets, if these are the given ones around all of it."""
    if not (text.startswith(opening) and text.endswith(closing)):
        return None
    depth, start, found = 0, 1, []
    for token in _TOKENS.finditer(text):
        match token[0]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
                if depth == 0 and token.end() != len(text):
                    return None
            case b"," if depth == 1:
                found.append(text[start : token.start()].strip(_WHITESPACE))
                start = token.end()
                if len(found) > most:
                    return found
    if depth:
        return None
    last = text[start:-1].strip(_WHITESPACE)
    return [*found, last] if found or last else []
