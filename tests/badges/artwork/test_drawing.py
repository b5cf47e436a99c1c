import io
import re
from functools import cache
from itertools import combinations, pairwise
from xml.etree.ElementTree import fromstring

import pytest
import resvg_py
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from badges.artwork import Artwork, draw
from badges.artwork.drawing import CREAM, GOLD, compose
from badges.artwork.glyphs import GLYPHS
from badges.artwork.pictures import rasterize
from badges.artwork.shapes import MODES, NEUTRAL, Mode
from badges.baking import bake, unbake
from tests.badges.baking.pictures import jws, text

# Every contribution type of the taxonomy, by mode of taking part.
TYPES = {
    "CC": "speaking opening_dialogue reflecting inviting_feedback funding attending returning",
    "CT": "curating welcoming documenting translating supporting rescuing encouraging testing_practice first_steps",
    "CL": "facilitating mentoring teaching reviewing",
    "CO": "hosting co_creating moderating organising stewarding gardening",
    "CH": "bridging championing changing_practice",
}
ALL_TYPES = [kind for kinds in TYPES.values() for kind in kinds.split()]
SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawn(contribution_type: str | None = "hosting", title: str = "Session Host") -> Artwork:
    return draw(title=title, community="Open Science", contribution_type=contribution_type, seed="1")


def svg_of(title: str = "Host", community: str = "Open Science", contribution_type: str | None = None) -> str:
    return compose(title=title, community=community, contribution_type=contribution_type, seed="1")[0]


def pixels(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGBA")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def over(colour: str, white: float) -> str:
    """The colour with so much white over it."""
    channels = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(c + (255 - c) * white):02x}" for c in channels)


def test_the_same_words_give_the_same_bytes() -> None:
    once = drawn()
    rasterize.cache_clear()
    assert draw(title="Session Host", community="Open Science", contribution_type="hosting", seed="1") == once


def test_the_seed_varies_the_ornament() -> None:
    pictures = {compose(title="Host", community="C", contribution_type=None, seed=str(n))[0] for n in range(20)}
    assert len(pictures) == 20


def test_the_picture_is_600_pixels_square_on_a_transparent_ground() -> None:
    image = pixels(drawn().png)
    assert image.size == (600, 600)
    assert [image.getpixel(corner) for corner in ((0, 0), (599, 0), (0, 599), (599, 599))] == [(0, 0, 0, 0)] * 4
    assert image.getpixel((300, 420)) != (0, 0, 0, 0)


def test_the_palette_costs_nothing_that_can_be_seen() -> None:
    raw = pixels(bytes(resvg_py.svg_to_bytes(svg_string=drawn().svg.decode(), skip_system_fonts=True)))
    for ground in ("white", "black"):
        flat = []
        for image in (raw, pixels(drawn().png)):
            sheet = Image.new("RGB", image.size, ground)
            sheet.paste(image, mask=image)
            flat.append(sheet)
        difference = ImageStat.Stat(ImageChops.difference(*flat))
        assert max(difference.mean) < 1.5
        assert len(drawn().png) < 66_000


def test_every_contribution_type_has_a_glyph_of_its_own_and_the_shape_of_its_mode() -> None:
    assert sorted(GLYPHS) == sorted(ALL_TYPES)
    assert {kind: GLYPHS[kind].mode for kind in ALL_TYPES} == {
        k: mode for mode, ks in TYPES.items() for k in ks.split()
    }
    assert len({glyph.caption for glyph in GLYPHS.values()}) == len(GLYPHS)
    assert len({"".join(layer.path for layer in glyph.layers) for glyph in GLYPHS.values()}) == len(GLYPHS)


def test_every_type_differs_from_every_other_at_64_pixels_without_any_colour() -> None:
    """Without title and colour, on the darkest of grounds: shape and glyph alone tell them apart."""
    small = {}
    for kind in [*ALL_TYPES, None]:
        svg = svg_of("東京", "東京", kind)
        png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=64, height=64, skip_system_fonts=True))
        small[kind] = pixels(png).convert("LA").convert("L")
    closest = min(
        ImageStat.Stat(ImageChops.difference(small[one], small[other])).rms[0] for one, other in combinations(small, 2)
    )
    assert closest > 12


