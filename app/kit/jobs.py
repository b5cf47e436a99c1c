"""What is done beside the requests: jobs, each with a name, called again and again with the instant of the call."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.kit.deps import Runtime
from app.kit.errors import AppError

T = TypeVar("T")

_log = logging.getLogger(__name__)


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


def one_by_one(
    items: Iterable[T], do: Callable[[T], int], *, failed: Callable[[T, Exception], None] | None = None
) -> int:
    """Does each of these, in transactions of its own; how much was done.

    One that fails holds up no other: `failed` decides what becomes of it; without that, or where that fails as well, it
    is logged and tried again the next time. Where nothing at all could be done it raises what the first of those failed
    with, so that the job rests.
    """
    done, first = 0, None
    for item in items:
        try:
            done += do(item)
        except Exception as error:  # noqa: BLE001  whatever it is, the others are not to wait for it
            if failed is not None:
                if not isinstance(error, AppError):
                    _log.exception("%s could not be done.", item)
                try:
                    failed(item, error)
                    continue
                except Exception as further:  # noqa: BLE001  nor for what could not be said of it
                    error = further
            _log.exception("%s could not be done; it is tried again.", item, exc_info=error)
            first = first or error
    if first is not None and not done:
        raise first
    return done
