"""What people say in their own words is quoted where they agreed, and never with what gives somebody away."""

from typing import Any

import pytest

from tests.app.guild import done, refused
from tests.app.surveys.polls import Poll
from tests.service import ADMIN_TOKEN

PLAIN, ADDRESS, PRIVATE = "There is enough tea.", "Ask rosa@harbour.example or @rosa about it.", "Not for others' ears."


@pytest.fixture
def said(poll: Poll) -> dict[str, str]:
    """The ids of what was said in a wave that has closed, by its text."""
    people = poll.people(6)
    wave = poll.open()
    for handle, text in zip(people, (PLAIN, ADDRESS, PRIVATE), strict=False):
        poll.answers(wave, handle, 3, 3, 3, remark={"text": text, "may_quote": text != PRIVATE})
    poll.everybody(wave, people[3:], *[[2] * 3] * 3)
    assert poll.close(wave)["remarks"] == 3
    return {one["text"]: one["id"] for one in listed(poll)}


def listed(poll: Poll, token: str = ADMIN_TOKEN) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = done(poll.guild.get(poll.guild.in_guild("remarks"), token=token), 200)["items"]
    return items


def at(poll: Poll, id: str, what: str = "") -> str:
    return poll.guild.in_guild(f"remarks/{id}{what}")


def test_a_remark_is_read_by_stewards_and_by_nobody_else_until_it_is_quoted(poll: Poll, said: dict[str, str]) -> None:
    member = poll.tokens["member5"]
    assert listed(poll, member) == []
    refused(poll.guild.get(at(poll, said[PLAIN]), token=member), 404, "no-such-remark")
    done(poll.guild.post(at(poll, said[PLAIN], "/quote")), 200)
    [quoted] = listed(poll, member)
    assert (quoted["quote"], quoted["text"], quoted["said_by"]) == (PLAIN, None, "survey participant")
    assert done(poll.guild.get(at(poll, said[PLAIN]), token=member), 200) == quoted
    done(poll.guild.post(at(poll, said[PLAIN], "/keep")), 200)
    assert listed(poll, member) == []


def test_who_did_not_agree_is_not_quoted(poll: Poll, said: dict[str, str]) -> None:
    refused(poll.guild.post(at(poll, said[PRIVATE], "/quote")), 409, "not-to-be-quoted")
    refused(poll.guild.post(at(poll, said[PRIVATE], "/quote"), {"text": "Not"}), 409, "not-to-be-quoted")
    assert listed(poll, poll.tokens["member5"]) == []


def test_addresses_and_handles_are_flagged_and_have_to_be_left_out(poll: Poll, said: dict[str, str]) -> None:
    [flagged] = [one for one in listed(poll) if one["text"] == ADDRESS]
    assert len(flagged["hints"]) == 2
    path = at(poll, said[ADDRESS], "/quote")
    for text in (None, "Ask rosa@harbour.example […]", "Ask […] @rosa about it."):
        problem = refused(poll.guild.post(path, {"text": text}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/text"
    refused(poll.guild.post(path, {"text": "Ask Rosa about it."}), 422, "invalid")
    assert done(poll.guild.post(path, {"text": "Ask […] about it."}), 200)["quote"] == "Ask […] about it."


NOTE = {"method": "focus_group", "held_on": "2026-11-20", "n": 7, "themes": ["Evenings are too long"]}


def test_a_note_of_a_conversation_is_kept_without_names(poll: Poll) -> None:
    [handle] = poll.people(1)
    path, member = poll.guild.in_guild("qualitative-notes"), poll.tokens[handle]
    note = done(poll.guild.post(path, NOTE), 201)
    assert done(poll.guild.get(path, token=member), 200)["items"] == [note]
    assert done(poll.guild.get(f"{path}/{note['id']}", token=member), 200) == note
    assert (note["n"], note["summary"]) == (7, None)
    assert poll.guild.call("DELETE", f"{path}/{note['id']}").status_code == 204
    refused(poll.guild.get(f"{path}/{note['id']}", token=member), 404, "no-such-note")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"themes": ["Write to rosa@harbour.example"]}, "/themes/0"),
        ({"summary": "Said @rosa."}, "/summary"),
        ({"held_on": "2026-11-22"}, "/held_on"),
        ({"themes": []}, "/themes"),
        ({"n": 1}, "/n"),
        ({"method": "séance"}, "/method"),
    ],
)
def test_a_note_that_names_somebody_or_cannot_be_is_refused(poll: Poll, changes: dict[str, Any], pointer: str) -> None:
    answer = poll.guild.post(poll.guild.in_guild("qualitative-notes"), NOTE | changes)
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer
