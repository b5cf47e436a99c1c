"""What people of the fictional community were asked, twice and a year apart, and what they are asked now."""

from datetime import timedelta
from random import Random

from sqlmodel import select

from app.demo.people import PEOPLE
from app.demo.quarters import Calendar
from app.demo.stage import Scene, Stage
from app.surveys import polling, remarks
from app.surveys import service as surveys
from app.surveys.deadlines import close_wave, open_wave
from app.surveys.frames import Frame, shipped
from app.surveys.polling import Answer
from app.surveys.service import Plan
from app.surveys.tables import Remark

LASTED = 14
"""Days."""
LEANINGS = {"membership": (2.6, 3.2), "influence": (2.3, 2.9), "needs": (3.1, 3.2), "connection": (2.7, 3.0)}
"""About which of four options is chosen of the questions of an element, in the first wave and in the second."""
SAID = (
    ("The kettle is the best idea that we ever had.", "I would come more often if we began an hour later."),
    ("It is the same evening, and I know everybody now.", "Newcomers get a bench at once. I waited for mine."),
)
"""What was said in words in each, by those who answered first."""
ANSWERS = 0.75
"""How likely somebody answers."""


def asked(calendar: Calendar) -> list[Scene]:
    """Everything that was asked: a wave half way through the first quarter, one a year later, and one that is open."""
    lots = Random(12)  # noqa: S311  to make a story up, not to guard one
    waves = [_wave(calendar, 0.45, "How are we?", 0, lots), _wave(calendar, 4.45, "How are we, a year on?", 1, lots)]
    return [*(scene for wave in waves for scene in wave), asks(3, "ana", Frame.pulse, "And now, in a word?")]


def asks(days_ago: float, steward: str, frame: Frame, name: str) -> Scene:
    """A steward plans a wave, which opens the same day: of the survey that there is, if it was asked before."""

    def play(stage: Stage, days: float) -> None:
        on = stage.on(days, steward)
        if frame not in stage.known:
            stage.known[frame] = surveys.draw_up(stage.session, stage.community, shipped()[frame], on=on).id
        today = on.now.date()
        plan = Plan(stage.known[frame], name, today, today + timedelta(days=LASTED), None, 5, False)
        wave = stage.known["wave"] = surveys.plan(stage.session, stage.community, plan, on=on)
        open_wave(stage.session, wave, at=stage.at, on=stage.on(days))

    return Scene(days_ago, play)


def answers(days_ago: float, who: str, given: Answer) -> Scene:
    """Somebody draws a slip, and whoever has it answers."""

    def play(stage: Stage, days: float) -> None:
        wave, on = stage.known["wave"], stage.on(days)
        slip = polling.draw(stage.session, wave, stage.member(who).id, at=stage.at, on=on)
        polling.answer(stage.session, wave, slip, given, at=stage.at, on=on)

    return Scene(days_ago, play)


def is_told(days_ago: float, steward: str) -> Scene:
    """The wave closes and is counted, and a steward has what was said in words quoted."""

    def play(stage: Stage, days: float) -> None:
        wave = stage.known["wave"]
        close_wave(stage.session, wave, at=stage.at, on=stage.on(days))
        for remark in stage.session.exec(select(Remark).where(Remark.wave_id == wave.id)).all():
            remarks.quote(stage.session, stage.community, remark, None, on=stage.on(days, steward))

    return Scene(days_ago, play)


def _wave(calendar: Calendar, at: float, name: str, place: int, lots: Random) -> list[Scene]:
    """A wave that opens at a time, in quarters; what is answered is drawn by lots, and whose it was nobody knows."""
    opens = (calendar.now - calendar.when(at)) / timedelta(days=1)
    those = [who for who, person in PEOPLE.items() if person.is_there(at) and lots.random() < ANSWERS]
    words = dict(zip(those, SAID[place], strict=False))
    return [
        asks(opens, "ana", Frame.sense_of_community, name),
        *(answers(opens - lots.uniform(0.5, LASTED - 1), who, _drawn(place, words.get(who), lots)) for who in those),
        is_told(opens - LASTED, "ana"),
    ]


def _drawn(place: int, remark: str | None, lots: Random) -> Answer:
    """What somebody answers: who is at ease answers all questions a little higher."""
    ease = lots.gauss(0, 0.5)

    def drawn(about: float, most: int) -> int:
        return min(most, max(1, round(lots.gauss(about + ease, 0.6))))

    questions = shipped()[Frame.sense_of_community].questions
    chosen = {question.key: drawn(LEANINGS[question.element][place], 4) for question in questions}
    return Answer(chosen, drawn(4.6 + 0.3 * place, 6), affiliation=None, remark=remark, may_quote=remark is not None)
