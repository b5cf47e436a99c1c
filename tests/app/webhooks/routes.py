"""The routes of webhooks, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.kit.database import write_session
from app.webhooks.tables import Attempt
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import MARK, Town
from tests.stand_ins import THEN

STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
V1 = "/v1/communities/{c}/webhooks"
ONE = f"{V1}/{{webhook_id}}"
Fill = Callable[[Town], str]


def subscribed(guild: Guild, token: str | None, host: str = "hooks.example") -> str:
    """The id of a new one."""
    body = {"url": f"https://{host}/", "events": ["member.*"]}
    id: str = done(guild.post(guild.in_guild("webhooks"), body, token=token), 201)["id"]
    return id


def fresh(town: Town) -> str:
    return subscribed(town.guild, town.tokens["mighty steward"])


def webhook(town: Town) -> str:
    """One of the steward's, the same each time: a community has few."""
    listed = done(town.guild.get(town.guild.in_guild("webhooks"), token=town.tokens["mighty steward"]), 200)["items"]
    own = [str(each["id"]) for each in listed if each["owner"] is not None]
    return own[0] if own else fresh(town)


def of_the_other(town: Town) -> str:
    path, token = town.other.in_guild("webhooks"), town.tokens["other steward"]
    listed = done(town.other.get(path, token=token), 200)["items"]
    return str(listed[0]["id"]) if listed else subscribed(town.other, token, f"{MARK}.example")


def delivery(town: Town) -> str:
    return tested(town.guild, webhook(town), town.tokens["mighty steward"])


def delivery_of_the_other(town: Town) -> str:
    return tested(town.other, of_the_other(town), town.tokens["other steward"])


def tested(guild: Guild, webhook: str, token: str | None) -> str:
    """The id of a new delivery."""
    id: str = done(guild.post(guild.in_guild(f"webhooks/{webhook}/test"), token=token), 201)["id"]
    return id


def attempted(guild: Guild, delivery: str) -> str:
    """The id of an attempt of a delivery."""
    runtime = runtime_of(guild)
    id = runtime.ids.row()
    with write_session(runtime.engine) as session:
        session.add(
            Attempt(id=id, delivery_id=UUID(delivery), at=THEN, milliseconds=1, status=500, error=None, answer="")
        )
    return str(id)


class _Pair:
    """A delivery and an attempt of it, which are filled in one after the other."""

    def __init__(self) -> None:
        self.delivery = ""

    def of_delivery(self, town: Town) -> str:
        self.delivery = delivery(town)
        return self.delivery

    def of_attempt(self, town: Town) -> str:
        return attempted(town.guild, self.delivery)


_pair = _Pair()
_WEBHOOK: dict[str, Fill] = {"webhook_id": webhook}
_DELIVERY: dict[str, Fill] = {**_WEBHOOK, "delivery_id": delivery}

THEIRS: dict[str, Fill] = {
    "webhook_id": of_the_other,
    "delivery_id": delivery_of_the_other,
    "attempt_id": lambda town: attempted(town.other, delivery_of_the_other(town)),
}

ROWS: list[tuple[str, tuple[int, ...], dict[str, Fill], Callable[[Town], Any] | None]] = [
    (f"GET {V1}", STEWARDS, {}, None),
    (f"POST {V1}", STEWARDS, {}, lambda _: {"url": "https://hooks.example/", "events": ["*"]}),
    (f"GET {ONE}", STEWARDS, _WEBHOOK, None),
    (f"PATCH {ONE}", STEWARDS, _WEBHOOK, lambda _: {"name": "N"}),
    (f"DELETE {ONE}", STEWARDS, {"webhook_id": fresh}, None),
    (f"POST {ONE}/rotate", STEWARDS, _WEBHOOK, lambda _: {}),
    (f"POST {ONE}/test", STEWARDS, _WEBHOOK, lambda _: None),
    (f"POST {ONE}/debug", STEWARDS, _WEBHOOK, lambda _: {"headers": {}, "body": "{}"}),
    (f"POST {ONE}/replay", STEWARDS, _WEBHOOK, lambda _: {"since": "2026-01-01T00:00:00Z"}),
    (f"GET {ONE}/deliveries", STEWARDS, _WEBHOOK, None),
    (f"GET {ONE}/deliveries/{{delivery_id}}", STEWARDS, _DELIVERY, None),
    (f"POST {ONE}/deliveries/{{delivery_id}}/replay", STEWARDS, _DELIVERY, lambda _: None),
    (f"GET {ONE}/deliveries/{{delivery_id}}/attempts", STEWARDS, _DELIVERY, None),
    (
        f"GET {ONE}/deliveries/{{delivery_id}}/attempts/{{attempt_id}}",
        STEWARDS,
        {**_WEBHOOK, "delivery_id": _pair.of_delivery, "attempt_id": _pair.of_attempt},
        None,
    ),
]
