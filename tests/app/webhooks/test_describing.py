"""The API says what comes: each type of events, with its headers, in the `webhooks` of the OpenAPI document."""

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from app.kit.assembly import describe
from app.webhooks.rules import EVENTS, TEST
from tests.app.webhooks.post import Office
from tests.receiver import Receiver


@pytest.fixture
def described(office: Office) -> dict[str, Any]:
    app: Any = office.guild.client.app
    return describe(app)


def test_every_event_that_can_be_subscribed_to_is_described(described: dict[str, Any]) -> None:
    assert set(described["webhooks"]) == {*EVENTS, TEST}
    for type, item in described["webhooks"].items():
        operation = item["post"]
        assert operation["summary"]
        assert {name["name"] for name in operation["parameters"]} == {
            *("webhook-id", "webhook-timestamp", "webhook-signature"),
        }
        assert all(name in operation["description"] for name in (EVENTS[type].told if type in EVENTS else ()))


def test_what_comes_is_as_it_is_described(office: Office, receiver: Receiver, described: dict[str, Any]) -> None:
    made = office.subscribe(receiver.url)
    office.people(1)
    office.guild.badge()
    office.guild.post(office.at(f"/{made['id']}/test"))
    office.work()
    assert {got.type for got in receiver.got} == {"member.joined", "credential.offered", "credential.issued", TEST}
    for got in receiver.got:
        schema = described["webhooks"][got.type]["post"]["requestBody"]["content"]["application/json"]["schema"]
        whole = schema | {"components": described["components"]}  # which its reference leads into
        Draft202012Validator(whole).validate(orjson.loads(got.body))
