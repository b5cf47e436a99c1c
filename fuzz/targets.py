"""What is fuzzed, and what may never happen: an error that is not the library's own, a verified badge nobody signed.

Each target takes any bytes. Whatever it raises, or an assertion that fails, is a finding.
"""

import json
from collections.abc import Callable
from contextlib import suppress

import badges
from badges.checks.unwrapping import URL, text_in, unwrapped
from badges.documents import BADGE_LIMITS, parse, parse_object, serialize
from badges.errors import BadgeError
from badges.proofs import jws
from badges.resolving import Fetched
from badges.status import StatusList
from fuzz import seeds
from tests.far_issuer import NOW

LARGEST_LIST = 1024 * 1024
"""Bytes; as much of a bomb as can be expanded a thousand times a second."""


def unbake(data: bytes) -> None:
    with suppress(BadgeError):
        baked = badges.unbake(data)
        with suppress(BadgeError, ValueError):  # what is no JSON need not come out as it went in
            value = _value(baked.text)
            assert _value(badges.unbake(badges.bake(data, baked.text, version=baked.version)).text) == value


def parsing(data: bytes) -> None:
    with suppress(BadgeError):
        value = parse(data, limits=BADGE_LIMITS)
        if isinstance(value, dict):
            assert parse_object(serialize(value)) == value


def token(data: bytes) -> None:
    with suppress(BadgeError):
        jws.verify(jws.parse(data.decode("utf-8", "surrogateescape")), seeds.far().p256.method)
        assert data in seeds.tokens()


def status_list(data: bytes) -> None:
    with suppress(BadgeError):
        listed = StatusList.decode(data.decode("utf-8", "surrogateescape"), largest=LARGEST_LIST)
        assert len(listed.bits) <= LARGEST_LIST
        assert StatusList.decode(listed.encode()).bits == listed.bits


def verify(data: bytes) -> None:
    report = badges.verify(data, fetch=seeds.far(), now=NOW)
    json.dumps(report.to_dict())
    if not report.verified or report.format == "ob2-hosted":  # of which its own address has the last word
        return
    text = badges.unbake(data).text if report.container else unwrapped(text_in(data))
    if not URL.fullmatch(text.strip()):  # at which something is that was signed
        assert _statements(_value(text)) in [_statements(_value(signed)) for signed in seeds.signed()]


def answers(data: bytes) -> None:
    """What an issuer answers is as strange as what is handed in: here it is the same for every address."""

    def fetch(url: str, *, accept: str) -> Fetched:
        return Fetched(200, accept.partition(",")[0], data, url)

    for award in seeds.awards():
        report = badges.verify(award, fetch=fetch, now=NOW, recipient="ada@example.org")
        json.dumps(report.to_dict())


def _value(text: str) -> object:
    return json.loads(text) if text.lstrip().startswith("{") else text.strip()


def _statements(value: object) -> object:
    """What a JSON value says: not the order of a list (JSON-LD 1.1 §4.3), nor a context that nothing uses."""
    if isinstance(value, list):
        return sorted({json.dumps(_statements(child), sort_keys=True) for child in value})
    if isinstance(value, dict):
        return {name: _statements(child) for name, child in value.items() if name != "@context"}
    return value


TARGETS: dict[str, Callable[[bytes], None]] = {
    "unbake": unbake,
    "parse": parsing,
    "jws": token,
    "status": status_list,
    "verify": verify,
    "answers": answers,
}

RUNS = {
    "unbake": 500_000,
    "parse": 500_000,
    "jws": 500_000,
    "status": 250_000,
    "verify": 200_000,
    "answers": 20_000,
}
"""Executions of `make fuzz`: nearly two million, most of them where they are cheap."""
