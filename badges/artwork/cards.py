"""The card of a badge, as previews of links show it: its picture beside what it is, in one PNG of 1200 x 630."""

import io
from functools import lru_cache

import resvg_py
from PIL import Image, ImageOps

from badges.artwork import lettering
from badges.artwork.drawing import LONGEST_TEXT
from badges.artwork.pictures import encode

WIDTH, HEIGHT = 1200, 630
"""In pixels: what OpenGraph previews show whole."""
_PANEL, _PICTURE = 500, 430
_LEFT, _ACROSS = 560, 580
_GROUND, _LEAF, _INK, _SOFT, _GOLD = "#fbfaf6", "#17523c", "#1c2b2a", "#52605e", "#c08a25"
_COLOURS = 128
_KEPT = 64  # of some 60 kB each

_TITLE = {1: 96.0, 2: 84.0, 3: 68.0}
_LINE = {1: 46.0, 2: 40.0}


@lru_cache(_KEPT)
def card(*, picture: bytes, title: str, lines: tuple[str, ...]) -> bytes:
    """The PNG: `picture` (of ours: a PNG) to the left; `title` and under it `lines`, each smaller, to the right.

    What the bundled fonts cannot write is left out, as in the picture itself. The last cards are kept.
    """
    drawn = resvg_py.svg_to_bytes(svg_string=_svg(title, lines), width=WIDTH, height=HEIGHT, skip_system_fonts=True)
    with (
        Image.open(io.BytesIO(drawn), formats=["PNG"]) as ground,
        Image.open(io.BytesIO(picture), formats=["PNG"]) as badge,
    ):
        whole, small = ground.convert("RGBA"), ImageOps.contain(badge.convert("RGBA"), (_PICTURE, _PICTURE))
    whole.alpha_composite(small, ((_PANEL - small.width) // 2, (HEIGHT - small.height) // 2))
    return encode(whole.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE))


def _svg(title: str, lines: tuple[str, ...]) -> str:
    """The ground and the words, as outlines, in the middle of the height."""
    settings = [
        (lettering.fit(words, across=_ACROSS, sizes=sizes, smallest=30.0), colour)
        for text, sizes, colour in [(title, _TITLE, _INK), *((line, _LINE, _SOFT) for line in lines)]
        if (words := lettering.writable(text[:LONGEST_TEXT])) is not None
    ]
    gap = 34.0
    high = sum(1.12 * each.size * len(each.lines) + gap for each, _ in settings) - gap
    y, paths = (HEIGHT - high) / 2, []
    for each, colour in settings:
        for line in each.lines:
            y += 1.12 * each.size
            paths.append(f'<path fill="{colour}" d="{_written(line, each.size, y - 0.3 * each.size)}"/>')
        y += gap
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_GROUND}"/>'
        f'<rect width="{_PANEL}" height="{HEIGHT}" fill="{_LEAF}"/>'
        f'<rect x="{_PANEL}" width="8" height="{HEIGHT}" fill="{_GOLD}"/>{"".join(paths)}</svg>'
    )


def _written(line: str, size: float, y: float) -> str:
    middle = _LEFT + lettering.width(line, size) / 2
    return lettering.outline(line, size=size, place=lambda along: (middle + along, y, 0.0))
