"""What tests of milestones share."""

import pytest

from tests.app.guild import Guild
from tests.app.milestones.path import Path
from tests.stand_ins import SettableClock


@pytest.fixture
def path(guild: Guild, clock: SettableClock) -> Path:
    tokens = []
    for handle in ("sol", "sunny"):
        guild.member(handle, role="steward")
        tokens.append(guild.token(handle, "steward"))
    return Path(guild, clock, guild.achievement(), (tokens[0], tokens[1]))
