"""Runs the real service as a real process, on a free loopback port, with a database and state of its own."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

START_LIMIT = 90.0  # seconds
LAURELS = str(Path(sys.executable).with_name("laurels"))


class DidNotStart(Exception):
    """The service ended or stayed silent instead of becoming ready."""


@dataclass(frozen=True)
class Mode:
    """How an installation is set up: `origin` is its public URL, or None for the plain loopback address."""

    name: str
    origin: str | None

    @property
    def issuer_is_key(self) -> bool:
        """Whether the issuer is a did:key, which no rotation survives."""
        return self.origin is None


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
    environment: Mapping[str, str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What its operator types while it runs: `laurels` and the arguments."""
        return subprocess.run(
            [LAURELS, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_LIMIT,
        )


@contextmanager
def running(mode: Mode) -> Iterator[Service]:
    """The service in `mode`, ready to be asked; stopped when the block ends. Raises `DidNotStart`.

    What ends the block by an exception is given the service's log as a note.
    """
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
            "LAURELS_ALLOW_LOOPBACK": "true",  # receivers of webhooks are here
        }
        command = [LAURELS, "serve", "--host", "127.0.0.1", "--port", str(port)]
        with log.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
            try:
                proxied = {"Host": origin.partition("://")[2], "X-Forwarded-Proto": origin.partition("://")[0]}
                authorized = proxied | {"Authorization": f"Bearer {token}"}
                with (
                    httpx.Client(base_url=address, headers=proxied, timeout=30, trust_env=False) as public,
                    httpx.Client(base_url=address, headers=authorized, timeout=30, trust_env=False) as steward,
                ):
                    _wait_until_ready(public, process)
                    yield Service(origin, public, steward, environment)
            except Exception as stop:
                stop.add_note(f"The service's log:\n{log.read_text(errors='replace')[-4000:]}")
                raise
            finally:
                _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.get("/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise DidNotStart(f"{client.base_url} is not ready.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
