"""The surveys that come along: data, which a file holds."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from app.surveys.rules import Instrument


class Frame(StrEnum):
    """A survey that comes along."""

    sense_of_community = "sense_of_community"
    """Twelve questions, three for each of the four elements of a sense of community."""
    pulse = "pulse"
    """One of them, for in between."""


@cache
def shipped() -> Mapping[Frame, Instrument]:
    """All of them, by name."""
    read = tomllib.loads((files(__package__) / "frames.toml").read_text("utf-8"))
    return {Frame(name): Instrument.model_validate(said) for name, said in read.items()}
