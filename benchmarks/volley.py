"""Calls to a service over kept connections, so many at once, and what came of them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter

Call = tuple[bytes, dict[str, str]]
"""A body and its headers."""


@dataclass(frozen=True)
class Seen:
    """What came of it."""

    seconds: float
    latencies: list[float]
    """Seconds of each call that was answered as it should be."""
    refused: list[str]
    """The other answers."""


def volley(
    port: int,
    path: str,
    concurrency: int,
    calls: Callable[[], Call | None],
    is_taken: Callable[[int, bytes], bool],
) -> Seen:
    """Posts what `calls` gives, until that is None; it is asked by all threads. `is_taken` is told status and body."""
    seen = Seen(0.0, [], [])

    def post_one_after_the_other() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while (call := calls()) is not None:
            raw, headers = call
            start = perf_counter()
            connection.request("POST", path, raw, headers)
            answer = connection.getresponse()
            body = answer.read()
            if is_taken(answer.status, body):
                seen.latencies.append(perf_counter() - start)
            else:
                seen.refused.append(f"{answer.status} {body[:300]!r}")
        connection.close()

    threads = [threading.Thread(target=post_one_after_the_other) for _ in range(concurrency)]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Seen(perf_counter() - start, seen.latencies, seen.refused)
