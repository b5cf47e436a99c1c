"""Runs the real service as a real process, on a free loopback port, with a database and state of its own."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

START_LIMIT = 90.0  # seconds
COMMAND = (str(Path(sys.executable).with_name("laurels")), "serve")


class DidNotStart(Exception):
    """The service ended or stayed silent instead of becoming ready; the message is its log."""


@dataclass(frozen=True)
class Mode:
    """How an installation is set up: `origin` is its public URL, or None for the plain loopback address."""

    name: str
    origin: str | None


MODES = (
    Mode("demo", None),  # did:key issuers, VC-JWT with EdDSA
    Mode("production", "https://badges.example.org"),  # did:web issuers, VC-JWT with ES256
)


@dataclass(frozen=True)
class Service:
    """A running service: its public origin, and a client on its loopback address (`steward` with the admin token)."""

    origin: str
    public: httpx.Client
    steward: httpx.Client


@contextmanager
def running(mode: Mode) -> Iterator[Service]:
    """The service in `mode`, ready to be asked; stopped when the block ends. Raises `DidNotStart`."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    origin = mode.origin or address
    token = secrets.token_urlsafe(32)
    with TemporaryDirectory(prefix="laurels-interop-") as state:
        log = Path(state) / "log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LAURELS_")} | {
            "LAURELS_DATABASE_URL": f"sqlite:///{state}/laurels.db",
            "LAURELS_STATE_DIR": state,
            "LAURELS_PUBLIC_URL": origin,
            "LAURELS_ADMIN_TOKEN": token,
        }
        command = [*COMMAND, "--host", "127.0.0.1", "--port", str(port)]
        with log.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
            try:
                proxied = {"Host": origin.partition("://")[2], "X-Forwarded-Proto": origin.partition("://")[0]}
                authorized = proxied | {"Authorization": f"Bearer {token}"}
                with (
                    httpx.Client(base_url=address, headers=proxied, timeout=30, trust_env=False) as public,
                    httpx.Client(base_url=address, headers=authorized, timeout=30, trust_env=False) as steward,
                ):
                    _wait_until_ready(public, process, log)
                    yield Service(origin, public, steward)
            finally:
                _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise DidNotStart(log.read_text(errors="replace")[-4000:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
