"""What the guide to rules says is so: its examples come to what it says, and its tables name all that there is."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.sources import shipped
from app.sources.conditions import condition
from app.sources.grammar import AwardOf, Gathering, Memory, OwnRules, Rule, Who
from app.sources.paths import path
from app.sources.receiving import PLATFORMS
from app.sources.texts import text
from tests.app.guild import Guild, done
from tests.app.sources.listening import Platform, listen
from tests.documents import ROOT, dead_links
from tests.stand_ins import SettableClock

DOCS = ROOT / "docs"
GUIDE = (DOCS / "rules.md").read_text()
Data = dict[str, Any]
TOLD = re.findall(r"^```json (rules|event|would)(?: (\w+))?\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
EXAMPLES = [TOLD[at : at + 3] for at in range(0, len(TOLD), 3)]


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table after some words."""
    table = GUIDE.partition(heading)[2].partition("| --- | --- ")[2].partition("\n")[2].partition("\n\n")[0]
    lines = [line.replace("\\|", "\0").strip("|").split("|") for line in table.splitlines()]
    return [[cell.strip().replace("\0", "|") for cell in line] for line in lines]


def named(heading: str) -> set[str]:
    """What stands as code in the first column."""
    return {name for row in rows(heading) for name in re.findall(r"`([^`]+)`", row[0])}


def agrees(said: Any, found: Any) -> bool:
    """Whether all that is said is found; more may be."""
    if isinstance(said, dict):
        return isinstance(found, dict) and all(agrees(value, found.get(name)) for name, value in said.items())
    if isinstance(said, list):
        return len(said) == len(found) and all(map(agrees, said, found))
    return bool(said == found)


def test_every_example_comes_to_what_is_said(guild: Guild, clock: SettableClock) -> None:
    sources: dict[str, Platform] = {}
    for (_, _, rules), (_, platform, event), (_, _, would) in EXAMPLES:
        name = platform or "generic"
        source = sources[name] = sources.get(name) or listen(guild, clock, name)
        told = done(guild.post(source.at("/preview"), {"body": event, "rules": json.loads(rules)}), 200)
        assert agrees(json.loads(would), told["would"]), (rules, told["would"])
        done(guild.post(source.at("/rules"), {"rules": json.loads(rules)}), 201)
    assert [kind for kind, _, _ in TOLD] == ["rules", "event", "would"] * len(EXAMPLES)


def test_every_field_is_named() -> None:
    for heading, kind in (("## A rule", Rule), ("## Credit", Who), ("## Gathering", Gathering), ("## Award", AwardOf)):
        assert named(heading) == {*kind.model_fields}, heading
    assert {*Memory.model_fields} <= {*re.findall(r"`(\w+)`", GUIDE.partition("## Memory")[2].partition("```")[0])}
    assert all(f'"{name}": […]' in GUIDE for name in OwnRules.model_fields)


def test_paths_filters_and_conditions_are_as_they_are_read() -> None:
    assert all(path(each) for each in named("## Paths"))
    assert all(text(f"$.a{each}") for each in named("## Texts"))
    assert all(condition(json.loads(each)) for each in named("## Conditions"))


def test_every_platform_is_said_to_name_its_events() -> None:
    assert named("## Match") == {*PLATFORMS}


def code(match: Data) -> str:
    names, actions = ([said] if isinstance(said, str) else said for said in (match["event"], match.get("action", [])))
    done_to = f" ({', '.join(f'`{each}`' for each in actions)})" if actions else ""
    return ", ".join(f"`{each}`" for each in names) + done_to


def counted(rules: Data) -> Iterator[list[str]]:
    for rule in rules.get("rule", []):
        back = code(rule["undo_on"]) if "undo_on" in rule else ""
        yield [f"`{rule['id']}`", code(rule["match"]), f"`{rule['type']}`", back]
    for memory in rules.get("memory", []):
        yield [f"`{memory['id']}`", code(memory["match"]), "memory", ""]
    for one in rules.get("gathering", []):
        told = [code(one[moment]) for moment in ("came", "went", "ended") if moment in one]
        types = [one.get(name, name) for name in ("hosting", "attending")]
        yield [f"`{one['id']}`", ", ".join(told), ", ".join(f"`{each}`" for each in types if each), ""]


def test_what_is_shipped_is_in_the_table() -> None:
    folder, due = Path(str(shipped.__file__)).parent, []
    for name in sorted({platform.shipped for platform in PLATFORMS.values()}):
        platforms = [each for each in PLATFORMS.values() if each.shipped == name]
        called = ", ".join(sorted((each.name for each in platforms), key=lambda each: each != name))
        due += [[called, *row] for row in counted(tomllib.loads((folder / f"{name}.toml").read_text()))]
    assert rows("## What is shipped") == due


def test_every_link_to_a_file_leads_somewhere() -> None:
    assert dead_links(GUIDE, DOCS) == []
