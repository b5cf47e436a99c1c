"""Who hears that the community asks something: whoever may answer, all of them in the same words; and that it has been
counted: everybody.

Nobody looks at who has drawn a slip: who hears of it, when, and what they are told tells nothing of that.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from app.kit.ids import id_in
from app.kit.journal import Event
from app.members.tables import Community, Member
from app.notifications.hearing import Telling, Topic, Words
from app.surveys.service import asked_in
from app.surveys.tables import Invited, Wave, WaveState
from app.surveys.views import page_of

_DAY = timedelta(days=1)


def _asked(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    """Those who may answer, while it is open."""
    invited = select(Invited.member_id).where(Invited.wave_id == id_in(event.subject))
    return session.exec(invited.order_by(col(Invited.place))).all()


def _said(session: Session, event: Event, telling: Telling) -> Words | None:
    wave = _wave(session, event)
    if wave is None or wave.state is not WaveState.open or telling.now.date() >= wave.closes_on:
        return None
    asked = select(Invited.place).where(Invited.wave_id == wave.id, Invited.member_id == telling.hearer.member_id)
    if session.exec(asked).first() is None:
        return None
    community = session.get_one(Community, event.community)
    count = len(asked_in(session, wave).questions)
    questions = "one question" if count == 1 else f"{count} questions"
    until = _on(wave.closes_on - _DAY)
    link = page_of(wave.id, telling.public_url)
    if event.type == "wave.reminded":
        text = f"{community.name} still asks “{wave.name}” ({questions}), until {until}."
        return Words(f"{text} Everybody is told this alike: nobody knows who has answered.", link)
    text = f"{community.name} asks you “{wave.name}” ({questions}), until {until}."
    return Words(f"{text} Nobody can find out who answered what.", link)


def _everybody(session: Session, event: Event, part: str, now: datetime) -> Iterable[UUID]:
    here = select(Member.id).where(Member.community_id == event.community, col(Member.left_at).is_(None))
    return session.exec(here.order_by(col(Member.id))).all()


def _said_of_results(session: Session, event: Event, telling: Telling) -> Words | None:
    wave = _wave(session, event)
    if wave is None or wave.state is not WaveState.closed:
        return None
    community = session.get_one(Community, event.community)
    text = f"What {community.name} said to “{wave.name}” has been counted, and can be seen."
    return Words(text, page_of(wave.id, telling.public_url))


def _on(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _wave(session: Session, event: Event) -> Wave | None:
    id = id_in(event.subject)
    return session.get(Wave, id) if id else None


_ASKING = Topic(_asked, _said)

TOPICS: Mapping[str, Topic] = {
    "wave.opened": _ASKING,
    "wave.reminded": _ASKING,
    "wave.closed": Topic(_everybody, _said_of_results),
}
