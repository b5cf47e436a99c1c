"""Tests of surveys are given a community that can be asked something."""

import pytest

from tests.app.guild import Guild
from tests.app.surveys.polls import Poll
from tests.stand_ins import SettableClock


@pytest.fixture
def poll(guild: Guild, clock: SettableClock) -> Poll:
    return Poll(guild, clock)
