"""Use-cases: members tell what they got out of it, say who may read it, and take it back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions.tables import Contribution
from app.credentials.recipients import visibility_of
from app.credentials.rules import SIGNED, Visibility
from app.credentials.tables import Credential, Recipient
from app.kit import journal
from app.kit.errors import FieldError, Forbidden, Invalid, NotFound, Unprocessable
from app.kit.occasions import Occasion
from app.members.rules import Onlooker
from app.members.tables import Community, Member
from app.stories.chains import behind
from app.stories.lines import grounded, lines, links_of
from app.stories.rules import FIELDS, REALISED, Audience, Consent, Links, Told, flaws
from app.stories.tables import Story, StoryLink


class NoSuchStory(NotFound):
    """There is no such story here, or none that you may read."""

    code = "no-such-story"
    fix = "GET …/stories lists those that you may read."


class StoryUngrounded(Unprocessable):
    """A story of realised value leads back to something that somebody did."""

    code = "story-ungrounded"
    fix = "Link a contribution, or a story that leads to one: a difference is told with what made it."


class StoriesInCircle(Unprocessable):
    """By these links the story would go on from itself."""

    code = "stories-in-a-circle"
    fix = "Leave out the story that goes on from this one."


class StoryOfMinor(Forbidden):
    """What a minor tells has no public page."""

    code = "story-of-a-minor"
    fix = "Choose the community or its stewards as the audience."


def tell(
    session: Session,
    community: Community,
    author: UUID,
    told: Told,
    consent: Consent,
    *,
    mine: sa.ColumnElement[bool],
    on: Occasion,
) -> Story:
    """A new story; it goes on from what everybody here may read, and from `mine`, which its author is told are theirs.

    Raises `Invalid`, `StoryUngrounded`, `StoriesInCircle`, `StoryOfMinor`.
    """
    _check_audience(session, author, consent)
    story = Story(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=community.id,
        author_id=author,
        cycles=_written(told),
        title=told.title,
        told_at=on.now,
        consented_at=on.now,
        **_said(told),
        **_consented(consent),
    )
    _check(session, story, told, Links(), mine)
    session.add(story)
    session.flush()
    _link(session, story, told)
    _record(session, story, "told", on=on, cycles=story.cycles)
    return story


def change(session: Session, story: Story, told: Told, *, mine: sa.ColumnElement[bool], on: Occasion) -> None:
    """Says a story otherwise; who may read it stays. `own` gave the row; `mine` is as in `tell`. Raises `Invalid`,
    `StoryUngrounded`, `StoriesInCircle`."""
    _check(session, story, told, links_of(session, [story.id])[story.id], mine)
    story.title, story.cycles, story.changed_at = told.title, _written(told), on.now
    for name, words in _said(told).items():
        setattr(story, name, words)
    session.exec(delete(StoryLink).where(col(StoryLink.story_id) == story.id))
    _link(session, story, told)
    _record(session, story, "changed", on=on, cycles=story.cycles)


def consent(session: Session, story: Story, wanted: Consent, *, on: Occasion) -> None:
    """From now on so many may read it, and no others. `own` gave the row. Raises `StoryOfMinor`."""
    _check_audience(session, story.author_id, wanted)
    for name, value in _consented(wanted).items():
        setattr(story, name, value)
    story.consented_at = on.now
    _record(session, story, "consent_changed", on=on, audience=wanted.audience.value, named=wanted.named)


def withdraw(session: Session, story: Story, *, on: Occasion) -> None:
    """Takes a story back for good, with all its words. `own` gave the row."""
    story.title = None
    for name in FIELDS:
        setattr(story, name, None)
    story.withdrawn_at, story.may_quote, story.audience = on.now, False, Audience.stewards
    session.exec(delete(StoryLink).where(col(StoryLink.story_id) == story.id))
    _record(session, story, "withdrawn", on=on)


def stories(community: Community, viewer: Onlooker, mine: sa.ColumnElement[bool]) -> SelectOfScalar[Story]:
    """Those that somebody may read; `mine` are those that they are told are theirs."""
    wanted = [Audience.public]
    wanted += [Audience.community] if viewer.fellow or viewer.steward else []
    wanted += [Audience.stewards] if viewer.steward else []
    readable = or_(col(Story.audience).in_(wanted), mine)
    return select(Story).where(Story.community_id == community.id, col(Story.withdrawn_at).is_(None), readable)


def story_by_id(
    session: Session, community: Community, id: UUID, viewer: Onlooker, mine: sa.ColumnElement[bool]
) -> Story:
    """One that somebody may read. Raises `NoSuchStory`."""
    found = session.exec(stories(community, viewer, mine).where(Story.id == id)).one_or_none()
    if found is None:
        raise NoSuchStory(f"You may read no story {id} here.")
    return found


def own(session: Session, community: Community, id: UUID, author: UUID) -> Story:
    """One's own, with nobody else changing it. Raises `NoSuchStory`."""
    chosen = select(Story).where(
        Story.id == id,
        Story.community_id == community.id,
        Story.author_id == author,
        col(Story.withdrawn_at).is_(None),
    )
    locked = chosen.with_for_update(key_share=True)  # others may link it meanwhile
    found = session.exec(locked.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchStory(f"You have told no story {id} here.")
    return found


def _check(session: Session, story: Story, told: Told, before: Links, mine: sa.ColumnElement[bool]) -> None:
    """Whether a story may say this and name that, of which it named some `before`. Raises `Invalid`."""
    found = flaws(told)
    if found:
        raise Invalid(errors=[FieldError(pointer=pointer, message=reason) for pointer, reason in found])
    _check_links(session, story, told.links, before, mine)


def _link(session: Session, story: Story, told: Told) -> None:
    """Writes what a story is about, and then whether it may be. Raises `StoriesInCircle`, `StoryUngrounded`.

    In this order: who writes waits for rows before they take the journal, and of two that link each other the one that
    takes it later sees the links of the other.
    """
    session.add_all(_links(story, told.links))
    session.flush()
    journal.hold(session, story.community_id)
    leads_to, named = lines(session, select(Story.id).where(Story.id == story.id))
    if story.id in behind(told.links.stories, leads_to):
        raise StoriesInCircle("One of the stories that it names goes on from it.")
    if REALISED in told.cycles and story.id not in grounded(leads_to, named):
        raise StoryUngrounded("Neither it nor what it goes on from names a contribution.")


def _check_links(session: Session, story: Story, links: Links, before: Links, mine: sa.ColumnElement[bool]) -> None:
    """Each of what it names is there, and the author's to name, or was when it was named. Raises `Invalid`.

    Of stories for stewards only `mine`: that one can be named would tell whose it is.
    """
    there = select(Contribution.id).where(
        col(Contribution.id).in_(links.contributions),
        Contribution.community_id == story.community_id,
        col(Contribution.retracted_at).is_(None),
    )
    known = {*before.contributions, *before.credentials, *before.stories, *session.exec(there).all()}
    known |= {id for id in links.credentials if _may_name(session, story, id)}
    readable = or_(col(Story.audience) != Audience.stewards, mine)
    others = select(Story.id).where(
        col(Story.id).in_(links.stories),
        Story.community_id == story.community_id,
        col(Story.withdrawn_at).is_(None),
        readable,
    )
    known |= set(session.exec(others).all())
    errors = [
        FieldError(pointer=f"/links/{kind}/{n}", message="there is none that you can name")
        for kind in ("contributions", "credentials", "stories")
        for n, id in enumerate(getattr(links, kind))
        if id not in known
    ]
    if errors:
        raise Invalid(errors=errors)


def _may_name(session: Session, story: Story, id: UUID) -> bool:
    """Whether this is a badge of theirs, or one that everyone sees."""
    credential = session.get(Credential, id)
    if credential is None or credential.community_id != story.community_id or credential.state not in SIGNED:
        return False
    recipient = session.get_one(Recipient, credential.recipient_id)
    return recipient.member_id == story.author_id or visibility_of(session, credential) is Visibility.public


def _check_audience(session: Session, author: UUID, wanted: Consent) -> None:
    if wanted.audience is Audience.public and session.get_one(Member, author).minor:
        raise StoryOfMinor("Its author is not of age.")


def _consented(consent: Consent) -> dict[str, Any]:
    return {"audience": consent.audience, "may_quote": consent.may_quote, "named": consent.named}


def _said(told: Told) -> dict[str, Any]:
    return {name: told.said.get(name) for name in FIELDS}


def _written(told: Told) -> str:
    return "".join(str(cycle) for cycle in sorted(told.cycles))


def _links(story: Story, links: Links) -> list[StoryLink]:
    named = [{"contribution_id": id} for id in links.contributions]
    named += [{"credential_id": id} for id in links.credentials]
    named += [{"to_story_id": id} for id in links.stories]
    return [StoryLink(story_id=story.id, position=n, **one) for n, one in enumerate(named)]


def _record(session: Session, story: Story, happened: str, *, on: Occasion, **said: journal.Datum) -> None:
    """Of a story that does not name its author the journal does not either."""
    story.version += happened != "told"
    session.add(story)
    session.flush()
    by = on if story.named else replace(on, actor="somebody")
    by.record(session, story.community_id, f"story.{happened}", story.id, said)
