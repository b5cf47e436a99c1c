"""What can be asked, when, and what may be quoted of it: pure decisions."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

import rfc8785
from pydantic import Field, StringConstraints

from app.kit.schemas import In, Line, Name, Prose

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A short name that a question keeps from one survey to the next."""
Label = Annotated[Line, StringConstraints(max_length=100)]
Asked = Annotated[Line, StringConstraints(max_length=500)]

LASTS = timedelta(days=21)
"""How long a wave is open where nothing else is said."""
LONGEST = timedelta(days=90)
AHEAD = timedelta(days=2 * 366)
"""How far ahead a wave can be planned."""

ELSEWHERE = "elsewhere"
"""The affiliation of those who have none, or one that too few share to be named."""


class Kind(StrEnum):
    """What the options of a survey leave open."""

    forced_choice = "forced_choice"
    """There is no middle: whoever answers leans one way."""
    neutral_point = "neutral_point"
    """The option in the middle leans neither way. Never compared with the other kind."""


class Question(In):
    """One thing that is asked, of exactly one element."""

    key: Key = Field(description="Its name from one survey to the next; what is asked under it may change.")
    element: Key = Field(description="Of what it is a part: `membership`, say.")
    text: Asked


class Importance(In):
    """How much it matters to somebody: told beside the score, never in it."""

    text: Asked
    options: tuple[Label, ...] = Field(min_length=2, max_length=10, strict=False)


class Instrument(In):
    """What is asked, and what can be answered. It never changes."""

    name: Name
    kind: Kind = Field(strict=False)
    options: tuple[Label, ...] = Field(
        min_length=2, max_length=10, strict=False, description="From the least to the most: 1 is the first."
    )
    questions: tuple[Question, ...] = Field(min_length=1, max_length=60, strict=False)
    importance: Importance | None = None
    free_text: Asked | None = Field(None, description="What may be answered in words; null where nothing may.")
    source: Annotated[Prose, StringConstraints(max_length=500)] | None = Field(
        None, description="Whose wording it is, and by whose leave."
    )


def item_id(question: Question, options: Sequence[str]) -> str:
    """The id of what is asked and of what can be answered: another word makes another item.

    So what has the same id was the same question, in whatever survey, and nothing else is ever compared.
    """
    asked = {"text": question.text, "options": list(options)}
    return hashlib.sha256(rfc8785.dumps(asked)).hexdigest()[:32]


def flaws(instrument: Instrument) -> list[tuple[str, str]]:
    """What is wrong with it: each a JSON pointer, and why."""
    found = []
    count = len(instrument.options)
    if instrument.kind is Kind.forced_choice and count % 2:
        found.append(("/options", f"{count} options have one in the middle; take an even number, or `neutral_point`"))
    if instrument.kind is Kind.neutral_point and not count % 2:
        found.append(("/options", f"{count} options have none in the middle; take an odd number, or `forced_choice`"))
    if len(set(instrument.options)) < count:
        found.append(("/options", "two of them are the same"))
    for field, said in (("key", [one.key for one in instrument.questions]),
                        ("text", [one.text for one in instrument.questions])):  # fmt: skip
        for place, value in enumerate(said):
            if value in said[:place]:
                found.append((f"/questions/{place}/{field}", "another question has the same"))
    if instrument.importance is not None and len(set(instrument.importance.options)) < len(
        instrument.importance.options
    ):
        found.append(("/importance/options", "two of them are the same"))
    return found


class Days(NamedTuple):
    """When a wave is open: from the first of these on, until the other begins (UTC)."""

    opens: date
    closes: date


def reminding_day(days: Days) -> date | None:
    """Half way: the day on which everybody who may answer is told once more; None where that is the first."""
    half = (days.closes - days.opens) // 2
    return days.opens + timedelta(days=half.days) if half.days else None


def anniversary(of: date, *, after: date) -> date:
    """The next one, `after` itself included; of 29 February in other years the 1st of March."""
    return next(day for year in (after.year, after.year + 1) if (day := _in_year(of, year)) >= after)


def planned_days(opens: date | None, closes: date | None, founded: date | None, *, today: date) -> Days | None:
    """When a wave is to be open of which this is said; None where nothing says when it opens."""
    begins = opens or (anniversary(founded, after=today) if founded else None)
    if begins is None:
        return None
    return Days(begins, closes or begins + min(LASTS, date.max - begins))  # so far ahead, none is planned


def flaws_of_days(days: Days, *, today: date) -> list[tuple[str, str]]:
    """What is wrong with them: each a JSON pointer, and why."""
    if days.opens < today:
        return [("/opens_on", "is over")]
    if days.opens > today + AHEAD:
        return [("/opens_on", "is more than two years ahead")]
    if not timedelta(0) < days.closes - days.opens <= LONGEST:
        return [("/closes_on", f"has to be 1 to {LONGEST.days} days after it opens")]
    return []


def advice(expected: int, *, k: int) -> list[str]:
    """What to think of before a wave of which so many answers are to be expected; nothing where they are enough.

    How many is not said: everybody reads it, and where all are asked again it is how many answered.
    """
    if expected >= 2 * k:
        return []
    return [
        f"Few answers are to be expected, and nothing is told of fewer than {k}: with fewer than {2 * k} one person's "
        "silence can leave nothing to show. Consider a conversation in a small group instead, and keep what came of "
        "it: POST …/qualitative-notes."
    ]


LEFT_OUT = "[…]"
_WORD = re.compile(r"\S+")


def only_leaves_out(redacted: str, original: str) -> bool:
    """Whether a text is another with some of its words left out, each place marked by `[…]` or not: nothing is added,
    and nothing turned round."""
    words, rest = (_WORD.findall(text.replace(LEFT_OUT, " ")) for text in (redacted, original))
    said = iter(rest)
    return all(word in said for word in words)


def _in_year(of: date, year: int) -> date:
    try:
        return of.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
