"""The rules that are shipped for each platform, as data: what a community starts from."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from app.sources.grammar import Rules


@cache
def shipped(platform: str) -> Rules:
    """The rules for a platform; none for one without any."""
    return Rules.model_validate(as_data(platform))


def as_data(platform: str) -> dict[str, Any]:
    """The same, as they are written."""
    file = files(__package__) / f"{platform}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
