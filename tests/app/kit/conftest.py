"""The kit is tried with small services of a test's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from app.kit.assembly import assemble
from app.kit.deps import Runtime
from app.settings import Settings
from tests.client import Client
from tests.stand_ins import CountingIds, SettableClock

Serve = Callable[[APIRouter], TestClient]


@pytest.fixture
def serve(settings: Settings, clock: SettableClock, ids: CountingIds) -> Iterator[Serve]:
    """Serves a router, with all that the kit puts around it."""
    with ExitStack() as until:

        def served(router: APIRouter) -> TestClient:
            app = assemble(Runtime.of(settings, clock=clock, ids=ids), [router], title="Trial", description="A trial.")
            return until.enter_context(Client(app))

        yield served
