"""Use-cases: what came of a conversation in a small group is put down, without names."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import FieldError, Invalid, NotFound
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.nominations.linting import lint
from app.surveys.tables import Note


class Method(StrEnum):
    """How people were listened to."""

    focus_group = "focus_group"
    interviews = "interviews"
    workshop = "workshop"
    observation = "observation"
    other = "other"


class NoSuchNote(NotFound):
    """There is no such note in this community."""

    code = "no-such-note"
    fix = "GET …/qualitative-notes lists them."


@dataclass(frozen=True)
class Heard:
    """What came of it."""

    method: Method
    held_on: date
    n: int
    themes: tuple[str, ...]
    summary: str | None


def notes(community: Community) -> SelectOfScalar[Note]:
    """Those of a community."""
    return select(Note).where(Note.community_id == community.id)


def note_by_id(session: Session, community: Community, id: UUID) -> Note:
    """Raises `NoSuchNote`."""
    found = session.exec(notes(community).where(Note.id == id)).one_or_none()
    if found is None:
        raise NoSuchNote(f"{community.slug} has no note {id}.")
    return found


def put_down(session: Session, community: Community, heard: Heard, *, on: Occasion) -> Note:
    """A new note. Raises `Invalid` where it says how somebody can be reached, or is of a day still to come."""
    texts = {f"/themes/{place}": theme for place, theme in enumerate(heard.themes)}
    found = [(hint.pointer, hint.message) for hint in lint(texts | {"/summary": heard.summary or ""})]
    if heard.held_on > on.now.date():
        found.append(("/held_on", "is still to come"))
    if found:
        raise Invalid(errors=[FieldError(pointer=pointer, message=why) for pointer, why in found])
    note = Note(
        id=on.ids.row(),
        community_id=community.id,
        method=heard.method.value,
        held_on=heard.held_on,
        n=heard.n,
        themes=list(heard.themes),
        summary=heard.summary,
    )
    session.add(note)
    session.flush()
    on.record(session, community.id, "note.put_down", note.id, {"n": note.n})
    return note


def take_back(session: Session, community: Community, note: Note, *, on: Occasion) -> None:
    """Takes a note away."""
    session.delete(note)
    session.flush()
    on.record(session, community.id, "note.taken_back", note.id)
