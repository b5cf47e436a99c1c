"""Tests of issuers are given an installation under https, where an issuer is a did:web, beside the usual one."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.credentials import rotation
from app.issuers.tables import CommunityKey
from app.kit.database import write_session
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.main import create_app
from app.members.service import community_by_slug
from app.settings import Settings
from tests.app.guild import Guild
from tests.client import Client
from tests.stand_ins import CountingIds, SettableClock

HTTPS = "https://badges.example.org"


@pytest.fixture
def web(settings: Settings, clock: SettableClock, ids: CountingIds) -> Iterator[Guild]:
    """A community under https."""
    app = create_app(settings.model_copy(update={"public_url": HTTPS}), clock=clock, ids=ids)
    with Client(app) as client:
        yield Guild(client).found()


def runtime_of(guild: Guild) -> Runtime:
    """What the service that a community lives in works with."""
    app: Any = guild.client.app
    runtime: Runtime = app.state.runtime
    return runtime


def rotate(guild: Guild, **how: bool) -> list[CommunityKey]:
    """What `laurels keys rotate` does."""
    runtime = runtime_of(guild)
    on = Occasion(actor="operator", now=runtime.clock(), ids=runtime.ids)
    with write_session(runtime.engine) as session:
        return rotation.rotate(session, community_by_slug(session, guild.slug), at=runtime.installation, on=on, **how)
