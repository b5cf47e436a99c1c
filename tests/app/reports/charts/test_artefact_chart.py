"""What was made together, as a chart, through the door."""

import defusedxml.ElementTree

from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN

CHART = "artefact-chart"


def add(guild: Guild, title: str, *bases: str) -> str:
    made = {
        "title": title,
        "url": f"https://example.org/{title}",
        "contributors": [{"member": "mia", "role": "author"}],
        "builds_on": [{"artefact": base} for base in bases],
    }
    return str(done(guild.post(guild.in_guild("artefacts"), made), 201)["id"])


def test_what_builds_on_what_is_a_chart_with_a_table_and_a_picture(guild: Guild) -> None:
    guild.member("mia")
    empty = done(guild.get(guild.in_guild(CHART), token=ADMIN_TOKEN), 200)
    assert (empty["title"], empty["spec"]) == ("Nothing is listed yet that was made together", None)
    refused(guild.get(guild.in_guild(f"{CHART}?format=svg"), token=ADMIN_TOKEN), 404, "nothing-to-draw")
    add(guild, "sequel", add(guild, "guide"))
    told = done(guild.get(guild.in_guild(CHART), token=ADMIN_TOKEN), 200)
    assert told["title"] == "2 artefacts, of which 1 builds on others"
    assert sorted(row[1] for row in told["rows"]) == ["guide", "sequel"]
    for answer in (
        guild.get(guild.in_guild(f"{CHART}?format=svg"), token=ADMIN_TOKEN),
        guild.get(guild.in_guild(CHART), token=ADMIN_TOKEN, Accept="image/svg+xml"),
    ):
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert defusedxml.ElementTree.fromstring(answer.text).get("role") == "img"
        assert "guide" not in answer.text, "names stand in the table, which is not kept"
