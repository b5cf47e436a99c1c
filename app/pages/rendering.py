"""The pages of this house: they load nothing from anywhere else."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.kit.markup import templates
from app.kit.problems import Kind
from app.kit.publishing import FRESH, UNSHARED

STATIC = Path(__file__).parent / "static"
_FOLDER = Path(__file__).parent / "templates"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page(template: str, *, status: int = 200, alone: bool = False, **values: Any) -> HTMLResponse:
    """An HTML page that loads nothing from anywhere else; `alone`, it offers nothing that only a service can do."""
    html = templates(_FOLDER).get_template(template).render(base="", alone=alone, **values)
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Vary": "Accept, Authorization"}
    return HTMLResponse(html, status, headers)


def embedded(template: str, **values: Any) -> HTMLResponse:
    """A small page that pages of others may hold in a frame."""
    html = templates(_FOLDER).get_template(template).render(base="", **values)
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
    headers = {"Content-Security-Policy": policy, "Cache-Control": FRESH, "X-Robots-Tag": "noindex"}
    return HTMLResponse(html, headers=headers)


def private(response: Response) -> Response:
    """A page for whoever asked alone: nothing keeps it, and no other place learns its address."""
    response.headers["Cache-Control"] = UNSHARED
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@cache
def guide() -> Markup:
    """The guide to verifying, which lies here by a link to where readers of the source look for it."""
    text = (_FOLDER / "guide.md").read_text()
    return Markup(MarkdownIt("commonmark").enable("table").render(text))  # noqa: S704  our own words


def problem_page(kind: Kind, detail: str) -> HTMLResponse:
    """What was refused and what to do about it, for people."""
    shown: dict[str, Any] = {"code": kind.code, "title": kind.title, "fix": kind.fix, "detail": detail}
    return page("problem.html", status=kind.status, http_status=kind.status, **shown)
