"""What a request hands in to the verifier: its body, or a form in it, and whose badge it should be."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from app.kit.errors import FieldError, Invalid
from app.kit.strict import MIB
from app.verifier.submissions import (
    MOST,
    Item,
    NothingToVerify,
    Submission,
    agreed,
    all_of,
    items_in,
    named,
    submitted,
)

LARGEST = 3 * MIB
"""Bytes of a submission: an image of 2 MiB, in a form or as a `data:` URL in base64."""

LARGEST_BATCH = 8 * MIB
"""Bytes of a batch: credentials of 40 KiB each."""

_READ_INLINE = 32_768  # above so many bytes taking JSON apart may be worth a thread
_TEXTS = ("text", "file")


async def one_in(request: Request) -> Submission:
    """The body, or the `file` or `text` of a form, where a file may have any name. Raises `NothingToVerify`, `Invalid`.

    It is a badge, its address, or JSON that names either (`submitted`).
    """
    recipient, body = _asked(request), await request.body()
    if _is_form(request.headers.get("content-type", "").lower(), body):
        form = await _read(request, files=1, fields=5)
        filled = [part for part in form.parts if part.strip()]  # a browser sends the fields that were left blank, too
        if len(filled) > 1:
            raise Invalid(errors=[{"parameter": "text", "message": "send one file or one text, and not both"}])
        body, recipient = b"".join(filled), agreed(form.recipient, recipient)
        form.refuse_unknown(is_empty=not body.strip())
    if not body.strip():
        raise NothingToVerify("The request carries no badge.")
    reading = partial(submitted, body, recipient)
    return await run_in_threadpool(reading) if len(body) > _READ_INLINE else reading()


async def many_in(request: Request) -> Callable[[], list[Item]]:
    """How to find the items of the body, or each `file` and `text` of a form; it raises what `items_in` raises.

    That takes time, so it is left to whoever has the batch's place in the pool. Raises `NothingToVerify`, `Invalid`.
    """
    recipient, body = _asked(request), await request.body()
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        if not body.strip():
            raise NothingToVerify("The request carries no badges.")
        return partial(items_in, body, recipient)
    form = await _read(request, files=MOST + 1, fields=MOST + 1)
    form.refuse_unknown(is_empty=not form.parts)
    if not form.parts:
        raise NothingToVerify("The form carries no badges.")
    return partial(all_of, form.parts, agreed(form.recipient, recipient))


def _asked(request: Request) -> str | None:
    """Whose badge the query says it should be. Raises `Invalid` for what else it says: it could be a slip of the pen,
    and the answer would look as if the question had been asked."""
    said = request.query_params.multi_items()
    errors: list[FieldError] = [
        {"parameter": name[:100], "message": "is unknown; `recipient` is known"}
        for name, _ in said
        if name != "recipient"
    ]
    if len(said) - len(errors) > 1:
        errors.append({"parameter": "recipient", "message": "is named more than once"})
    if errors:
        raise Invalid("The query is not as needed.", errors=errors)
    return named(said[0][1], {"parameter": "recipient", "message": ""}) if said else None


@dataclass(frozen=True)
class _Form:
    parts: list[bytes]
    """What each file and text holds."""
    recipient: str | None
    """None where the field was left blank, too."""
    unknown: list[str]

    def refuse_unknown(self, *, is_empty: bool) -> None:
        """Returns where no field has a name that is not known. Raises `Invalid`, or `NothingToVerify`."""
        if not self.unknown:
            return
        told = "is unknown; `file`, `text` and `recipient` are known"
        if is_empty:
            raise NothingToVerify(f"The form carries no badge: its field `{self.unknown[0]}` {told}.")
        raise Invalid(errors=[{"parameter": name, "message": told} for name in self.unknown])


async def _read(request: Request, *, files: int, fields: int) -> _Form:
    async with request.form(max_files=files, max_fields=fields, max_part_size=LARGEST) as form:
        parts, recipients, unknown = [], [], []
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                parts.append(await part.read())
            elif name in _TEXTS:
                parts.append(part.encode())
            elif name == "recipient":
                recipients.append(part)
            else:
                unknown.append(name[:100])
    where: FieldError = {"parameter": "recipient", "message": ""}
    if len(recipients) > 1:
        raise Invalid(errors=[{**where, "message": "is named more than once"}])
    said = [named(recipient, where) for recipient in recipients if recipient.strip()]
    return _Form(parts, said[0] if said else None, unknown)


def _is_form(content_type: str, data: bytes) -> bool:
    """curl calls whatever it sends a form; what does not begin as one of ours is taken as it is."""
    begins_so = data.lstrip().startswith((b"file=", b"text=", b"recipient="))
    return content_type.startswith("multipart/form-data") or (
        content_type.startswith("application/x-www-form-urlencoded") and (begins_so or not data)
    )
