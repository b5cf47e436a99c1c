"""A report as a PDF to print, to file and to have read aloud: headings, tables and what pictures show are tagged."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

from app.kit.errors import Busy
from app.kit.markup import web_link
from app.kit.markup import words as plain_words
from app.kit.memory import Memory
from app.kit.typesetting import paragraphs, set_in, text
from app.kit.wording import plain
from app.metrics import periods
from app.reports.charts.saying import capital, listed, spoken
from app.reports.support.rules import Readers
from app.reports.support.tables import Report
from app.reports.support.words import SAID_BY, Words

INK: Final = "#1c2b2a"
"""Of what has the colour of the text around it."""
PATIENCE: Final = 5.0
"""Seconds to wait for those who came before; each of them takes one or two."""
ONE_AT_A_TIME: Final = Lock()
MOST_TOLD: Final = 150_000
"""Characters of stories that a file holds: some fifty pages."""
_TEMPLATE: Final = Path(__file__).parent / "templates" / "case.typ"

Block = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """All that a file is set of: the same makes the same file."""

    data: str
    pictures: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Under which its file is kept."""
        return sha256(json.dumps([self.data, dict(self.pictures)], sort_keys=True).encode()).hexdigest()


def given(
    row: Report,
    report: Mapping[str, Any],
    words: Words,
    readers: Readers,
    pictures: Mapping[str, str],
    *,
    public_url: str,
) -> Given:
    """What the file of a report is set of."""
    period = spoken(periods.parse(report["period"]["name"]))
    data = {
        "title": text(report["community"]["name"], otherwise="A community"),
        "owner": text(report["community"]["name"]),
        "made_at": row.made_at.isoformat(),
        "codes": {},
        "period": text(capital(period)),
        "named": text(period),
        "about": paragraphs(plain_words(report["community"]["description"]).split("\n")),
        "home": text(web_link(report["community"]["url"]) or ""),
        "inside": readers is Readers.community,
        "glance": [{"number": f"{each['number']:,}", "what": each["what"]} for each in report["glance"]],
        "blocks": [*_blocks(report, words, pictures), *_sources(row, report, public_url)],
    }
    return Given(json.dumps(data), pictures)


def written(given: Given, files: Memory) -> bytes:
    """The file of what is given: set once, for as long as that is the same and others do not take its place.

    In memory alone, so that what somebody takes back is in no file that stays. Raises `NotSet`, `Busy`.
    """
    if not ONE_AT_A_TIME.acquire(timeout=PATIENCE):
        raise Busy("Others are being set.")
    try:
        file: bytes | None = files.get(given.digest)  # whoever was before may have set the same
        if file is None:
            file = _typeset(given)
            files.put(given.digest, file, len(file))
        return file
    finally:
        ONE_AT_A_TIME.release()


def _typeset(given: Given) -> bytes:
    with TemporaryDirectory(prefix="laurels-") as name:
        folder = Path(name)
        shutil.copy(_TEMPLATE, folder / "main.typ")
        for id, svg in given.pictures.items():
            (folder / f"{id}.svg").write_text(svg.replace("currentColor", INK))
        (folder / "given.json").write_text(given.data)
        return set_in(folder).read_bytes()


def _blocks(report: Mapping[str, Any], words: Words, pictures: Mapping[str, str]) -> Iterator[Block]:
    yield _heading(2, "Before you read")
    yield _list(report["limits"])
    charts = {chart["id"]: chart for chart in report["charts"]}
    said = {"belonging": list(_heard(words)), "value": list(_told(words)), "stage": list(_stewards(words))}
    for section in report["sections"]:
        also = said.get(section["key"], [])
        untold = section.get("untold")  # reports that were made before it was said have none
        if not (section["lines"] or section["charts"] or also or untold):
            continue
        yield _heading(2, section["title"])
        if untold:
            yield _note([untold])
        if section["key"] == "belonging":
            for wave in report["waves"]:
                yield from _wave(wave, rates=report["rates_told"])
        elif section["lines"]:
            yield _list(_line(line) for line in section["lines"])
        for id in section["charts"]:
            yield _chart(charts[id], drawn=id in pictures)
        yield from also
    gone = sum(words.gone.values())
    if gone:
        yield _note([f"Of what was quoted when this report was made, taken back since: {gone}."])


def _wave(wave: Mapping[str, Any], *, rates: bool) -> Iterator[Block]:
    results = wave["results"]
    yield _heading(3, wave["name"])
    many = f"Fewer than {results['k']}" if results["n"] is None else results["n"]
    yield _note([f"{many} of {results['invited']} people who were asked answered; closed {wave['closed_on']}."])
    columns = ["What was asked", "Mean", *(["Two highest"] if rates else []), "Answers"]
    rows = []
    for item in [*results["items"], *([results["importance"]] if results["importance"] else [])]:
        if item["suppressed"]:
            rows.append([item["text"], f"withheld: {item['reason']}", *["–"] * (len(columns) - 2)])
            continue
        top = [f"{100 * item['top_two']:.0f} %" if item["top_two"] is not None else "–"] if rates else []
        rows.append([item["text"], f"{item['mean']:.2f} of {len(item['distribution'])}", *top, str(item["n"])])
    yield _table(columns, rows, widths=(3, *[1] * (len(columns) - 1)))


