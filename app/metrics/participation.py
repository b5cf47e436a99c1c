"""Who takes part, how much and how deep, who stays: P1 to P19."""

from app.metrics import depths, spreads, staying
from app.metrics.methods import explained

METRICS = explained((*depths.COMPUTED, *spreads.COMPUTED, *staying.COMPUTED))
