"""How all tests are run."""

from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine's other work than about the code; speed has its benchmarks.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
