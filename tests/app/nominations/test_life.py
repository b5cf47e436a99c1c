"""Nominations at random: whatever anybody tries, in any order, six things hold after every step."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.app.guild import Guild
from tests.app.nominations.life import Life
from tests.app.nominations.world import World
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

EXAMPLES = {"sqlite": 4, "postgresql": 2}


@on_both_databases
def test_whatever_anybody_does_the_invariants_hold(
    guild: Guild, clock: SettableClock, request: pytest.FixtureRequest
) -> None:
    class InThisWorld(Life):
        world = World.founded(guild, clock)

    kind = "postgresql" if "postgresql" in request.node.name else "sqlite"
    run_state_machine_as_test(
        InThisWorld,
        settings=settings(
            max_examples=EXAMPLES[kind], stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