def test_every_mode_has_its_own_shape_and_colour() -> None:
    modes = [*MODES.values(), NEUTRAL]
    for part in ("shape", "colour", "points", "light"):
        assert len({getattr(mode, part) for mode in modes}) == len(modes)


@pytest.mark.parametrize("mode", [*MODES.values(), NEUTRAL], ids=lambda mode: mode.shape)
def test_whatever_is_written_or_drawn_stands_out(mode: Mode) -> None:
    lightest = over(mode.light, 0.06)  # under a ray
    assert contrast(CREAM, lightest) >= 4.5
    assert contrast(CREAM, mode.deep) >= 4.5
    assert contrast(GOLD, lightest) >= 3
    assert all(contrast(mode.ink, silk) >= 7 for silk in ("#fffaf0", "#fdf1d8", "#ecd9ae"))


@pytest.mark.parametrize("mode", [*MODES.values(), NEUTRAL], ids=lambda mode: mode.shape)
def test_the_rim_lies_within_the_picture(mode: Mode) -> None:
    assert all(25 <= coordinate <= 575 for point in mode.points for coordinate in point)
    assert all(abs(x1 - x2) + abs(y1 - y2) > 0 for (x1, y1), (x2, y2) in pairwise(mode.points))


def test_nothing_in_the_svg_depends_on_where_it_is_shown() -> None:
    for kind in (*ALL_TYPES, None):
        svg = svg_of(contribution_type=kind)
        assert not re.search(
            r"<(text|filter|image|style|script|foreignObject)|font|http(?!://www.w3.org/2000/svg)", svg
        )


def test_the_svg_says_in_words_what_it_shows() -> None:
    picture = drawn("bridging", "Brücken & <Bögen>")
    root = fromstring(picture.svg)  # noqa: S314 - drawn here
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Brücken & <Bögen> · Open Science"
    assert description.text == picture.caption
    assert picture.caption == (
        "A black plaque with a golden rim: a bridge between laurel branches. The ribbon reads “Brücken & <Bögen>”."
        " Below stands “Open Science”."
    )


def test_two_pictures_in_one_page_share_no_ids() -> None:
    ids = [re.findall(r'\bid="([^"]+)"', svg_of(title)) for title in ("One", "Two")]
    assert not {*ids[0]} & {*ids[1]}
    assert len({*ids[0]}) == len(ids[0])


@pytest.mark.parametrize("kind", ["dancing", "", None])
def test_an_unknown_type_gets_the_neutral_star(kind: str | None) -> None:
    assert "a star between laurel branches" in compose(title="T", community="C", contribution_type=kind, seed="")[1]


@pytest.mark.parametrize("title", ["東京のホスト", "مضيف", "מארח", "🎉", "ホスト Host", "", "\u202e\u0000"])
def test_a_title_that_the_fonts_cannot_write_leaves_out_the_ribbon(title: str) -> None:
    svg, caption = compose(title=title, community="Open Science", contribution_type="hosting", seed="1")
    assert "ribbon" not in caption
    assert len(svg) < len(svg_of("I", contribution_type="hosting"))
    if title.isprintable():
        assert f">{title} · Open Science</title>" in svg


def test_a_community_that_the_fonts_cannot_write_is_only_said() -> None:
    svg, caption = compose(title="Host", community="科学", contribution_type=None, seed="1")
    assert "Host · 科学</title>" in svg
    assert "Below stands" not in caption


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=250), community=st.text(max_size=120), kind=st.sampled_from([*ALL_TYPES, None]))
def test_any_words_give_a_picture_that_carries_a_badge(title: str, community: str, kind: str | None) -> None:
    svg = compose(title=title, community=community, contribution_type=kind, seed=title)[0]
    assert unbake(bake(svg.encode("utf-8"), text())).text == text()


@settings(max_examples=10, deadline=None)
@given(title=st.text(max_size=250), community=st.text(max_size=120))
def test_any_words_give_a_png(title: str, community: str) -> None:
    assert pixels(draw(title=title, community=community, contribution_type=None, seed="").png).size == (600, 600)


def test_a_baked_picture_is_valid_and_equal_to_the_pixel() -> None:
    baked = bake(drawn().png, jws())
    Image.open(io.BytesIO(baked)).verify()
    assert pixels(baked).tobytes() == pixels(drawn().png).tobytes()
    assert unbake(baked).text == jws()
