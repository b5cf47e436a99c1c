"""Use-cases: who would come to a community that is only potential. Each confirms it by a letter; their number is told.

An address is kept sealed for the letters that are due, and by a keyed hash until the community has been at work for
half a year.
"""

from collections import Counter
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit import rates
from app.kit.errors import Conflict, Gone, NotFound, TooMany
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.kit.suppression import USUAL_K, at_least
from app.members.communities.tables import Interest
from app.members.letters import Letter
from app.members.phases import PURGED_AFTER, LetterKind, Phase, present
from app.members.rules import digest
from app.members.tables import Community

ASKED_FOR = timedelta(days=3)
"""How long a letter waits for an answer; unanswered, it is as if nobody had said anything."""
MOST_A_DAY = 500
"""Letters of one community within a day, whoever has them sent: it fills nobody's mailbox."""
_DAY = timedelta(days=1)


class NotPotential(Conflict):
    """This community is not, or no longer, one that people can say they would come to."""

    code = "community-not-potential"
    fix = "Where it has begun, ask its stewards to add you; GET /v1/communities/{c} says how they are reached."


class NoSuchInterest(NotFound):
    """Nothing is kept under this link."""

    code = "no-such-interest"
    fix = "Open the link exactly as it stands in the letter. What was taken back or is long over is forgotten."


class InterestOver(Gone):
    """This letter waited three days for its answer."""

    code = "interest-over"
    fix = "Say once more that you would come: another letter is sent."


class TooManyInterested(TooMany):
    """More people said that they would come here than are written to within a day."""

    code = "too-many-interested"
    fix = "Try again tomorrow."


def register(session: Session, community: Community, email: str, *, at: Installation, on: Occasion) -> None:
    """Somebody would come; `email` is canonical. They are asked by a letter whether it was them.

    The same for every address: nobody learns here who said so before. Raises `NotPotential`, `TooManyInterested`.
    """
    if present(community.phase, community.ends_at, now=on.now) is not Phase.potential:
        raise NotPotential(f"{community.slug} is {present(community.phase, community.ends_at, now=on.now)}.")
    asked = select(Interest.at).where(Interest.community_id == community.id, col(Interest.at) > on.now - _DAY)
    recent = session.exec(asked.order_by(col(Interest.at).desc()).limit(MOST_A_DAY)).all()
    if wait := rates.wait(recent, most=MOST_A_DAY, within=_DAY, now=on.now):
        raise TooManyInterested(f"At most {MOST_A_DAY}.", retry_after=wait)
    key = at.vault.fingerprint(email, bound_to=f"interest/{community.id}")
    known = session.exec(_keyed(community, key).with_for_update()).one_or_none()
    if known is None:
        new = _asked(
            Interest(id=on.ids.row(), community_id=community.id, key=key, at=on.now, digest=""), email, at=at, on=on
        )
        if not insert_if_absent(session, new):
            return  # the same person, at the same time
        known = new
    elif known.confirmed_at is None and _is_over(known, on.now):
        session.add(_asked(known, email, at=at, on=on))
    else:
        return
    session.flush()
    on.record(session, community.id, "interest.asked", known.id)


def behind(session: Session, secret: str, *, on: Occasion, lock: bool = False) -> Interest:
    """What a link is about. Raises `NoSuchInterest`, `InterestOver`."""
    chosen = select(Interest).where(Interest.digest == digest(secret))
    found = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchInterest("No letter that is still waited for has this link.")
    if found.confirmed_at is None and _is_over(found, on.now):
        raise InterestOver(f"It was sent on {found.at:%Y-%m-%d}.")
    return found