def _heard(words: Words) -> Iterator[Block]:
    for remark in words.remarks:
        yield _quote([remark], SAID_BY)
    for note in words.notes:
        yield _heading(3, f"From a conversation ({note.method}, {note.on}, {note.n} people)")
        yield _list(note.themes)
        if note.summary:
            yield _note([note.summary])


def _told(words: Words) -> Iterator[Block]:
    room = MOST_TOLD
    for place, story in enumerate(words.stories):
        room -= sum(len(answer) for _, answer in story.said)
        if room < 0:
            yield _note([f"There is no room here for {len(words.stories) - place} more, which stand on the page."])
            break
        yield _heading(3, story.title)
        yield _quote([line for asked, answer in story.said for line in (asked, answer)], story.author or "a member")
    for taken in words.uptake:
        yield _heading(3, taken.what)
        changed = [taken.changed] if taken.changed else []
        yield _quote([taken.outcome, *changed], f"{taken.where}, {taken.on}")


def _stewards(words: Words) -> Iterator[Block]:
    if words.stage_reason:
        yield _quote([words.stage_reason], "its stewards")


def _sources(row: Report, report: Mapping[str, Any], public_url: str) -> Iterator[Block]:
    yield _heading(2, "What is not told, and why")
    if report["withheld"]:
        yield _table(["Withheld", "Why"], [[plain(each["what"]), each["why"]] for each in report["withheld"]], (1.7, 1))
    else:
        yield _note(["Nothing is withheld."])
    if report["without_value"]:
        yield _note(["Without a value:"])
        yield _list(f"{why}: {listed([plain(each) for each in those])}." for why, those in _by_reason(report).items())
    yield _heading(2, "Methods and limits")
    how_told = report.get("how_told")  # as above: not all reports have it
    computed = f"How each figure is computed stands at its address: {public_url}/methods/P1, and so on."
    yield _note([computed, *([how_told] if how_told else [])])
    rows = [[f"{one['metric']} {plain(one['name'])}", one["what"], one["misleads"]] for one in report["methods"]]
    yield _table(["Figure", "What it says", "How it misleads"], rows, widths=(1, 1.6, 2.4))
    yield _heading(3, "Where the numbers are from")
    rows = [[f"{one['family']}, {one['period']}", one["id"], one["sha256"]] for one in report["snapshots"]]
    yield _table(["Figures of", "Snapshot", "SHA-256"], rows, widths=(1, 1.6, 2.4))
    yield _note([f"Report {row.id}. SHA-256 of it as canonical JSON: {row.sha256}."])


def _by_reason(report: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Figures without a value, by why they have none."""
    found: dict[str, list[str]] = {}
    for each in report["without_value"]:
        found.setdefault(capital(each["why"]), []).append(each["what"])
    return found


def _line(line: Mapping[str, Any]) -> str:
    rests = ", ".join("survey" if each.startswith("wave:") else plain(each) for each in line["rests_on"])
    return f"{line['text']} ({rests})" if rests else str(line["text"])


def _chart(chart: Mapping[str, Any], *, drawn: bool) -> Block:
    rows = [["withheld" if cell is None else str(cell) for cell in cells] for cells in chart["rows"]]
    return {
        "kind": "chart",
        "file": f"{chart['id']}.svg" if drawn else None,
        "title": text(chart["title"], otherwise="A chart"),
        "said": text(chart["text"], otherwise="A chart"),
        "columns": [text(each) for each in chart["columns"]],
        "widths": _even(chart["columns"]),
        "rows": [[text(each) for each in cells] for cells in rows],
    }


def _heading(level: int, said: str) -> Block:
    return {"kind": "heading", "level": level, "said": text(said, otherwise="–")}


def _list(lines: Any) -> Block:
    return {"kind": "list", "items": [text(line) for line in lines]}


def _note(lines: Sequence[str]) -> Block:
    return {"kind": "note", "said": paragraphs(lines)}


def _quote(lines: Sequence[str], whose: str) -> Block:
    return {"kind": "quote", "said": paragraphs(lines), "whose": text(f"– {whose}")}


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> Block:
    return {
        "kind": "table",
        "widths": widths or _even(columns),
        "columns": [text(each) for each in columns],
        "rows": [[text(each) for each in cells] for cells in rows],
    }


def _even(columns: Sequence[str]) -> Sequence[float]:
    """The first column a little wider than the others."""
    return [1.4, *[1] * (len(columns) - 1)]
