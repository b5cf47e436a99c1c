"""What builds on what, of everything that was made together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.reports.charts.chart import Cell, Chart, nothing
from app.reports.charts.saying import capital, listed, many, sentences
from app.reports.charts.styling import ORANGE, Layer, picture
from app.stories.artefacts.rules import Node, Picture, Review

_MOST = 60
"""Artefacts in one picture: of more, those with the most ties."""
_ABREAST = 8


def artefacts(shown: Picture) -> Chart:
    """What builds on what, of everything that was made together: numbers in the picture, names in the table."""
    if not shown.nodes:
        return nothing("artefacts", "Nothing is listed yet that was made together", "There are no artefacts.")
    ties = defaultdict[UUID, int](int)
    for edge in shown.edges:
        for end in edge:
            ties[end] += 1
    drawn = sorted(shown.nodes, key=lambda node: -ties[node.id])[:_MOST]
    number = {node.id: place for place, node in enumerate(drawn, 1)}
    edges = [(one, other) for one, other in shown.edges if one in number and other in number]
    at = _places([node.id for node in drawn], edges)
    bases = {node.id: [str(number[other]) for one, other in edges if one == node.id] for node in drawn}
    building = sum(map(bool, bases.values()))
    built = f"{building:,} {'builds' if building == 1 else 'build'} on others"
    left_out = len(shown.nodes) - len(drawn)
    return Chart(
        "artefacts",
        f"{capital(many(len(shown.nodes), 'artefact'))}, of which {built}",
        sentences(
            shown.said,
            *(f"{number[id]} builds on {listed(on)}." for id, on in bases.items() if on),
            "The numbers are those of the table; square ones were recommended by somebody who did not make them.",
            f"{left_out:,} with fewer ties are not drawn." if left_out else None,
        ),
        ("Number", "Artefact", "Builds on", "Recommended"),
        tuple((number[node.id], node.title, ", ".join(bases[node.id]), _recommended(node)) for node in drawn),
        _net([_node(node, number, at) for node in drawn], [_edge(edge, at) for edge in edges]),
    )  # fmt: skip


def _recommended(node: Node) -> str:
    return "yes" if node.review is Review.approved else "no"


def _places(ids: Sequence[UUID], edges: Sequence[tuple[UUID, UUID]]) -> dict[UUID, tuple[float, float]]:
    """Where each stands: above all that it builds on, and near the middle of those."""
    on = defaultdict[UUID, list[UUID]](list)
    for one, other in edges:
        on[one].append(other)
    level: dict[UUID, int] = dict.fromkeys(ids, 0)
    for _ in ids:  # there is no circle, so that no line is longer than there are artefacts
        risen = {id: max((level[base] + 1 for base in on[id]), default=0) for id in ids}
        if risen == level:
            break
        level = risen
    found: dict[UUID, tuple[float, float]] = {}
    line = 0
    for height in range(max(level.values()) + 1):
        here = [id for id in ids if level[id] == height]
        middle = {id: sum(found[base][0] for base in on[id]) / max(1, len(on[id])) for id in here}
        here.sort(key=middle.__getitem__)
        for first in range(0, len(here), _ABREAST):
            row = here[first : first + _ABREAST]
            # Every other line is moved a little, so that a tie does not run behind a third one.
            found |= {id: ((place + 0.5 + 0.2 * (line % 2)) / len(row), float(line)) for place, id in enumerate(row)}
            line += 1
    return found


def _node(node: Node, number: Mapping[UUID, int], at: Mapping[UUID, tuple[float, float]]) -> dict[str, Cell]:
    x, y = at[node.id]
    return {"what": "artefact", "number": number[node.id], "x": x, "y": y, "recommended": _recommended(node)}


def _edge(edge: tuple[UUID, UUID], at: Mapping[UUID, tuple[float, float]]) -> dict[str, Cell]:
    (x, y), (x2, y2) = at[edge[0]], at[edge[1]]
    return {"what": "tie", "x": x, "y": y, "x2": x2, "y2": y2}


def _net(nodes: Sequence[Mapping[str, Cell]], edges: Sequence[Mapping[str, Cell]]) -> dict[str, Any]:
    lines = max(float(node["y"] or 0) for node in nodes)
    across: dict[str, Any] = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1.1]}}
    up: dict[str, Any] = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [-0.5, lines + 0.5]}}
    looks: dict[str, Any] = {"field": "recommended", "type": "nominal", "legend": None}
    domain = ["no", "yes"]
    only: dict[str, Any] = {what: [{"filter": f"datum.what === '{what}'"}] for what in ("artefact", "tie")}
    layers: list[Layer] = [
        {
            "transform": only["tie"],
            "mark": {"type": "rule", "opacity": 0.6},
            "encoding": {"x": across, "y": up, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
        },
        {
            "transform": only["artefact"],
            "mark": {"type": "point", "size": 520, "opacity": 1},
            "encoding": {
                "x": across,
                "y": up,
                "shape": looks | {"scale": {"domain": domain, "range": ["circle", "square"]}},
                "fill": looks | {"scale": {"domain": domain, "range": ["#cfe3f1", ORANGE]}},
            },
        },
        {
            "transform": only["artefact"],
            "mark": {"type": "text", "fill": "#000"},
            "encoding": {"x": across, "y": up, "text": {"field": "number"}},
        },
    ]
    return picture([*nodes, *edges], layers, height=int(70 * (lines + 1)))
