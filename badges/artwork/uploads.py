"""Pictures that people bring: looked at within limits, and encoded anew, so that nothing but the picture stays."""

import io
from base64 import b64encode

from PIL import Image, UnidentifiedImageError

from badges.artwork.pictures import SIZE, Artwork, encode
from badges.documents import in_units
from badges.errors import TooLarge, Unreadable

LARGEST_IMAGE = 2 * 1024 * 1024
MOST_PIXELS = 4_000_000

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_OTHERS = {b"\xff\xd8\xff": "a JPEG", b"GIF8": "a GIF", b"RIFF": "a WebP", b"%PDF": "a PDF", b"BM": "a BMP"}


def accept(image: bytes) -> Artwork:
    """An uploaded PNG as the picture of an achievement: centred on a transparent 600 x 600 ground, without metadata.

    Its SVG form is an SVG around the PNG. Raises `TooLarge` (2 MiB, 4 million pixels) or `Unreadable`: only still
    PNGs are taken, since an SVG may run scripts under the issuer's name.
    """
    # 1. Bytes and kind, before any decoder sees them.
    if len(image) > LARGEST_IMAGE:
        raise TooLarge(f"The image has {in_units(len(image))}; at most {in_units(LARGEST_IMAGE)} are taken.")
    if not image.startswith(_SIGNATURE):
        raise Unreadable(f"The image is {_kind(image)}; please save it as a PNG.")
    # 2. Its size, from the header alone. Pillow itself would go on to 179 million pixels.
    header = image[8:24]
    if header[4:8] != b"IHDR" or len(header) < 16:
        raise Unreadable("The PNG is damaged: it does not begin with its header.")
    _bounded(int.from_bytes(header[8:12]), int.from_bytes(header[12:16]))
    # 3. Its pixels. Pillow's reader raises all of these.
    try:
        with Image.open(io.BytesIO(image), formats=["PNG"]) as opened:
            _bounded(*opened.size)  # a second header may have followed
            if getattr(opened, "n_frames", 1) != 1:
                raise Unreadable("The image is animated; please save one frame of it as a PNG.")
            # 16 bits a pixel would be cut off at 255, not scaled.
            shallow = opened.point(lambda value: value * (1 / 256), "L") if opened.mode == "I;16" else opened
            picture = shallow.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(f"The image has far more than {MOST_PIXELS} pixels.") from error
    except UnidentifiedImageError as error:  # whose message speaks of our memory
        raise Unreadable("The PNG cannot be decoded: its header makes no sense.") from error
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, EOFError) as error:
        raise Unreadable(f"The PNG cannot be decoded: {error}.") from error
    # 4. What is kept is encoded here.
    png = encode(_squared(picture))
    return Artwork(svg=_around(png), png=png, caption="")


def _bounded(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise TooLarge(f"The image has {width} x {height} pixels; at most {MOST_PIXELS} are taken.")


def _kind(image: bytes) -> str:
    if image.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "an SVG or a web page"
    return next((name for start, name in _OTHERS.items() if image.startswith(start)), "no PNG")


def _squared(picture: Image.Image) -> Image.Image:
    """The whole picture, never enlarged, in the middle of a transparent square."""
    picture.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
    side = max(picture.size)
    square = Image.new("RGBA", (side, side))
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


def _around(png: bytes) -> bytes:
    source = b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<image width="{SIZE}" height="{SIZE}" href="data:image/png;base64,{source}"/></svg>'
    ).encode()
