"""Which addresses are somebody else's public ones, by an explicit table.

`ipaddress.is_global` and `is_private` are no rule to build on: on Python 3.11.7 `is_global` holds for Oracle's metadata
service (192.0.0.192), for Azure's (168.63.129.16), for the 6to4 form of 127.0.0.1, for site-local addresses and for all
multicast. The table is the IANA registries of special-purpose addresses, and what hosters keep for themselves.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

Resolve = Callable[[str], Iterable[str]]
"""Every address of a name, as text. Raises `OSError` when there is none."""


class Refused(Exception):
    """What was asked for is not asked, or its answer is not taken. The reason is for the log, not for strangers."""


LOCALHOST = ("127.0.0.1", "::1")
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

_REFUSED = {
    # IPv4
    "0.0.0.0/8": "this network (RFC 791 §3.2); Linux takes it for this host",
    "10.0.0.0/8": "private use (RFC 1918)",
    "100.64.0.0/10": "shared address space of carriers (RFC 6598), metadata of Alibaba Cloud",
    "127.0.0.0/8": "loopback (RFC 1122 §3.2.1.3)",
    "168.63.129.16/32": "metadata of Azure",
    "169.254.0.0/16": "link-local (RFC 3927), metadata of most hosters",
    "172.16.0.0/12": "private use (RFC 1918)",
    "192.0.0.0/24": "IETF protocol assignments (RFC 6890), metadata of Oracle Cloud",
    "192.0.2.0/24": "documentation (RFC 5737)",
    "192.31.196.0/24": "AS112 (RFC 7535)",
    "192.52.193.0/24": "AMT (RFC 7450)",
    "192.88.99.0/24": "6to4 relays (RFC 7526)",
    "192.168.0.0/16": "private use (RFC 1918)",
    "192.175.48.0/24": "AS112 (RFC 7534)",
    "198.18.0.0/15": "benchmarking (RFC 2544)",
    "198.51.100.0/24": "documentation (RFC 5737)",
    "203.0.113.0/24": "documentation (RFC 5737)",
    "224.0.0.0/4": "multicast (RFC 5771)",
    "240.0.0.0/4": "reserved (RFC 1112 §4), broadcast (RFC 919)",
    # IPv6 that carries an IPv4 address, which would be reached by way of it
    "::ffff:0:0/96": "IPv4-mapped (RFC 4291 §2.5.5.2)",
    "64:ff9b::/96": "NAT64 (RFC 6052)",
    "64:ff9b:1::/48": "local NAT64 (RFC 8215)",
    "2001::/32": "Teredo (RFC 4380)",
    "2002::/16": "6to4 (RFC 3056)",
    # IPv6
    "::/128": "unspecified (RFC 4291 §2.5.2)",
    "::1/128": "loopback (RFC 4291 §2.5.3)",
    "::/96": "IPv4-compatible (RFC 4291 §2.5.5.1)",
    "100::/64": "discard only (RFC 6666)",
    "100:0:0:1::/64": "dummy prefix (RFC 9780)",
    "2001::/23": "IETF protocol assignments (RFC 2928): ORCHID, benchmarking, AMT, DETs",
    "2001:db8::/32": "documentation (RFC 3849)",
    "2620:4f:8000::/48": "AS112 (RFC 7534)",
    "3ffe::/16": "6bone, returned (RFC 3701)",
    "3fff::/20": "documentation (RFC 9637)",
    "5f00::/16": "segment routing (RFC 9602)",
    "fc00::/7": "unique local (RFC 4193), metadata of AWS",
    "fe80::/10": "link-local (RFC 4291 §2.5.6)",
    "fec0::/10": "site-local (RFC 3879)",
    "ff00::/8": "multicast (RFC 4291 §2.7)",
}

REFUSED = tuple((ip_network(network), what) for network, what in _REFUSED.items())

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # nothing else is given out (RFC 4291 §2.4; IANA)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # begins an interface id that ends in an IPv4 address (RFC 5214 §6.1)


def why_refused(address: Address) -> str | None:
    """Why an address is not one to connect to for a stranger, or None."""
    for network, what in REFUSED:
        if address in network:
            return what
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return "an address of one link only (RFC 4007)"
        if address not in _GLOBAL_UNICAST:
            return "not global unicast (RFC 4291 §2.4)"
        if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
            return "ISATAP (RFC 5214)"
    return None


def is_loopback(address: Address) -> bool:
    """Whether it is this very machine, by its proper name."""
    return any(address in network for network in LOOPBACK)


def ask_system(host: str) -> list[str]:
    """The addresses that the system's resolver knows for a name, asked from the root: no search domain is tried."""
    found = socket.getaddrinfo(f"{host}.", None, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def public_addresses(host: str, resolve: Resolve) -> list[Address]:
    """Every address behind a name, each once. Raises `Refused` if any is not public, `OSError` if there is none.

    Any: whoever owns the name also chooses the order.
    """
    found = list(dict.fromkeys(map(ip_address, resolve(host))))
    if not found:
        raise Refused("a name without an address")
    for address in found:
        reason = why_refused(address)
        if reason is not None:
            raise Refused(f"an address that is not public: {reason}")
    return found
