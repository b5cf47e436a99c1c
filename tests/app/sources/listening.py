"""A community that listens to platforms, and platforms that tell it something."""

from dataclasses import dataclass
from typing import Any

import httpx2

from tests.app.guild import Guild, done, path_of
from tests.app.sources.signing import RELAY_KEY, SECRETS, body_of, signed
from tests.stand_ins import SettableClock

GIVEN = {"slack": SECRETS["slack"], "zoom": SECRETS["zoom"], "discord": RELAY_KEY}
"""Secrets that the platform makes."""


@dataclass
class Platform:
    """A platform that a community has added as a source."""

    guild: Guild
    clock: SettableClock
    name: str
    id: str
    url: str
    secret: str

    def headers(self, raw: bytes, **more: str) -> dict[str, str]:
        own = signed(self.name, raw, self.secret, self.clock(), more.pop("id", "msg_1"))
        return (
            own | {"content-type": "application/json"} | {name.replace("_", "-"): text for name, text in more.items()}
        )

    def tell(self, body: Any, *, at: str = "", method: str = "POST", **headers: str) -> httpx2.Response:
        """Sends what it has to tell, signed; a body that is bytes as it is."""
        raw = body if isinstance(body, bytes) else body_of(body)
        return self.guild.client.request(
            method, path_of(self.url) + at, content=raw, headers=self.headers(raw, **headers)
        )

    def at(self, more: str = "") -> str:
        """Where the community looks after it."""
        return self.guild.in_guild(f"sources/{self.id}{more}")

    def deliveries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = done(self.guild.call("GET", self.at("/deliveries")), 200)["items"]
        return found


def listen(guild: Guild, clock: SettableClock, platform: str, **more: Any) -> Platform:
    """A new source."""
    given = {"secret": GIVEN[platform]} if platform in GIVEN else {}
    made = done(guild.post(guild.in_guild("sources"), {"platform": platform} | given | more), 201)
    return Platform(guild, clock, platform, made["id"], made["url"], made["secret"])
