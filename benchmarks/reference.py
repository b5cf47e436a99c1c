"""openbadgeslib as a reference: a process in the environment that `interop` makes for it, asked for its timings."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measuring import Job
from interop.environments import install

_PROGRAM = Path(__file__).with_name("reference_jobs.py")


@contextmanager
def openbadgeslib(material: Mapping[str, Any]) -> Iterator[dict[str, Job]]:
    """Its jobs by name, as long as the block lasts. Raises `CannotInstall`."""
    command = [str(install("openbadgeslib")), "-P", str(_PROGRAM)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        names: list[str] = _asked(process, material)

        def timed(name: str) -> Job:
            return Job(f"openbadgeslib: {name}", lambda count: float(_asked(process, [name, count])))

        try:
            yield {name: timed(name) for name in names}
        finally:
            process.terminate()


def _asked(process: "subprocess.Popen[str]", question: Any) -> Any:
    assert process.stdin is not None  # noqa: S101  as opened
    assert process.stdout is not None  # noqa: S101  as opened
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"openbadgeslib's process ended with status {process.wait()}")
    return json.loads(answer)
