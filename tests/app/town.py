"""Two communities and callers of every kind, for the tests of who may call what."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2

from app.main import create_app
from app.members.rules import EVERY_SCOPE
from app.settings import Settings
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import ACHIEVEMENT, Guild, done
from tests.client import Client
from tests.service import ADMIN_TOKEN, Servers
from tests.stand_ins import THEN, CountingIds, SettableClock

CALLERS = (
    "nobody",
    "wrong token",
    "member",
    "recipient",
    "steward",
    "platform without scope",
    "other member",
    "other steward",
    "admin",
)
MARK = "zwielicht"
"""Stands in everything that the other community says of itself."""
ALIKE = {
    "stackable": True,
    "period": "year",
    "status": "suspension",
    "min_tenure_days": 0,
    "limits": {"open_per_nominator": 1000, "submitted_per_30d": 1000, "drafts": 1000},
}


@dataclass
class Town:
    """A community, another one, and somebody of every kind to call."""

    guild: Guild
    other: Guild
    tokens: dict[str, str | None]
    achievement: dict[str, Any]
    theirs: dict[str, Any]
    shown: dict[str, Any]
    hidden: dict[str, Any]
    clock: SettableClock
    days: Iterator[int] = field(default_factory=lambda: count(1))

    def offer(self) -> str:
        """The id of a new offer to the recipient."""
        id: str = done(self.guild.award(self.achievement, {"member": "rio"}), 201)["id"]
        return id

    def badge(self, visibility: str = "public", guild: Guild | None = None) -> dict[str, Any]:
        """A badge of the recipient."""
        who = {"member": "rio" if guild is None else "zora"}
        achievement = self.achievement if guild is None else self.theirs
        return (guild or self.guild).badge(achievement, recipient=who, visibility=visibility)

    def suspended(self) -> str:
        """The id of a badge that is suspended."""
        id: str = self.badge()["id"]
        done(self.guild.post(f"/v1/credentials/{id}/suspend", {"reason": "r"}), 200)
        return id

    def secret(self) -> str:
        """The secret of a claim link."""
        offered = done(self.guild.award(self.achievement, self.guild.somebody()), 201)
        secret: str = offered["claim_url"].rpartition("/")[2]
        return secret

    def draft(self, guild: Guild | None = None) -> str:
        """The id of a new proposal that is not open yet."""
        token, guild = self.tokens["recipient" if guild is None else "other member"], guild or self.guild
        body = ACHIEVEMENT | {"image": data_uri(png()), "discussion": f"https://{MARK}.example/talk"}
        id: str = done(guild.post(guild.in_guild("proposals"), body, token=token), 201)["id"]
        return id

    def proposal(self, guild: Guild | None = None) -> str:
        """The id of a new proposal that is discussed."""
        token, id = self.tokens["recipient" if guild is None else "other member"], self.draft(guild)
        guild = guild or self.guild
        done(guild.post(guild.in_guild(f"proposals/{id}/open"), token=token), 200)
        return id

    def supported(self) -> str:
        """The id of a new proposal that the member and the steward support."""
        id = self.proposal()
        for who in ("member", "steward"):
            done(self.guild.post(self.guild.in_guild(f"proposals/{id}/support"), {}, token=self.tokens[who]), 200)
        return id

    def token_id(self, guild: Guild | None = None) -> str:
        """The id of a new token."""
        guild = guild or self.guild
        made = done(guild.post(guild.in_guild("tokens"), {"role": "platform", "scopes": ["awards:write"]}), 201)
        id: str = made["id"]
        return id

    def newcomer(self, guild: Guild | None = None) -> str:
        """The handle of a member whom no test needs."""
        handle = f"newcomer{next(self.days)}"
        (guild or self.guild).member(handle)
        return handle

    def emeritus(self) -> str:
        """The handle of a member who is emeritus."""
        handle = self.newcomer()
        done(self.guild.call("PUT", self.guild.in_guild(f"members/{handle}/emeritus")), 200)
        return handle

    def thanked_there(self) -> str:
        """Words about the other community's steward."""
        body = {"to": "zora", "text": f"For the key, the {next(self.days)}th time."}
        answer = self.other.post(self.other.in_guild("thanks"), body, token=self.tokens["other member"])
        self.clock.forward(minutes=1)
        return str(done(answer, 201)["id"])

    def free_time(self) -> dict[str, str]:
        """A body for a break at a time at which there is no other."""
        day = THEN + timedelta(days=next(self.days))
        return {"from": day.isoformat(), "until": (day + timedelta(hours=1)).isoformat()}

    def break_id(self, who: str, guild: Guild | None = None) -> str:
        """The id of a new break."""
        guild = guild or self.guild
        made = done(guild.post(guild.in_guild(f"members/{who}/breaks"), self.free_time()), 201)
        id: str = made["id"]
        return id

    def identity_id(self, who: str, guild: Guild | None = None) -> str:
        """The id of a new account of somebody's."""
        guild = guild or self.guild
        body = {"member": who, "platform": "github", "account": f"a{next(self.days)}"}
        id: str = done(guild.post(guild.in_guild("identities"), body), 201)["id"]
        return id

    def tie_id(self, one: str, other: str, guild: Guild | None = None) -> str:
        """The id of a new tie, declared by the recipient in their own community."""
        body = {"members": [one, other], "kind": "household"}
        token = ADMIN_TOKEN if guild else self.tokens["recipient"]
        guild = guild or self.guild
        id: str = done(guild.post(guild.in_guild("ties"), body, token=token), 201)["id"]
        return id

    def thanks(self, giver: str, to: str, guild: Guild | None = None, **more: Any) -> str:
        """The id of a new thanks; a minute later, so that nobody gives too many."""
        self.clock.forward(minutes=1)
        guild = guild or self.guild
        said = {"to": to, "text": f"Thank you, {self.guild.somebody()['email']}!"} | more
        id: str = done(guild.post(guild.in_guild("thanks"), said, token=self.tokens[giver]), 201)["id"]
        return id

    def suggestion(self, giver: str = "member", guild: Guild | None = None) -> str:
        """The id of a new suggestion to somebody."""
        handle = self.newcomer(guild or self.guild)
        for _ in range(3):
            self.thanks(giver, handle, guild, contribution_type="hosting")
        found = done(self.guild.get("/v1/me/suggestions", token=self.tokens[giver]), 200)["items"]
        id: str = found[0]["id"]
        return id

    def tenure_id(self, who: str, guild: Guild | None = None) -> str:
        """The id of a new tenure."""
        guild = guild or self.guild
        body = {"member": who, "role": "reviewer", "scope": f"s{next(self.days)}"}
        id: str = done(guild.post(guild.in_guild("tenures"), body), 201)["id"]
        return id

    def send(self, caller: str, method: str, path: str, body: Any, form: bool) -> httpx2.Response:
        token = self.tokens[caller]
        headers = {"If-Match": "*"} | ({"Authorization": f"Bearer {token}"} if token else {})
        content = {"data": body} if form else {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.guild.client.request(method, path, headers=headers, **content)


@contextmanager
def founded(servers: Servers, folder: Path) -> Iterator[Town]:
    """A town on a database of its own."""
    values = {"database_url": servers.fresh("sqlite", folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
    clock = SettableClock()
    app = create_app(Settings.model_validate(values), clock=clock, ids=CountingIds())
    with Client(app) as client:
        guild, other = Guild(client).found(), Guild(client, "other")
        said = {"description": MARK, "url": f"https://{MARK}.example", "email": f"hello@{MARK}.example"}
        done(other.post("/v1/communities", {"slug": "other", "name": f"Guild of {MARK}"} | said), 201)
        for handle in ("mel", "rio", "ste"):
            guild.member(handle, role="steward" if handle == "ste" else "member", email=f"{handle}@guild.example")
        for handle in ("zora", "zeno"):
            other.member(handle, name=f"{handle} {MARK}", role="steward" if handle == "zora" else "member",
                         email=f"{handle}@{MARK}.example")  # fmt: skip
        tokens = {
            "nobody": None,
            "wrong token": "lrl_wrong",
            "member": guild.token("mel"),
            "recipient": guild.token("rio"),
            "steward": guild.token("ste", "steward"),
            "platform without scope": guild.token(None, "platform", "metrics:read"),
            "other member": other.token("zeno"),
            "other steward": other.token("zora", "steward", *EVERY_SCOPE),
            "admin": ADMIN_TOKEN,
            "mighty steward": guild.token("ste", "steward", *EVERY_SCOPE),
        }
        achievement = guild.achievement(policy=ALIKE, image=data_uri(png()))
        theirs = other.achievement(policy=ALIKE, image=data_uri(png()), name=f"Art of {MARK}")
        found = Town(guild, other, tokens, achievement, theirs, {}, {}, clock)
        found.shown, found.hidden = found.badge(), found.badge("private")
        yield found
