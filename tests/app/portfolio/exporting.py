"""An exported portfolio with one of everything, and its parts."""

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient

import badges
from app.main import create_app
from app.settings import Settings
from tests.app.guild import Guild, done
from tests.service import ADMIN_TOKEN, Servers
from tests.stand_ins import THEN, CountingIds, SettableClock

WHEN = THEN + timedelta(days=30)
"""When it is exported."""
HOSTILE = "<script>alert(1)</script> ../../etc"


@dataclass
class Exporter:
    """A community, and Bo, who has badges in it and takes them along."""

    guild: Guild
    clock: SettableClock
    id: str
    badges: dict[str, str]
    public_url: str

    def zip(self, query: str = "", by: str | None = "bo") -> bytes:
        path = f"/v1/members/{self.id}/portfolio?format=zip{query}"
        answer = self.guild.get(path, token=by and self.guild.tokens[by])
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/zip"
        return answer.content


def furnished(servers: Servers, folder: Path, public_url: str) -> tuple[TestClient, Exporter]:
    """A service at an address, and in it Bo with three badges: one endorsed, one private, one with a hostile name."""
    values = {"database_url": servers.fresh("sqlite", folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
    settings = Settings.model_validate(values | {"public_url": public_url})
    clock = SettableClock()
    client = TestClient(create_app(settings, clock=clock, ids=CountingIds(), fetch=badges.no_fetch))
    client.__enter__()
    guild = Guild(client).found()
    id = guild.member("bo", email="bo@people.example")["id"]
    guild.member("cy")
    guild.tokens |= {each: guild.token(each) for each in ("bo", "cy")}
    made = {}
    names = {"endorsed": "Session Host", "private": "مرشد 🌟", "hostile": HOSTILE}
    for key, name in names.items():
        visibility = "private" if key == "private" else "public"
        achievement = guild.achievement(name=name)
        made[key] = guild.badge(achievement, recipient={"member": "bo"}, visibility=visibility, narrative=name)["id"]
    clock.forward(days=2)
    said = {"subject": "credential", "id": made["endorsed"], "comment": "I sat beside him at every one of these."}
    offered = done(guild.post("/v1/endorsements", said, token=guild.tokens["cy"]), 201)["id"]
    accepted = {"response": "accept"}
    done(guild.post(f"/v1/endorsements/{offered}/response", accepted, token=guild.tokens["bo"]), 200)
    clock.now = WHEN
    return client, Exporter(guild, clock, id, made, public_url)


def unpacked(archive: bytes, folder: Path) -> Path:
    """The folder into which it was unpacked."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        opened.extractall(folder)
    return folder
