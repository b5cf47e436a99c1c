"""Many badges at once, of which some are those of issuers who keep everybody waiting: real HTTP, real processes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings
from tests.app.guild import done
from tests.client import Client
from tests.far_end import FarEnd, Send, answering_as, listening
from tests.far_issuer import NOW, FarIssuer
from tests.stand_ins import SettableClock


@pytest.fixture
def until() -> Iterator[ExitStack]:
    with ExitStack() as until:
        yield until


def elsewhere(slow: FarEnd) -> str:
    """Another host than that of the others, though on this machine too."""
    return f"http://localhost:{slow.port}"


def addresses_at(slow: FarEnd) -> list[Any]:
    return [{"url": f"{elsewhere(slow)}/{n}"} for n in range(60)]


def badges_of(slow: FarEnd) -> list[Any]:
    return [FarIssuer(mode="did:web", base=f"{elsewhere(slow)}/issuers/{n}").award("vc-jwt").text for n in range(20)]


@pytest.mark.parametrize("slow_items", [addresses_at, badges_of], ids=["addresses", "badges"])
def test_who_keeps_silent_keeps_no_other_badge_from_being_judged(
    settings: Settings, until: ExitStack, slow_items: Callable[[FarEnd], list[Any]]
) -> None:
    others_were_judged = Event()
    issuers: list[FarIssuer] = []

    def keeps_silent(_: str, __: Send) -> None:
        others_were_judged.wait(120)

    def answers(head: str, send: Send) -> None:
        answering_as(issuers[0], prompt.url)(head, send)
        others_were_judged.set()

    slow, prompt = until.enter_context(listening(keeps_silent)), until.enter_context(listening(answers))
    until.callback(others_were_judged.set)
    issuers.append(FarIssuer(mode="did:key", base=f"{prompt.url}/issuers/hill"))
    near = issuers[0]
    asks_nobody = near.sign({name: said for name, said in near.credential().items() if name != "credentialStatus"})

    app = create_app(settings.model_copy(update={"allow_loopback": True}), clock=SettableClock(NOW))
    client = until.enter_context(Client(app))
    items = [*slow_items(slow), asks_nobody, near.award("vc-jwt").text]
    reports = done(client.post("/v1/verify/batch", json=items), 200)["items"]
    assert [report["verdict"] for report in reports] == ["unknown"] * (len(items) - 2) + ["valid"] * 2
    assert all(report["checks"][0]["code"] != "batch-too-long" for report in reports)
