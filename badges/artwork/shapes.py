"""The outline and the colours of a badge, one of each for every mode of taking part.

Modes are those of the CSCCE Community Participation Model. The colours are near those of Okabe and Ito, which people
with any colour vision tell apart, darkened until white text on them has a contrast of 4.5:1 (WCAG 2.2, 1.4.3). The
shape says the same again, so that nothing is said by colour alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

CENTRE = (300.0, 297.0)
RADIUS = 262.0

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Mode:
    """How badges of one mode look; colours as `#rrggbb`."""

    shape: str
    colour: str
    points: Points
    """The outline as a polygon in the 600 x 600 picture."""
    light: str
    """The lightest enamel; everything on it is legible."""
    deep: str
    ink: str
    """Writing on the ribbon."""

    @property
    def path(self) -> str:
        """The outline as SVG path data."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.points) + "Z"

    def room_at(self, y: float) -> float:
        """How wide the shape is at a height, symmetrically about its middle."""
        return 2 * min(self.reach(y, 0.0), self.reach(y, math.pi))

    def reach(self, y: float, angle: float) -> float:
        """How far it is from a point on the middle axis to the outline, in a direction."""
        cos, sin = math.cos(angle), math.sin(angle)
        # Seen from that point and turned by the angle, the way leads along the x axis.
        turned = [
            ((px - CENTRE[0]) * cos + (py - y) * sin, (py - y) * cos - (px - CENTRE[0]) * sin) for px, py in self.points
        ]
        edges = zip(turned, (*turned[1:], turned[0]), strict=True)
        crossings = (x1 - y1 * (x2 - x1) / (y2 - y1) for (x1, y1), (x2, y2) in edges if (y1 <= 0) != (y2 <= 0))
        return min((x for x in crossings if x > 0), default=0.0)


def _around(radius: Callable[[float], float], count: int, *, start: float = -math.pi / 2) -> Points:
    """Points about the centre at the radius that belongs to each angle."""
    angles = [start + 2 * math.pi * n / count for n in range(count)]
    return tuple((CENTRE[0] + radius(a) * math.cos(a), CENTRE[1] + radius(a) * math.sin(a)) for a in angles)


def _curve(*points: tuple[float, float], steps: int = 24) -> Points:
    """A cubic Bézier curve as points, its end left out."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    curve = []
    for n in range(steps):
        t = n / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        curve.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return tuple(curve)


def _plaque(half: float, corner: float) -> Points:
    """A square whose corners are hollowed out."""
    cx, cy = CENTRE
    points = []
    for quarter in range(4):
        turn = math.pi / 2 * quarter
        for n in range(25):
            # The hollow of the upper right corner, turned by quarters.
            angle = math.pi - math.pi / 2 * n / 24
            x, y = half + corner * math.cos(angle), -half + corner * math.sin(angle)
            points.append((cx + x * math.cos(turn) - y * math.sin(turn), cy + x * math.sin(turn) + y * math.cos(turn)))
    return tuple(points)


def _shield() -> Points:
    right = (
        *_curve((300, 36), (370, 70), (450, 74), (528, 58)),
        *_curve((528, 58), (548, 180), (546, 262), (530, 340)),
        *_curve((530, 340), (506, 450), (410, 520), (300, 566)),
        (300.0, 566.0),
    )
    return (*right, *((600 - x, y) for x, y in reversed(right[1:-1])))


_CIRCLE = _around(lambda _: RADIUS - 4, 180)
_ROSETTE = _around(lambda a: RADIUS - 9 + 9 * math.cos(12 * (a + math.pi / 2)), 288)
_HEXAGON = _around(lambda _: RADIUS + 10, 6, start=0)
_OCTAGON = _around(lambda _: RADIUS + 6, 8, start=math.pi / 8)
MODES = {
    "CC": Mode("rosette", "blue", _ROSETTE, light="#0a72b0", deep="#01365c", ink="#012f52"),
    "CT": Mode("hexagon", "green", _HEXAGON, light="#047d5c", deep="#013a2c", ink="#01382a"),
    "CL": Mode("octagon", "vermilion", _OCTAGON, light="#b94d05", deep="#5c1f00", ink="#561d00"),
    "CO": Mode("shield", "purple", _shield(), light="#a04a80", deep="#4c1a3a", ink="#481736"),
    "CH": Mode("plaque", "black", _plaque(243, 54), light="#4a4f5c", deep="#15171c", ink="#1c1e24"),
}
NEUTRAL = Mode("circle", "slate", _CIRCLE, light="#3f6478", deep="#142a36", ink="#142a36")
