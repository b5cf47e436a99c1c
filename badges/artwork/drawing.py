"""Composes the picture of an achievement: a shape of enamel in a metal rim, laurels, a glyph, a ribbon with the title.

All of it is plain SVG shapes: no filters (slow, and drawn differently everywhere), no fonts, no references out of the
file. What the seed decides is ornament only: rays, engraving, leaves.
"""

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from badges.artwork import lettering, ribbon
from badges.artwork.glyphs import GLYPHS, LAUREL, Glyph
from badges.artwork.shapes import CENTRE, MODES, NEUTRAL, Mode

CREAM, GOLD = "#fffdf6", "#ffcf57"
LONGEST_TEXT = 400
"""Characters of a title or name that are looked at; far fewer are ever set."""

_X = CENTRE[0]
_LIGHT_GOLD, _DARK_GOLD, _BRONZE = "#ffe49a", "#c08a25", "#5d3d0b"
_METAL = ((0, "#a9741c"), (0.18, "#f9df8e"), (0.38, "#c48f2c"), (0.55, "#fff0b8"), (0.78, "#b07a20"), (1, "#7d5310"))
_SILK = ((0, "#fffaf0"), (0.6, "#fdf1d8"), (1, "#ecd9ae"))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Emblem:
    """Where glyph and laurels stand, and how large; their own middle is 0, 0."""

    y: float
    scale: float

    @property
    def place(self) -> str:
        """The transformation that puts them there."""
        return f"translate({_X:g} {self.y:g})scale({self.scale:g})"


ABOVE_RIBBON, ALONE = Emblem(217, 1.0), Emblem(272, 1.2)


@dataclass(frozen=True)
class Ornament:
    """What differs between achievements of one type."""

    rays: int
    lobes: int
    swing: int
    """How far the engraving swings in and out, in pixels."""
    leaves: int

    @classmethod
    def of(cls, seed: str) -> "Ornament":
        """The same for the same seed, for ever."""
        chance = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
        return cls(20 + 2 * (chance[0] % 7), 3 + chance[1] % 4, 26 + chance[2] % 19, 8 + chance[3] % 2)


def compose(*, title: str, community: str, contribution_type: str | None, seed: str) -> tuple[str, str]:
    """The SVG text, and a sentence that says what is to be seen."""
    glyph = GLYPHS.get(contribution_type or "", LAUREL)
    mode = MODES.get(glyph.mode, NEUTRAL)
    title, community = _plain(title), _plain(community)
    heading, name = lettering.writable(title[:LONGEST_TEXT]), lettering.writable(community[:LONGEST_TEXT])
    emblem = ABOVE_RIBBON if heading else ALONE
    caption = _caption(mode, glyph, title if heading else "", community if name else "")
    # Ids end in a mark of the picture's own, so that several pictures can stand in one page.
    mark = hashlib.sha256("\0".join((title, community, glyph.caption, seed)).encode("utf-8", "replace")).hexdigest()[:8]
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img"'
        f' aria-labelledby="t{mark} d{mark}"><title id="t{mark}">{escape(f"{title} · {community}")}</title>'
        f'<desc id="d{mark}">{escape(caption)}</desc>',
        *_definitions(mode, emblem, mark),
        *_along(mark, ((_BRONZE, 50), (f"url(#m{mark})", 46))),
        *_enamel(mode, emblem, Ornament.of(seed), mark),
        *_rim(mark),
        *_laurels(emblem, Ornament.of(seed), mark),
        *_glyph(glyph, mode, emblem),
        ribbon.title(heading, mode, mark) if heading else "",
        ribbon.name(name, mode, CREAM) if name else "",
        "</svg>",
    ]
    return "".join(svg), caption


def _plain(text: str) -> str:
    """`text` without what XML cannot carry (XML 1.0 §2.2), in one line."""
    return " ".join(_NOT_XML.sub("", text).split())


def _caption(mode: Mode, glyph: Glyph, title: str, community: str) -> str:
    reading = f" The ribbon reads “{title}”." if title else ""
    under = f" Below stands “{community}”." if community else ""
    return f"A {mode.colour} {mode.shape} with a golden rim: {glyph.caption} between laurel branches.{reading}{under}"


def _definitions(mode: Mode, emblem: Emblem, mark: str) -> Iterable[str]:
    yield "<defs>"
    for name, place in (("m", 'x1="60" y1="40" x2="540" y2="560"'), ("n", 'x1="540" y1="560" x2="60" y2="40"')):
        yield f'<linearGradient id="{name}{mark}" gradientUnits="userSpaceOnUse" {place}>'
        yield f"{_stops(_METAL)}</linearGradient>"
    yield f'<linearGradient id="r{mark}" x1="0" y1="0" x2="0" y2="1">{_stops(_SILK)}</linearGradient>'
    yield f'<radialGradient id="e{mark}" gradientUnits="userSpaceOnUse" cx="{_X:g}" cy="{emblem.y:g}" r="370">'
    yield f"{_stops(((0, mode.light), (1, mode.deep)))}</radialGradient>"
    yield f'<path id="s{mark}" d="{mode.path}"/>'
    yield f'<g id="l{mark}"><path fill="{_LIGHT_GOLD}" d="M0 0C8-12 28-14 47 0 30 2 14 2 0 0z"/>'
    yield f'<path fill="{_DARK_GOLD}" d="M0 0C8 12 28 14 47 0 30 2 14 2 0 0z"/></g></defs>'


