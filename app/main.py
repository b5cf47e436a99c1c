"""The service, from its parts."""

from typing import Any

from fastapi import APIRouter, FastAPI

from app.kit.assembly import assemble
from app.kit.clock import Clock, system_clock
from app.kit.deps import Runtime
from app.kit.ids import Ids
from app.settings import Settings

ROUTERS: tuple[APIRouter, ...] = ()
"""What each capability serves, in the order of the floors."""


def create_app(
    settings: Settings, *, clock: Clock = system_clock, ids: Ids | None = None, fetch: Any = None
) -> FastAPI:
    """The application. Stand-ins for time, ids and the network come in here, and nowhere else."""
    runtime = Runtime.of(settings, clock=clock, ids=ids, fetch=fetch)
    return assemble(
        runtime,
        ROUTERS,
        title="Laurels",
        description="Peers recognise peers, and the thanks becomes an Open Badge that anyone can verify.",
    )
