"""A circle of people, for pages that show what came of a nomination."""

import pytest

from tests.app.guild import Guild
from tests.app.nominations.circle import Circle


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Ana nominates and Cy may second; Dee would nominate too."""
    return Circle(guild).join("ana", "cy", "dee")
