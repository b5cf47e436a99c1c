"""Value stories as they are written at the door and shown to those who may read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field, Strict, StringConstraints, model_validator
from sqlmodel import Session, col, select

from app.credentials.recipients import public_among
from app.kit.schemas import Id, In, Name, Out, Stays, Text
from app.members.auth import Caller, is_alone, onlooker
from app.members.rules import Onlooker
from app.members.tables import Community, Member
from app.stories import service
from app.stories.lines import grounded, lines, links_of
from app.stories.matrix import Matrix
from app.stories.rules import CYCLES, FIELDS, Audience, Consent, Links, Told
from app.stories.tables import Story

Said = Annotated[Text, StringConstraints(min_length=1)]
Cycle = Annotated[int, Field(ge=1, le=5)]
Ids = Annotated[list[Id], Field(max_length=50)]


class LinksIn(In):
    """What a story is about."""

    contributions: Ids = Field(default=[], description="What was done.")
    credentials: Ids = Field(default=[], description="Badges of yours, or public ones.")
    stories: Ids = Field(default=[], description="The stories that it goes on from.")

    @model_validator(mode="after")
    def _once(self) -> "LinksIn":
        for named in (self.contributions, self.credentials, self.stories):
            if len(set(named)) < len(named):
                raise ValueError("each is named once")
        return self

    @property
    def links(self) -> Links:
        return Links(tuple(self.contributions), tuple(self.credentials), tuple(self.stories))


class ConsentIn(In):
    """Who may read a story. It is taken back by saying it anew."""

    audience: Annotated[Audience, Strict(False)]
    may_quote: bool = Field(description="Whether reports may quote it, to those who may read it.")
    named: bool = Field(description="Whether readers see that it is yours.")

    @property
    def consent(self) -> Consent:
        return Consent(self.audience, self.may_quote, self.named)


class StoryIn(In):
    """A value story. At least one of its fields is said; in cycle 3 where it was applied."""

    title: Name
    cycles: list[Cycle] = Field(min_length=1, max_length=5, description="Of value creation (Wenger-Trayner), 1 to 5.")
    what_happened: Said | None = Field(default=None, description=CYCLES[1])
    what_i_got: Said | None = Field(default=None, description=CYCLES[2])
    applied_where: Said | None = Field(default=None, description=f"{CYCLES[3]} Needed in cycle 3.")
    difference: Said | None = Field(default=None, description=CYCLES[4])
    reframed_what: Said | None = Field(default=None, description=CYCLES[5])
    strategic: Said | None = Field(default=None, description="How well one talks with those on whom it depends.")
    enabling: Said | None = Field(default=None, description="How well it is supported.")
    links: LinksIn = LinksIn()
    consent: ConsentIn = Field(description="Nobody reads it whom you do not say.")

    @property
    def told(self) -> Told:
        said = {name: getattr(self, name) for name in FIELDS}
        return Told(self.title, tuple(sorted(set(self.cycles))), said, self.links.links)


class StoryChange(In):
    """What is to be said otherwise; what is left out stays, and null takes away."""

    title: Annotated[Name | None, Stays] = None
    cycles: Annotated[list[Cycle] | None, Stays, Field(min_length=1, max_length=5)] = None
    what_happened: Said | None = None
    what_i_got: Said | None = None
    applied_where: Said | None = None
    difference: Said | None = None
    reframed_what: Said | None = None
    strategic: Said | None = None
    enabling: Said | None = None
    links: Annotated[LinksIn | None, Stays] = None


class AuthorOut(Out):
    """Whose a story is."""

    member: UUID
    name: str


class LinksOut(Out):
    """What it is about, as far as the viewer may see that."""

    contributions: list[UUID]
    credentials: list[UUID]
    stories: list[UUID]


class StoryOut(Out):
    """A value story."""

    id: UUID
    title: str
    cycles: list[int]
    what_happened: str | None
    what_i_got: str | None
    applied_where: str | None
    difference: str | None
    reframed_what: str | None
    strategic: str | None
    enabling: str | None
    author: AuthorOut | None
    """Null where it does not say whose it is; its author sees it, but with no token that another made for them."""
    audience: Audience
    may_quote: bool
    named: bool
    grounded: bool
    """Whether it leads to a contribution, itself or through what it goes on from: else it counts in no cycle 4."""
    links: LinksOut
    told_at: datetime
    changed_at: datetime | None


class CellOut(Out):
    """A cycle of value creation, and its stories."""

    cycle: int
    question: str
    count: int | None
    """At least so many, of a chain of stories one: the multiple of `k` below, so that nobody sees a single one come or
    go. Null where they are fewer, or fewer than `k` people told them, or there are none: which of these is not told."""
    suppressed: bool
    stories: list[UUID]
    """The newest of those that you may read."""


class MatrixOut(Out):
    """Value, by cycle."""

    cells: list[CellOut]
    counted_until: datetime
    """What was told since is counted from the next month on."""
    not_counted: int
    """At least so many people told stories and do not want to be counted: the multiple of `k` below."""
    k: int


def redrawn(session: Session, story: Story, body: StoryChange) -> Told:
    """What a story says once it is changed."""
    changes = body.model_dump(exclude_unset=True)
    said = {name: changes.get(name, getattr(story, name)) for name in FIELDS}
    links = body.links.links if body.links is not None else links_of(session, [story.id])[story.id]
    cycles = body.cycles or [int(cycle) for cycle in story.cycles]
    return Told(body.title or story.title or "", tuple(sorted(set(cycles))), said, links)


def shown(session: Session, community: Community, rows: Sequence[Story], caller: Caller | None) -> dict[UUID, StoryOut]:
    """Stories as somebody may read them, by id."""
    if not rows:
        return {}
    ids = [row.id for row in rows]
    real = grounded(*lines(session, select(Story.id).where(col(Story.id).in_(ids))))
    links = links_of(session, ids)
    viewer, its_own = viewer_of(caller, community)
    linked = [id for each in links.values() for id in each.stories]
    readable = service.stories(community, viewer, its_own).where(col(Story.id).in_(linked))
    may_read = set(session.execute(readable.with_only_columns(col(Story.id))).scalars())
    public = public_among(session, {id for each in links.values() for id in each.credentials})
    names = _names(session, [row.author_id for row in rows])
    found = {}
    for row in rows:
        mine = is_alone(caller, row.author_id)
        tells = mine or row.named
        inside = viewer.fellow or viewer.steward
        about = _about(links[row.id], may_read, public, mine=mine, tells=tells, inside=inside)
        author = AuthorOut(member=row.author_id, name=names[row.author_id]) if tells else None
        said = {name: getattr(row, name) for name in StoryOut.model_fields if hasattr(row, name)}
        said |= {"author": author, "links": about, "grounded": row.id in real}
        found[row.id] = StoryOut(**said | {"cycles": [int(cycle) for cycle in row.cycles]})
    return found


def matrix_shown(matrix: Matrix) -> MatrixOut:
    """The matrix as somebody may see it."""
    cells = [
        CellOut(
            cycle=cell.cycle,
            question=CYCLES[cell.cycle],
            count=cell.count,
            suppressed=cell.count is None,
            stories=list(cell.readable),
        )
        for cell in matrix.cells
    ]
    return MatrixOut(cells=cells, counted_until=matrix.counted_until, not_counted=matrix.not_counted, k=matrix.k)


def viewer_of(caller: Caller | None, community: Community) -> tuple[Onlooker, sa.ColumnElement[bool]]:
    """What the caller is here, and which stories they are told are theirs: with a token that another made, those that
    say whose they are."""
    viewer = onlooker(caller, None, community.id)
    if caller is None or caller.member is None or not caller.within(community.id):
        return viewer, sa.false()
    mine = col(Story.author_id) == caller.member
    return viewer, sa.and_(mine, col(Story.named)) if caller.borrowed else mine


def _names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    return dict(session.exec(select(Member.id, Member.name).where(col(Member.id).in_(ids))).all())


def _about(links: Links, readable: set[UUID], public: set[UUID], *, mine: bool, tells: bool, inside: bool) -> LinksOut:
    """By what was done, and by badges, readers would know whose a story is that does not say so."""
    credentials = [id for id in links.credentials if mine or (tells and id in public)]
    return LinksOut(
        contributions=list(links.contributions) if tells and inside else [],
        credentials=credentials,
        stories=[id for id in links.stories if id in readable],
    )
