"""What people of the fictional community were asked, what twelve of them answered, and what they are asked now."""

from datetime import timedelta

from sqlmodel import select

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


def asks(days_ago: float, steward: str, frame: Frame, name: str) -> Scene:
    """A steward plans a wave, which opens the same day."""

    def play(stage: Stage, days: float) -> None:
        on = stage.on(days, steward)
        survey = surveys.draw_up(stage.session, stage.community, shipped()[frame], on=on)
        today = on.now.date()
        plan = Plan(survey.id, name, today, today + timedelta(days=LASTED), None, 5, False)
        wave = stage.known["wave"] = surveys.plan(stage.session, stage.community, plan, on=on)
        open_wave(stage.session, wave, at=stage.at, on=stage.on(days))

    return Scene(days_ago, play)


def answers(days_ago: float, who: str, options: str, importance: int, remark: str | None = None) -> Scene:
    """Somebody draws a slip, and whoever has it answers: an option for each question, in their order."""

    def play(stage: Stage, days: float) -> None:
        wave, on = stage.known["wave"], stage.on(days)
        slip = polling.draw(stage.session, wave, stage.member(who).id, at=stage.at, on=on)
        keys = [question.key for question in shipped()[Frame.sense_of_community].questions]
        chosen = dict(zip(keys, map(int, options), strict=True))
        given = Answer(chosen, importance, affiliation=None, remark=remark, may_quote=remark is not None)
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


ASKED = [
    asks(70, "ana", Frame.sense_of_community, "How are we?"),
    answers(69, "bo", "434334434344", 5),
    answers(68.5, "chidi", "433234343343", 5),
    answers(68, "dilan", "444444444444", 6, "The kettle is the best idea that we ever had."),
    answers(66, "finn", "434343433343", 5),
    answers(65, "gwen", "323223332232", 4),
    answers(64, "hana", "443344434443", 6),
    answers(63, "ivo", "332232333323", 4),
    answers(61, "kofi", "434333443344", 5, "I would come more often if we began an hour later."),
    answers(60, "lale", "443434344434", 6),
    answers(59, "mika", "322122232122", 3),
    answers(58, "nuno", "433333434333", 5),
    answers(57, "oya", "334243443234", 5),
    is_told(70 - LASTED, "ana"),
    asks(3, "ana", Frame.pulse, "And now, in a word?"),
]
"""Four of the sixteen did not answer; nobody knows which, and this file is the one place that says who said what."""
