import io
import struct
import zlib
from contextlib import suppress

import pytest
import resvg_py
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from badges.artwork import accept
from badges.artwork.uploads import LARGEST_IMAGE
from badges.baking import bake, unbake
from badges.errors import TooLarge, Unreadable
from tests.badges.baking.pictures import DATA, END, HEADER, PNG, SIGNATURE, chunk, jws


def png(image: Image.Image, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def test_a_picture_is_encoded_anew_without_what_it_carried() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "somebody")
    notes.add_itxt("openbadges", "an older badge")
    carried = png(Image.new("RGB", (300, 300), "red"), pnginfo=notes, exif=b"Exif\0\0secret", icc_profile=b"profile")
    artwork = accept(carried)
    kinds = [artwork.png[at + 4 : at + 8] for at in _starts(artwork.png)]
    assert {*kinds} == {b"IHDR", b"IDAT", b"IEND"}
    assert opened(artwork.png).convert("RGB").tobytes() == Image.new("RGB", (300, 300), "red").tobytes()


def _starts(data: bytes) -> list[int]:
    starts, at = [], 8
    while at < len(data):
        starts.append(at)
        at += 12 + int.from_bytes(data[at : at + 4])
    return starts


@pytest.mark.parametrize(
    ("size", "side"), [((1200, 600), 600), ((600, 1200), 600), ((100, 40), 100), ((2000, 2000), 600)]
)
def test_the_whole_picture_is_kept_in_the_middle_of_a_square(size: tuple[int, int], side: int) -> None:
    image = opened(accept(png(Image.new("RGB", size, "blue"))).png)
    assert image.size == (side, side)
    box = image.getbbox(alpha_only=True)
    assert box is not None
    assert ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) == (side / 2, side / 2)
    assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    assert opened(accept(png(Image.new(mode, (10, 10)))).png).size == (10, 10)


def test_sixteen_bits_are_scaled_not_cut_off() -> None:
    image = Image.new("I;16", (1, 1))
    image.putpixel((0, 0), 0x8000)
    assert opened(accept(png(image)).png).getpixel((0, 0)) == (128, 128, 128, 255)


def test_an_uploaded_picture_carries_badges_in_both_forms() -> None:
    artwork = accept(png(Image.new("RGB", (50, 50), "green")))
    for form in (artwork.png, artwork.svg):
        assert unbake(bake(form, jws())).text == jws()
    shown = opened(bytes(resvg_py.svg_to_bytes(svg_string=artwork.svg.decode(), skip_system_fonts=True)))
    assert shown.size == (600, 600)
    assert shown.getpixel((300, 300)) == (0, 128, 0, 255)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
        (b"\xff\xd8\xff\xe0..", "a JPEG"),
        (b"GIF89a", "a GIF"),
        (b"RIFF....WEBP", "a WebP"),
        (b"%!PS-Adobe", "no PNG"),
        (b"", "no PNG"),
    ],
)
def test_another_format_is_named_and_refused(image: bytes, kind: str) -> None:
    with pytest.raises(Unreadable, match=f"The image is {kind}.*; please save it as a PNG"):
        accept(image)


def test_an_animation_is_refused() -> None:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    with pytest.raises(Unreadable, match="animated"):
        accept(png(frames[0], save_all=True, append_images=frames[1:]))


def test_too_many_bytes_or_pixels_are_refused_without_decoding() -> None:
    with pytest.raises(TooLarge):
        accept(PNG + b"\0" * LARGEST_IMAGE)
    wide = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 8, 6, 0, 0, 0))
    for headers in (wide, HEADER + wide):
        with pytest.raises(TooLarge):
            accept(SIGNATURE + headers + DATA + END)


def test_bombs_and_ruins_are_refused() -> None:
    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 80_000_000, 1))
    for broken in (
        SIGNATURE,
        SIGNATURE + HEADER,
        SIGNATURE + DATA + END,
        SIGNATURE + HEADER + bomb + DATA + END,
        SIGNATURE + HEADER + chunk(b"IDAT", b"no deflate") + END,
        SIGNATURE + chunk(b"IHDR", bytes(13)) + DATA + END,
        PNG[:-30],
    ):
        with pytest.raises(Unreadable):
            accept(broken)


@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=40), at=st.integers(8, len(PNG)))
def test_damage_is_a_picture_or_a_refusal(noise: bytes, at: int) -> None:
    for damaged in (PNG[:at] + noise, PNG[:at] + noise + PNG[at + len(noise) :]):
        with suppress(Unreadable):
            assert opened(accept(damaged).png).size
