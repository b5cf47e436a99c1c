"""Templates, and how people's words become HTML: autoescaped, Markdown cleaned, no image or link that acts."""

from functools import cache
from pathlib import Path
from typing import Any

import nh3
from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.kit.problems import Kind
from app.kit.publishing import UNSHARED
from app.kit.wording import visible

STATIC = Path(__file__).parent / "static"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_ALLOWED_TAGS = {"p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "hr"}
"""No images: a remote one would tell its server who reads the page."""


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
    markdown.validateLink = _leads_outside  # type: ignore[method-assign]  # as its documentation says
    return markdown


def _leads_outside(url: str) -> bool:
    """A link without a scheme would mean another place on every page that shows it."""
    return url.startswith(("https://", "http://", "mailto:"))


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """An HTML page that loads nothing from anywhere else."""
    html = _environment().get_template(template).render(base="", **values)
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Vary": "Accept, Authorization"}
    return HTMLResponse(html, status, headers)


def private(response: Response) -> Response:
    """A page for whoever asked alone: nothing keeps it, and no other place learns its address."""
    response.headers["Cache-Control"] = UNSHARED
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


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


@cache
def guide() -> Markup:
    """The guide to verifying, which lies here by a link to where readers of the source look for it."""
    text = (Path(__file__).parent / "templates" / "guide.md").read_text()
    return Markup(MarkdownIt("commonmark").enable("table").render(text))  # noqa: S704  our own words


def web_link(url: str | None) -> str | None:
    """A URL that may become a link, else None."""
    return url if url and url.startswith(("https://", "http://")) else None


def problem_page(kind: Kind, detail: str) -> HTMLResponse:
    """What was refused and what to do about it, for people."""
    shown = {"code": kind.code, "title": kind.title, "fix": kind.fix, "detail": detail}
    return page("problem.html", status=kind.status, http_status=kind.status, **shown)
