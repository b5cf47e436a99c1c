"""Tests of webhooks are given a community whose webhooks may lead to this machine, and receivers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.app.webhooks.post import Office
from tests.app.webhooks.post import office as opened
from tests.receiver import Receiver, receiving
from tests.service import Servers


@pytest.fixture
def office(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Iterator[Office]:
    with opened(getattr(request, "param", "sqlite"), servers, tmp_path) as made:
        yield made


@pytest.fixture
def receivers() -> Iterator[Callable[[], Receiver]]:
    with ExitStack() as until:
        yield lambda: until.enter_context(receiving())


@pytest.fixture
def receiver(receivers: Callable[[], Receiver]) -> Receiver:
    return receivers()
