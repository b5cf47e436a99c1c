"""Who hears of nominations, and by which address."""

from tests.app.nominations.circle import Circle
from tests.app.notifications.test_feed import work

PEOPLE = ("ana", "bo", "cy", "dee", "eli")
STEWARDS = ("ste", "sol")


def settle(circle: Circle) -> None:
    """Until every mail has left."""
    while work(circle.guild)["send mails"]:
        pass


def address(handle: str) -> str:
    return f"{handle}@people.example"
