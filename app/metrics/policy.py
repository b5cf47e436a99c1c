"""Every number that a figure depends on beside the facts: people chose them, so they are told."""

from dataclasses import asdict, dataclass, fields
from hashlib import sha256

import rfc8785

from app.kit.suppression import USUAL_K, threshold


@dataclass(frozen=True)
class Policy:
    """With what to compute. Days are of 24 hours."""

    k: int = USUAL_K
    """Nothing is told of fewer people; three at least."""
    rates_from: int = 20
    """Members at the end of a period. Of fewer, a share says more about single people than about the community."""
    half_life_days: int = 90
    """After so long an act weighs half."""
    gap_days: int = 60
    """So long without a trace is an absence; breaks that were announced do not count."""
    newcomer_days: int = 90
    conversion_days: int = 30
    """Within so long a newcomer who contributes counts as converted."""
    newcomers_since_days: int = 365
    """Time to the first contribution is told of those who joined so lately."""
    cohorts: int = 6
    """Periods whose newcomers are followed."""
    covered_points: int = 20
    """Contributions from which on somebody is expected to have been recognised."""
    covered_days: int = 365
    damping: float = 0.85
    tie_month: float = 0.9
    """What a month without contact leaves of a tie (Orbit)."""
    graph_people: int = 20
    """Among fewer people centrality is noise."""
    team_most: int = 8
    """Who did something with more people than this has no tie with each."""
    dominant_share: float = 0.8
    """Of the recognitions; if one affiliation has it, stewards are told."""
    after_days: int = 60
    """Activity is compared so long before and after a recognition."""
    fairness_ratio: float = 0.8
    """Below, two rates of approval differ by enough to look (four-fifths rule of the US Uniform Guidelines, 1978)."""
    fairness_decisions: int = 20
    """In each of two groups, before their rates of approval are compared."""
    bootstrap_rounds: int = 1000
    bootstrap_seed: int = 20_261_122
    maturity_active: int = 5
    """A multiple of k, as people are told; any other would ask for the next one above."""
    maturity_rhythm: float = 0.75
    maturity_leader_high: float = 0.7
    maturity_leader_low: float = 0.4
    maturity_kinds: int = 3
    maturity_retention: float = 0.4
    maturity_absence_factor: int = 3
    maturity_recognisers: float = 0.2
    maturity_fall: float = 1.96
    """By so many standard errors the share of active members has to fall over two quarters: less is chance."""

    def __post_init__(self) -> None:
        threshold(self.k)
        for field in fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"{field.name} must be more than zero")
        if self.damping >= 1 or self.tie_month > 1:
            raise ValueError("damping is below one, and what a month leaves of a tie is one at most")

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of all of it."""
        return sha256(rfc8785.dumps(asdict(self))).hexdigest()
