"""Tables are imported line by line: nothing twice, nothing worked out, and what is wrong is said of its line."""

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from app.contributions.importing import read_table
from app.contributions.rules import Fault, Report
from app.contributions.sheets import TableUnreadable
from tests.app.contributions.test_recording import listed
from tests.app.contributions.workbooks import formula, moment, text, workbook
from tests.app.guild import Guild, done, refused
from tests.service import ADMIN_TOKEN, on_both_databases

TABLE = """type,person,occurred_at,title,role,for
hosting,ana; bo,2026-11-01,Open call,host,cleo
teaching,bo,2026-11-02T10:00:00+02:00,"Glazing, twice",,
"""


@pytest.fixture
def guild(guild: Guild) -> Guild:
    for handle in ("ana", "bo", "cleo"):
        guild.member(handle)
    return guild


def hand_in(guild: Guild, table: str | bytes, query: str = "", token: str = ADMIN_TOKEN) -> httpx2.Response:
    content = table.encode() if isinstance(table, str) else table
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
    return guild.client.post(guild.in_guild(f"contributions/import{query}"), content=content, headers=headers)


def outcomes(answer: httpx2.Response) -> list[tuple[int, str]]:
    return [(each["line"], each["outcome"]) for each in done(answer, 200)["items"]]


@on_both_databases
def test_each_line_is_a_contribution_and_a_table_handed_in_twice_is_recorded_once(guild: Guild) -> None:
    assert outcomes(hand_in(guild, TABLE, "?validate_only=true")) == [(2, "recorded"), (3, "recorded")]
    assert listed(guild) == []
    assert outcomes(hand_in(guild, TABLE)) == [(2, "recorded"), (3, "recorded")]
    second, first = listed(guild)
    assert (first["title"], first["source"], first["occurred_at"]) == ("Open call", "import", "2026-11-01T00:00:00Z")
    named = [(each["side"], each["role"]) for each in first["credits"]]
    assert named == [("by", "host"), ("by", "host"), ("for", None)]
    assert (second["title"], second["occurred_at"]) == ("Glazing, twice", "2026-11-02T08:00:00Z")
    told = done(hand_in(guild, TABLE), 200)
    assert (told["recorded"], told["duplicate"], len(listed(guild))) == (0, 2, 2)


def test_what_is_wrong_is_said_of_its_line_and_the_others_are_recorded(guild: Guild) -> None:
    table = (
        "occurred_at;type;person;email;url\n"
        "yesterday;hosting;ana;;\n"
        "2026-11-01;hosting;ana;;javascript:alert(1)\n"
        "\n"
        "2026-11-01;hosting;;;\n"
        "2026-11-01;unheard of;ana;;\n"
        "2026-11-01;hosting;nobody;;\n"
        "1970-01-01;hosting;ana;;\n"
        "2026-11-01;hosting;ana;ana@people.example;https://calls.example/1\n"
    )
    told = done(hand_in(guild, table), 200)
    assert [(each["line"], each["error"] and each["error"]["code"]) for each in told["items"]] == [
        (2, "line-unreadable"), (3, "line-unreadable"), (5, "line-unreadable"), (6, "line-unreadable"),
        (7, "no-such-member"), (8, "too-early"), (9, None),
    ]  # fmt: skip
    said = [each["error"]["detail"] for each in told["items"][:3]]
    assert said[0].startswith("occurred_at: ")
    assert said[1].startswith("url: ")
    assert said[2].startswith("people: ")
    assert (told["recorded"], told["refused"]) == (1, 6)


def test_cells_are_text_whatever_they_begin_with(guild: Guild) -> None:
    evil = ['=HYPERLINK("http://x.example")', "+1+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in evil]
    lines = "".join(f"hosting,ana,2026-11-0{n},{cell}\n" for n, cell in enumerate(quoted, start=1))
    assert done(hand_in(guild, f"type,person,occurred_at,title\n{lines}"), 200)["recorded"] == 5
    assert [each["title"] for each in reversed(listed(guild))] == evil


def test_a_spreadsheet_is_read_with_its_dates_and_what_its_formulas_came_to(guild: Guild) -> None:
    columns = ("type", "person", "occurred_at", "title", "channel")
    header = [(f"{letter}3", text(column)) for letter, column in zip("BCDEF", columns, strict=True)]
    first = [("B4", text("hosting")), ("C4", text("ana")), ("D4", moment(46327.375)), ("E4", formula("1+1", "2")),
             ("F4", text("=1+1"))]  # fmt: skip
    last = [("B6", text("hosting")), ("C6", text("ana")), ("D6", text("2026-11-02")), ("E6", "><v>7</v>")]
    assert outcomes(hand_in(guild, workbook(*header, *first, *last))) == [(4, "recorded"), (6, "recorded")]
    later, earlier = listed(guild)
    assert (earlier["occurred_at"], earlier["title"], earlier["channel"]) == ("2026-11-01T09:00:00Z", "2", "=1+1")
    assert later["title"] == "7"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "nothing in it"),
        (b"\n\n", "no column"),
        (b"type,person\nhosting,ana\n", "'occurred_at'"),
        (b"type,occurred_at,Favourite colour\n", "'favourite colour'"),
        (b"type,occurred_at,type\n", "twice"),
        (b"type,occurred_at\nhosting,2026-11-01,more\n", "Line 2"),
        (b'type,occurred_at\nhosting,"2026-11-01\n', "Line 2"),
        (b"type,occurred_at\n\xff\xfe", "UTF-8"),
        (b"type,occurred_at\n\0", "U+0000"),
        (b"PK\x03\x04 no archive", "no spreadsheet"),
        (workbook(("A1", text("type")), ("XFD1048576", text("far out"))), "far out"),
        (b"type,occurred_at,person\n" + b"hosting,2026-11-01,ana\n" * 10_001, "10,000"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_whole(guild: Guild, table: bytes, words: str) -> None:
    problem = refused(hand_in(guild, table), 422, "table-unreadable")
    assert words in problem["detail"]
    assert listed(guild) == []


def test_members_import_what_they_did_themselves(guild: Guild) -> None:
    token = guild.token("bo", "member", "contributions:write")
    told = done(hand_in(guild, TABLE, token=token), 200)
    assert [each["outcome"] for each in told["items"]] == ["recorded", "recorded"]
    others = "type,person,occurred_at\nhosting,ana,2026-11-01\n"
    assert done(hand_in(guild, others, token=token), 200)["items"][0]["error"]["code"] == "not-yours"
    refused(hand_in(guild, TABLE, "?source=forum", token=token), 403, "forbidden")


CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(st.lists(st.lists(CELLS | st.sampled_from(["hosting", "ana", "2026-11-01", '"', ";"]), max_size=5), max_size=6))
@trying(max_examples=100, deadline=None)
def test_whatever_stands_in_a_table_is_read_or_refused(rows: list[list[str]]) -> None:
    table = "type,person,occurred_at,title\n" + "\n".join(",".join(row) for row in rows)
    try:
        lines = read_table(table.encode(), source="import")
    except TableUnreadable:
        return
    assert all(isinstance(line.report, Report | Fault) for line in lines)
    numbers: list[Any] = [line.number for line in lines]
    assert numbers == sorted(set(numbers))
