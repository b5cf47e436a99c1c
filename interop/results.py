"""What was found: a table for people, JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from interop.expected import Finding, unmet
from interop.places import OUT
from interop.web import Ask

SHORT = 240  # characters of a judge's words


def write(findings: Sequence[Finding], asks: dict[str, list[Ask]]) -> None:
    """Everything, into interop/out/results.json."""
    document = {
        "findings": [asdict(finding) for finding in findings],
        "asked": {mode: [asdict(ask) for ask in of_mode] for mode, of_mode in asks.items()},
    }
    (OUT / "results.json").write_text(json.dumps(document, indent=1, ensure_ascii=False))


def show(findings: Sequence[Finding], asks: dict[str, list[Ask]]) -> int:
    """Prints the table, the blind spots, what went wrong and the closing line; 1 if anything went wrong."""
    _table(findings)
    failed = [finding for finding in findings if finding.result == "MISMATCH"]
    _list("known blind spots", [_line(finding) for finding in findings if finding.result == "blind"])
    wrong = [f"{finding.mode}, {_line(finding)}" for finding in failed]
    wrong += [f"{spot}: listed as a blind spot, but nobody was asked" for spot in unmet(findings)]
    _list("MISMATCHES", wrong)
    for mode, of_mode in asks.items():
        _list(f"asked for and refused, {mode}", [f"{ask.judge}: {ask.url}" for ask in of_mode if ask.status is None])
    print(f"\n{len(findings) - len(failed)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def _table(findings: Sequence[Finding]) -> None:
    """A row a case, a column a judge; a cell counts documents: its forms in both modes."""
    judges = list(dict.fromkeys(finding.judge for finding in findings))
    cases = list(dict.fromkeys(finding.case for finding in findings))
    rows = [["", *judges]]
    for case in cases:
        mine = {judge: [f for f in findings if (f.judge, f.case) == (judge, case)] for judge in judges}
        rows.append([case, *(_cell(mine[judge]) for judge in judges)])
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(len(judges) + 1)]
    print()
    for row in rows:
        print("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(findings: Sequence[Finding]) -> str:
    counts = {result: sum(finding.result == result for finding in findings) for result in ("ok", "blind", "MISMATCH")}
    return ", ".join(f"{result} {count}" for result, count in counts.items() if count) or "·"


def _line(finding: Finding) -> str:
    return f"{finding.judge}, {finding.case}.{finding.form}: {' '.join(finding.note.split())[:SHORT]}"


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"\n{title}:", *dict.fromkeys(lines), sep="\n  ")
