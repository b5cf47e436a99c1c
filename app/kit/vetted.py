"""What every way out is made of: connections to addresses that were looked at, with so much time and so many bytes."""

import ssl
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from app.kit.networks import LOCALHOST, Address, Refused, Resolve, public_addresses
from app.kit.pacing import Aside, Deadline
from app.kit.targets import Target

_TRIED = 3  # addresses of one name


def vetted(target: Target, resolve: Resolve, lookups: Aside, deadline: Deadline) -> Sequence[Address]:
    """Where to connect to for a target. Raises `Refused`, `TooLate` or `OSError`."""
    if target.is_loopback:
        return [ip_address(text) for text in (LOCALHOST if target.host == "localhost" else (target.host,))]
    return lookups.run(lambda: public_addresses(target.host, resolve), deadline)


class Transport(httpx.HTTPTransport):
    """httpx's transport over a network of our own, which its constructor does not take."""

    def __init__(self, network: httpcore.NetworkBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=network, max_keepalive_connections=0)


class Allowance:
    """The time and the bytes that one connection has left.

    It is given bytes for a body once there is one, and both anew with every request for which it is kept open.
    """

    def __init__(self, deadline: Deadline, head: int) -> None:
        self.deadline = deadline
        self.bytes = head

    def take(self, data: bytes) -> bytes:
        self.bytes -= len(data)
        if self.bytes < 0:
            raise Refused("more bytes than are read")
        return data


class VettedNetwork(httpcore.NetworkBackend):
    """Connects to addresses that were vetted, whatever name it is given: nothing is looked up a second time."""

    def __init__(
        self,
        network: httpcore.NetworkBackend,
        vetted: Callable[[], Sequence[Address]],
        allowance: Allowance,
        patience: float,
    ) -> None:
        """`vetted` says where to connect to, and is asked for every connection. Raises `Refused` or `OSError`."""
        self._network = network
        self._vetted = vetted
        self._allowance = allowance
        self._patience = patience

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        *others, last = self._vetted()[:_TRIED]
        for address in others:
            try:
                return self._connected(address, port)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(last, port)

    def _connected(self, address: Address, port: int) -> httpcore.NetworkStream:
        patience = min(self._patience, self._allowance.deadline.left())
        return _Stream(self._network.connect_tcp(str(address), port, patience), self._allowance, self._patience)


class _Stream(httpcore.NetworkStream):
    """A connection that ends with its allowance."""

    def __init__(self, stream: httpcore.NetworkStream, allowance: Allowance, patience: float) -> None:
        self._stream = stream
        self._allowance = allowance
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._allowance.take(self._stream.read(max_bytes, self._allowance.deadline.left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._allowance.deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        patience = min(self._patience, self._allowance.deadline.left())
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, patience), self._allowance, self._patience)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
