"""The guarded way out for what is told to others: a POST to an address that somebody chose, by the rules of `fetching`.

The same URLs, the same vetted addresses, the same bounds. But no redirect is followed; connections stay open for the
next, so that many can be told much; and of the answer only its status counts, and its first words are kept.
"""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import httpcore
import httpx

from app.kit.networks import Refused, Resolve, ask_system
from app.kit.pacing import Aside, Deadline, Limits, TooLate
from app.kit.targets import Target, target_of
from app.kit.vetted import Allowance, VettedNetwork, vetted

_log = logging.getLogger(__name__)

LIMITS = Limits(total=15.0, connect=5.0, body=16_384, head=65_536)
"""What one POST may cost; 15 seconds are what Standard Webhooks gives a receiver at least."""
_FIRST_WORDS = 500
"""Bytes of an answer that are kept."""
_WORTH_A_SECOND_TRY = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)
"""What comes of a connection that the other side has closed meanwhile."""


@dataclass(frozen=True)
class Answered:
    """What somebody answered."""

    status: int
    first_words: bytes
    retry_after: str | None


class NotAnswered(Exception):
    """Nobody answered. `code` says as much of why as may be told: what is refused and what is not there read alike."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Poster:
    """The way out. `resolve`, `network` and `tls` are stood in for as in `Fetcher`."""

    def __init__(
        self,
        *,
        user_agent: str,
        allow_loopback: bool = False,
        limits: Limits = LIMITS,
        resolve: Resolve = ask_system,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.user_agent = user_agent
        self.allow_loopback = allow_loopback
        self.limits = limits
        self._resolve = resolve
        self.network = network or httpcore.SyncBackend()
        self._given_tls = tls
        self._lookups = Aside(16)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Whose word counts for names."""
        return self._given_tls or httpx.create_ssl_context()

    def line(self, url: str) -> "Line":
        """A line to one address, for one thread at a time; it connects when it is used."""
        return Line(self, url)

    def refuses(self, url: str) -> str | None:
        """Why a URL is none that is ever posted to, by what stands in it."""
        try:
            target_of(url, allow_loopback=self.allow_loopback)
        except Refused as refused:
            return str(refused)
        return None

    def connecting(self, target: Target, allowance: Allowance) -> VettedNetwork:
        """The network of a line: each new connection goes to an address that was just looked at."""
        patience = 1.0 if target.is_loopback else self.limits.connect
        return VettedNetwork(
            self.network, lambda: vetted(target, self._resolve, self._lookups, allowance.deadline), allowance, patience
        )


class Line:
    """One connection at a time to one address, kept open while it is used."""

    def __init__(self, poster: Poster, url: str) -> None:
        self._poster = poster
        self._url = url
        self._allowance = Allowance(Deadline(0), 0)
        self._pool: httpcore.ConnectionPool | None = None
        self._target: Target | None = None

    def close(self) -> None:
        """Hangs up."""
        if self._pool is not None:
            with suppress(Exception):
                self._pool.close()
            self._pool = None

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answered:
        """What was answered, whatever its status. Raises `NotAnswered`."""
        deadline = Deadline(self._poster.limits.total)
        was_open = self._pool is not None and bool(self._pool.connections)
        try:
            try:
                return self._posted(body, headers, deadline)
            except _WORTH_A_SECOND_TRY:
                if not was_open:
                    raise
                self.close()
                return self._posted(body, headers, deadline)
        except (TooLate, httpcore.TimeoutException, TimeoutError):
            self.close()
            raise NotAnswered("timeout") from None
        except (Refused, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
            self.close()
            _log.info("A webhook was not reached: %s", error if isinstance(error, Refused) else type(error).__name__)
            raise NotAnswered("unreachable") from None

    def _posted(self, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> Answered:
        limits, pool = self._poster.limits, self._opened()
        assert self._target is not None  # noqa: S101  as opened
        self._allowance.deadline, self._allowance.bytes = deadline, limits.head
        sent = {"Host": _host(self._target), "User-Agent": self._poster.user_agent, "Accept": "*/*", **headers}
        fields = [(name.encode(), value.encode()) for name, value in sent.items()]
        with pool.stream("POST", _address(self._target), headers=fields, content=body) as response:
            if len(response.headers) > limits.fields:
                raise Refused("more headers than are read")
            self._allowance.bytes += limits.body
            return Answered(response.status, self._first_words(response), _retry_after(response))

    def _first_words(self, response: httpcore.Response) -> bytes:
        """How the body begins. It is read on, to its end, only so that the connection can be kept."""
        kept, read = b"", 0
        pieces: Iterator[bytes] = iter(response.iter_stream())
        # The status has been said: whatever is wrong with the rest takes nothing of it back.
        with suppress(
            TooLate, Refused, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError
        ):
            for piece in pieces:
                kept, read = (kept + piece)[:_FIRST_WORDS], read + len(piece)
                if read > self._poster.limits.body:
                    break
            else:
                return kept
        self.close()
        return kept

    def _opened(self) -> httpcore.ConnectionPool:
        """Raises `Refused`."""
        if self._pool is None:
            self._target = target_of(self._url, allow_loopback=self._poster.allow_loopback)
            network = self._poster.connecting(self._target, self._allowance)
            self._pool = httpcore.ConnectionPool(
                ssl_context=self._poster.tls, network_backend=network, max_connections=1, keepalive_expiry=5.0
            )
        return self._pool


def _address(target: Target) -> httpcore.URL:
    return httpcore.URL(
        scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.rest.encode()
    )


def _host(target: Target) -> str:
    """The Host header (RFC 9110 §7.2)."""
    return target.url.partition("://")[2].partition("/")[0]


def _retry_after(response: httpcore.Response) -> str | None:
    return next((value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"), None)
