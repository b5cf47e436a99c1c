"""The platforms: how each proves itself, what it waits for, and how its deliveries are told apart and read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from app.kit.errors import MalformedJson
from app.sources.events import Told
from app.sources.receiving import secrets
from app.sources.receiving.calls import Answer, Call, parsed
from app.sources.receiving.proofs import (
    Proof,
    SignedBody,
    SignedByRelay,
    SignedWithTime,
    hmac_hex,
)


def text(value: Any, *names: str) -> str:
    """The text at a place in an object, or nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) and "\0" not in value else ""  # which no database keeps


@dataclass(frozen=True)
class Platform:
    """A platform; those that differ from others have a class of their own."""

    name: str
    proof: Proof
    shipped: str
    """Under which name its rules are shipped."""
    made: Callable[[str], str] = secrets.plain
    """Makes a secret from random text."""
    checked: Callable[[str], str] = secrets.any_text
    """A secret that is given, if it can be one. Raises `ValueError`."""
    secret_is_given: bool = False
    """Whether the platform makes the secret."""
    kept: frozenset[str] = field(default=frozenset())
    """Headers that belong to what it tells."""

    @property
    def asks(self) -> bool:
        """Whether it may ask for awards by name (`award.requested`)."""
        return self.shipped == "generic"

    def read(self, call: Call) -> Any:
        """The body. Raises `MalformedJson`, `TooLarge`."""
        return parsed(call.raw)

    def answer(self, call: Call, body: Any, known: Sequence[str]) -> Answer | None:
        """What it waits for, where it only asks whether somebody is there; `known` are the secrets, newest first."""
        return None

    def delivery_id(self, call: Call, body: Any) -> str:
        """What it calls this delivery, the same whenever it tries again."""
        return call.digest

    def taken(self, body: Any, delivery: str) -> Answer:
        """What it is told when its delivery was taken."""
        return Answer({"delivery": delivery}, 202)

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        """What a delivery tells, which came at `at`. Pure, so that it comes to the same when it is replayed."""
        return [Told((name,), body, headers=headers)] if (name := text(body, "type")) else []

    def kept_of(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Of the headers those that are kept with the body."""
        return {name: value for name, value in headers.items() if name in self.kept}


class GitHub(Platform):
    """https://docs.github.com/en/webhooks"""

    def read(self, call: Call) -> Any:
        """As JSON, or the form with a `payload` that is GitHub's default."""
        if not call.header("content-type").startswith("application/x-www-form-urlencoded"):
            return parsed(call.raw)
        try:
            [payload] = parse_qs(call.raw.decode(), strict_parsing=True, max_num_fields=5)["payload"]
        except (ValueError, KeyError):
            raise MalformedJson("The form has no payload.") from None
        return parsed(payload.encode())

    def delivery_id(self, call: Call, body: Any) -> str:
        return call.header("x-github-delivery") or call.digest

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        event = headers.get("x-github-event", "")
        return [Told((event,), body, action=text(body, "action") or None, headers=headers)] if event else []


class Discourse(Platform):
    """https://meta.discourse.org/t/49045"""

    def delivery_id(self, call: Call, body: Any) -> str:
        return f"{call.header('x-discourse-instance')}#{call.header('x-discourse-event-id') or call.digest}"

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        event = headers.get("x-discourse-event", "")
        return [Told((event,), body, headers=headers)] if event else []


class Slack(Platform):
    """https://docs.slack.dev/apis/events-api"""

    def answer(self, call: Call, body: Any, known: Sequence[str]) -> Answer | None:
        if text(body, "type") == "url_verification":
            return Answer({"challenge": text(body, "challenge")})
        return None

    def delivery_id(self, call: Call, body: Any) -> str:
        return text(body, "event_id") or call.digest

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        event = text(body, "event", "type") if text(body, "type") == "event_callback" else ""
        return [Told((event,), body, headers=headers)] if event else []


class Zoom(Platform):
    """https://developers.zoom.us/docs/api/webhooks/"""

    def answer(self, call: Call, body: Any, known: Sequence[str]) -> Answer | None:
        if text(body, "event") != "endpoint.url_validation":
            return None
        plain = text(body, "payload", "plainToken")
        return Answer({"plainToken": plain, "encryptedToken": hmac_hex(known[0], plain.encode())})

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        event = text(body, "event")
        return [Told((event,), body, headers=headers)] if event else []


class Discord(Platform):
    """What a bot relays of https://docs.discord.com/developers/events/gateway-events, signed as Discord signs."""

    def answer(self, call: Call, body: Any, known: Sequence[str]) -> Answer | None:
        return Answer({"type": 1}) if isinstance(body, dict) and body.get("type") == 1 and "t" not in body else None

    def events(self, headers: Mapping[str, str], body: Any, at: datetime) -> list[Told]:
        told = body if isinstance(body, list) else [body]
        return [Told((event,), one, headers=headers) for one in told if (event := text(one, "t"))]


github = GitHub(
    "github",
    SignedBody("x-hub-signature-256"),
    "github",
    kept=frozenset({"x-github-event", "x-github-hook-id", "content-type"}),
)
discourse = Discourse(
    "discourse",
    SignedBody("x-discourse-event-signature"),
    "discourse",
    kept=frozenset({"x-discourse-instance", "x-discourse-event", "x-discourse-event-type"}),
)
slack = Slack("slack", SignedWithTime("x-slack-signature", "x-slack-request-timestamp"), "slack", secret_is_given=True)
zoom = Zoom("zoom", SignedWithTime("x-zm-signature", "x-zm-request-timestamp"), "zoom", secret_is_given=True)
discord = Discord("discord", SignedByRelay(), "discord", checked=secrets.public_key_in_hex, secret_is_given=True)
