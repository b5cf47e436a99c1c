"""Tests of the service are given a service, and communities in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import badges
from app.main import create_app
from app.settings import Settings
from tests.app.guild import Guild
from tests.app.town import Town, founded
from tests.client import Client
from tests.service import ADMIN_TOKEN, Servers, app, client, clock, database, engine, ids, mails, servers, settings
from tests.stand_ins import CountingIds, SettableClock

__all__ = ["app", "client", "clock", "database", "engine", "ids", "mails", "servers", "settings"]


@pytest.fixture
def guild(client: TestClient) -> Guild:
    """A community of the test's own."""
    return Guild(client).found()


@pytest.fixture(scope="module")
def standing(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guild]:
    """A community on SQLite that all tests of a module share, since founding takes time. Each brings its own people."""
    with community("sqlite", servers, tmp_path_factory.mktemp("standing")) as guild:
        yield guild


@pytest.fixture(scope="module")
def town(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two communities that all tests of a module share, and somebody of every kind to call."""
    with founded(servers, tmp_path_factory.mktemp("town")) as town:
        yield town


@contextmanager
def community(kind: str, servers: Servers, folder: Path) -> Iterator[Guild]:
    """A community in a service on a fresh database of a kind."""
    values = {"database_url": servers.fresh(kind, folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
    settings = Settings.model_validate(values)
    app = create_app(settings, clock=SettableClock(), ids=CountingIds(), fetch=badges.no_fetch)
    with Client(app) as client:
        yield Guild(client).found()
