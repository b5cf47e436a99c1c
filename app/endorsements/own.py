"""What an endorser signed with a key of their own: judged before anything is locked, and taken only if it holds.

Its bytes are kept as they came, for nobody but its endorser could sign others.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

import badges
from app.kit.errors import Unprocessable
from app.kit.schemas import Name, Prose, plain

ob3 = badges.ob3

POINTER = "/signed"

Comment = Annotated[Prose, Field(min_length=20, max_length=2000)]
"""What is said in favour of something."""

_COMMENT, _LINE = TypeAdapter[str](Comment), TypeAdapter[str](Name)
_FORMATS = {"data-integrity", "vc-jwt"}


class _NotTaken(Unprocessable):
    """What was signed is not taken."""

    code = "signed-not-taken"
    fix = "Sign an EndorsementCredential (Open Badges 3.0) anew, as `detail` asks."

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail, errors=[{"pointer": POINTER, "message": detail}], **members)


class NotAnEndorsement(_NotTaken):
    """This is no signed EndorsementCredential."""

    code = "not-an-endorsement"


class EndorsementNotVerified(_NotTaken):
    """What you signed does not verify."""

    code = "endorsement-not-verified"


class EndorsementUnchecked(_NotTaken):
    """Whether what you signed verifies could not be found out."""

    code = "endorsement-unchecked"
    fix = "See that your DID's document and your status list are served, then send the same again."


class ForeignDid(_NotTaken):
    """It is not signed by a DID that you have proven."""

    code = "did-not-yours"
    fix = "Prove the DID of its issuer first: POST /v1/me/dids."


class Misdirected(_NotTaken):
    """It is about something else."""

    code = "endorsement-misdirected"
    fix = "Sign one whose credentialSubject.id is the `expected` one."


@dataclass(frozen=True)
class Given:
    """What an endorser signed, and what came of verifying it."""

    text: str
    """Byte for byte."""
    report: badges.Report


@dataclass(frozen=True)
class Said:
    """What is in it."""

    comment: str
    ends: datetime | None


def said(given: Given, *, about: str, dids: Collection[str], public_url: str) -> Said:
    """What a verified endorsement says of `about`, signed by one of these `dids`.

    Raises `NotAnEndorsement`, `EndorsementNotVerified`, `EndorsementUnchecked`, `ForeignDid`, `Misdirected`.
    """
    report, document = given.report, given.report.document
    kinds = document.get("type")
    if report.format not in _FORMATS or report.container or "EndorsementCredential" not in (kinds or []):
        raise NotAnEndorsement("An EndorsementCredential with a proof, or as a VC-JWT, is taken.")
    if not report.verified:
        _refuse(report)
    issuer, subject = document["issuer"], document["credentialSubject"]
    who = issuer if isinstance(issuer, str) else issuer["id"]
    if who not in dids:
        raise ForeignDid(f"Its issuer {who[:200]} is no DID that you have proven.", issuer=who[:450])
    if not isinstance(subject, dict) or subject.get("id") != about:
        raise Misdirected(f"Its credentialSubject.id has to be {about}.", expected=about)
    if document["id"].startswith(f"{public_url}/"):
        raise NotAnEndorsement("Its id is an address of this service; give it one of your own.")
    _refuse_unsafe(document)
    return Said(_comment(subject), _ends(document))


def _refuse(report: badges.Report) -> None:
    why = next((check for check in report.checks if check.outcome is badges.Outcome.failed), None)
    why = why or next((check for check in report.checks if check.outcome is badges.Outcome.unknown), None)
    told = {"verdict": report.verdict.value, "check": why.code if why is not None else None}
    if report.outcome is badges.Outcome.failed:
        raise EndorsementNotVerified(report.summary, **told)
    raise EndorsementUnchecked(report.summary, **told)


def _comment(subject: badges.Document) -> str:
    try:
        comment: str = _COMMENT.validate_python(subject.get("endorsementComment"), strict=True)
    except ValidationError as error:
        told = error.errors()[0]["msg"]
        raise NotAnEndorsement(f"Its endorsementComment is not as comments are here: {told}.") from None
    return comment


def _refuse_unsafe(document: badges.Document) -> None:
    """What would harm whoever shows it: hidden characters, endorsements inside, terms that do not fit a badge's."""
    try:
        _LINE.validate_python(document.get("name"), strict=True)
        for text in _texts(document):
            plain(text)
    except (ValidationError, ValueError):
        raise NotAnEndorsement("Its name is one line, and no text in it has control characters.") from None
    if document.keys() & {"endorsement", "endorsementJwt"}:
        raise NotAnEndorsement("It has endorsements inside; send each by itself.")
    try:
        badges.refuse_unsignable(_PROBE | {"endorsement": [document]})
    except badges.BadgeError as error:
        raise NotAnEndorsement(f"A badge cannot show it: {error.detail}") from None


def _texts(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, dict):
            stack += [*here, *here.values()]
        elif isinstance(here, list):
            stack += here


def _ends(document: badges.Document) -> datetime | None:
    ends = document.get("validUntil")
    return badges.instant(ends) if ends is not None else None


_PROBE = ob3.OpenBadgeCredential(
    id="urn:uuid:00000000-0000-4000-8000-000000000000",
    name="Any badge",
    issuer=ob3.Profile(id="did:web:any.example", name="Anybody"),
    valid_from=badges.instant("2026-01-01T00:00:00Z"),
    credential_subject=ob3.AchievementSubject(
        id="did:web:somebody.example",
        achievement=ob3.Achievement(
            id="https://any.example/achievement",
            name="Any achievement",
            description="Anything.",
            criteria=ob3.Criteria(narrative="Anything."),
        ),
    ),
).to_document()
"""A badge like ours, in which what others signed has to fit: it is shown as it is."""
