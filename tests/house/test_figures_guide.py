"""What the guide to figures says is so: its examples run, and its tables name all that there is."""

import re
from pathlib import Path

from app.metrics.families import Family
from app.metrics.purposes import Purpose
from app.metrics.results import Reason
from app.metrics.views import FigureOut
from tests.documents import ROOT, blocks, dead_links, expected, printed
from tests.live import command, serving

GUIDE = (ROOT / "docs" / "figures.md").read_text()
README = (ROOT / "README.md").read_text()


def first_column(heading: str) -> list[str]:
    """The names in the first column of the table whose head begins so."""
    rows = re.split(r"\n\| ---.*\n", GUIDE.partition(f"\n| {heading} |")[2], maxsplit=1)[1].partition("\n\n")[0]
    return [name for row in rows.splitlines() for name in re.findall(r"`([a-z_-]+)`", row.split("|")[1])]


def test_the_examples_go_as_told(tmp_path: Path) -> None:
    """With the beginning of the README's story before them."""
    script = "".join(blocks("sh", README)[:3]) + "".join(f"\necho @@\n{block}" for block in blocks("sh", GUIDE))
    with serving(tmp_path) as live:
        told = printed(script, live, tmp_path, timeout=120)
        held = command(tmp_path, "figures", "verify", "--community", "reading-circle")
    for block, output in zip(blocks("sh", GUIDE), told.split("@@")[1:], strict=True):
        assert [line for line in output.splitlines() if line] == expected(block), block
    assert (held.returncode, "participation" in held.stdout) == (0, True), held


def test_every_family_reason_purpose_and_field_is_in_a_table() -> None:
    assert first_column("family") == [*Family]
    assert first_column("`reason`") == [*Reason]
    assert first_column("`purpose`") == [*Purpose]
    assert sorted(first_column("field")) == sorted(FigureOut.model_fields)


def test_every_link_to_a_file_leads_somewhere() -> None:
    assert dead_links(GUIDE, ROOT / "docs") == []
