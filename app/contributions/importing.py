"""Use-case: tables of contributions, line by line."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

import badges
from app.contributions import service
from app.contributions.forms import MOST, ContributionIn
from app.contributions.naming import EMAIL
from app.contributions.rules import Fault, Outcome, Report
from app.contributions.service import Recorded
from app.contributions.sheets import Line, lines_of
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.voicing import voiced
from app.members.tables import Community

PEOPLE = frozenset({"person", "account", "email", "for"})
COLUMNS = PEOPLE | {
    "type", "platform", "role", "occurred_at", "ends_at", "url", "title", "channel", "evidence_digest", "loop",
    "dedupe_key",
}  # fmt: skip
NEEDED = frozenset({"type", "occurred_at"})
SOURCE = "import"
_AS_THEY_ARE = ("type", "url", "title", "channel", "evidence_digest", "loop", "dedupe_key")


@dataclass(frozen=True)
class Read:
    """A line, and what it reports, or why that cannot be read."""

    number: int
    report: Report | Fault


def read_table(data: bytes, *, source: str, most: int = MOST) -> list[Read]:
    """What the lines of a table report. Raises what `lines_of` raises."""
    lines = lines_of(data, known=COLUMNS, needed=NEEDED, most=most)
    return [Read(line.number, _report(line, source)) for line in lines]


def record_lines(
    session: Session,
    community: Community,
    lines: Sequence[Read],
    *,
    at: Installation,
    on: Occasion,
    only_with: UUID | None = None,
) -> list[Recorded]:
    """Records them; an answer for each line, in their order."""
    reports = [line.report for line in lines if isinstance(line.report, Report)]
    recorded = iter(service.record(session, community, reports, at=at, on=on, only_with=only_with))
    return [
        Recorded(Outcome.refused, fault=line.report) if isinstance(line.report, Fault) else next(recorded)
        for line in lines
    ]


def _report(line: Line, source: str) -> Report | Fault:
    try:
        given: dict[str, Any] = {name: line.cells[name] for name in _AS_THEY_ARE if name in line.cells}
        given |= {name: _instant(line.cells[name]) for name in ("occurred_at", "ends_at") if name in line.cells}
        form = ContributionIn.model_validate(given | {"credits": _credits(line.cells) or None})
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc'])) or 'people'}: {voiced(each)}" for each in error.errors()]
        return Fault("line-unreadable", "; ".join(wrong[:5]))
    report = form.reported(source)
    return report if report.dedupe_key is not None else replace(report, dedupe_key=_key(line))


def _key(line: Line) -> str:
    """What a line is called that has no key: by what it says, so that a table that is handed in twice is recorded
    once."""
    said = "\n".join(f"{name}={value}" for name, value in sorted(line.cells.items()))
    return f"line:{hashlib.sha256(said.encode()).hexdigest()}"


def _credits(cells: dict[str, str]) -> list[dict[str, Any]]:
    """Everybody whom a line names; several in one cell are parted by semicolons."""
    platform = cells.get("platform", "")
    by: list[dict[str, Any]] = [{"person": name} for name in _several(cells.get("person"))]
    by += [{"account": {"platform": platform, "account": name}} for name in _several(cells.get("account"))]
    by += [{"account": {"platform": EMAIL, "account": name}} for name in _several(cells.get("email"))]
    role = {"role": cells["role"]} if "role" in cells else {}
    return [each | role for each in by] + [{"person": name, "side": "for"} for name in _several(cells.get("for"))]


def _several(cell: str | None) -> Iterable[str]:
    return [name for part in (cell or "").split(";") if (name := part.strip())]


def _instant(text: str) -> Any:
    """A moment; one without a time zone, or a day, as people write it in tables, is in UTC. Else the text itself."""
    try:
        return badges.instant(text)
    except badges.BadgeError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
