"""The one guarded way out: what strangers publish is asked for here, and nowhere else.

Whoever has a badge verified chooses the addresses that this service asks. So that nobody reaches through it what only
it can reach, nor keeps it busy: (1) the URL is one that is asked at all (`targets.py`); (2) its name is looked up once,
and every address behind it is a public one (`networks.py`); (3) the connection goes to an address that was looked at,
while TLS goes on to ask for the name; (4) a redirect begins again at (1); (5) time and bytes are bounded as they pass.
Towards strangers all that fails fails alike. `docs/decisions/0011-one-guarded-way-out.md` says why.
"""

import logging
import ssl
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property

import httpcore
import httpx

import badges
from app.kit.clock import Clock
from app.kit.networks import Address, Refused, Resolve, ask_system
from app.kit.pacing import Aside, Deadline, Hosts, Limits, TooLate
from app.kit.recent import Recent, seconds_to_keep
from app.kit.targets import Target, target_of
from app.kit.vetted import Allowance, Transport, VettedNetwork, vetted

_log = logging.getLogger(__name__)


class Fetcher:
    """A `badges.Fetch` of public documents: https, and on this machine http if `allow_loopback` says so.

    `user_agent` says who asks. `resolve` and `network` stand for the system's resolver and sockets, `tls` for the
    certificate authorities that are trusted.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Clock,
        allow_loopback: bool = False,
        limits: Limits | None = None,
        resolve: Resolve = ask_system,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._clock = clock
        self._allow_loopback = allow_loopback
        self._limits = limits or Limits()
        self._resolve = resolve
        self._network = network or httpcore.SyncBackend()
        self._given_tls = tls
        self._recent = Recent(self._limits.kept)
        self._hosts = Hosts(self._limits.per_host)
        self._lookups = Aside(16)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpx.create_ssl_context()

    def __call__(self, url: str, *, accept: str) -> badges.Fetched:
        """The answer of `url`, whatever its status. Raises `badges.Unreachable`; why, only the log says."""
        now = self._clock()
        kept = self._recent.find((url, accept), now)
        if kept is not None:
            return kept
        no_sooner, deadline = Deadline(self._limits.floor), Deadline(self._limits.total)
        try:
            answer, seconds = self._follow(url, accept, deadline)
        except (Refused, TooLate, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            # Not whom was asked: that stands in somebody's badge, of which nothing is kept. And no warning to whoever
            # runs this: strangers name what is not there all day, and those who asked are told.
            _log.info("A stranger's document was not fetched: %s", _reason(error))
            no_sooner.sleep()
            raise badges.Unreachable(
                f"{url[:200]} could not be fetched. Only public addresses are asked, by https, and they have "
                f"{self._limits.total:.0f} seconds and {self._limits.body / 1_048_576:.3g} MiB to answer."
            ) from None
        answer = replace(answer, fetched_at=now)
        self._recent.keep((url, accept), answer, now=now, seconds=seconds)
        return answer

    def _follow(self, url: str, accept: str, deadline: Deadline) -> tuple[badges.Fetched, int]:
        """The answer at the end of the redirects, and the seconds that it may be kept."""
        target = target_of(url, allow_loopback=self._allow_loopback)
        for _ in range(self._limits.redirects + 1):
            with self._hosts.one(target.host, deadline):
                status, headers, body = self._ask(target, accept, deadline)
            location = headers.get("location")
            if status not in _REDIRECTS or location is None:
                fetched = badges.Fetched(status, headers.get("content-type", ""), body, target.url)
                return fetched, seconds_to_keep(headers)
            target = target.redirected(location, allow_loopback=self._allow_loopback)
        raise Refused(f"more than {self._limits.redirects} redirects")

    def _ask(self, target: Target, accept: str, deadline: Deadline) -> tuple[int, httpx.Headers, bytes]:
        try:
            return self._get(target, accept, deadline)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            # A did:web is always https (did:web §3.2); in development there is seldom TLS on this machine.
            if not target.is_loopback or target.scheme == "http":
                raise
            return self._get(replace(target, scheme="http"), accept, deadline)

    def _get(self, target: Target, accept: str, deadline: Deadline) -> tuple[int, httpx.Headers, bytes]:
        request = httpx.Request(
            "GET",
            target.url,
            headers={
                "User-Agent": self._user_agent,
                "Accept": accept,
                "Accept-Encoding": "gzip",
                "Connection": "close",
            },
        )
        patience = 1.0 if target.is_loopback else self._limits.connect
        allowance = Allowance(deadline, self._limits.head)
        addresses = self._vetted(target, deadline)
        network = VettedNetwork(self._network, lambda: addresses, allowance, patience)
        # A transport alone: no cookies, no redirects, no credentials, and no proxy that the environment names.
        with Transport(network, self._tls) as transport, closing(transport.handle_request(request)) as response:
            _check_head(response, self._limits)
            allowance.bytes += self._limits.body
            return response.status_code, response.headers, _body(response, deadline, self._limits)

    def _vetted(self, target: Target, deadline: Deadline) -> Sequence[Address]:
        """Where to connect to. Raises `Refused` or `OSError`."""
        return vetted(target, self._resolve, self._lookups, deadline)


_REDIRECTS = {301, 302, 303, 307, 308}


def _check_head(response: httpx.Response, limits: Limits) -> None:
    if response.status_code < 200:
        raise Refused(f"status {response.status_code}, which is no answer")
    fields = response.headers.raw
    if len(fields) > limits.fields or sum(len(name) + len(value) for name, value in fields) > limits.head:
        raise Refused("more headers than are read")


def _body(response: httpx.Response, deadline: Deadline, limits: Limits) -> bytes:
    """The body, unpacked within the same bound. Only gzip was asked for (RFC 9110 §8.4.1), so only gzip is taken."""
    pieces = []
    for piece in response.iter_raw():
        deadline.left()
        pieces.append(piece)
        if len(pieces) > limits.pieces:
            raise Refused("a body in too many pieces")
    body, coding = b"".join(pieces), response.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"gzip", "x-gzip"} and body:
        body = _unpacked(body, limits.body)
    elif coding not in {"identity", "gzip", "x-gzip"}:
        raise Refused("packed as nobody asked")
    if len(body) > limits.body:
        raise Refused("a body larger than is read")
    return body


def _unpacked(body: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(body, most + 1)
    except zlib.error as error:
        raise Refused("a body that does not unpack") from error
    if not unpacking.eof or unpacking.unused_data:
        raise Refused("a body that unpacks to too much, ends early or goes on behind its end")
    return unpacked


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Refused | TooLate) else type(error).__name__
