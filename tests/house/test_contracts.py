"""The rules of the house that a program can check: who imports whom, who knows HTTP, what no file may name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# In pieces, so that this file does not find itself.
REGISTRIES = [".".join(host) for host in (("pypi", "org/simple"), ("files", "pythonhosted"), ("registry", "npmjs"))]
MACHINES = [f"/{folder}/" for folder in ("root", "work/main", "work/shared")]


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_the_table_of_problems_knows_the_exceptions_of_the_framework() -> None:
    """The linter bans the name; this finds a ban that was lifted."""
    sources = [path for folder in ("app", "badges") for path in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 50
    knowing = {str(path.relative_to(ROOT)) for path in sources if "HTTPException" in path.read_text()}
    assert knowing == {"app/kit/problems.py"}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows what is committed")
def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    words = re.compile("|".join(map(re.escape, REGISTRIES + MACHINES)).encode())
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    naming = [str(path) for path in files if path.is_file() and words.search(path.read_bytes())]
    assert naming == []
