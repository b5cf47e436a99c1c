"""What the guide to sources says is so: its examples run, and its tables name all that there is."""

import os
import re
from pathlib import Path

from app.sources.asking import AwardedTo, Requested, RevokeRequested
from app.sources.forms import CameOut
from app.sources.receiving import PLATFORMS
from tests.documents import ROOT, blocks, dead_links, expected, printed
from tests.live import serving

GUIDE = (ROOT / "docs" / "sources.md").read_text()
README = (ROOT / "README.md").read_text()


def first_column(heading: str) -> list[str]:
    """The names in the first column of the first table after some words."""
    table = GUIDE.partition(heading)[2].partition("| --- | --- |\n")[2].partition("\n\n")[0]
    return [name for row in table.splitlines() for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])]


def test_the_examples_go_as_told(tmp_path: Path) -> None:
    """With the beginning of the README's story before them; the one in Python is run where it stands."""
    [python], told_python = blocks("python", GUIDE), "bo.py"
    (tmp_path / told_python).write_text(python)
    script = "".join(blocks("sh", README)[:3])
    for number, block in enumerate(blocks("sh", GUIDE)):
        script += f"\necho @@\n{block}"
        if number == 1:
            script += f"\nACHIEVEMENT=$ACHIEVEMENT HOOK=$HOOK SECRET=$SECRET python3 {told_python}\n"
    folder = ROOT / ".venv" / "bin"
    with serving(tmp_path) as live:
        told = printed(script, live, tmp_path, path=f"{folder}:{os.environ['PATH']}", timeout=90)
    for number, (block, output) in enumerate(zip(blocks("sh", GUIDE), told.split("@@")[1:], strict=True)):
        assert output.split() == expected(block) + (expected(python) if number == 1 else []), block


def test_every_platform_is_in_the_table() -> None:
    assert sorted(first_column("## For who sends")) == sorted(PLATFORMS)


def test_every_field_of_what_can_be_asked_for_is_in_a_table() -> None:
    assert first_column("### Asking for an award") == [*Requested.model_fields]
    assert {*first_column("`award.revoke_requested` takes back")} == {*RevokeRequested.model_fields}
    assert all(f"`{name}`" in GUIDE for name in AwardedTo.model_fields)


def test_every_outcome_is_in_the_table() -> None:
    described = CameOut.model_json_schema()["properties"]["did"]["description"]
    assert {*first_column("### What comes of a delivery")} == {*re.findall(r"`([a-z]+)`", described)}


def test_every_link_to_a_file_leads_somewhere() -> None:
    assert dead_links(GUIDE, ROOT / "docs") == []
