"""Doors: tables of contributions."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.concurrency import run_in_threadpool

from app.contributions import importing
from app.contributions.importing import COLUMNS, NEEDED, SOURCE, Read
from app.contributions.reporting import only_with, source_of
from app.contributions.views import Counted, ResultOut, counts_of, result_shown
from app.kit.deps import NowDep, RuntimeDep, SessionDep, take_back
from app.kit.idempotency import once
from app.kit.strict import MIB
from app.kit.strict import router as strict_router
from app.members.auth import Caller, HoldingIn, occasion
from app.members.forms import Key
from app.members.rules import Role, Scope
from app.members.service import community_by_slug

router = strict_router(tags=["contributions"])

Reporter = Annotated[Caller, Depends(HoldingIn(Scope.contributions_write))]
ValidateOnly = Annotated[bool, Query(description="A dry run: the same answer for each line, and nothing is kept.")]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Read by what it is, whatever its Content-Type says. The first line names the columns: "
        f"{', '.join(sorted(NEEDED))}, and any of {', '.join(sorted(COLUMNS - NEEDED))}.",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class LineOut(ResultOut):
    """What became of one line."""

    line: int
    """Its number in the table; that of the column names is usually 1."""


class ImportOut(Counted):
    """What became of a table, line by line."""

    items: list[LineOut]


async def _read(
    caller: Reporter,
    request: Request,
    source: Annotated[Key | None, Query(description="Where it is known from; left out, `import`.")] = None,
) -> list[Read]:
    """What the lines of the table in the body report. It takes no transaction meanwhile."""
    wanted = source if source is not None or caller.role is Role.member else SOURCE
    body, known_from = await request.body(), source_of(caller, wanted)
    return await run_in_threadpool(lambda: importing.read_table(body, source=known_from))


@router.post("/v1/communities/{c}/contributions/import", max_body_size=8 * MIB, openapi_extra=_BODY)
@once
def import_contributions(
    c: str,
    caller: Reporter,
    lines: Annotated[list[Read], Depends(_read)],
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    validate_only: ValidateOnly = False,
) -> ImportOut:
    """Import contributions from a table, CSV or XLSX, of up to 10,000 lines; an answer for each.

    In `person` stand handles or ids, in `account` (with `platform`) and `email` accounts of whoever did it, in `for`
    whoever was helped; several in one cell are parted by semicolons. What has no time zone is UTC. Cells are text,
    whatever they begin with; of a spreadsheet's formula, what it came to. A line without a `dedupe_key` is known by
    what it says, so that a table that is handed in twice is recorded once.
    """
    community, on = community_by_slug(session, c), occasion(caller, runtime, now)
    found = importing.record_lines(
        session, community, lines, at=runtime.installation, on=on, only_with=only_with(caller)
    )
    if validate_only:
        take_back(session)
    told = zip(lines, found, strict=True)
    items = [LineOut(line=line.number, **result_shown(each).model_dump()) for line, each in told]
    return ImportOut(items=items, **counts_of(found))
