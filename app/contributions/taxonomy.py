"""The types of contributions that every community has: data, which a file holds."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from app.contributions.rules import CareArea, Loop, Mode, Potential


class Kind(BaseModel):
    """One type of contribution."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    """Never comes to mean something else."""
    name: str
    description: str
    mode: Mode
    cycles: tuple[int, ...] = Field(min_length=1)
    """In which value cycles it mostly has its effect (Wenger-Trayner): 1 immediate, 2 potential, 3 applied, 4 realised,
    5 transformative."""
    potential: Potential
    care_areas: tuple[CareArea, ...] = ()
    loop: Loop = Loop.inner
    all_contributors: tuple[str, ...] = ()
    """What allcontributors.org calls it."""
    effort: int | None = Field(default=None, ge=1, le=12)
    """A hint for whoever looks after the community; never added up for others to see."""
    evidence_hint: str | None = None
    value_to_member: str | None = None
    value_to_community: str | None = None
    deprecated_at: datetime | None = None
    """Since when it is not used any more."""


@cache
def shipped() -> Mapping[str, Kind]:
    """Those that come along, by key, in the order of the file."""
    read = tomllib.loads((files(__package__) / "taxonomy.toml").read_text("utf-8"))
    return {key: Kind(key=key, **said) for key, said in read.items()}
