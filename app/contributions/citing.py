"""How a contribution is cited in what is signed: by its id and type, and by digests through which a change shows."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.contributions.reading import any_uncounted, counting, of_persons
from app.contributions.rules import Side
from app.contributions.tables import Contribution, Credit
from app.kit.journal import Event
from app.members.links import accounts_of
from app.members.tables import Member

VERSION = 2
"""Of what a digest is over: what is cited from now on names it."""
_OVER: Mapping[object, Sequence[Sequence[str]]] = {
    VERSION: [("id", "type", "loop", "source", "occurred_at", "ends_at", "evidence_digest")],
    # Badges that name no version were signed with one of these.
    None: [("id", "type", "occurred_at", "evidence_digest"), ("id", "type", "evidence_digest")],
}
DIGEST = f"SHA-256 of the canonical JSON (RFC 8785) of {', '.join(_OVER[VERSION][0])}, as first recorded"
"""What a digest is over, for people."""
_TOLD = ("contribution.recorded", "contribution.corrected")
"""The events of the journal by which there is a contribution."""


@dataclass(frozen=True)
class Tally:
    """What somebody did, counted."""

    by_type: Mapping[str, int]
    newest: Sequence[UUID]
    """Of all that was counted the newest, oldest first."""


def citing(contribution: Contribution) -> dict[str, Any]:
    """How a contribution is cited: its id and type, and a digest of what was done.

    That is the SHA-256, in hexadecimal digits, over the canonical JSON (RFC 8785) of what does not change for as long
    as it stands. Its times are those of the first report: a source that tells of it again may know of an earlier
    beginning or a later end, and that is the same contribution; what is corrected is another. Whoever is forgotten
    takes their name and their words along, titles and addresses too, and none of them may be guessed from a digest that
    others hold: so these are left out.
    """
    digest = _digest(contribution, _OVER[VERSION][0])
    return {"id": str(contribution.id), "type": contribution.type, "digest": digest, "digest_version": VERSION}


def is_still(cited: Mapping[str, Any], contribution: Contribution) -> bool:
    """Whether a contribution is what was cited, by the kind of digest with which it was."""
    return any(cited["digest"] == _digest(contribution, names) for names in _OVER.get(cited.get("digest_version"), []))


def standing(session: Session, cited: Collection[Mapping[str, Any]], *, of: UUID | None) -> set[UUID]:
    """Of what was cited as the deeds of a member, that which is what it was, was neither taken back nor corrected, and
    is theirs by all that is known today: an account that was linked to them may turn out to be another's.

    Of nobody whom the community knows, and of who had what is kept of them erased, whose it was is not asked.
    """
    by_id = {UUID(each["id"]): each for each in cited}
    in_force = (col(Contribution.retracted_at).is_(None), col(Contribution.superseded_at).is_(None))
    rows = select(Contribution).where(col(Contribution.id).in_(by_id), *in_force)
    found = {row.id for row in session.exec(rows).all() if is_still(by_id[row.id], row)}
    member = session.get(Member, of) if of is not None else None
    if not found or member is None or member.erased_at is not None:
        return found
    persons = accounts_of(session, member.community_id, [member.id])
    did = (of_persons(session, member.community_id, persons), col(Credit.side) == Side.by)
    return set(session.exec(select(Credit.contribution_id).where(col(Credit.contribution_id).in_(found), *did)).all())


def tally(
    session: Session,
    community: UUID,
    persons: Collection[UUID],
    *,
    types: Collection[str] | None,
    since: datetime | None,
    until: datetime,
    most: int,
) -> Tally:
    """What counts for the members `persons`, who are one person, from `since` on and before `until`.

    Nothing, if they do not want it counted.
    """
    if any_uncounted(session, persons):
        return Tally({}, ())
    counts = counting(session, community, persons, types, since, until, Side.by)
    its = col(Credit.contribution_id)
    by_type = sa.select(col(Credit.type), sa.func.count(sa.distinct(its))).where(*counts).group_by(col(Credit.type))
    newest = sa.select(its, sa.func.max(col(Credit.occurred_at)).label("at")).where(*counts).group_by(its)
    rows = session.execute(newest.order_by(sa.desc("at"), its.desc()).limit(most)).all()
    tallied = {type: int(count) for type, count in session.execute(by_type).all()}
    return Tally(Counter(tallied), [row[0] for row in reversed(rows)])


def cited_with_events(session: Session, community: UUID, contributions: Sequence[UUID]) -> list[dict[str, Any]]:
    """These as they are cited, each with the event by which the journal has it: its `seq`, and its `hash`."""
    rows = {row.id: row for row in session.exec(select(Contribution).where(col(Contribution.id).in_(contributions)))}
    told = events_of(session, community, contributions)
    return [citing(rows[id]) | ({"event": told[id]} if id in told else {}) for id in contributions if id in rows]


def events_of(session: Session, community: UUID, contributions: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The `seq` and `hash` of the event by which each of these was recorded."""
    chosen = (
        select(Event.subject, Event.seq, Event.hash)
        .where(col(Event.subject).in_([str(id) for id in contributions]), col(Event.type).in_(_TOLD))
        .where(Event.community == community)
    )
    return {UUID(subject): {"seq": seq, "hash": hash} for subject, seq, hash in session.exec(chosen).all()}


def _digest(contribution: Contribution, names: Sequence[str]) -> str:
    said = _said(contribution)
    text = orjson.dumps({name: said[name] for name in names}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _said(contribution: Contribution) -> dict[str, str | None]:
    begun, ended = contribution.occurred_at, contribution.ends_at
    if contribution.first_occurred_at is not None:
        begun, ended = contribution.first_occurred_at, contribution.first_ends_at
    return {
        "id": str(contribution.id),
        "type": contribution.type,
        "loop": contribution.loop,
        "source": contribution.source,
        "occurred_at": _instant(begun),
        "ends_at": _instant(ended) if ended is not None else None,
        "evidence_digest": contribution.evidence_digest,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
