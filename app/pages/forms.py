"""What somebody gives to the verifier's page, and what to tell them where it cannot be taken."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from app.kit.errors import Invalid, TooLarge
from app.kit.strict import MIB, StrictRoute
from app.pages.rendering import page
from app.verifier.forms import LARGEST
from app.verifier.submissions import LONGEST_RECIPIENT, Submission, submitted

MEGABYTES = LARGEST // MIB
TOO_LARGE = (
    f"This is larger than {MEGABYTES} MB, which is more than any badge. Give the file as its issuer gave it: a picture"
    " of at most 2 MB."
)
NOTHING = "Choose a file first, or paste the badge's text or its address."
BUSY = "Many badges are being verified at this moment. Please try again in a few seconds."
_BOTH = (
    "You gave a file and a text, and only one of them can be meant. The text is still here: verify it now, or empty it"
    " and choose the file again."
)
_SEVERAL = "Give one file at a time."
_EMPTY = "The file {name} is empty. Choose another one, or paste the badge's text or its address."
_UNCLEAR = (
    "This is text around a badge, and not as it should be. Paste the badge alone, and say below whose it should be."
)
_LONG = "Nobody is named by so many letters. Give one email address, DID or URL."


# Without its scheme, as people say it: a name with dots in small letters, and perhaps a path. No token looks so: its
# three parts are longer than the parts of a name may be.
_ADDRESS = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)


class Unclear(Exception):
    """What was given cannot be judged; `told` says why and what to do, for people."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


@dataclass(frozen=True)
class Given:
    """What the fields of the form hold."""

    files: tuple[tuple[str, bytes], ...] = ()
    """Name and content of each."""
    text: str = ""
    recipient: str = ""

    @property
    def picture(self) -> bytes:
        """The file, which may be a picture."""
        return self.files[0][1] if self.files else b""

    def submission(self) -> Submission:
        """What is to be judged, for whom. Raises `Unclear`."""
        if len(self.files) > 1:
            raise Unclear(_SEVERAL)
        if self.files and self.text:
            raise Unclear(_BOTH)
        if self.files and not self.picture.strip():
            raise Unclear(_EMPTY.format(name=f"“{self.files[0][0][:80]}”"))
        if not (self.files or self.text):
            raise Unclear(NOTHING)
        if len(self.recipient) > LONGEST_RECIPIENT:
            raise Unclear(_LONG)
        try:
            return submitted(self.picture or self.text.encode(errors="replace"), self.recipient or None)
        except Invalid as refusal:
            raise Unclear(_UNCLEAR) from refusal


async def given_in(request: Request) -> Given:
    """What a request gives, in a form or as a body alone."""
    kind = request.headers.get("content-type", "").lower()
    if not kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        body = await request.body()
        return Given(files=(("", body),)) if body else Given()
    files, texts = [], {"text": "", "recipient": ""}
    async with request.form(max_files=20, max_fields=20, max_part_size=LARGEST) as form:
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                content = await part.read()
                if content or part.filename:  # a browser sends an empty one where nothing was chosen
                    files.append((part.filename or "", content))
            elif name in texts:
                texts[name] = texts[name] or part.strip().replace("\r\n", "\n")
    return Given(tuple(files), with_scheme(texts["text"]), texts["recipient"])


def with_scheme(text: str) -> str:
    """An address as people say it, with `https://` before it; any other text as it is."""
    return f"https://{text}" if len(text) <= 2000 and _ADDRESS.fullmatch(text) else text


class FormAgain(StrictRoute):
    """A route whose form comes again, with a sentence, where more was given than is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def again(request: Request) -> Response:
            try:
                return await handle(request)
            except TooLarge:
                return asking(Given(), TOO_LARGE, status=413)

        return again


def asking(given: Given, problem: str | None = None, *, status: int = 200) -> Response:
    """The form, filled in with what was `given`, and with what was wrong with that."""
    return page("verify.html", status=status, report=None, given=given, problem=problem, most=LARGEST)
