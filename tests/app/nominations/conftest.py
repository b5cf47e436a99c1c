"""A circle of people for every test that nominates."""

import pytest

from tests.app.guild import Guild
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Ana nominates, Bo is nominated, Cy, Dee and Eli may second; Ste and Sol are stewards. The default policy."""
    everybody = Circle(guild).join("ana", "bo", "cy", "dee", "eli").join("ste", "sol", role="steward")
    return everybody.offering()


@pytest.fixture
def quick(circle: Circle) -> Circle:
    """The same where one second decides."""
    return circle.offering(**QUICK)
