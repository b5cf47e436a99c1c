"""A world with far ends in it, and the way out to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.kit.fetching import Fetcher
from tests.app.kit.fetching.asking import fetcher
from tests.certificates import authority
from tests.far_end import Answer, FarEnd, Internet, listening
from tests.stand_ins import SettableClock


@pytest.fixture
def internet() -> Internet:
    return Internet()


@pytest.fixture
def until() -> Iterator[ExitStack]:
    with ExitStack() as until:
        yield until


@pytest.fixture
def far(internet: Internet, until: ExitStack) -> Callable[..., FarEnd]:
    """Puts a server behind `https://far.example`, or another name."""

    def put(answer: Answer | bytes, name: str = "far.example", **where: Any) -> FarEnd:
        far_end = until.enter_context(listening(answer, tls=authority().certifying(name)))
        internet.serve(name, far_end, **where)
        return far_end

    return put


@pytest.fixture
def fetch(internet: Internet, clock: SettableClock) -> Fetcher:
    return fetcher(internet, clock)