def confirm(session: Session, secret: str, *, on: Occasion) -> Interest:
    """It was them: from now on they are counted. Raises `NoSuchInterest`, `InterestOver`, `NotPotential`."""
    found = behind(session, secret, on=on, lock=True)
    community = session.get_one(Community, found.community_id)
    if present(community.phase, community.ends_at, now=on.now) is not Phase.potential:
        raise NotPotential(f"{community.slug} has begun, or ended, since.")
    if found.confirmed_at is None:
        found.confirmed_at = on.now
        session.add(found)
        session.flush()
        on.record(session, community.id, "interest.confirmed", found.id)
    return found


def take_back(session: Session, secret: str, *, on: Occasion) -> Interest:
    """They would not come: nothing is kept of it. Raises `NoSuchInterest`, `InterestOver`."""
    found = behind(session, secret, on=on, lock=True)
    session.delete(found)
    session.flush()
    on.record(session, found.community_id, "interest.taken_back", found.id)
    return found


def confirmed(session: Session, community: Community) -> int | None:
    """How many would come at least: the multiple of k below, since anybody may look after each who says so. None while
    they are fewer than k."""
    those = (Interest.community_id == community.id, col(Interest.confirmed_at).is_not(None))
    counted = select(func.count()).select_from(Interest).where(*those)
    return at_least(session.exec(counted).one(), k=USUAL_K) or None


def tell(session: Session, community: Community) -> int:
    """Has those who confirmed told that it has begun, and forgets the others; how many are told."""
    mine = col(Interest.community_id) == community.id
    session.exec(delete(Interest).where(mine, col(Interest.confirmed_at).is_(None)))
    told = sa.update(Interest).where(mine).values(letter=LetterKind.launched)
    return len(session.execute(told.returning(col(Interest.id))).all())


def forget(session: Session, *, on: Occasion) -> int:
    """Forgets letters that were not answered, and whoever a community has known of for long enough; how many."""
    over = sa.or_(
        col(Community.launched_at) <= on.now - PURGED_AFTER, col(Community.archived_at) <= on.now - PURGED_AFTER
    )
    long_known = col(Interest.community_id).in_(select(Community.id).where(over))
    unanswered = sa.and_(col(Interest.confirmed_at).is_(None), col(Interest.at) <= on.now - ASKED_FOR)
    gone = delete(Interest).where(sa.or_(long_known, unanswered)).returning(col(Interest.community_id))
    counts = Counter(session.execute(gone).scalars().all())
    for community in sorted(counts):
        on.record(session, community, "interest.forgotten", community, {"count": counts[community]})
    return sum(counts.values())


def letters_due(session: Session, *, limit: int) -> list[Interest]:
    """Those who have a letter to get."""
    waiting = select(Interest).where(col(Interest.letter).is_not(None)).order_by(col(Interest.id))
    return list(session.exec(waiting.limit(limit).with_for_update(skip_locked=True)).all())


def letter_of(row: Interest, *, at: Installation) -> Letter:
    """What is to be written. Only of one whose letter is due."""
    return Letter.opened(row.sealed, at.vault, bound_to=_purpose(row))


def letter_sent(session: Session, row: Interest, *, at: Installation) -> None:
    """Forgets what is in the letter alone from now on: the link, and after the last one the address."""
    last = row.letter is LetterKind.launched
    kept = Letter(letter_of(row, at=at).to, None)
    row.sealed = None if last else kept.sealed(at.vault, bound_to=_purpose(row))
    row.letter = None
    session.add(row)


def _keyed(community: Community, key: str) -> SelectOfScalar[Interest]:
    return select(Interest).where(Interest.community_id == community.id, Interest.key == key)


def _asked(row: Interest, email: str, *, at: Installation, on: Occasion) -> Interest:
    secret = on.ids.secret()
    row.at, row.digest, row.letter = on.now, digest(secret), LetterKind.asking
    row.sealed = Letter(email, secret).sealed(at.vault, bound_to=_purpose(row))
    return row


def _is_over(row: Interest, now: datetime) -> bool:
    return row.at + ASKED_FOR <= now


def _purpose(row: Interest) -> str:
    return f"interest/{row.id}"
