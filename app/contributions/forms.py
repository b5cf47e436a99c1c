"""What the doors take: contributions as requests report them."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Strict, StringConstraints, Tag, model_validator

from app.contributions.naming import EMAIL
from app.contributions.rules import Account, Credited, Loop, Report, Side
from app.kit.addresses import WebUrl, email
from app.kit.schemas import In, Instant, Line, Name, Stays, Text
from app.members.forms import Key, Named

MOST = 10_000
"""Reports in one call."""
MOST_CREDITS = 100
"""People whom one contribution credits."""

DedupeKey = Annotated[Line, StringConstraints(max_length=300)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AccountIn(In):
    """An account on a platform; on the platform `email`, an address, of which only a keyed hash is kept."""

    platform: Key = Field(examples=["github"])
    account: Name = Field(examples=["ana-fictional"])

    @model_validator(mode="after")
    def _address(self) -> "AccountIn":
        if self.platform == EMAIL:
            email(self.account)
        return self


class CreditIn(In):
    """Somebody who did it, or was helped: a member, or an account that may be somebody's."""

    person: Named | None = Field(default=None, description="Handle or id of a member.", examples=["ana"])
    account: AccountIn | None = None
    role: Key | None = Field(default=None, description="What they were in it, beyond what the type says.")
    side: Annotated[Side, Strict(False)] = Field(default=Side.by, description="`by` did it, `for` was helped by it.")

    @model_validator(mode="after")
    def _one(self) -> "CreditIn":
        if (self.person is None) == (self.account is None):
            raise ValueError("name a person or an account, one of the two")
        return self

    @property
    def credited(self) -> Credited:
        """As it is recorded."""
        account = self.account
        who = Account(account.platform, account.account) if account is not None else str(self.person)
        return Credited(who, self.role, self.side)


class ContributionIn(In):
    """Something that was done."""

    type: Key = Field(examples=["hosting"], description="GET …/contribution-types lists them.")
    person: Named | None = Field(default=None, description="Who did it: handle or id of a member.", examples=["ana"])
    account: AccountIn | None = Field(default=None, description="Who did it, by an account of theirs.")
    credits: list[CreditIn] | None = Field(
        default=None, min_length=1, max_length=MOST_CREDITS, description="Everybody, where it was more than one."
    )
    occurred_at: Instant
    ends_at: Instant | None = Field(default=None, description="Where it lasted.")
    url: WebUrl | None = Field(default=None, description="Where it can be seen.")
    title: Name | None = None
    channel: Name | None = Field(default=None, description="Where it was done: a call, a forum, a repository.")
    evidence_digest: Digest | None = Field(default=None, description="SHA-256 of what stands at `url`, in hexadecimal.")
    loop: Annotated[Loop, Strict(False)] | None = Field(default=None, description="Left out, that of its type.")
    source: Key | None = Field(default=None, description="Where it is known from; left out, `api`. Not for members.")
    dedupe_key: DedupeKey | None = Field(
        default=None,
        description="The source's own name for it: reported again under it, it is the same. Stewards see it, and who "
        "reported it; when somebody whom it credits is erased, only a digest of it stays.",
    )

    @model_validator(mode="after")
    def _somebody(self) -> "ContributionIn":
        if sum(given is not None for given in (self.person, self.account, self.credits)) != 1:
            raise ValueError("name a person, an account, or several in credits: one of the three")
        return self

    def reported(self, source: str) -> Report:
        """As it is recorded."""
        credits = self.credits or [CreditIn(person=self.person, account=self.account)]
        return Report(
            type=self.type,
            occurred_at=self.occurred_at,
            credits=tuple(credit.credited for credit in credits),
            source=source,
            dedupe_key=self.dedupe_key,
            ends_at=self.ends_at,
            url=self.url,
            title=self.title,
            channel=self.channel,
            evidence_digest=self.evidence_digest,
            loop=self.loop,
        )


class CorrectionIn(In):
    """What a contribution says from now on; what is left out stays as it is."""

    reason: Annotated[Text, StringConstraints(min_length=1, max_length=1000)]
    type: Annotated[Key | None, Stays] = None
    credits: Annotated[list[CreditIn] | None, Stays] = Field(default=None, min_length=1, max_length=MOST_CREDITS)
    occurred_at: Annotated[Instant | None, Stays] = None
    ends_at: Instant | None = None
    url: WebUrl | None = None
    title: Name | None = None
    channel: Name | None = None
    evidence_digest: Digest | None = None
    loop: Annotated[Loop, Strict(False)] | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of a report that it says anew."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"reason", "credits"}}


class RetractionIn(In):
    """Why a contribution is taken back."""

    reason: Annotated[Text, StringConstraints(min_length=1, max_length=1000)]


def _number(body: object) -> Literal["one", "many"]:
    return "many" if isinstance(body, list) else "one"


OneOrMany = Annotated[
    Annotated[ContributionIn, Tag("one")]
    | Annotated[list[ContributionIn], Field(min_length=1, max_length=MOST), Tag("many")],
    Discriminator(_number),
]
