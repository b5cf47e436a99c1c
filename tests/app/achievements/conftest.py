"""An achievement for every test that only looks."""

from typing import Any

import pytest

from tests.app.guild import Guild


@pytest.fixture(scope="module")
def hosting(standing: Guild) -> dict[str, Any]:
    """An achievement that no test changes."""
    return standing.achievement()
