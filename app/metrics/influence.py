"""Four separate sides of influence, of the community as a whole: I1 to I13."""

from app.metrics import influencing
from app.metrics.methods import explained

METRICS = explained(influencing.COMPUTED)
