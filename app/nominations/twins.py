"""One open nomination of the same people for the same: a constraint, not a check."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from app.kit.prepared import insert_if_absent
from app.members.addresses import valid_keys
from app.nominations.casefile import Case
from app.nominations.nominees import keys_of
from app.nominations.rules import period_of
from app.nominations.tables import OpenKey


def take_keys(case: Case, *, since: datetime) -> UUID | None:
    """Claims that this is the one open nomination of these people for this; the one there is already, if there is.

    `since` is when it was submitted, for what can be earned once in a period. A self-nomination has a key of its own:
    it must not tell the nominee that somebody else was at it.
    """
    nomination, period = case.nomination, period_of(case.policy, since)
    keys = []
    for nominee in case.nominees:
        person = case.people.get(nominee.member_id) if nominee.member_id is not None else None
        own = ":self" if person is not None and person.identity == case.nominator.identity else ""
        addresses = valid_keys(case.session, person.id) if person is not None else frozenset()
        known = addresses.union(keys_of(nominee, person))
        keys += [f"{nomination.achievement_id}:{each}:{period}{own}" for each in known]
    for key in sorted(keys):  # in one order: of two teams with the same people neither waits for the other for ever
        if not insert_if_absent(case.session, OpenKey(key=key, nomination_id=nomination.id)):
            return case.session.exec(select(OpenKey.nomination_id).where(OpenKey.key == key)).one()
    return None
