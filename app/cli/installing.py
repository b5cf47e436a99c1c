"""The installation that a command works on, beside the process that serves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.kit.clock import system_clock
from app.kit.database import is_sqlite, write_session
from app.kit.deps import Runtime
from app.kit.migrations import NotMigrated, current_is_head, upgrade
from app.kit.occasions import Occasion
from app.settings import Settings


class NoDatabase(RuntimeError):
    """There is no database where the settings say."""


@contextmanager
def use_case() -> Iterator[tuple[Session, Runtime, Occasion]]:
    """One transaction beside a serving process: it waits its turn, and serves nothing itself. Raises as `here`."""
    runtime = here(Settings())
    _ = runtime.installation  # opened before the transaction that would wait for it
    with write_session(runtime.engine) as session:
        yield session, runtime, Occasion(actor="operator", now=system_clock(), ids=runtime.ids)


def is_made(settings: Settings) -> bool:
    """Whether there is a database, as far as can be told without making one."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()


def here(settings: Settings) -> Runtime:
    """This installation, with its database in the newest shape. Raises `NoDatabase`, `NotMigrated`."""
    if not is_made(settings):
        # To make an empty one would answer a wrong address with wrong facts: that there is no such community, say.
        file = Path(str(make_url(settings.database_url).database)).absolute()
        raise NoDatabase(
            f"There is no database {file}. LAURELS_DATABASE_URL says which it is; "
            "`laurels serve` and `laurels migrate` make a new one."
        )
    runtime = Runtime.of(settings)
    if is_sqlite(runtime.engine):
        upgrade(runtime.engine)
    with runtime.engine.connect() as connection:
        if not current_is_head(connection):
            raise NotMigrated("This database is not in the newest shape. Run `laurels migrate` first.")
    return runtime
