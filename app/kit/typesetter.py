"""Sets a folder's `given.json` by its `main.typ`, in a process of its own: `python -m app.kit.typesetter FOLDER`.

In a process, since native code cannot be stopped in a thread, and what it took of memory goes with it. `typesetting.py`
says what is given.
"""

import json
import re
import resource
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

import segno
import typst
from fontTools.ttLib import TTFont

from app.kit.typesetting import OUT

FONTS = Path(__file__).parent / "fonts"
Fonts = Sequence[frozenset[int]]
"""The characters of each font."""

STANDARDS: list[Any] = ["a-3a", "ua-1"]
"""PDF/A-3, which may have files attached, at the level that keeps what is read in order; and PDF/UA."""

_MOST_MEMORY = 2 * 1024**3
_PLAIN = "alegreya-sans-400.ttf"
_FAMILIES = [
    "Alegreya Sans",
    "Noto Sans Hebrew",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans SC",
    "Noto Sans KR",
    "Noto Emoji",
]
_UNKNOWN = "?"
"""For a character that no font here has: PDF/A does not allow one without a shape."""

_BYTE_ORDER = "\ufeff"
"""The mark of it, which PDF/A does not allow."""
_LONGEST_WORD = 24
_ENDLESS = re.compile(rf"[!-ɏ]{{{_LONGEST_WORD},}}")
_BREAK = "\u200b"
"""Where a line may end that would otherwise run over the edge."""


def main(folder: Path) -> None:
    """Writes the PDF beside its data."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    given = json.loads((folder / "given.json").read_text())
    for file, said in given["codes"].items():
        segno.make(said, error="m", micro=False).save(str(folder / file), border=2, light="white")
    try:
        _set(folder, given, _coverage(FONTS.glob("*.ttf")))
    except typst.TypstError:
        # Some sequence of characters has no shape although each has: then only those of the plainest font.
        _set(folder, given, _coverage([FONTS / _PLAIN]))


def _set(folder: Path, given: dict[str, Any], fonts: Fonts) -> None:
    made = datetime.fromisoformat(given["made_at"]).astimezone(UTC)
    data = _readable(given, fonts)
    data |= {
        "fonts": _FAMILIES,
        "made": {"year": made.year, "month": made.month, "day": made.day},
        "plain_title": settable(given["title"], fonts) or given["title"]["otherwise"],
        "plain_owner": settable(given["owner"], fonts),
    }
    (folder / "data.json").write_text(json.dumps(data))
    typst.compile(
        folder / "main.typ",
        folder / OUT,
        root=folder,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=STANDARDS,
        timestamp=int(made.timestamp()),
        package_path=folder,
        package_cache_path=folder,
    )


def _coverage(fonts: Iterable[Path]) -> Fonts:
    found = list[frozenset[int]]()
    for path in fonts:
        with TTFont(path, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return found


def _readable(value: Any, fonts: Fonts) -> Any:
    """The same with every list of paragraphs as text that can be set: that of `otherwise` where nothing can be seen."""
    match value:
        case {"text": paragraphs}:
            shown = [text for each in paragraphs if (text := settable(each, fonts))]
            shown = shown or ([value["otherwise"]] if "otherwise" in value else [])
            return [{"text": each, "rtl": _begins_from_the_right(each)} for each in shown]
        case dict():
            return {name: _readable(each, fonts) for name, each in value.items()}
        case list():
            return [_readable(each, fonts) for each in value]
    return value


def settable(text: Any, fonts: Fonts) -> str:
    """A text in one line, of characters that the fonts have: for others, what comes near."""
    whole = unicodedata.normalize("NFC", " ".join(text["text"]) if isinstance(text, dict) else str(text))
    parts = (c if any(ord(c) in font for font in fonts) else unicodedata.normalize("NFD", c) for c in whole)
    shown = "".join(_shapes("".join(parts), fonts)).strip()
    return _ENDLESS.sub(lambda run: _BREAK.join(wrap(run.group(), _LONGEST_WORD)), shown)


def _shapes(text: str, fonts: Fonts) -> Iterator[str]:
    """What can be set. A mark goes with its letter, so it stays only where one font has them both."""
    having: Fonts = ()
    for character in text:
        if character.isspace():
            having = ()
            yield " "
            continue
        category = unicodedata.category(character)
        marks = category in {"Mn", "Mc", "Me", "Cf", "Cc"}
        able = [font for font in (having if marks else fonts) if ord(character) in font]
        if able and category not in {"Co", "Cc", "Cs"} and character != _BYTE_ORDER:
            having = able
            yield character
        elif not marks:
            having = ()
            yield _UNKNOWN


def _begins_from_the_right(text: str) -> bool:
    """Whether the first letter with a direction is of a script that runs from right to left (UAX 9 §3.3.1, P2)."""
    return next((d != "L" for d in map(unicodedata.bidirectional, text) if d in {"L", "R", "AL"}), False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
