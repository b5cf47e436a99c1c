"""What the README says is so: its library example and its story are run, its table of settings is complete."""

import contextlib
import io
import itertools
import re
from pathlib import Path

import pytest

from app.nominations.rules import NEXT, State
from app.settings import Settings
from tests.documents import ROOT, blocks, dead_links, expected, printed
from tests.live import serving

README = (ROOT / "README.md").read_text()


def test_the_library_example_prints_what_it_says() -> None:
    (example,) = blocks("python", README)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(example, "README.md", "exec"), {})  # noqa: S102  the README's own words
    assert output.getvalue().split() == expected(example)


def test_the_library_example_has_twelve_lines() -> None:
    (example,) = blocks("python", README)
    _, _, code = example.partition("\n\n")
    assert len(code.strip().splitlines()) <= 12


def test_the_story_in_curl_goes_as_told(tmp_path: Path) -> None:
    story = blocks("sh", README)
    script = "".join(f"{block}\necho; echo @@\n" for block in story)
    with serving(tmp_path) as live:
        told = printed(script, live, tmp_path)
    for block, output in zip(story, told.split("@@"), strict=False):
        lines = [line for line in output.splitlines() if line.strip() and not line.startswith("{")]
        assert lines == expected(block)


def test_every_step_of_a_nomination_is_in_its_table() -> None:
    """The main line, and by state where else it may lead; `held` leads back to where it was held."""
    section = README.partition("## What a nomination goes through")[2].partition("\n## ")[0]
    line = re.findall(r"\w+", next(row for row in section.splitlines() if "→" in row))
    told = {(State(before), State(after)) for before, after in itertools.pairwise(line)}
    for row in re.findall(r"^\| `.*", section, re.MULTILINE):
        states, _, leads = row.split("|")[1:4]
        told |= {(State(a), State(b)) for a in re.findall(r"`(\w+)`", states) for b in re.findall(r"`(\w+)`", leads)}
    assert told == {(before, after) for (before, _), after in NEXT.items() if before is not after}


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_in_the_table(name: str) -> None:
    assert f"| `LAURELS_{name.upper()}` |" in README


def test_the_table_lists_no_setting_that_does_not_exist() -> None:
    listed = re.findall(r"^\| `LAURELS_([A-Z_]+)` \|", README, re.MULTILINE)
    assert {name.lower() for name in listed} == set(Settings.model_fields)


def test_every_folder_of_the_house_is_on_the_map() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if (path / "__init__.py").exists()}
    assert {name for name in folders if f"`app/{name}/`" not in README} == set()


def test_every_link_to_a_file_leads_somewhere() -> None:
    assert dead_links(README, ROOT) == []
