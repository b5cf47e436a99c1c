"""So many within so long."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from app.kit.rates import MINUTE, SECOND, Rates, wait
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


@given(some.lists(some.tuples(some.floats(0, 30), some.integers(1, 3)), max_size=40), some.integers(3, 9))
def test_what_is_counted_is_never_more_in_a_minute_and_is_allowed_after_the_wait_that_is_said(
    tries: list[tuple[float, int]], most: int
) -> None:
    rates, now, done = Rates(), THEN, list[tuple[datetime, int]]()
    for passed, amount in tries:
        now += timedelta(seconds=passed)
        waiting = rates.wait("somebody", most=most, now=now, amount=amount)
        if waiting:
            now += waiting * SECOND
            assert rates.wait("somebody", most=most, now=now, amount=amount) == 0
        done.append((now, amount))
        assert sum(amount for when, amount in done if now - MINUTE < when) <= most


def test_each_is_counted_alone_and_forgotten_when_it_is_over() -> None:
    rates = Rates()
    assert [rates.wait(name, most=1, now=THEN) for name in ("ana", "bo", "ana")] == [0, 0, 61]
    assert rates.wait("cy", most=1, now=THEN + 2 * MINUTE) == 0
    assert list(rates._by) == ["cy"]
