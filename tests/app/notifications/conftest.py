"""A circle of people who all have an address."""

import pytest

from tests.app.guild import Guild
from tests.app.nominations.circle import Circle
from tests.app.notifications.hearers import PEOPLE, STEWARDS, address, settle


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Ana nominates, Bo is nominated, Cy, Dee and Eli may second; Ste and Sol are stewards. All have an address."""
    circle = Circle(guild)
    for handle in PEOPLE:
        circle.join(handle, email=address(handle))
    for handle in STEWARDS:
        circle.join(handle, email=address(handle), role="steward")
    settle(circle)
    return circle.offering()
