"""The glyphs: one for each type of contribution, drawn on a grid of 100 x 100.

Each is a few layers, bottom to top: filled shapes, and lines with round ends, in `W`hite, `G`old or `D`eep (the badge's
own darkest colour, for what is cut out of another layer).
"""

import math
from dataclasses import dataclass

W, G, D = "white", "gold", "deep"


@dataclass(frozen=True)
class Layer:
    """SVG path data, filled (width 0) or drawn as a line of that width."""

    paint: str
    path: str
    width: float = 0.0
    turn: float = 0.0
    """Degrees about the middle of the grid."""

    def svg(self, ink: str) -> str:
        """The layer as an SVG element in that colour."""
        fill = f'fill="{ink}"'
        line = (
            f'fill="none" stroke="{ink}" stroke-width="{self.width:g}" stroke-linecap="round" stroke-linejoin="round"'
        )
        turn = f' transform="rotate({self.turn:g} 50 50)"' if self.turn else ""
        return f'<path {line if self.width else fill}{turn} d="{self.path}"/>'


@dataclass(frozen=True)
class Glyph:
    """A glyph, the mode of its contribution type, and what it shows, in words."""

    mode: str
    caption: str
    layers: tuple[Layer, ...]


def _disc(x: float, y: float, r: float) -> str:
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"


def _discs(r: float, *middles: tuple[float, float]) -> str:
    return "".join(_disc(x, y, r) for x, y in middles)


def _box(x: float, y: float, width: float, height: float, r: float) -> str:
    """A rectangle with round corners."""
    w, h, arc = width - 2 * r, height - 2 * r, f"a{r:g} {r:g} 0 0 1"
    right = f"h{w:g}{arc} {r:g} {r:g}v{h:g}{arc} {-r:g} {r:g}"
    return f"M{x + r:g} {y:g}{right}h{-w:g}{arc} {-r:g} {-r:g}v{-h:g}{arc} {r:g} {-r:g}z"


def _spark(x: float, y: float, r: float) -> str:
    """A star of four points with hollow sides."""
    q, tips = r * 0.18, ((0, -r), (r, 0), (0, r), (-r, 0))
    hollows = ((q, -q), (q, q), (-q, q), (-q, -q))
    sides = "".join(
        f"Q{x + hx:.1f} {y + hy:.1f} {x + tx:g} {y + ty:g}"
        for (hx, hy), (tx, ty) in zip(hollows, (*tips[1:], tips[0]), strict=True)
    )
    return f"M{x:g} {y - r:g}{sides}z"


def _star(x: float, y: float, r: float) -> str:
    """A star of five points."""
    corners = []
    for n in range(10):
        angle, radius = math.pi * (n / 5 - 0.5), r if n % 2 == 0 else r * 0.42
        corners.append(f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}")
    return f"M{'L'.join(corners)}z"


def _sectors(x: float, y: float, inner: float, outer: float, half: float) -> str:
    """Four pieces of a ring, each reaching `half` degrees to both sides."""
    pieces = []
    for middle in (-90, 0, 90, 180):
        a, b = math.radians(middle - half), math.radians(middle + half)
        points = [
            (x + r * math.cos(t), y + r * math.sin(t)) for r, t in ((outer, a), (outer, b), (inner, b), (inner, a))
        ]
        p, q, s, t = (f"{px:.1f} {py:.1f}" for px, py in points)
        pieces.append(f"M{p}A{outer:g} {outer:g} 0 0 1 {q}L{s}A{inner:g} {inner:g} 0 0 0 {t}z")
    return "".join(pieces)


_SPEECH = "M20 10h60a10 10 0 0 1 10 10v40a10 10 0 0 1-10 10H48L26 90V70h-6a10 10 0 0 1-10-10V20a10 10 0 0 1 10-10z"
_SMALL_HEART = "M72 94C56 81 48 72 48 60a12.5 12.5 0 0 1 24-5 12.5 12.5 0 0 1 24 5c0 12-8 21-24 34z"
_REPLY = _box(42, 42, 56, 44, 8) + "M88 84v14l-16-14z"
_PENCIL = "M84 38l12 12L62 86l-17 6 5-18z"
_TICKET = "M4 34h92v12a8 8 0 0 0 0 16v12H4V62a8 8 0 0 0 0-16z"
_STAR = "M50 6L61.8 36.8 94.7 38.5 69.1 59.2 77.6 91 50 73 22.4 91 30.9 59.2 5.3 38.5 38.2 36.8z"
_SHADES = "M50 6V50L61.8 36.8zM94.7 38.5L50 50 69.1 59.2zM77.6 91L50 50V73zM22.4 91L50 50 30.9 59.2z"
_LAST_SHADE = "M5.3 38.5L50 50 38.2 36.8z"

