"""A picture stays a picture: what an SVG may not carry once a badge is baked into it.

A baked SVG is opened as a page of its own by whoever receives it, under the issuer's name. So nothing in it may run,
nor reach out to another address.
"""

import re
from collections.abc import Mapping

from badges.errors import Unreadable

_XHTML = "{http://www.w3.org/1999/xhtml}"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ACTIVE = frozenset(
    {"script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "audio", "video", "canvas", "link"}
    | {"animation", "prefetch", "meta", "base", "annotation-xml"}
)
_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|gif|webp)[;,]|$)", re.IGNORECASE)
_CSS_URL = re.compile(r"url\(\s*+['\"]?+(?!#|data:image/(?:png|jpeg|gif|webp)[;,])", re.IGNORECASE)
_CSS_REACHES_OUT = re.compile(r"\\|@import|//|expression\(|binding|behavior", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0]+")


def refuse_element(name: str, attributes: Mapping[str, str]) -> None:
    """Raises `Unreadable` for an element (`{namespace}local`) that runs, or that reaches out of the file."""
    local = _local(name)
    if local in _ACTIVE or name.startswith(_XHTML):
        raise _refusal(f"a <{local}> element")
    for key, value in attributes.items():
        _refuse_attribute(key, value)


def refuse_style(css: str) -> None:
    """Raises `Unreadable` for CSS that names anything outside the file; escapes could hide it, so none are taken."""
    if _CSS_REACHES_OUT.search(css) or _CSS_URL.search(css):
        raise _refusal("a style that reaches out of the file")


def refuse_instruction(target: str) -> None:
    """Raises `Unreadable` for a processing instruction that loads a style sheet."""
    if target.casefold().startswith("xml-stylesheet"):
        raise _refusal("a link to a style sheet")


def _refuse_attribute(key: str, value: str) -> None:
    local, squeezed = _local(key), _BLANKS.sub("", value).casefold()
    if local.startswith("on"):
        raise _refusal(f"an event handler ({local})")
    if local == "attributename" and (squeezed.startswith("on") or squeezed.endswith("href")):
        raise _refusal(f"an animation of {squeezed}")
    if "javascript:" in squeezed or "vbscript:" in squeezed:
        raise _refusal("a javascript: address")
    if key == _XML_BASE or (local in ("href", "src") and not _INSIDE.match(value)):
        raise _refusal(f"a reference out of the file ({local})")
    if local == "style":
        refuse_style(value)
    elif _CSS_URL.search(value) or ("\\" in value and "(" in value):
        raise _refusal(f"a reference out of the file ({local})")


def _local(name: str) -> str:
    return name.rpartition("}")[2].casefold()


def _refusal(what: str) -> Unreadable:
    return Unreadable(f"The SVG carries {what}. A badge's picture must not run or load anything; take it out first.")
