"""Nominations at random: whatever anybody tries, in any order, six things hold after every step."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.kit.mail import Message
from tests.app.guild import Guild
from tests.app.nominations.life import Life
from tests.app.nominations.world import World
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

EXAMPLES = {"sqlite": 3, "postgresql": 1}
BOUNDED = settings(
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make an example shorter takes longer than to read it
)


@on_both_databases
def test_whatever_anybody_does_the_invariants_hold(
    guild: Guild, clock: SettableClock, mails: list[Message], request: pytest.FixtureRequest
) -> None:
    class InThisWorld(Life):
        world = World(guild, clock, mails)

    kind = "postgresql" if "postgresql" in request.node.name else "sqlite"
    run_state_machine_as_test(InThisWorld, settings=settings(BOUNDED, max_examples=EXAMPLES[kind]))
