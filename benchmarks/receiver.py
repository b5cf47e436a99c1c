"""A receiver of webhooks as a process of its own, as light as can be: it counts, and answers 204.

`python -m benchmarks.receiver COUNT` prints its port; when so many different deliveries have come, it prints as JSON
how long that took from the first to the last, and how many came more than once.
"""

import asyncio
import json
import sys
from time import perf_counter

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Counting(asyncio.Protocol):
    """One connection."""

    count, again = 0, 0
    seen: set[bytes] = set()  # noqa: RUF012  of all connections together
    first = last = 0.0
    ended: asyncio.Event

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, rest = self._read.partition(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            length = int(fields[b"content-length"])
            if len(rest) < length:
                return
            self._read = rest[length:]
            self._came(fields[b"webhook-id"])

    def _came(self, id: bytes) -> None:
        Counting.last = perf_counter()
        Counting.first = Counting.first or Counting.last
        Counting.again += id in Counting.seen
        Counting.seen.add(id)
        assert isinstance(self._transport, asyncio.WriteTransport)  # noqa: S101  as opened
        self._transport.write(ANSWER)
        if len(Counting.seen) == Counting.count:
            Counting.ended.set()


async def receive(count: int) -> None:
    """Until so many have come."""
    Counting.count, Counting.ended = count, asyncio.Event()
    server = await asyncio.get_running_loop().create_server(Counting, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await Counting.ended.wait()
    print(json.dumps({"seconds": Counting.last - Counting.first, "again": Counting.again}), flush=True)


if __name__ == "__main__":
    asyncio.run(receive(int(sys.argv[1])))
