"""How Alembic reaches models and database. `app/kit/migrations.py` hands a connection in; the command line has none."""

import pkgutil
from importlib import import_module
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import app
from app.kit.database import Json, Row, connect
from app.settings import Settings

# Every table has to be known before models and database are compared.
for module in pkgutil.walk_packages(app.__path__, "app."):
    if module.name.endswith(".tables") or module.name.startswith("app.kit."):
        import_module(module.name)


def render(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Types in the words of SQLAlchemy alone, so that an old migration never changes with our classes."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if item is Json:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Any) -> None:
    context.configure(
        connection=connection, target_metadata=Row.metadata, render_as_batch=True, render_item=render, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


if "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:
    with connect(Settings().database_url).begin() as connection:
        run(connection)
