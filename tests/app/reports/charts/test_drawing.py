"""Charts as pictures, drawn by the engine that draws."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import defusedxml.ElementTree
import pytest

from app.metrics.formulas.maturity import Stage
from app.reports.charts import answers, growth, tales, waves, works
from app.reports.charts.chart import Chart
from app.reports.charts.drawing import drawn
from tests.app.reports.charts.test_answers import asked
from tests.app.reports.charts.test_growth import GROWING
from tests.app.reports.charts.test_tales import made
from tests.app.reports.charts.test_waves import AUTUMN, SPRING
from tests.app.reports.charts.told import figure

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    all = (
        growth.members(GROWING),
        growth.comings(()),
        answers.item(asked('<b> & "trust"', (12, 7, 1, 0))),
        waves.elements([SPRING, AUTUMN]),
        waves.size_and_trust([figure("P1", "2026-Q3", {"end": 50})], [(AUTUMN[0], AUTUMN[1]["items"][0])]),
        works.artefacts(made([(1, 0), (2, 0)], 3)),
    )
    return {chart.id: chart for chart in all}


@pytest.fixture(scope="module")
def pictures(charts: Mapping[str, Chart]) -> Mapping[str, str]:
    return drawn(charts.values())


def test_what_has_nothing_to_draw_is_not_drawn(pictures: Mapping[str, str]) -> None:
    assert set(pictures) == {"growth", "answers-q", "elements", "size-and-trust", "artefacts"}


def test_a_picture_is_one_image_with_a_name_and_a_description(
    charts: Mapping[str, Chart], pictures: Mapping[str, str]
) -> None:
    for id, picture in pictures.items():
        root = defusedxml.ElementTree.fromstring(picture)
        assert root.get("role") == "img"
        named, described = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
        assert named is not None
        assert described is not None
        assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (named.get("id"), described.get("id"))
        assert (named.text, described.text) == (charts[id].title, charts[id].text)


def test_a_picture_fits_a_telephone_and_takes_the_colour_of_the_text_around_it(pictures: Mapping[str, str]) -> None:
    for picture in pictures.values():
        root = defusedxml.ElementTree.fromstring(picture)
        assert root.get("width") == "100%"
        assert float(str(root.get("viewBox")).split()[2]) <= 360
        written = {text.get("fill") for text in root.iter(f"{SVG}text")}
        assert written <= {"currentColor", "#000"}, "black is for what stands on a light mark"


def test_names_beside_an_axis_have_room_in_wide_letters() -> None:
    """It is not known in which letters it is read: those of DejaVu Sans are six pixels wide and a little less."""
    options = ("no", "a little", "for the greater part", "for the most part, all")
    long = answers.item(asked("trust", (12, 7, 1, 0), options))
    [picture] = drawn([long]).values()
    label = r'text-anchor="end" transform="translate\(([-\d.]+),[-\d.]+\)"[^>]*>for the most part, all<'
    [edge] = map(float, re.findall(r'<g fill="none"[^>]*transform="translate\(([-\d.]+),', picture))
    [x] = map(float, re.findall(label, picture))
    assert edge + x >= 6 * len(options[-1])


def test_names_of_periods_stand_apart_in_wide_letters() -> None:
    quarters = [f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]
    [picture] = drawn([tales.stages([(quarter, Stage.self_sustaining) for quarter in quarters])]).values()
    labels = re.findall(r'<text text-anchor="middle" transform="translate\(([\d.]+),[\d.]+\)"([^>]*)>20', picture)
    shown = [float(x) for x, how in labels if 'opacity="0"' not in how]
    assert len(shown) > 1
    assert all(later - one >= 60 for one, later in pairwise(shown))


def test_a_picture_needs_nothing_from_anywhere(pictures: Mapping[str, str]) -> None:
    for picture in pictures.values():
        assert "<script" not in picture
        assert " style=" not in picture
        assert "url(http" not in picture
        assert "href=" not in picture


def test_nothing_is_fetched_that_a_specification_names(charts: Mapping[str, Chart]) -> None:
    spec = dict(charts["growth"].spec or {}) | {"data": {"url": "https://example.org/members.csv"}}
    with_numbers = replace(charts["answers-q"], id="other")
    assert set(drawn([replace(charts["growth"], spec=spec), with_numbers])) == {"other"}, "and holds up no other"


def test_the_same_chart_has_the_same_digest_and_another_another(charts: Mapping[str, Chart]) -> None:
    chart = charts["growth"]
    assert growth.members(GROWING).digest == chart.digest
    others = (replace(chart, id="other"), replace(chart, title="Other"), replace(chart, text="Other."))
    assert len({chart.digest, *(other.digest for other in others)}) == 4
