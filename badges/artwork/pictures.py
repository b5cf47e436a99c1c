"""A picture in both the forms that badges travel in, SVG and PNG."""

import io
from dataclasses import dataclass
from functools import lru_cache

import resvg_py
from PIL import Image

SIZE = 600
"""Width and height of every PNG, in pixels."""
_COLOURS, _EDGE = 128, 32
_KEPT = 128  # of some 60 kB each


@dataclass(frozen=True)
class Artwork:
    """One picture of an achievement."""

    svg: bytes
    png: bytes
    caption: str
    """What is to be seen, for those who do not see it; empty where nobody said."""


@lru_cache(_KEPT)
def rasterize(svg: str) -> bytes:
    """The PNG of an SVG that was drawn here, 600 x 600 on a transparent ground. No font is ever looked for.

    That takes a quarter of a second, and a change of an achievement seldom changes its picture; so the last are kept.
    """
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE, skip_system_fonts=True)
    with Image.open(io.BytesIO(drawn), formats=["PNG"]) as image:
        return encode(_with_palette(image.convert("RGBA")))


def encode(image: Image.Image) -> bytes:
    """`image` as a PNG and nothing but the picture: no metadata goes in."""
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _with_palette(image: Image.Image) -> Image.Image:
    """A third of the bytes, and no difference to be seen: 128 colours inside, 32 half-transparent ones at the edge.

    Pillow's one method for pictures with transparency shows bands in every gradient; so the opaque inside is done by
    median cut, the edge apart, and both share a palette.
    """
    opaque = image.getchannel("A").point(lambda alpha: 255 * (alpha == 255))
    inside = image.convert("RGB").quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    rest = Image.composite(Image.new("RGBA", image.size), image, opaque)
    edge = rest.quantize(_EDGE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = _palette(inside, _COLOURS) + _palette(edge, _EDGE)
    both = Image.composite(_indices(inside), _indices(edge).point(lambda index: index + _COLOURS), opaque)
    both.putpalette(palette, "RGBA")
    return both


def _palette(image: Image.Image, colours: int) -> bytes:
    return bytes(image.getpalette("RGBA") or ())[: 4 * colours].ljust(4 * colours, b"\0")


def _indices(image: Image.Image) -> Image.Image:
    return Image.frombytes("L", image.size, image.tobytes())
