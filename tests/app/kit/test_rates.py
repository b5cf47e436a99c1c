"""So many within so long."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from app.kit.rates import SECOND, wait
from tests.stand_ins import THEN

MOMENTS = some.timedeltas(timedelta(0), timedelta(minutes=5)).map(lambda ago: THEN - ago)
SPANS = some.timedeltas(timedelta(microseconds=1), timedelta(minutes=5))


def counted(done: list[datetime], within: timedelta, at: datetime) -> int:
    """How many count at an instant."""
    return sum(at < each + within for each in done)


@given(some.lists(MOMENTS, max_size=12), some.integers(1, 6), SPANS)
def test_one_more_is_allowed_after_as_many_seconds_and_not_one_sooner(
    done: list[datetime], most: int, within: timedelta
) -> None:
    waiting = wait(done, most=most, within=within, now=THEN)
    assert counted(done, within, THEN + waiting * SECOND) < most
    assert waiting == 0 or counted(done, within, THEN + (waiting - 1) * SECOND) >= most


@given(some.lists(MOMENTS, max_size=12), some.integers(1, 6), SPANS)
def test_what_is_over_may_be_left_out_and_the_order_does_not_matter(
    done: list[datetime], most: int, within: timedelta
) -> None:
    still = [each for each in done if each + within > THEN]
    assert wait(reversed(done), most=most, within=within, now=THEN) == wait(still, most=most, within=within, now=THEN)
