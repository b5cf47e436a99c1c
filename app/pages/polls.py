"""What the pages of a survey's wave show: how to take part, what is asked, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from app.kit.errors import AppError, FieldError, Forbidden, Invalid, Unauthenticated
from app.members.auth import AnotherCommunity, AnothersToken
from app.members.tables import Community
from app.pages.stated import day
from app.surveys.polling import NoSuchSlip, NotInvited, SlipDrawn, SlipSpent, WaveNotOpen
from app.surveys.rules import ELSEWHERE, Instrument
from app.surveys.service import NotCounted, asked_in
from app.surveys.tables import Wave, WaveState
from app.surveys.views import AnswerIn

ANSWER = "answer."
"""What the names of the fields begin with that hold what was chosen, before the key of a question."""
_DAY = timedelta(days=1)
_LARGEST = 3
"""Digits of a number of an option."""


@dataclass(frozen=True)
class Sent:
    """What the fields of the form held."""

    slip: str
    answers: Mapping[str, int] = field(default_factory=dict)
    importance: int | None = None
    affiliation: str | None = None
    remark: str = ""
    may_quote: bool = False

    def body(self) -> AnswerIn:
        """The same as a program would send it. Raises `ValidationError`."""
        remark = {"text": self.remark, "may_quote": self.may_quote} if self.remark.strip() else None
        return AnswerIn.model_validate(
            {
                "slip": self.slip,
                "answers": self.answers,
                "importance": self.importance,
                "affiliation": self.affiliation,
                "remark": remark,
            }
        )


def sent(slip: str, fields: Sequence[tuple[str, str]]) -> Sent:
    """What a form says in its fields; what is empty was left out."""
    given = {name: value for name, value in fields if value}
    return Sent(
        slip=slip,
        answers={
            name.removeprefix(ANSWER): number
            for name, value in given.items()
            if name.startswith(ANSWER) and (number := _number(value)) is not None
        },
        importance=_number(given.get("importance", "")),
        affiliation=given.get("affiliation"),
        remark=given.get("remark", "").replace("\r\n", "\n"),
        may_quote="may_quote" in given,
    )


def front(session: Session, wave: Wave, today: date, *, wrong: str | None = None, slip: str = "") -> dict[str, Any]:
    """How to take part, and what was wrong so far. Everybody may see it, so of what is asked no more than what it is
    called."""
    return {
        "wrong": wrong,
        "slip": slip,
        "community": session.get_one(Community, wave.community_id),
        "name": wave.name,
        "survey": asked_in(session, wave).name,
        "state": _state(wave, today),
        "opens": day(wave.opens_on),
        "until": day(wave.closes_on - _DAY),
        "closes": day(wave.closes_on),
        "here": f"/waves/{wave.id}",
    }


def asking(
    session: Session, wave: Wave, instrument: Instrument, given: Sent, *, wrong: Sequence[str] = (), drawn: bool = False
) -> dict[str, Any]:
    """What is asked, as it was answered so far, with what is wrong with that; `drawn` is a slip to be shown once."""
    return {
        "community": session.get_one(Community, wave.community_id),
        "name": wave.name,
        "survey": instrument.name,
        "instrument": instrument,
        "options": list(enumerate(instrument.options, start=1)),
        "importances": list(enumerate(instrument.importance.options, start=1)) if instrument.importance else [],
        "affiliations": [(name, _ELSEWHERE if name == ELSEWHERE else name) for name in wave.affiliations],
        "k": wave.k,
        "given": given,
        "wrong": list(dict.fromkeys(wrong)),
        "drawn": drawn,
        "prefix": ANSWER,
        "until": day(wave.closes_on - _DAY),
        "closes": day(wave.closes_on),
        "here": f"/waves/{wave.id}",
    }


def told(errors: Sequence[FieldError]) -> list[str]:
    """What is wrong with an answer, for people."""
    return [_WRONG.get(error.get("pointer", ""), _OTHERWISE) for error in errors]


def told_of(refused: ValidationError) -> list[str]:
    """The same of what no answer can look like."""
    return [_WRONG.get(f"/{error['loc'][0]}", _OTHERWISE) for error in refused.errors()]


def refusal(refused: AppError) -> str:
    """Why somebody could not take part, for people."""
    return next(words for kind, words in _REFUSED.items() if isinstance(refused, kind))


_REFUSED: Mapping[type[AppError], str] = {
    WaveNotOpen: "Nothing was taken: this survey is not open for answers.",
    NotInvited: "Who was a member when it opened may answer, and you joined later. The next survey asks you, too.",
    SlipDrawn: "You have drawn your slip. Use that one: nobody can find it again, since nothing was kept of it.",
    NoSuchSlip: "This is no slip of this survey. See whether it is whole, from its first sign to its last.",
    SlipSpent: "This slip has been used: its answer counts already. Nobody can find that again, nor change it.",
    NotCounted: "It has not been counted yet.",
    Unauthenticated: "Nobody is known by this token, or it has ended. See whether it is whole; it starts with lrl_.",
    AnotherCommunity: "This token is one of another community than the one that asks.",
    AnothersToken: "Somebody else made this token, so it draws no slip. Get one of your own: POST /v1/me/tokens.",
    Forbidden: "This is for members in person: use a token of your own.",
    Invalid: "Something is missing: fill in the field, and send it again.",
}
"""The first that fits."""
REFUSALS = tuple(_REFUSED)
"""What is said in words on a page."""
_ELSEWHERE = "To another one, or to none"
_OTHERWISE = "Something of it is not as it was asked. Look at it once more, and send it again."
_WRONG = {
    "/answers": "Answer one question at least.",
    "/remark": "What you say in your own words may have 2,000 characters, and none that cannot be seen.",
}


def _state(wave: Wave, today: date) -> str:
    """Also of a wave that opens or closes in a moment."""
    if wave.state is WaveState.open and today >= wave.closes_on:
        return "counting"
    return wave.state.value


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _LARGEST else None
