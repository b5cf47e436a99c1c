"""The database's shape: from nothing to the newest and back, on both databases, as the models say."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from app.kit.database import connect
from app.kit.migrations import check, current_is_head, downgrade, upgrade
from tests.service import Servers, on_both_databases


def is_head(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        return current_is_head(connection)


def shape(engine: sa.Engine) -> dict[str, list[str]]:
    inspector = sa.inspect(engine)
    return {
        table: sorted(
            str((column["name"], column["type"], column["nullable"])) for column in inspector.get_columns(table)
        )
        for table in inspector.get_table_names()
    }


@on_both_databases
def test_the_way_up_the_way_down_and_up_again(engine: sa.Engine) -> None:
    assert is_head(engine)
    newest = shape(engine)
    downgrade(engine)
    assert not is_head(engine)
    assert set(shape(engine)) == {"alembic_version"}
    upgrade(engine)
    assert is_head(engine)
    assert shape(engine) == newest


@on_both_databases
def test_models_and_migrations_agree(engine: sa.Engine) -> None:
    check(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE chain ADD COLUMN more INTEGER")
    with pytest.raises(CommandError, match="remove_column"):
        check(engine)


@on_both_databases
def test_migrating_twice_at_once_migrates_once(engine: sa.Engine) -> None:
    downgrade(engine)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(upgrade, [engine, connect(engine.url.render_as_string(hide_password=False))]))
    assert is_head(engine)


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/new.db")
    assert not is_head(engine)
    upgrade(engine)
    assert is_head(engine)
    with engine.connect() as connection:  # what migrating switched off is on for everyone else
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_names_of_constraints_are_alike_on_both_databases(servers: Servers, tmp_path: Path) -> None:
    names = []
    for kind in ("sqlite", "postgresql"):
        engine = connect(servers.fresh(kind, tmp_path))
        inspector = sa.inspect(engine)
        names.append(
            {
                table: (
                    inspector.get_pk_constraint(table)["name"],
                    {constraint["name"] for constraint in inspector.get_unique_constraints(table)},
                    {constraint["name"] for constraint in inspector.get_foreign_keys(table)},
                )
                for table in inspector.get_table_names()
                if table != "alembic_version"
            }
        )
        engine.dispose()
    assert names[0] == names[1]
