"""How the tests of the way out ask."""

import httpcore
import pytest

from app.kit.fetching import Fetcher
from app.kit.networks import Resolve
from app.kit.pacing import Limits
from badges import Fetched, Unreachable
from tests.certificates import authority
from tests.far_end import Internet
from tests.stand_ins import SettableClock

PATIENT = Limits(total=60.0, connect=30.0, floor=0.0)
"""Where the clock is not to decide: the machine may be busy with other things."""

SHORT = Limits(total=0.6, connect=0.3, floor=0.0)
LONG = 8.0
"""Seconds: longer than a short fetch takes on any machine, and shorter than far ends here can go on."""

MIB = 1_048_576


def fetcher(
    internet: Internet,
    clock: SettableClock | None = None,
    *,
    limits: Limits = PATIENT,
    resolve: Resolve | None = None,
    network: httpcore.NetworkBackend | None = None,
    allow_loopback: bool = False,
) -> Fetcher:
    return Fetcher(
        user_agent="Laurels/test (+https://badges.example)",
        clock=clock or SettableClock(),
        allow_loopback=allow_loopback,
        limits=limits,
        resolve=resolve or internet.resolve,
        network=network or internet,
        tls=authority().trusting(),
    )


def ask(fetch: Fetcher, url: str = "https://far.example/") -> Fetched:
    return fetch(url, accept="application/json")


def refused(fetch: Fetcher, url: str = "https://far.example/") -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        ask(fetch, url)
    return caught.value
