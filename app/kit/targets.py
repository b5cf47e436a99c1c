"""Which URLs are asked at all, by what stands in them; the addresses behind their names are another question."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urljoin

from app.kit.networks import Refused, is_loopback

LONGEST = 2048
"""Characters of a URL."""

# One grammar, and what it does not cover is refused, so that no two readers of a URL can disagree about it: no user
# name, no backslash, no zone id, no percent signs or letters beyond ASCII in the host (RFC 3986 §3.2, narrowed).
_URL = re.compile(
    r"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?)://(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>[/?][^\s\\#\x00-\x20\x7f\ud800-\udfff]*)?(?:#[^\s\\]*)?"
)
# The last label of a public name is letters (RFC 3696 §2), which an IPv4 address in no spelling is: neither decimal,
# octal nor hexadecimal, neither whole nor in parts.
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")

_LOCAL_NAMES = re.compile(
    r"(?:.*\.)?(?:localhost"  # RFC 6761 §6.3
    r"|local"  # RFC 6762
    r"|internal"  # ICANN 2024; metadata.google.internal
    r"|home\.arpa"  # RFC 8375
    r"|onion"  # RFC 7686
    r"|alt)"  # RFC 9476
)
"""Names that never mean a public host; even the question tells whoever is near what is being verified."""

HTTPS_PORT = 443
_UNPRIVILEGED = 1024
_NOT_FOR_THE_WEB = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
)
"""Ports of other protocols, which browsers refuse too (Fetch §2.9)."""


@dataclass(frozen=True)
class Target:
    """A URL taken apart, once, by the only reading that counts."""

    scheme: str
    host: str
    """In lower case; an IPv6 address without its brackets."""
    port: int
    rest: str
    """Path and query, beginning with a slash."""
    is_loopback: bool
    """Whether it says that it means this machine: nothing else leads there."""

    @property
    def url(self) -> str:
        """Without the fragment, and with the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _usual_port(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.rest}"

    def redirected(self, location: str, *, allow_loopback: bool) -> "Target":
        """Where this one sends to (RFC 9110 §15.4), by the same rules. Raises `Refused`."""
        target = target_of(_joined(self.url, location), allow_loopback=allow_loopback)
        if target.is_loopback and not self.is_loopback:
            raise Refused("redirected to this machine")
        if target.scheme == "http" and self.scheme == "https":
            raise Refused("redirected from https to http")
        return target


def target_of(url: str, *, allow_loopback: bool) -> Target:
    """What `url` asks for. Raises `Refused` for what is not asked.

    That is: https to a public name, at port 443 or, since a did:web may name a port, at an unprivileged one; and, where
    `allow_loopback` says so, http or https to this machine at any port.
    """
    match = _URL.fullmatch(url) if len(url) <= LONGEST else None
    if match is None:
        raise Refused("not a URL of the kind that is asked")
    scheme, host = match["scheme"].lower(), match["host"].lower().strip("[]")
    port = int(match["port"] or _usual_port(scheme))
    rest = match["rest"] or "/"
    target = Target(scheme, host, port, rest if rest.startswith("/") else f"/{rest}", _says_loopback(host))
    if not 0 < port < 65_536:
        raise Refused(f"no port: {port}")
    if not target.is_loopback:
        _vet_public(target)
    elif not allow_loopback:
        raise Refused("this machine, and LAURELS_ALLOW_LOOPBACK is not set")
    return target


def is_public(url: str, *, allow_loopback: bool) -> bool:
    """Whether an http or https `url` leads to a public name, as everybody who reads it has to be able to follow it."""
    match = _URL.fullmatch(url) if len(url) <= LONGEST else None
    if match is None:
        return False
    host = match["host"].lower().strip("[]")
    if _says_loopback(host):
        return allow_loopback
    return bool(_NAME.fullmatch(host)) and not _LOCAL_NAMES.fullmatch(host)


def _vet_public(target: Target) -> None:
    if target.scheme != "https":
        raise Refused("not https")
    if not _NAME.fullmatch(target.host):
        raise Refused("an address, or no name that is in use on the Internet")
    if _LOCAL_NAMES.fullmatch(target.host):
        raise Refused("a local name")
    if target.port != HTTPS_PORT and (target.port < _UNPRIVILEGED or target.port in _NOT_FOR_THE_WEB):
        raise Refused(f"port {target.port}")


def _says_loopback(host: str) -> bool:
    """Whether a host is this machine in its one plain spelling; others are refused like any address."""
    if host == "localhost":
        return True
    try:
        return is_loopback(ip_address(host))
    except ValueError:
        return False


def _usual_port(scheme: str) -> int:
    return HTTPS_PORT if scheme == "https" else 80


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise Refused("redirected to something that is no URL") from error
