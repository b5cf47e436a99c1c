"""What a report says of when: pure values."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.contributions.rules import Account, Credited, Report, Span, fault
from tests.stand_ins import THEN

INSTANTS = st.datetimes(datetime(1990, 1, 2), datetime(2026, 11, 20), timezones=st.just(UTC))  # noqa: DTZ001  zoned by the strategy
SPANS = st.builds(Span.of, INSTANTS, st.none() | INSTANTS)


@given(SPANS, SPANS, SPANS)
def test_the_order_in_which_a_thing_is_reported_is_no_matter_to_how_long_it_lasted(a: Span, b: Span, c: Span) -> None:
    assert a.over(b) == b.over(a)
    assert a.over(b).over(c) == a.over(b.over(c))
    assert a.over(a) == a


@given(SPANS, SPANS)
def test_a_span_only_grows_and_has_no_end_that_is_its_beginning(a: Span, b: Span) -> None:
    both = a.over(b)
    for one in (a, b):
        assert both.begins <= one.begins
        assert (both.ends or both.begins) >= (one.ends or one.begins)
    assert both.ends is None or both.ends > both.begins


@given(st.datetimes(timezones=st.just(UTC)), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_whatever_is_taken_was_done_since_1990_and_before_tomorrow_ends(
    begins: datetime, ends: datetime | None
) -> None:
    report = Report("hosting", begins, (Credited(Account("github", "ana")),), ends_at=ends)
    if fault(report, {"hosting": None}, now=THEN) is None:
        assert datetime(1990, 1, 1, tzinfo=UTC) <= begins <= (ends or begins) <= THEN + timedelta(days=1)
