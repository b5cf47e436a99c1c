"""What a request hands in to be imported: its body, or the files and texts of a form."""

from collections.abc import Callable
from functools import partial

from fastapi import Request
from starlette.datastructures import UploadFile

from app.kit.errors import Invalid
from app.kit.strict import MIB
from app.portfolio.parcels import MOST, Parcel, Part, parcels_in

LARGEST = 32 * MIB
"""Bytes of a request: 200 pictures of 150 KiB each."""


async def handed_in(request: Request) -> Callable[[], list[Parcel]]:
    """How to find what is in a request; it raises what `parcels_in` raises. Raises `Invalid` for an unknown field.

    Unpacking takes time, so it is left to whoever has a place in the pool.
    """
    body, stated = await request.body(), request.headers.get("content-type", "").lower()
    if not stated.startswith("multipart/form-data"):
        return partial(parcels_in, [Part(None, body)] if body.strip() else [])
    parts = []
    async with request.form(max_files=MOST, max_fields=MOST, max_part_size=LARGEST) as form:
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                parts.append(Part(part.filename or None, await part.read()))
            elif name == "text":
                parts.append(Part(None, part.encode()))
            else:
                told = "is unknown; files, which may have any name, and `text` are known"
                raise Invalid(errors=[{"parameter": name[:100], "message": told}])
    return partial(parcels_in, [part for part in parts if part.body.strip()])
