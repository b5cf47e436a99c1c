"""The service as a process of its own, on a free port, asked over real HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ADMIN = "the-admin-token-of-the-tests-0123456789"
_UP_WITHIN = 90.0


@dataclass(frozen=True)
class Live:
    """A running service."""

    url: str
    admin: str
    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)
    """What it has printed, once it has ended."""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """A clean environment in which the service keeps everything below `folder`."""
    own = {f"LAURELS_{name.upper()}": value for name, value in settings.items()}
    base = {"PATH": os.environ["PATH"], "HOME": str(folder), "LAURELS_DATABASE_URL": f"sqlite:///{folder}/laurels.db"}
    return base | own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    folder: Path, *, port: int | None = None, env: Mapping[str, str] | None = None, module: str = "app"
) -> Iterator[Live]:
    """`laurels serve`, from up to stopped by SIGTERM; `module` is what runs instead of the service as it is."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    known = environment(folder, public_url=url, admin_token=ADMIN) | dict(env or {})
    command = [sys.executable, "-m", module, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    live = Live(url, ADMIN, process)
    try:
        _wait_until_up(process, url)
        yield live
    finally:
        process.send_signal(signal.SIGTERM)
        live.output.extend(process.communicate(timeout=30)[0].splitlines())


def command(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A `laurels` command, run to its end in an environment of its own."""
    line = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(line, env=environment(folder, **settings), capture_output=True, text=True, check=False)


def _wait_until_up(process: subprocess.Popen[str], url: str) -> None:
    deadline = time.monotonic() + _UP_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The service ended at once: {process.communicate()[0]}")
        try:
            if httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError("The service did not come up.")
