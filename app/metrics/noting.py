"""What stewards are told of a period in private is found while its figures are, and kept as rows that name people.

So that whoever is erased, leaves or does not want to be counted takes the notes that name them with them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.kit.deps import Runtime
from app.kit.prepared import insert
from app.members.tables import Community, Member
from app.metrics import periods, results
from app.metrics.arrays import Flags
from app.metrics.facts import Facts
from app.metrics.periods import Window
from app.metrics.policy import Policy
from app.metrics.prompts import prompts
from app.metrics.tables import Named, Note, Published


def note(
    runtime: Runtime, community: UUID, facts: Facts, window: Window, policy: Policy, *, still: Flags, now: datetime
) -> None:
    """Keeps what there is to tell of a period that is not out yet, of those who are `still` there."""
    found = [each for each in prompts(facts, window, policy) if all(still[person] for person in each.people)]
    named = {facts.ids[person] for each in found for person in each.people}
    about = {
        "community_id": community,
        "period": periods.name_of(window),
        "starts_at": window.start,
        "ends_at": window.end,
        "policy": policy.digest,
        "facts": facts.digest,
        "made_at": now,
    }
    with runtime.writing() as session:
        # One worker at a time: what it finds there, another one left half done.
        session.exec(select(Community.id).where(Community.id == community).with_for_update(key_share=True)).one()
        if is_out(session, community, window):
            return
        here = set(not_erased(session, named))
        notes, names = list[dict[str, Any]](), list[dict[str, Any]]()
        for each in found:
            members = [facts.ids[person] for person in each.people]
            if here.issuperset(members):
                id = runtime.ids.row()
                notes.append({"id": id, "kind": each.kind, "values": results.rounded({**each.values})} | about)
                names += [{"note_id": id, "place": place, "member_id": who} for place, who in enumerate(members)]
        before = select(Note.id).where(Note.community_id == community, Note.period == about["period"])
        take_away(session, session.exec(before).all())
        insert(session, Note, *notes)
        insert(session, Named, *names)


def take_away(session: Session, notes: Collection[UUID]) -> None:
    """These notes, and whom they name."""
    session.exec(delete(Named).where(col(Named.note_id).in_(notes)))
    session.exec(delete(Note).where(col(Note.id).in_(notes)))


def is_out(session: Session, community: UUID, window: Window) -> bool:
    """Whether the figures of a period are published: what was found of single people is final then."""
    published = select(Published.id).where(
        Published.community_id == community, Published.period == periods.name_of(window)
    )
    return session.exec(published.limit(1)).first() is not None


def not_erased(session: Session, members: Collection[UUID]) -> Sequence[UUID]:
    """Of these members, held so that none is erased meanwhile, in the order of their ids."""
    those = select(Member.id).where(col(Member.id).in_(members), col(Member.erased_at).is_(None))
    return session.exec(those.order_by(col(Member.id)).with_for_update(read=True)).all()
