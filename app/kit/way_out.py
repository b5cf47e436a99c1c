"""The ways out as this installation is set; they take nothing else of the service along."""

from app import __version__
from app.kit.clock import Clock
from app.kit.fetching import Fetcher
from app.kit.posting import Poster
from app.settings import Outward


def fetcher(settings: Outward, clock: Clock) -> Fetcher:
    """How this installation asks strangers."""
    return Fetcher(user_agent=_user_agent(settings), clock=clock, allow_loopback=settings.allow_loopback)


def poster(settings: Outward) -> Poster:
    """How it tells others."""
    return Poster(user_agent=_user_agent(settings), allow_loopback=settings.allow_loopback)


def _user_agent(settings: Outward) -> str:
    return f"Laurels/{__version__} (+{settings.public_url})"
