"""The report as the API describes it; `docs/verifying.md` explains it.

For documentation alone: a report leaves as the library wrote it (`badges.Report.to_dict`), and is not looked at again.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

import badges
from app.verifier.example import REPORT

Answers = dict[int | str, dict[str, Any]]

VERDICTS = """The one word of the report; the gravest of what was found.

- `valid`: every check passed.
- `expired`, `not_yet_valid`: genuine, but not at this moment.
- `revoked`, `suspended`: genuine once; its issuer has taken it back, for good or for now.
- `wrong_recipient`: genuine, but not that of whom you named.
- `forged`: changed since it was signed, or not from whom it names.
- `not_conformant`: not what the standard asks, or signed by nobody (code `no-proof`).
- `unknown`: something could not be checked. Neither good nor bad: try later.
- `not_a_badge`: there is no Open Badge in what was sent.
"""

CheckName = Literal[
    "readable",
    "conforms",
    "proof",
    "issuer",
    "status",
    "valid_from",
    "expiry",
    "recipient",
    "endorsements",
    "contains",
]


class Deviation(BaseModel):
    """One place in which the document is not as the standard says."""

    pointer: Annotated[str, Field(description="Where (RFC 6901).", examples=["/credentialSubject/achievement"])]
    detail: str


class CheckMade(BaseModel):
    """One question that was asked of the badge, and the answer."""

    check: CheckName
    outcome: badges.Outcome
    code: Annotated[str, Field(description="Stable, for programs.", examples=["signature-valid"])]
    detail: Annotated[str, Field(description="A sentence for people; its words may change.")]
    spec: Annotated[str, Field(description="Where the standard asks for it.")]
    errors: Annotated[
        list[Deviation] | SkipJsonSchema[None],
        Field(default=None, description="Every deviation found; only where there are any."),
    ]


class WarningGiven(BaseModel):
    """Something to know that does not change the verdict."""

    code: Annotated[str, Field(description="Stable, for programs.", examples=["copy-differs"])]
    detail: Annotated[str, Field(description="A sentence for people; its words may change.")]
    pointer: Annotated[str, Field(description="Where in the document (RFC 6901); empty for the whole of it.")]
    spec: str


class Named(BaseModel):
    """Who or what, as the badge says it: to be believed as far as the checks say. Empty where it does not say."""

    id: str | SkipJsonSchema[None] = None
    name: str | SkipJsonSchema[None] = None


class RecipientNamed(BaseModel):
    """Whose the badge is, as it says: an `id`, in Open Badges 2.0 an `identity` that may be hashed."""

    id: str | SkipJsonSchema[None] = None
    type: str | SkipJsonSchema[None] = None
    identity: str | SkipJsonSchema[None] = None
    hashed: bool | SkipJsonSchema[None] = None


class EndorsementReport(BaseModel):
    """What came of one endorsement inside the badge."""

    pointer: Annotated[
        str, Field(description="Where in the badge; behind a `#`, where in the token that stands there.")
    ]
    about: Annotated[str | None, Field(description="Id of what it endorses.")]
    verified: bool
    verdict: badges.Verdict
    summary: str
    issuer: Named
    checks: list[CheckMade]


class ContributionListed(BaseModel):
    """A contribution that evidence lists."""

    id: str
    type: str
    stands: Annotated[
        bool | None, Field(description="Whether it stands today as it was; null where its publisher does not say.")
    ]


class SignatureMade(BaseModel):
    """Whether the issuer signed evidence alone, so that it can be handed on without the badge."""

    outcome: badges.Outcome
    code: Annotated[str, Field(description="Stable, for programs.", examples=["signature-valid"])]
    detail: str


class ParticipationTold(BaseModel):
    """What evidence counts, in its own words."""

    since: Annotated[str | None, Field(description="Null for from the beginning, or where it does not say.")]
    until: str | None
    contributions: Annotated[int | None, Field(description="How many it counts; it may list fewer.")]
    by_type: dict[str, int]


class EvidenceReport(BaseModel):
    """What came of evidence that the badge pins by a digest. It changes no verdict."""

    id: str
    outcome: badges.Outcome
    code: Annotated[str, Field(description="Stable, for programs.", examples=["evidence-unchanged"])]
    detail: str
    signature: Annotated[SignatureMade | None, Field(description="Null where it is no token of its own.")]
    participation: Annotated[ParticipationTold | None, Field(description="Null where it counts nothing.")]
    contributions: list[ContributionListed]


class LookupMade(BaseModel):
    """A document of others that was asked for."""

    url: str
    at: Annotated[str, Field(description="When; of an answer that was kept, when that was given.")]
    status: Annotated[int | None, Field(description="HTTP status of the answer; null where nobody answered.")]


class _Judged(BaseModel):
    verified: Annotated[
        bool, Field(description="Every check passed, and proof, conforms, issuer and valid_from were made.")
    ]
    verdict: Annotated[badges.Verdict, Field(description=VERDICTS)]
    outcome: Annotated[
        Literal["passed", "failed", "unknown"],
        Field(description="Failed if any check failed, else unknown if any is unknown, else passed."),
    ]
    version: Annotated[Literal["OB20", "OB30", "CLR20"] | None, Field(description="Null where nothing was read.")]
    format: Literal["data-integrity", "vc-jwt", "ob2-hosted", "ob2-signed"] | None
    container: Annotated[Literal["png", "svg"] | None, Field(description="The picture it was taken out of, if any.")]
    summary: Annotated[str, Field(description="The verdict in a sentence or two for people; its words may change.")]
    issuer: Named
    recipient: RecipientNamed
    achievement: Named
    checked_at: Annotated[str, Field(description="The instant of the question (RFC 3339, UTC).")]
    checks: list[CheckMade]
    warnings: list[WarningGiven]
    endorsements: list[EndorsementReport]
    evidence: Annotated[
        list[EvidenceReport], Field(description="What came of each piece of evidence that it pins by a digest.")
    ]
    contains: Annotated[
        list["ContainedReport"],
        Field(description="Of a presentation or a learner record, the report on each credential inside."),
    ]


class ContainedReport(_Judged):
    """The report on a credential inside another, without `fetched`."""

    pointer: Annotated[str, Field(description="Where in the collection (RFC 6901).")]


class VerificationReport(_Judged):
    """What was checked about one badge. Members may be added; a program passes over those that it does not know."""

    fetched: Annotated[list[LookupMade], Field(description="The documents of others that it rests on.")]


class BatchOfReports(BaseModel):
    """A report on each item, in their order."""

    items: list[VerificationReport]


REPORT_ANSWERED: Answers = {200: {"model": VerificationReport, "content": {"application/json": {"example": REPORT}}}}
BATCH_ANSWERED: Answers = {
    200: {"model": BatchOfReports, "content": {"application/json": {"example": {"items": [REPORT]}}}}
}
"""For `responses` of a route."""
