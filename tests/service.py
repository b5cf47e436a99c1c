"""What tests of the service are given: a fresh database, settings, a clock and ids that can be foretold, a client.

A folder of tests takes them by importing the fixtures into its `conftest.py`; tests of the library do without.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

import badges
from app.kit.database import connect
from app.kit.mail import Message
from app.kit.migrations import upgrade
from app.main import create_app
from app.settings import Settings
from tests.client import Client
from tests.postgres import throwaway_postgres, url_of
from tests.stand_ins import CountingIds, SettableClock

ADMIN_TOKEN = "the-admin-token-of-the-tests-0123456789"


on_both_databases = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""Runs a test once on SQLite and once on PostgreSQL; others run on SQLite."""


class Servers:
    """Migrated databases to copy from, made when the first test wants one."""

    def __init__(self, folder: Path, until: ExitStack) -> None:
        self._folder, self._until = folder, until
        self._postgres: str | None = None
        self._count = 0

    def fresh(self, kind: str, folder: Path) -> str:
        """The URL of a database of its own, at the newest shape."""
        return self._on_postgres() if kind == "postgresql" else self._in_a_file(folder)

    def _in_a_file(self, folder: Path) -> str:
        template = self._folder / "template.db"
        if not template.exists():
            engine = connect(f"sqlite:///{template}")
            upgrade(engine)
            engine.dispose()
        return f"sqlite:///{shutil.copy(template, folder / 'laurels.db')}"

    def _on_postgres(self) -> str:
        if self._postgres is None:
            self._postgres = self._until.enter_context(throwaway_postgres())
            self._command("CREATE DATABASE template")
            engine = connect(url_of(self._postgres, "template"))
            upgrade(engine)
            engine.dispose()
        self._count += 1
        self._command(f"CREATE DATABASE test{self._count} TEMPLATE template")
        return url_of(self._postgres, f"test{self._count}")

    def _command(self, command: str) -> None:
        assert self._postgres is not None
        engine = sa.create_engine(url_of(self._postgres, "postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(command)
        engine.dispose()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with ExitStack() as until:
        yield Servers(tmp_path_factory.mktemp("servers"), until)


@pytest.fixture
def database(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> str:
    """The URL of a fresh database: SQLite, unless the test is marked `on_both_databases`."""
    return servers.fresh(getattr(request, "param", "sqlite"), tmp_path)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings.model_validate({"database_url": database, "admin_token": ADMIN_TOKEN, "state_dir": tmp_path})


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    engine = connect(database)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture
def mails() -> list[Message]:
    """The mails that were sent."""
    return []


@pytest.fixture
def app(settings: Settings, clock: SettableClock, ids: CountingIds, mails: list[Message]) -> FastAPI:
    return create_app(settings, clock=clock, ids=ids, fetch=badges.no_fetch, send=mails.append)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Calls the service as a stranger does; a failure on our side is a 500, as it would be outside."""
    with Client(app) as client:
        yield client
