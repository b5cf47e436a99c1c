"""Artefacts as they are written at the door and shown to members."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from sqlmodel import Session

from app.kit.addresses import WebUrl
from app.kit.schemas import Id, In, Line, Name, Out, Stays, Text
from app.kit.suppression import USUAL_K
from app.members.forms import Key, Named
from app.stories.artefacts import service
from app.stories.artefacts.rules import Base, Picture, Review
from app.stories.artefacts.service import Made
from app.stories.artefacts.tables import Artefact

Licence = Annotated[Line, StringConstraints(max_length=100)]
Said = Annotated[Text, StringConstraints(min_length=1)]


class ContributorIn(In):
    """Somebody who had a part in it."""

    member: Named
    role: Key = Field(examples=["author", "editor", "illustrator"])


class BaseIn(In):
    """Something that it builds on: an artefact here, or something elsewhere."""

    artefact: Id | None = None
    url: WebUrl | None = None
    title: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> "BaseIn":
        if (self.artefact is None) is (self.url is None):
            raise ValueError("name an artefact, or the address of something elsewhere")
        return self

    @property
    def base(self) -> Base:
        return Base(self.artefact, self.url, self.title)


class ArtefactIn(In):
    """Something that was made together."""

    title: Name = Field(examples=["A checklist for shared rooms"])
    url: WebUrl = Field(description="Where it stands.")
    licence: Licence | None = Field(
        default=None, description="By its SPDX name, if it has one.", examples=["CC-BY-4.0"]
    )
    description: Said | None = None
    contributors: list[ContributorIn] = Field(min_length=1, max_length=100)
    builds_on: list[BaseIn] = Field(default=[], max_length=50)


class ArtefactChange(In):
    """What is to be said otherwise; what is left out stays. Whoever reviewed it reviewed the one before."""

    title: Annotated[Name | None, Stays] = None
    url: Annotated[WebUrl | None, Stays] = None
    licence: Licence | None = None
    description: Said | None = None
    contributors: Annotated[list[ContributorIn] | None, Stays, Field(min_length=1, max_length=100)] = None
    builds_on: Annotated[list[BaseIn] | None, Stays, Field(max_length=50)] = None


class ReviewIn(In):
    """What somebody thinks of it who had no part in it."""

    verdict: Literal["approved", "changes_asked"]
    note: Said | None = Field(default=None, description="Needed where changes are asked for.")


class ContributorOut(Out):
    """Somebody who had a part in it."""

    member: UUID
    role: str


class BaseOut(Out):
    """Something that it builds on."""

    artefact: UUID | None
    url: str | None
    title: str | None


class ArtefactOut(Out):
    """Something that was made together."""

    id: UUID
    title: str | None
    url: str | None
    licence: str | None
    description: str | None
    contributors: list[ContributorOut]
    builds_on: list[BaseOut]
    review: Review
    review_note: str | None
    reviewed_at: datetime | None
    added_at: datetime


class NodeOut(Out):
    """An artefact in the picture of all."""

    id: UUID
    title: str
    licence: str | None
    review: Review
    contributors: int | None
    """Null where fewer than `k` people had a part in it."""


class EdgeOut(Out):
    """That one builds on another."""

    source: UUID
    target: UUID


class PictureOut(Out):
    """All artefacts, and what builds on what."""

    said: str
    """The same in a sentence."""
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    k: int


def drawn(body: ArtefactIn) -> Made:
    """What is said of a new artefact."""
    contributors = [(each.member, each.role) for each in body.contributors]
    bases = [each.base for each in body.builds_on]
    return Made(body.title, body.url, body.licence, body.description, contributors, bases)


def redrawn(session: Session, artefact: Artefact, body: ArtefactChange) -> Made:
    """What is said of an artefact once it is changed."""
    changes = body.model_dump(exclude_unset=True)
    contributors = service.contributors_of(session, [artefact.id])[artefact.id]
    parts = [(str(each.member_id), each.role) for each in contributors]
    parts = [(each.member, each.role) for each in body.contributors] if body.contributors is not None else parts
    bases = service.bases_of(session, [artefact.id])[artefact.id]
    bases = [each.base for each in body.builds_on] if body.builds_on is not None else bases
    return Made(
        title=body.title or artefact.title or "",
        url=body.url or artefact.url or "",
        licence=changes.get("licence", artefact.licence),
        description=changes.get("description", artefact.description),
        contributors=parts,
        builds_on=bases,
    )


def pictured(picture: Picture) -> PictureOut:
    """The picture of all artefacts as it is shown."""
    return PictureOut(
        said=picture.said,
        nodes=[NodeOut.model_validate(node) for node in picture.nodes],
        edges=[EdgeOut(source=source, target=target) for source, target in picture.edges],
        k=USUAL_K,
    )


def one(session: Session, artefact: Artefact) -> ArtefactOut:
    """One as it is shown."""
    return shown(session, [artefact])[artefact.id]


def shown(session: Session, rows: Sequence[Artefact]) -> dict[UUID, ArtefactOut]:
    """Artefacts as they are shown, by id."""
    ids = [row.id for row in rows]
    parts, bases = service.contributors_of(session, ids), service.bases_of(session, ids)
    return {
        row.id: ArtefactOut.model_validate(
            row.model_dump()
            | {
                "contributors": [ContributorOut(member=each.member_id, role=each.role) for each in parts[row.id]],
                "builds_on": [BaseOut.model_validate(base) for base in bases[row.id]],
            }
        )
        for row in rows
    }
