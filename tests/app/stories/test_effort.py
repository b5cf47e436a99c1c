"""Hours are stated by whoever spends them, seen by nobody else, and told in sums that tell of nobody."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.members.service import community_by_slug
from app.stories.effort.rules import Spent, is_settled, next_quarter, quarter_of, summed, together
from app.stories.effort.service import JOBS, sum_up, told_of
from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def spent(*people: int, minutes: int = 60, sponsor: str | None = None) -> list[Spent]:
    return [Spent(UUID(int=person), minutes, sponsor) for person in people]


def test_hours_are_told_by_who_paid_where_enough_people_are_behind_each() -> None:
    told = summed([*spent(1, 2, 3, 4, 5), *spent(6, 7, 8, 9, 10, sponsor="Harbour  Library")], k=5)
    assert (told["people"], told["hours"], told["volunteer_hours"]) == (10, 10.0, 5.0)
    assert told["sponsored"] == [{"name": "Harbour  Library", "hours": 5.0}]
    assert (told["other_hours"], told["withheld"]) == (None, [])


def test_a_small_sponsor_hides_another_with_it_since_the_rest_would_tell_of_it() -> None:
    rows = [
        *spent(1, 2, 3, 4, 5, 6),
        *spent(7, 8, sponsor="Mill"),
        *spent(*range(10, 16), sponsor="Harbour", minutes=90),
    ]
    told = summed(rows, k=5)
    assert told["hours"] == 17.0
    assert told["volunteer_hours"] is None
    assert told["sponsored"] == [{"name": "Harbour", "hours": 9.0}]
    assert told["other_hours"] == 8.0
    assert {each["what"] for each in told["withheld"]} == {"volunteer_hours", "sponsored"}
    assert "Mill" not in str(told)


def test_hours_that_are_nearly_all_one_persons_are_not_told() -> None:
    told = summed([*spent(1, 2, 3, 4, 5), *spent(1, minutes=600)], k=5)
    assert (told["people"], told["hours"]) == (None, None)
    assert [each["what"] for each in told["withheld"]] == ["hours"]


ROWS = st.lists(
    st.builds(
        Spent,
        person=st.integers(0, 11).map(lambda n: UUID(int=n)),
        minutes=st.sampled_from([15, 30, 60, 240]),
        sponsor=st.sampled_from([None, "A", "B", "C"]),
    ),
    max_size=40,
)


@given(ROWS)
def test_no_difference_of_what_is_told_is_the_hours_of_few(rows: Sequence[Spent]) -> None:
    """Whatever cells are subtracted from the whole: those that are left are k people, or nobody."""
    told = summed(rows, k=5)
    if told["hours"] is None:
        return
    cells: dict[str | None, float] = {one["name"]: one["hours"] for one in told["sponsored"]}
    if told["volunteer_hours"] is not None:
        cells[None] = told["volunteer_hours"]
    for size in range(len(cells) + 1):
        for taken in combinations(cells, size):
            left = {row.person for row in rows if row.sponsor not in taken}
            assert len(left) >= 5 or not left
    assert sum(cells.values()) + (told["other_hours"] or 0) == pytest.approx(told["hours"])
    for name in cells:
        people = {row.person for row in rows if row.sponsor == name}
        assert len(people) >= 5 or (name is None and not people)


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_a_year_tells_nothing_that_its_quarters_do_not(quarters: list[list[Spent]]) -> None:
    rows = [summed(each, k=5) for each in quarters]
    told = together(rows)
    if any(row["hours"] is None for row in rows):
        assert told["hours"] is None
    else:
        assert told["hours"] == pytest.approx(sum(row["hours"] for row in rows))
        assert (told["volunteer_hours"] is None) is any(row["volunteer_hours"] is None for row in rows)


@given(st.dates(date(2000, 1, 1), date(2900, 1, 1)))
def test_quarters_follow_each_other(day: date) -> None:
    first = quarter_of(day)
    assert first <= day < next_quarter(first)
    assert (next_quarter(first).month - first.month) % 12 == 3
    assert not is_settled(first, datetime(day.year, day.month, day.day, tzinfo=UTC))


@on_both_databases
def test_hours_are_stated_and_summed_once_and_stay_as_they_were_told(guild: Guild, clock: SettableClock) -> None:
    people = [f"mel{number}" for number in range(6)]
    for handle in people:
        guild.member(handle)
        guild.tokens[handle] = guild.token(handle)
    here = guild.in_guild("effort")
    own = {}
    for number, handle in enumerate(people):
        body = {"month": "2026-11", "hours": 1.25 + number, "sponsored_by": None}
        own[handle] = done(guild.post(here, body, token=guild.tokens[handle]), 201)
    assert own["mel0"] == {"id": own["mel0"]["id"], "month": "2026-11", "hours": 1.25, "sponsored_by": None}
    assert done(guild.get(here, token=guild.tokens["mel1"]), 200)["items"] == [own["mel1"]]
    refused(guild.get(f"{here}/{own['mel0']['id']}", token=guild.tokens["mel1"]), 404, "no-such-effort")
    refused(guild.post(here, {"month": "2026-12", "hours": 1}, token=guild.tokens["mel0"]), 422, "invalid")
    refused(guild.post(here, {"month": "2026-11", "hours": 743.5}, token=guild.tokens["mel0"]), 422, "invalid")
    refused(guild.post(here, {"month": "2026-11", "hours": 0.3}, token=guild.tokens["mel0"]), 422, "invalid")
    runtime = runtime_of(guild)
    clock.now = datetime(2027, 1, 2, 23, 0, tzinfo=UTC)
    assert run_once(runtime, clock(), jobs=JOBS) == {"sum up hours": 0}, "hours can still be stated"
    done(guild.post(here, {"month": "2026-12", "hours": 2}, token=guild.tokens["mel5"]), 201)
    clock.now = datetime(2027, 1, 3, tzinfo=UTC)
    late = {"month": "2026-12", "hours": 2}
    refused(guild.post(here, late, token=guild.tokens["mel0"]), 409, "quarter-summed")
    assert run_once(runtime, clock(), jobs=JOBS) == {"sum up hours": 1}
    assert run_once(runtime, clock(), jobs=JOBS) == {"sum up hours": 0}
    [told] = done(guild.get(guild.in_guild("effort-sums"), token=guild.tokens["mel0"]), 200)["items"]
    assert (told["quarter"], told["people"], told["hours"], told["volunteer_hours"]) == ("2026-Q4", 5, 24.5, 24.5)
    gone = guild.call("DELETE", f"{here}/{own['mel5']['id']}", token=guild.tokens["mel5"])
    assert gone.status_code == 204
    assert done(guild.get(guild.in_guild("effort-sums/2026-Q4"), token=ADMIN_TOKEN), 200) == told
    refused(guild.get(guild.in_guild("effort-sums/2026"), token=ADMIN_TOKEN), 404, "no-such-effort-sum")
    with runtime.writing() as session:
        id = community_by_slug(session, guild.slug).id
        year = told_of(session, id, date(2026, 1, 1), date(2027, 1, 1))
        assert year is not None
        assert (year["quarters"], year["hours"]) == (1, 24.5)
        assert told_of(session, id, date(2026, 10, 1), date(2026, 11, 1)) is None, "of a month nothing is told"
    data = done(guild.get("/v1/me/data", token=guild.tokens["mel4"]), 200)
    assert [row["minutes"] for row in data["effort"]] == [315]


@on_both_databases
def test_the_journal_does_not_say_who_stated_hours(guild: Guild) -> None:
    for handle, role in (("mel", "member"), ("ste", "steward")):
        guild.member(handle, role=role)
    mel, here = guild.token("mel"), guild.in_guild("effort")
    id = done(guild.post(here, {"month": "2026-11", "hours": 1}, token=mel), 201)["id"]
    assert guild.call("DELETE", f"{here}/{id}", token=mel).status_code == 204
    said = done(guild.get(guild.in_guild("audit?type=effort."), token=guild.token("ste", "steward")), 200)["items"]
    assert [(each["action"], each["actor"]) for each in said] == [
        ("effort.stated", "somebody"),
        ("effort.taken_back", "somebody"),
    ]


def test_who_does_not_want_to_be_counted_is_in_no_sum_and_how_many_those_are_is_told_of_k() -> None:
    told = summed(spent(1, 2, 3, 4, 5), k=5, not_counted=5)
    assert (told["hours"], told["not_counted"]) == (5.0, 5)
    assert summed(spent(1, 2, 3, 4, 5), k=5, not_counted=4)["not_counted"] is None
    nobody = summed([], k=5, not_counted=3)
    assert (nobody["hours"], nobody["people"], nobody["not_counted"]) == (None, None, None)
    assert [each["what"] for each in nobody["withheld"]] == ["hours"]


def test_hours_of_whoever_is_left_uncounted_are_in_no_sum(guild: Guild, clock: SettableClock) -> None:
    for number in range(11):
        guild.member(f"mel{number}")
        token = guild.token(f"mel{number}")
        done(guild.post(guild.in_guild("effort"), {"month": "2026-11", "hours": 1}, token=token), 201)
        if number >= 6:
            done(guild.call("PUT", "/v1/me/uncounted", token=token), 200)
    clock.now = datetime(2027, 1, 5, tzinfo=UTC)
    sum_up(runtime_of(guild), clock.now)
    told = done(guild.get(guild.in_guild("effort-sums/2026-Q4"), token=ADMIN_TOKEN), 200)
    assert (told["people"], told["hours"], told["not_counted"]) == (5, 6.0, 5)
