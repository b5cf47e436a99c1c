"""The rules that are shipped for each platform, as data: what a community starts from."""

import tomllib
from functools import cache
from importlib.resources import files

from app.sources.grammar import Rules


@cache
def shipped(platform: str) -> Rules:
    """The rules for a platform; none for one without any."""
    file = files(__package__) / f"{platform}.toml"
    return Rules.model_validate(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else Rules()
