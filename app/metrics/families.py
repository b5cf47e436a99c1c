"""The figures, by what they are about."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.metrics import belonging, influence, participation, recognition
from app.metrics.methods import COURSE, MATURITY
from app.metrics.metric import Explained, Metric
from app.metrics.prompts import advice


class Family(StrEnum):
    """What figures are about."""

    participation = "participation"
    recognition = "recognition"
    influence = "influence"
    belonging = "belonging"


FAMILIES: Final[Mapping[Family, tuple[Metric, ...]]] = {
    Family.participation: participation.METRICS,
    Family.recognition: recognition.METRICS,
    Family.influence: influence.METRICS,
    Family.belonging: belonging.METRICS,
}
METRICS: Final[Mapping[str, Metric]] = {metric.id: metric for metrics in FAMILIES.values() for metric in metrics}
"""Every one, by its id."""
METHODS: Final[Mapping[str, Explained]] = {
    **METRICS,
    COURSE.id: COURSE,
    MATURITY.id: MATURITY,
    **{each.id: each for each in advice().values()},
}
"""All that has a page that explains it, by its id."""
