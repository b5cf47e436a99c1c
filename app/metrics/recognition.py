"""What is recognised, by whom, how fairly, and what follows: R0 to R12, C1, C2."""

from app.metrics import fairness, recognising
from app.metrics.methods import explained

METRICS = explained((*recognising.COMPUTED, *fairness.COMPUTED))
