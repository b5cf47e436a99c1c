"""The database's shape, step by step, from `alembic/versions`."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.kit.database import is_sqlite

_FOLDER = Path(__file__).resolve().parents[2] / "alembic"
_ONE_AT_A_TIME = 0x6C617572656C73  # "laurels": the advisory lock that migrations hold on PostgreSQL


class NotMigrated(RuntimeError):
    """The database is not in the shape that this version needs; `laurels migrate` brings it there."""


def upgrade(engine: sa.Engine) -> None:
    """Brings the database to the newest shape; does nothing where it is already. All steps or none."""
    with engine.connect() as connection:
        if current_is_head(connection):
            return
    _migrate(engine, "head")


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Takes the database back to `revision`, with what was kept in the parts that go."""
    _migrate(engine, revision, back=True)


def check(engine: sa.Engine) -> None:
    """Raises `alembic.util.CommandError` if the models say anything else than the migrated database."""
    with engine.connect() as connection:
        command.check(_configuration(connection))


def current_is_head(connection: sa.Connection) -> bool:
    """Whether the database has the newest shape."""
    return set(MigrationContext.configure(connection).get_current_heads()) == _heads()


@cache
def _heads() -> set[str]:
    return set(ScriptDirectory(str(_FOLDER)).get_heads())


def _configuration(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def _migrate(engine: sa.Engine, revision: str, *, back: bool = False) -> None:
    with engine.connect() as connection:
        connection.detach()  # it has settings of its own from here on, and must not return to the pool
        if is_sqlite(engine):
            # A table is changed by copying it and dropping the old one, which would delete what refers to it. Can be
            # switched off outside of transactions only (sqlite.org/lang_altertable.html §7 step 1).
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            if not is_sqlite(engine):
                connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
                connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
            (command.downgrade if back else command.upgrade)(_configuration(connection), revision)
            if is_sqlite(engine) and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise NotMigrated("a migration left rows that refer to nothing; it was taken back")
