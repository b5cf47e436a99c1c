"""The way out as this installation is set; it takes nothing else of the service along."""

from app import __version__
from app.kit.clock import Clock
from app.kit.fetching import Fetcher
from app.settings import Outward


def fetcher(settings: Outward, clock: Clock) -> Fetcher:
    """How this installation asks strangers."""
    user_agent = f"Laurels/{__version__} (+{settings.public_url})"
    return Fetcher(user_agent=user_agent, clock=clock, allow_loopback=settings.allow_loopback)
