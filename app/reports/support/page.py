"""A report as one page, which is whole without the network: for a screen, a telephone and a printer."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from app.kit.markup import prose, templates, web_link
from app.metrics import periods
from app.reports.charts.saying import spoken
from app.reports.support.rules import Readers
from app.reports.support.tables import Report
from app.reports.support.words import SAID_BY, Words

_FOLDER = Path(__file__).parent / "templates"

GONE: Mapping[str, tuple[str, str]] = {
    "stories": ("story has", "stories have"),
    "remarks": ("remark has", "remarks have"),
    "notes": ("note has", "notes have"),
    "uptake": ("record of uptake has", "records of uptake have"),
    "stage_reason": ("reason of the stewards has", "reasons of the stewards have"),
}


@cache
def _style() -> str:
    return (_FOLDER / "case.css").read_text()


@cache
def policy() -> str:
    """The Content-Security-Policy of the page: it runs nothing, loads nothing, and looks as its own sheet says."""
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def headers() -> dict[str, str]:
    """What else its answer says."""
    return {"Content-Security-Policy": f"{policy()}; frame-ancestors 'none'"}


def page(
    row: Report,
    report: Mapping[str, Any],
    words: Words,
    readers: Readers,
    pictures: Mapping[str, str],
    *,
    public_url: str,
    public: bool,
) -> str:
    """The whole page; `pictures` are the drawings, by the ids of the charts, and `public` whether strangers see it."""
    charts = {each["id"]: each | {"svg": Markup(pictures.get(each["id"], ""))} for each in report["charts"]}  # noqa: S704  drawn here, of texts that were escaped
    return (
        templates(_FOLDER)
        .get_template("case.html")
        .render(
            style=Markup(_style()),  # noqa: S704  our own words
            policy=policy(),
            indexed=public and row.indexed,
            report=report,
            period=spoken(periods.parse(report["period"]["name"])),
            home=web_link(report["community"]["url"]),
            about=prose(report["community"]["description"]),
            inside=readers is Readers.community,
            charts=charts,
            words=words,
            said_by=SAID_BY,
            gone=[
                f"{count} {GONE[kind][count != 1]} been taken back since this report was made."
                for kind, count in words.gone.items()
            ],
            base=public_url,
            row=row,
            made=_day(row.made_at),
            address=f"{public_url}/reports/{row.id}" if public else None,
        )
    )


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"
