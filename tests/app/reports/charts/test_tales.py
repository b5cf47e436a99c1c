"""What came of it: stories, stages, and what was made together."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.metrics.formulas.maturity import Stage
from app.reports.charts import tales, works
from app.stories.artefacts.rules import Node, Picture, Review
from tests.app.reports.charts.told import whole


def test_stories_are_counted_by_cycle_and_withheld_ones_are_said() -> None:
    chart = whole(tales.cycles({1: 15, 2: 10, 3: 5, 4: None, 5: None}))
    assert chart.title == "Stories reach as far as applied value"
    assert [row[1] for row in chart.rows] == [15, 10, 5, None, None]
    assert "Of realised value and reframing value it is not told how many" in chart.text
    assert whole(tales.cycles(dict.fromkeys(range(1, 6)))).spec is None


def test_a_stage_is_said_since_when_it_has_been() -> None:
    quarters = [("2025-Q4", Stage.forming), ("2026-Q1", Stage.maturing), ("2026-Q2", Stage.maturing)]
    assert whole(tales.stages(quarters)).title == "The community has been maturing since 2026-Q1"
    assert tales.stages(quarters[:1]).title == "The community has been forming since 2025-Q4"
    assert whole(tales.stages([])).spec is None
    sustained = tales.stages([("2026-Q3", Stage.self_sustaining)])
    assert sustained.title == "The community has been self-sustaining since 2026-Q3"


def made(edges: list[tuple[int, int]], count: int) -> Picture:
    nodes = [
        Node(UUID(int=number), f"Guide {number}", None, Review.approved if number == 0 else Review.unreviewed, None)
        for number in range(count)
    ]
    return Picture(nodes, [(UUID(int=one), UUID(int=other)) for one, other in edges], f"Artefacts: {count}.")


def test_artefacts_are_numbers_in_the_picture_and_names_in_the_table_only() -> None:
    chart = whole(works.artefacts(made([(1, 0), (2, 0)], 3)))
    assert chart.title == "3 artefacts, of which 2 build on others"
    assert chart.rows == ((1, "Guide 0", "", "yes"), (2, "Guide 1", "1", "no"), (3, "Guide 2", "1", "no"))
    assert "Guide" not in str(chart.spec) + chart.text
    assert whole(works.artefacts(made([], 0))).spec is None


def test_of_very_many_artefacts_those_with_most_ties_are_drawn() -> None:
    chart = whole(works.artefacts(made([(99, 98)], 100)))
    assert len(chart.rows) == 60
    assert {row[1] for row in chart.rows} >= {"Guide 98", "Guide 99"}
    assert "40 with fewer ties are not drawn" in chart.text


@given(st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda one: one[0] > one[1])))
def test_whatever_builds_on_something_stands_above_it_and_none_stands_on_another(edges: set[tuple[int, int]]) -> None:
    drawn: Any = works.artefacts(made(sorted(edges), 12)).spec
    values = drawn["data"]["values"]
    ties = [each for each in values if each["what"] == "tie"]
    assert len(ties) == len(edges)
    assert all(tie["y"] > tie["y2"] for tie in ties)
    places = {(each["x"], each["y"]) for each in values if each["what"] == "artefact"}
    assert len(places) == 12
    assert all(0 < x <= 1.1 for x, _ in places)
