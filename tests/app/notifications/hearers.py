"""Who hears of nominations, and by which address; and what a browser opens of a mail."""

import re

from app.kit.mail import Message
from tests.app.guild import PUBLIC_URL, Guild
from tests.app.nominations.circle import Circle
from tests.app.notifications.test_feed import work
from tests.app.pages.test_pages import BROWSER, page

PEOPLE = ("ana", "bo", "cy", "dee", "eli")
STEWARDS = ("ste", "sol")


def settle(circle: Circle) -> None:
    """Until every mail has left."""
    while work(circle.guild)["send mails"]:
        pass


def address(handle: str) -> str:
    return f"{handle}@people.example"


def opened(guild: Guild, mail: Message) -> list[str]:
    """The addresses of ours in a mail, each of which opens a page for whoever has no token and runs no script."""
    found = [url.removeprefix(PUBLIC_URL) for url in re.findall(r"http\S+", mail.body) if url.startswith(PUBLIC_URL)]
    assert found
    for path in found:
        scripts = page(guild.get(path, token=None, accept=BROWSER)).all("script")
        assert all(script["type"] == "application/ld+json" for script in scripts)  # data, for search engines
    return found


def link_in(mail: Message, beginning: str) -> str:
    """The path of the one link in a mail that begins so."""
    [found] = re.findall(rf"{PUBLIC_URL}({beginning}\S+)", mail.body)
    return str(found)
