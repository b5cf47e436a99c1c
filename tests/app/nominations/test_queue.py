"""The stewards' desk: what is open, how old it is, what it waits for, and who should keep out of it."""

from typing import Any

from tests.app.guild import done
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock


def queue(circle: Circle, who: str | None = None, query: str = "") -> list[dict[str, Any]]:
    path = circle.guild.in_guild(f"queue{query}")
    token = {} if who is None else {"token": circle.tokens[who]}
    items: list[dict[str, Any]] = done(circle.guild.call("GET", path, **token), 200)["items"]
    return items


def test_what_is_open_is_listed_oldest_first_with_its_age(circle: Circle, clock: SettableClock) -> None:
    circle.offering(min_seconds=3)
    first = circle.seconded("cy")
    clock.forward(days=3)
    second = circle.nomination("dee")
    drafted = circle.nomination("eli", submit=False)
    listed = queue(circle)
    assert [(item["id"], item["age_days"]) for item in listed] == [(first, 3), (second, 0)]
    assert drafted not in str(listed)
    assert not any(item["overdue"] for item in listed)


def test_a_steward_does_not_find_there_what_they_have_a_stake_in(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    of_sol = circle.nomination("sol")
    by_sol = circle.nomination("dee", by="sol")
    seen = {item["id"] for item in queue(circle, "ste")}
    assert seen == {of_sol, by_sol}
    assert queue(circle, "sol") == []


def test_conflicts_are_flagged(circle: Circle) -> None:
    circle.join("fay", role="steward", affiliation="River Co-op").join("gus", affiliation="River Co-op")
    circle.offering(min_seconds=3)
    id = circle.nomination("gus")
    [item] = queue(circle, "fay")
    assert (item["id"], item["own_conflicts"]) == (id, ["affiliation"])
    [item] = queue(circle, "ste")
    assert item["own_conflicts"] == []


def test_only_one_state_may_be_asked_for(circle: Circle) -> None:
    circle.offering(min_seconds=3)
    id = circle.nomination()
    assert [item["id"] for item in queue(circle, None, "?state=submitted")] == [id]
    assert queue(circle, None, "?state=held") == []
