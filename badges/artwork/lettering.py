"""Text as outlines: measured with the advances and kerning of the bundled fonts, so that it looks the same everywhere.

One typeface (Alegreya Sans ExtraBold) in six files, one per script, as published: Latin, Greek and Cyrillic. What it
cannot write is never drawn as empty boxes: symbols such as emoji are left out, and a text in another script is not set
at all.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

_FONTS = Path(__file__).parent / "fonts"
_SCRIPTS = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek")
_ELLIPSIS = "…"
_PIECES = re.compile(r" ?[^ /–—-]*[/–—-]+| ?[^ /–—-]+")

Place = Callable[[float], tuple[float, float, float]]
"""From a distance along the line (pixels from its middle) to a point and an angle in radians."""


@dataclass(frozen=True)
class Glyph:
    """One character of one font; the outline is in units of its face."""

    name: str
    advance: float
    """To the next glyph, in ems."""
    outline: tuple[tuple[str, Any], ...]
    face: "Face"


@dataclass(frozen=True, eq=False)
class Face:
    """One font file, read once and wholly, so that threads may share it."""

    em: int
    glyphs: Mapping[str, Glyph]
    pairs: Mapping[tuple[str, str], float]
    classes: tuple["ClassKerning", ...]

    def kerning(self, left: str, right: str) -> float:
        """What the font adds between two of its glyphs, in ems (OpenType GPOS, PairPos formats 1 and 2)."""
        if (left, right) in self.pairs:
            return self.pairs[left, right]
        for group in self.classes:
            if left in group.lefts and right in group.rights:
                return group.values[group.lefts[left]][group.rights[right]]
        return 0.0


class ClassKerning(NamedTuple):
    """Kerning between groups of glyphs: the group of each, and a value for each two groups."""

    lefts: Mapping[str, int]
    rights: Mapping[str, int]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Setting:
    """A text broken into lines that fit."""

    lines: tuple[str, ...]
    size: float


def writable(text: str) -> str | None:
    """`text` as it can be written, with symbols left out that no font here has; None if it cannot be.

    Compatibility forms (full-width letters, ligatures) are written as what they stand for.
    """
    written: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        plain = unicodedata.normalize("NFKC", char)
        if char.isspace():
            written.append(" ")
        elif unicodedata.category(char)[0] == "C":  # invisible, or no character at all
            continue
        elif all(_glyph(c) for c in plain):
            written.append(char if _glyph(char) else plain)
        elif not (unicodedata.category(char)[0] == "S" or _is_selector(char)):
            return None
    line = " ".join("".join(written).split())
    return line if any(char.isalnum() for char in line) else None


def width(text: str, size: float = 1.0) -> float:
    """The width of writable `text` in pixels at `size` pixels per em."""
    return size * (sum(advance for _, advance in _run(text)) if text else 0.0)


def fit(text: str, *, across: float, sizes: Mapping[int, float], smallest: float) -> Setting:
    """`text` in as many lines as let it be largest, each within `across` pixels.

    `sizes` gives the largest size for each number of lines. Below `smallest` the text is cut with an ellipsis, so that
    it stays legible.
    """
    pieces = list(_pieces(text, across / smallest))
    best = Setting((), 0.0)
    for count, largest in sizes.items():
        lines = _balanced(pieces, count)
        size = min(largest, across / max(width(line) for line in lines))
        if len(lines) == count and size > best.size:
            best = Setting(lines, size)
    if best.size >= smallest:
        return best
    kept = _filled(pieces, across / smallest)
    if len(kept) > max(sizes):
        *kept, last = kept[: max(sizes)]
        while width(last + _ELLIPSIS) > across / smallest:
            last = last[:-1].rstrip()
        kept.append(last + _ELLIPSIS)
    return Setting(tuple(kept), smallest)


def outline(text: str, *, size: float, place: Place) -> str:
    """SVG path data of one line of writable text, centred, each glyph set where `place` says."""
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.1f}".removesuffix(".0"))
    at = -width(text, size) / 2
    for glyph, advance in _run(text):
        middle = at + glyph.advance * size / 2
        x, y, angle = place(middle)
        scale, half = size / glyph.face.em, glyph.advance * size / 2
        cos, sin = math.cos(angle), math.sin(angle)
        turned = TransformPen(
            pen, (cos * scale, sin * scale, sin * scale, -cos * scale, x - half * cos, y - half * sin)
        )
        for operator, points in glyph.outline:
            getattr(turned, operator)(*points)
        at += advance * size
    commands: str = pen.getCommands()
    return commands


def _run(text: str) -> list[tuple[Glyph, float]]:
    """Each glyph of the text with the distance to the next one, in ems."""
    glyphs = [glyph for char in text if (glyph := _glyph(char))]
    run = []
    for glyph, following in zip(glyphs, [*glyphs[1:], None], strict=True):
        kerned = glyph.face.kerning(glyph.name, following.name) if following and following.face is glyph.face else 0.0
        run.append((glyph, glyph.advance + kerned))
    return run


def _pieces(text: str, across: float) -> Iterator[str]:
    """What a line may begin or end with, each with the space before it; what is wider than a line is broken."""
    for piece in _PIECES.findall(text):
        rest = piece
        while width(rest) > across:
            end = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or width(rest[:n] + "-") <= across)
            yield rest[:end] + "-"
            rest = rest[end:]
        yield rest


def _filled(pieces: list[str], across: float) -> list[str]:
    lines = [""]
    for piece in pieces:
        longer = (lines[-1] + piece).lstrip()
        if lines[-1] and width(longer) > across:
            lines.append(piece.lstrip())
        else:
            lines[-1] = longer
    return lines


def _balanced(pieces: list[str], count: int) -> tuple[str, ...]:
    """The pieces in `count` lines (fewer if there are fewer pieces) of which the longest is as short as can be."""
    low, high = 0.0, width("".join(pieces))
    if count > 1:
        for _ in range(12):
            middle = (low + high) / 2
            low, high = (low, middle) if len(_filled(pieces, middle)) <= count else (middle, high)
    return tuple(_filled(pieces, high))


def _is_selector(char: str) -> bool:
    """Variation selectors and the keycap frame say how an emoji looks."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char == "\u20e3"


