"""What is done beside the requests: jobs, each with a name, called again and again with the instant of the call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.kit.deps import Runtime


@dataclass(frozen=True)
class Job:
    """Something to do when it is due, such as to end what has passed its deadline, or to send what waits.

        def run(runtime: Runtime, now: datetime) -> int:
            with runtime.writing() as session: ...

    `run` does a bounded amount of what is due at `now` and says how much that was, with 0 when nothing is left. Its
    transactions are its own and short, none is open across a network call, and whatever it does may be done by several
    workers at once: rows are taken by lock or lease (`kit/leases.py`), or changed by compare-and-set.
    """

    name: str
    run: Callable[[Runtime, datetime], int]
