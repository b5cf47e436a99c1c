"""Ties and recognitions that go with belonging: B1, B2. Scores of surveys stand beside them."""

from app.metrics import belonging_facts
from app.metrics.methods import explained

METRICS = explained(belonging_facts.COMPUTED)