@cache
def _glyph(char: str) -> Glyph | None:
    return next((face.glyphs[char] for face in map(_face, _SCRIPTS) if char in face.glyphs), None)


@cache
def _face(script: str) -> Face:
    font = TTFont(_FONTS / f"alegreya-sans-{script}-800-normal.ttf", lazy=False)
    em, outlines = font["head"].unitsPerEm, font.getGlyphSet()
    glyphs: dict[str, Glyph] = {}
    face = Face(em, glyphs, *_kerning(font, em))
    for code, name in font.getBestCmap().items():
        pen = DecomposingRecordingPen(outlines)
        outlines[name].draw(pen)
        glyphs[chr(code)] = Glyph(name, outlines[name].width / em, tuple(pen.value), face)
    return face


def _kerning(font: Any, em: int) -> tuple[dict[tuple[str, str], float], tuple[ClassKerning, ...]]:
    pairs: dict[tuple[str, str], float] = {}
    classes = []
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            covered = table.Coverage.glyphs
            if table.Format == 1:
                for left, following in zip(covered, table.PairSet, strict=True):
                    for record in following.PairValueRecord:
                        pairs[left, record.SecondGlyph] = record.Value1.XAdvance / em
            else:
                lefts = {name: table.ClassDef1.classDefs.get(name, 0) for name in covered}
                values = tuple(
                    tuple(getattr(record.Value1, "XAdvance", 0) / em for record in row.Class2Record)
                    for row in table.Class1Record
                )
                classes.append(ClassKerning(lefts, table.ClassDef2.classDefs, values))
    return pairs, tuple(classes)
