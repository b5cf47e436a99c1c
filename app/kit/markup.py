"""People's words as HTML: templates that escape, Markdown cleaned, no image or link that acts."""

from functools import cache
from html import unescape
from pathlib import Path

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.kit.wording import plain, visible

_ALLOWED_TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "hr"}
"""No images: a remote one would tell its server who reads the page."""


@cache
def templates(folder: Path) -> Environment:
    """The templates of a folder; whatever is filled into them is text, and keys are `plain` in words."""
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["plain"] = plain
    return found


def prose(text: str | None) -> Markup:
    """Markdown that people wrote, as HTML of a few harmless elements (OB 3.0 §B.1.4 lets narratives be Markdown)."""
    cleaned = nh3.clean(
        _markdown().render(visible((text or "").replace("\r\n", "\n"))),
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return Markup(cleaned)  # noqa: S704  cleaned on the line above


def words(text: str | None) -> str:
    """Markdown that people wrote, without its signs: a line for each of its paragraphs."""
    bare = unescape(nh3.clean(str(prose(text)), tags=set()))
    return "\n".join(line for line in map(str.strip, bare.splitlines()) if line)


def web_link(url: str | None) -> str | None:
    """A URL that may become a link, else None."""
    return url if url and url.startswith(("https://", "http://")) else None


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
    markdown.validateLink = _leads_outside  # type: ignore[method-assign]  # as its documentation says
    return markdown


def _leads_outside(url: str) -> bool:
    """A link without a scheme would mean another place on every page that shows it."""
    return url.startswith(("https://", "http://", "mailto:"))