LAUREL = Glyph("", "a star", (Layer(W, _STAR), Layer(G, _SHADES + _LAST_SHADE)))
"""For contributions of no known type."""

# fmt: off
GLYPHS: dict[str, Glyph] = {
    "hosting": Glyph("CO", "an open door", (
        Layer(W, "M20 92V38a30 30 0 0 1 60 0v54z"),
        Layer(D, "M30 92V38a20 20 0 0 1 40 0v54z"),
        Layer(G, "M30 92V38a20 20 0 0 1 15-19.4l13 11.4v54z"),
        Layer(D, _disc(51, 60, 3.5)),
        Layer(W, "M8 92H92", 8),
    )),
    "facilitating": Glyph("CL", "people around a table", (
        Layer(W, _disc(50, 50, 18), 8),
        Layer(W, _discs(10, (84.6, 30), (84.6, 70), (50, 90), (15.4, 70), (15.4, 30))),
        Layer(G, _disc(50, 10, 10)),
    )),
    "mentoring": Glyph("CL", "one person beside another who is growing", (
        Layer(W, _disc(36, 24, 17)),
        Layer(W, "M4 92c0-28 12-45 32-45s32 17 32 45z"),
        Layer(D, _disc(72, 51, 12), 8),
        Layer(D, "M50 92c0-18 8-29 22-29s24 11 24 29z", 8),
        Layer(G, _disc(72, 51, 12)),
        Layer(G, "M48 92c0-17 9-26 24-26s24 9 24 26z"),
    )),
    "co_creating": Glyph("CO", "two linked rings", (
        Layer(W, _disc(34, 50, 25), 11),
        Layer(D, _disc(66, 50, 25), 17),
        Layer(G, _disc(66, 50, 25), 11),
        Layer(D, "M45 27.5A25 25 0 0 1 58 43", 17),
        Layer(W, "M41 26A25 25 0 0 1 59 50", 11),
    )),
    "curating": Glyph("CT", "books on a shelf", (
        Layer(W, _box(12, 26, 17, 58, 3)),
        Layer(G, _box(33, 12, 17, 72, 3)),
        Layer(W, _box(54, 34, 14, 50, 3)),
        Layer(W, "M72 35l11-3.5a3 3 0 0 1 4 2l9 46a3 3 0 0 1-2 3.5l-9 1a3 3 0 0 1-3-2l-12-44a3 3 0 0 1 2-3z"),
        Layer(D, "M12 40h17M33 26h17M33 70h17M54 46h14", 4),
        Layer(W, "M6 90H94", 8),
    )),
    "welcoming": Glyph("CT", "a person with open arms", (
        Layer(G, _disc(50, 20, 14)),
        Layer(W, "M12 26C18 44 32 51 50 51S82 44 88 26", 12),
        Layer(W, "M36 49h28l7 43H29z"),
    )),
    "moderating": Glyph("CO", "a pair of scales", (
        Layer(W, "M50 16V86M30 90H70", 8),
        Layer(W, "M16 28H84", 8),
        Layer(W, "M20 28L6 60M20 28L34 60M80 28L66 60M80 28L94 60", 4),
        Layer(G, "M1 58h38a19 19 0 0 1-38 0zM61 58h38a19 19 0 0 1-38 0z"),
        Layer(G, _disc(50, 14, 8)),
    )),
    "organising": Glyph("CO", "a calendar with a check mark", (
        Layer(W, _box(12, 18, 76, 72, 8), 8),
        Layer(W, "M12 22h76v20H12z"),
        Layer(W, "M32 8v14M68 8v14", 8),
        Layer(G, "M34 65l12 12 22-24", 10),
    )),
    "documenting": Glyph("CT", "a page and a pencil", (
        Layer(W, "M12 14a6 6 0 0 1 6-6h34l22 22v56a6 6 0 0 1-6 6H18a6 6 0 0 1-6-6z"),
        Layer(D, "M52 8v16a6 6 0 0 0 6 6h16", 4),
        Layer(D, "M26 46h30M26 60h22M26 74h14", 6),
        Layer(D, _PENCIL, 10),
        Layer(G, _PENCIL),
    )),
    "translating": Glyph("CT", "two speech bubbles in two scripts", (
        Layer(W, _box(2, 6, 58, 46, 8) + "M12 50v16l16-16z"),
        Layer(D, "M19 42l12-27 12 27M24 33h14", 6),
        Layer(D, _REPLY, 8),
        Layer(G, _REPLY),
        Layer(D, "M57 77h8c-6-4-8-8-8-13a13 13 0 0 1 26 0c0 5-2 9-8 13h8", 6),
    )),
    "speaking": Glyph("CC", "a microphone", (
        Layer(W, _box(35, 4, 30, 54, 15)),
        Layer(W, "M22 44v2a28 28 0 0 0 56 0v-2M50 76v14M32 92h36", 8),
        Layer(G, "M12 12c-7 11-7 25 0 36M88 12c7 11 7 25 0 36", 7),
    )),
    "teaching": Glyph("CL", "a mortarboard", (
        Layer(W, "M22 50v22c9 13 47 13 56 0V50L50 64z"),
        Layer(D, "M50 14L100 38 50 62 0 38z", 6),
        Layer(W, "M50 14L100 38 50 62 0 38z"),
        Layer(G, "M50 38L90 44V68", 5),
        Layer(G, "M86 66h8l3 20H83z"),
    )),
    "supporting": Glyph("CT", "an answer with a check mark", (
        Layer(W, _SPEECH, 8),
        Layer(G, "M32 40l13 13 25-27", 11),
    )),
    "reviewing": Glyph("CL", "a magnifying glass over a star", (
        Layer(W, _disc(42, 42, 32), 10),
        Layer(W, "M68 68l22 22", 16),
        Layer(G, _star(42, 43, 22)),
    )),
    "bridging": Glyph("CH", "a bridge", (
        Layer(G, "M2 60C12 48 22 34 28 22C36 58 64 58 72 22C78 34 88 48 98 60", 6),
        Layer(W, "M40 44V64M50 48V64M60 44V64M16 46V64M84 46V64", 4),
        Layer(W, "M28 14V90M72 14V90", 10),
        Layer(W, "M4 66H96", 10),
    )),
    "stewarding": Glyph("CO", "a key", (
        Layer(W, _disc(50, 22, 20), 12),
        Layer(W, "M50 44V96M52 72h18M52 90h14", 12),
        Layer(G, _disc(50, 22, 8)),
    )),
    "championing": Glyph("CH", "a megaphone", (
        Layer(W, "M12 38h22L72 12a4 4 0 0 1 6 3v62a4 4 0 0 1-6 3L34 58H12a6 6 0 0 1-6-6v-8a6 6 0 0 1 6-6z"),
        Layer(W, "M20 58l6 30h14l-6-30z"),
        Layer(D, "M34 38v20", 4),
        Layer(G, "M86 32c6 8 6 20 0 28", 7),
    )),
    "opening_dialogue": Glyph("CC", "a speech bubble with a spark", (
        Layer(W, "M44 22a36 34 0 1 1-18 63L8 94l5-20A36 34 0 0 1 44 22z"),
        Layer(D, _discs(5.5, (27, 56), (44, 56), (61, 56))),
        Layer(D, _spark(80, 22, 22), 8),
        Layer(G, _spark(80, 22, 22)),
    )),
    "rescuing": Glyph("CT", "a lifebuoy", (
        Layer(W, _disc(50, 50, 33), 25),
        Layer(D, _sectors(50, 50, 20, 46, 27)),
        Layer(G, _sectors(50, 50, 20, 46, 22)),
    )),
    "encouraging": Glyph("CT", "two hearts", (
        Layer(W, "M40 84C16 64 4 50 4 32a19 19 0 0 1 36-8 19 19 0 0 1 36 8c0 18-12 32-36 52z"),
        Layer(D, _SMALL_HEART, 8),
        Layer(G, _SMALL_HEART),
    )),
    "gardening": Glyph("CO", "a seedling in a pot", (
        Layer(W, "M50 70V44", 8),
        Layer(W, "M48 52C48 32 32 20 8 20c0 22 16 34 40 32z"),
        Layer(W, "M52 42C52 20 68 6 94 6c0 24-16 38-42 36z"),
        Layer(G, "M22 64h56v9H74l-5 21H31l-5-21h-4z"),
    )),
    "testing_practice": Glyph("CT", "a flask", (
        Layer(G, "M30 60h40l14 24a5 5 0 0 1-4 8H20a5 5 0 0 1-4-8z"),
        Layer(W, "M38 8v28L12 82a7 7 0 0 0 6 11h64a7 7 0 0 0 6-11L62 36V8M30 8h40", 8),
        Layer(G, _disc(46, 48, 4) + _disc(56, 38, 3)),
    )),
    "changing_practice": Glyph("CH", "a butterfly", (
        Layer(W, "M47 44C40 16 20 6 4 12C2 34 16 54 47 52zM47 56C26 54 14 66 20 86C34 94 46 80 47 66z"),
        Layer(W, "M53 44C60 16 80 6 96 12C98 34 84 54 53 52zM53 56C74 54 86 66 80 86C66 94 54 80 53 66z"),
        Layer(G, "M50 34V82", 8),
        Layer(G, "M50 34C48 22 42 14 36 10M50 34C52 22 58 14 64 10", 4),
    )),
    "reflecting": Glyph("CC", "a moon over still water", (
        Layer(G, "M60 4a29 29 0 1 0 24 41A25 25 0 0 1 60 4z"),
        Layer(W, "M8 70c10-9 18-9 28 0s18 9 28 0 18-9 28 0", 8),
        Layer(W, "M22 90c10-9 18-9 28 0s18 9 28 0", 8),
    )),
    "inviting_feedback": Glyph("CC", "a question", (
        Layer(W, "M50 8a42 38 0 1 1-20 71L10 90l5-21A42 38 0 0 1 50 8z", 8),
        Layer(G, "M38 38a12 12 0 1 1 18 10c-4 3-6 5-6 10", 9),
        Layer(G, _disc(50, 69, 5.5)),
    )),
    "funding": Glyph("CC", "stacks of coins", (
        Layer(G, "".join(_box(x, y, 29, 11, 5.5) for x, y in ((4, 62), (35.5, 20), (67, 48)))),
        Layer(W, "".join(_box(x, y, 29, 11, 5.5) for x, y in ((4, 76), (67, 62), (67, 76)))),
        Layer(W, "".join(_box(35.5, y, 29, 11, 5.5) for y in (34, 48, 62, 76))),
        Layer(W, "M4 94H96", 6),
    )),
    "first_steps": Glyph("CT", "two footprints", (
        Layer(W, "M16 58C8 38 14 18 28 18s20 18 16 40z"),
        Layer(W, "M18 66h25c2 12-3 22-12 22S17 78 18 66z"),
        Layer(G, "M84 40C92 20 86 0 72 0S52 18 56 40z"),
        Layer(G, "M82 48H57c-2 12 3 22 12 22s14-10 13-22z"),
    )),
    "attending": Glyph("CC", "a ticket", (
        Layer(G, _TICKET, turn=-24),
        Layer(D, _TICKET, 7),
        Layer(W, _TICKET),
        Layer(D, "M68 42v.1M68 50v.1M68 58v.1M68 66v.1", 5),
        Layer(D, _star(36, 55, 15)),
    )),
    "returning": Glyph("CC", "a rising sun", (
        Layer(G, "M22 64a28 28 0 0 1 56 0z"),
        Layer(G, "M50 10v12M16 24l8 9M84 24l-8 9M2 52l10 3M98 52l-10 3", 7),
        Layer(W, "M4 70H96M20 88H80", 9),
    )),
}
# fmt: on
