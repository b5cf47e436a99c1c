"""A week as a page for people, which loads nothing but the style of this house."""

from pathlib import Path

from app.kit.markup import templates
from app.reports.digest import wording
from app.reports.digest.service import Told

_FOLDER = Path(__file__).parent / "templates"

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
}


def page(told: Told) -> str:
    """The whole page."""
    return _drawn("digest.html", told)


def fragment(told: Told) -> str:
    """What stands in it, for a feed."""
    return _drawn("week.html", told)


def _drawn(template: str, told: Told) -> str:
    return (
        templates(_FOLDER)
        .get_template(template)
        .render(
            title=wording.title(told),
            days=wording.days(told),
            sections=wording.sections(told),
            quiet=wording.QUIET,
            slug=told.community.slug,
            week=told.digest.week,
        )
    )