def _stops(stops: Iterable[tuple[float, str]]) -> str:
    return "".join(f'<stop offset="{offset:g}" stop-color="{colour}"/>' for offset, colour in stops)


def _enamel(mode: Mode, emblem: Emblem, ornament: Ornament, mark: str) -> Iterable[str]:
    """The ground: rays from behind the glyph, and an engraving like a banknote's, of one strand turned nine times.

    Both end under the rim, so that nothing has to be clipped (which would cost a third of the time to draw).
    """
    wedges, half = [], math.pi / (2 * ornament.rays)
    for n in range(ornament.rays):
        middle = 2 * math.pi * n / ornament.rays - math.pi / 2
        ends = ((angle, mode.reach(emblem.y, angle)) for angle in (middle - half, middle + half))
        corners = (f"{_X + far * math.cos(a):.1f} {emblem.y + far * math.sin(a):.1f}" for a, far in ends)
        wedges.append(f"M{_X:g} {emblem.y:g}L{'L'.join(corners)}Z")
    strand = []
    for n in range(120):
        angle = math.pi * n / 60
        radius = 118 + ornament.swing * math.cos(ornament.lobes * angle)
        strand.append(f"{radius * math.cos(angle):.1f} {radius * math.sin(angle):.1f}")
    yield f'<use href="#s{mark}" fill="url(#e{mark})"/><path fill="#fff" fill-opacity=".06" d="{"".join(wedges)}"/>'
    yield f'<g transform="{emblem.place}" fill="none" stroke="#fff" stroke-opacity=".13" stroke-width="1.2">'
    yield f'<path id="g{mark}" d="M{"L".join(strand)}Z"/>'
    for n in range(1, 9):
        yield f'<use href="#g{mark}" transform="rotate({40 * n / ornament.lobes:.2f})"/>'
    yield "</g>"


def _along(mark: str, strokes: Iterable[tuple[str, int]]) -> Iterable[str]:
    """Strokes along the outline, each narrower than the one before."""
    for paint, wide in strokes:
        yield f'<use href="#s{mark}" fill="none" stroke="{paint}" stroke-width="{wide}" stroke-linejoin="round"/>'


def _rim(mark: str) -> Iterable[str]:
    """What lies on the edge of the enamel: a groove, metal the other way about, pearls."""
    yield from _along(mark, ((_BRONZE, 24), (f"url(#n{mark})", 20)))
    yield f'<use href="#s{mark}" fill="none" stroke="#fff6cf" stroke-width="4" stroke-dasharray="0 13"'
    yield ' stroke-linecap="round"/>'


def _laurels(emblem: Emblem, ornament: Ornament, mark: str) -> Iterable[str]:
    """Two branches from below the glyph up its sides, the left one the mirror image of the right."""
    radius, first, last = 145.0, math.radians(80), math.radians(-52)

    def on_stem(angle: float) -> str:
        return f"{radius * math.cos(angle):.1f} {radius * math.sin(angle):.1f}"

    def leaf(angle: float, lean: float, size: float) -> str:
        turn = math.degrees(angle) - 90 + lean
        return f'<use href="#l{mark}" transform="translate({on_stem(angle)})rotate({turn:.1f})scale({size:.2f})"/>'

    yield f'<g transform="{emblem.place}"><g id="b{mark}"><path fill="none" stroke="{_DARK_GOLD}" stroke-width="4"'
    yield f' stroke-linecap="round" d="M{on_stem(first + 0.12)}A{radius:g} {radius:g} 0 0 0 {on_stem(last)}"/>'
    for n in range(ornament.leaves):
        angle, size = first + (last - first) * n / (ornament.leaves - 0.4), 1.06 - 0.26 * n / ornament.leaves
        yield leaf(angle, 34, size) + leaf(angle, -34, size)
    yield f'{leaf(last, 0, 0.8)}</g><use href="#b{mark}" transform="scale(-1 1)"/></g>'


def _glyph(glyph: Glyph, mode: Mode, emblem: Emblem) -> Iterable[str]:
    """The glyph, over a dark copy of itself a little lower."""
    paints = {"white": CREAM, "gold": GOLD, "deep": mode.deep}
    shadow = [layer.svg("#000") for layer in glyph.layers if layer.paint != "deep"]
    yield f'<g transform="{emblem.place}scale(1.78)">'
    yield f'<g transform="translate(-49 -46.5)" opacity=".4">{"".join(shadow)}</g>'
    yield '<g transform="translate(-50 -50)">' + "".join(layer.svg(paints[layer.paint]) for layer in glyph.layers)
    yield "</g></g>"
