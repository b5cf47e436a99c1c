"""The ribbon with the title, and the community's name below it. Both are set along an arc, as a band that hangs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from badges.artwork import lettering
from badges.artwork.shapes import CENTRE, Mode

TITLE_ACROSS = 470.0
"""How wide a line of the title may be, in pixels."""

_TITLE_SIZES = {1: 56.0, 2: 43.0, 3: 32.0}
_HEIGHTS = {1: 88.0, 2: 106.0, 3: 118.0}
_NAME_SIZES = {1: 26.0, 2: 19.0}
_LEAST_TITLE, _LEAST_NAME = 19.5, 12.5
_NAME_BELOW, _NAME_MARGIN = 82.0, 27.0
_LEADING = 1.1
_CAPITALS = 0.645  # height of a capital letter in ems


@dataclass(frozen=True)
class Arc:
    """The middle line of the band: part of a circle about a point far above it."""

    y: float = 416.0
    radius: float = 1150.0

    def point(self, along: float, below: float) -> tuple[float, float]:
        """The point so far along from the middle, and so far below the line."""
        angle, radius = along / self.radius, self.radius + below
        return CENTRE[0] + radius * math.sin(angle), self.y - self.radius + radius * math.cos(angle)

    def place(self, below: float) -> lettering.Place:
        """How a line of text runs along, so far below the middle line."""
        stretch = self.radius / (self.radius + below)
        return lambda along: (*self.point(along * stretch, below), -along * stretch / self.radius)

    def line(self, half: float, below: float) -> str:
        """SVG path data of the line from left to right, `half` to each side."""
        radius = self.radius + below
        return f"M{self.at(-half, below)}A{radius:g} {radius:g} 0 0 0 {self.at(half, below)}"

    def at(self, along: float, below: float) -> str:
        """A point as SVG path data."""
        x, y = self.point(along, below)
        return f"{x:.1f} {y:.1f}"


ARC = Arc()


def title(text: str, mode: Mode, mark: str) -> str:
    """SVG of the ribbon with writable `text`; `mark` begins or ends the ids of the drawing."""
    setting = lettering.fit(text, across=TITLE_ACROSS, sizes=_TITLE_SIZES, smallest=_LEAST_TITLE)
    half, down = 264, _HEIGHTS[len(setting.lines)] / 2
    under = ARC.radius + down
    band = f"{ARC.line(half, -down)}L{ARC.at(half, down)}A{under:g} {under:g} 0 0 1 {ARC.at(-half, down)}Z"
    tails = folds = ""
    for side in (-1, 1):
        inner, notch, outer, drop = 222 * side, 273 * side, 293 * side, 24
        outline = (
            (inner, drop - down),
            (outer, drop - down),
            (notch, drop),
            (outer, drop + down),
            (inner, drop + down),
        )
        tails += "M" + "L".join(ARC.at(*corner) for corner in outline) + "Z"
        folds += f"M{ARC.at(half * side, down)}L{ARC.at(inner, down)}L{ARC.at(inner, down + drop)}Z"
    edge = f'stroke="{mode.deep}" stroke-opacity=".55" stroke-width="2.5" stroke-linejoin="round"'
    seams = ARC.line(half, 7 - down) + ARC.line(half, down - 7)
    return (
        f'<path fill="#dcc38a" {edge} d="{tails}"/><path fill="#7a5a22" {edge} d="{folds}"/>'
        f'<path fill="none" stroke="#000" stroke-opacity=".25" stroke-width="7" d="{ARC.line(half - 14, down + 3)}"/>'
        f'<path fill="url(#r{mark})" {edge} d="{band}"/>'
        f'<path fill="none" stroke="#c8983a" stroke-width="2" d="{seams}"/>'
        f'<path fill="{mode.ink}" d="{"".join(_lines(setting, 0))}"/>'
    )


def name(text: str, mode: Mode, paint: str) -> str:
    """SVG of the community's name on the enamel, as wide as the shape is there."""
    across = name_room(mode)
    setting = lettering.fit(text, across=across, sizes=_NAME_SIZES, smallest=_LEAST_NAME)
    return f'<path fill="{paint}" d="{"".join(_lines(setting, _NAME_BELOW))}"/>'


def name_room(mode: Mode) -> float:
    """How wide a line of the name may be in a shape, in pixels."""
    return mode.room_at(ARC.y + _NAME_BELOW + 18) - 2 * _NAME_MARGIN


def _lines(setting: lettering.Setting, below: float) -> Iterator[str]:
    """The lines, centred about a distance below the middle line of the ribbon."""
    size, leading = setting.size, _LEADING * setting.size
    first = below + (_CAPITALS * size - leading * (len(setting.lines) - 1)) / 2
    for n, line in enumerate(setting.lines):
        yield lettering.outline(line, size=size, place=ARC.place(first + leading * n))
