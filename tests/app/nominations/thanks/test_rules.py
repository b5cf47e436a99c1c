"""Who may thank whom, whatever is known of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.kit.errors import AppError
from app.members.person import Person, Standing
from app.members.rules import Role
from app.nominations.refusals import BotsMayNot, Departed, LinkedIdentity
from app.nominations.thanks.rules import SelfThanks, ThanksToBot, TooManyThanks, check, check_pace

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def person(number: int) -> Person:
    return Person(
        id=UUID(int=number),
        handle=f"p{number}",
        name="P",
        role=Role.member,
        joined_at=NOW,
        standing=Standing.active,
        is_bot=False,
        minor=False,
        guardian_agreed=False,
        affiliation=None,
        affiliations=frozenset(),
        identity=UUID(int=number),
        ties={},
        absences=(),
        contact_changed_at=None,
    )


ANA, BO = person(1), person(2)


@pytest.mark.parametrize(
    ("giver", "receiver", "refusal"),
    [
        (ANA, ANA, SelfThanks),
        (ANA, replace(BO, identity=ANA.identity), LinkedIdentity),
        (replace(ANA, is_bot=True), BO, BotsMayNot),
        (ANA, replace(BO, is_bot=True), ThanksToBot),
        (replace(ANA, standing=Standing.left), BO, Departed),
        (ANA, replace(BO, standing=Standing.left), Departed),
    ],
)
def test_who_may_not_thank_whom(giver: Person, receiver: Person, refusal: type[AppError]) -> None:
    with pytest.raises(refusal):
        check(giver, receiver)


@pytest.mark.parametrize("standing", [Standing.active, Standing.on_break, Standing.emeritus])
def test_who_has_not_left_thanks_and_is_thanked(standing: Standing) -> None:
    check(replace(ANA, standing=standing), BO)
    check(ANA, replace(BO, standing=standing))


def test_ten_a_minute_and_no_more() -> None:
    times = [NOW - timedelta(seconds=second) for second in (50, 40, 30, 20, 10, 9, 8, 7, 6)]
    check_pace(times, NOW)
    with pytest.raises(TooManyThanks) as refused:
        check_pace([NOW - timedelta(seconds=59.5), *times], NOW)
    assert refused.value.retry_after == 1
