"""What is asked for of a badge, wherever one is proposed."""

from typing import Annotated

from pydantic import Field, model_validator

from app.credentials.participation import Wanted
from app.kit.schemas import In, Instant
from app.members.forms import Key


class ParticipationIn(In):
    """Which contributions a badge is to rest on: all that count for its recipient by then, or fewer."""

    since: Instant | None = Field(default=None, description="From then on, by when it began.")
    until: Instant | None = Field(default=None, description="Before then; left out, by the time of the offer.")
    types: Annotated[list[Key], Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="Of these types; left out, of all."
    )

    @model_validator(mode="after")
    def _some_time(self) -> "ParticipationIn":
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("ends before it begins")
        return self

    def wanted(self) -> Wanted:
        """The same, as it is kept."""
        return Wanted(self.since, self.until, tuple(self.types) if self.types is not None else None)
