"""Pictures that a steward may upload."""

import io
from base64 import b64encode

from PIL import Image


def png(size: tuple[int, int] = (8, 8), colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def data_uri(image: bytes) -> str:
    return f"data:image/png;base64,{b64encode(image).decode()}"
