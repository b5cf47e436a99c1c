"""Achievements are defined, changed and read."""

from typing import Any

import httpx2

from tests.app.guild import Guild, done


def create(guild: Guild, body: Any, **options: Any) -> httpx2.Response:
    return guild.post(guild.in_guild("achievements"), body, **options)


def change(guild: Guild, id: str, body: Any, if_match: str = "*", **options: Any) -> httpx2.Response:
    return guild.call("PATCH", guild.in_guild(f"achievements/{id}"), body, If_Match=if_match, **options)


def read(guild: Guild, id: str) -> dict[str, Any]:
    return done(guild.get(guild.in_guild(f"achievements/{id}")), 200)
