"""Nobody can tell who answered what: not from the shape of the database, nor from the rows in it, on both databases."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

import app.main
from app.kit.database import Row, read_session
from app.kit.journal import Event
from app.surveys.polling import opened
from app.surveys.tables import Urn
from tests.app.conftest import community
from tests.app.guild import done
from tests.app.surveys.polls import Poll
from tests.service import ADMIN_TOKEN, Servers, on_both_databases

OF_PEOPLE, OF_ANSWERS = {"survey_invited", "survey_roll"}, {"survey_spent", "survey_urn", "survey_remark"}


def columns(table: str) -> dict[str, sa.Column[Any]]:
    assert app.main.ROUTERS  # which knows every table
    return {column.name: column for column in Row.metadata.tables[table].columns}


# The shape of the database.


def test_no_path_leads_from_an_answer_to_a_member() -> None:
    """Along foreign keys in either direction: the wave is the only thing that both sides know."""
    neighbours: dict[str, set[str]] = {}
    for table in Row.metadata.tables.values():
        for key in table.foreign_keys:
            neighbours.setdefault(table.name, set()).add(key.column.table.name)
            neighbours.setdefault(key.column.table.name, set()).add(table.name)
    reached, waiting = set(OF_ANSWERS), list(OF_ANSWERS)
    while waiting:
        for other in neighbours.get(waiting.pop(), set()) - reached - {"survey_wave"}:
            reached.add(other)
            waiting.append(other)
    assert reached == OF_ANSWERS
    assert {key.column.table.name for table in OF_ANSWERS for key in Row.metadata.tables[table].foreign_keys} == {
        "survey_wave"
    }


def test_what_is_kept_of_an_answer_has_no_time_no_order_and_nothing_in_common_with_people() -> None:
    kept = {table: set(columns(table)) for table in OF_ANSWERS | OF_PEOPLE}
    assert kept == {
        "survey_invited": {"wave_id", "place", "member_id"},
        "survey_roll": {"wave_id", "drawn", "sealed_key"},
        "survey_spent": {"wave_id", "digest"},
        "survey_urn": {"wave_id", "part", "sealed"},
        "survey_remark": {"id", "wave_id", "text", "may_quote", "state", "quote"},
    }
    of_people = {name for table in OF_PEOPLE for name in kept[table]}
    assert {name for table in OF_ANSWERS for name in kept[table]} & of_people == {"wave_id"}
    kinds = {type(column.type) for table in OF_ANSWERS | OF_PEOPLE for column in columns(table).values()}
    assert not any(issubclass(kind, sa.Date | sa.DateTime | sa.Time) for kind in kinds)


# The rows in it.


def everything(poll: Poll) -> dict[str, list[str]]:
    """All rows there are, by table; of the urn what is in it, as whoever has all keys would read it.

    Without the wave's own key, which is sealed anew in every installation, and stays as it is while the wave is open.
    """
    at = poll.runtime.installation
    with read_session(poll.runtime.engine) as session:
        found = {
            table.name: sorted(
                str(tuple(row))
                for row in session.execute(sa.select(*(c for c in table.columns if c.name != "sealed_key")))
            )
            for table in Row.metadata.tables.values()
        }
        urn = [str((part.wave_id, part.part, opened(part, at))) for part in session.exec(select(Urn)).all()]
    return found | {"survey_urn": urn}


@contextmanager
def fresh(kind: str, servers: Servers, folder: Path) -> Iterator[Poll]:
    folder.mkdir()
    with community(kind, servers, folder) as guild:
        clock: Any = guild.client.app.state.runtime.clock  # type: ignore[attr-defined]
        yield Poll(guild, clock)


def polled(
    poll: Poll, drawing: Sequence[str], answering: Sequence[tuple[str, int, str]]
) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """What is on record after some draw and some answer, in these orders; and which rows came or went by that."""
    poll.people(6)
    wave = poll.open()
    before = everything(poll)
    given = {handle: poll.slip(wave, handle) for handle in drawing}
    for handle, option, text in answering:
        poll.clock.forward(minutes=7)
        said = {"text": text, "may_quote": True}
        done(poll.answer(wave, given[handle], {"trust": option, "glad": 5 - option}, remark=said), 201)
    after = everything(poll)
    changed = {table: set(after[table]) ^ set(before[table]) for table in after if after[table] != before[table]}
    return {table: rows for table, rows in after.items() if table in OF_PEOPLE | OF_ANSWERS}, changed


MEL, BO, CY = "member0", "member1", "member2"
AS_IT_WAS = [(MEL, 1, "No."), (BO, 4, "Yes."), (CY, 2, "Perhaps.")]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_record_is_the_same_whoever_answered_what_and_in_whatever_order(
    kind: str, servers: Servers, tmp_path: Path
) -> None:
    """Ids, keys and slips are the same in each of these runs, so every difference would be one that tells something."""
    runs = [
        ([MEL, BO, CY], AS_IT_WAS),
        ([MEL, BO, CY], [(MEL, 4, "Yes."), (BO, 2, "Perhaps."), (CY, 1, "No.")]),  # others said it
        ([MEL, BO, CY], AS_IT_WAS[::-1]),  # they answered in another order
        ([CY, MEL, BO], AS_IT_WAS),  # they drew in another order
    ]
    records = []
    for number, (drawing, answering) in enumerate(runs):
        with fresh(kind, servers, tmp_path / f"{number}") as poll:
            record, changed = polled(poll, drawing, answering)
            assert set(changed) == {"survey_roll", "survey_spent", "survey_urn"}, "no journal, no log, no key"
            assert len(record["survey_urn"]) == len(record["survey_roll"]) == 1, "one row has no order"
            records.append(record)
    assert records[1:] == records[:1] * 3


@on_both_databases
def test_nothing_is_kept_of_a_slip_until_it_is_used(poll: Poll) -> None:
    poll.people(6)
    wave = poll.open()
    slip = done(poll.guild.post(poll.at(wave, "/slip"), token=poll.tokens[MEL], idempotency_key="k"), 201)["slip"]
    drawn = everything(poll)
    number, _, mac = slip.rpartition(".")
    assert not [row for rows in drawn.values() for row in rows if mac in row or number in row]
    assert drawn["survey_spent"] == []
    done(poll.answer(wave, slip, {"trust": 4}), 201)
    used = everything(poll)
    assert not [row for rows in used.values() for row in rows if mac in row or number in row]
    assert {table for table in used if used[table] != drawn[table]} == {"survey_spent", "survey_urn"}


def test_who_answers_with_a_token_at_hand_is_not_known_by_it(poll: Poll) -> None:
    poll.people(6)
    wave = poll.open()
    slip = poll.slip(wave, MEL)
    before = everything(poll)
    body, token = {"slip": slip, "answers": {"trust": 4}}, poll.tokens[MEL]
    done(poll.guild.post(poll.at(wave, "/answer"), body, token=token, idempotency_key="k"), 201)
    after = everything(poll)
    assert {table for table in after if after[table] != before[table]} == {"survey_spent", "survey_urn"}


def test_what_was_answered_cannot_be_read_from_the_database_alone(poll: Poll) -> None:
    poll.people(6)
    wave = poll.open()
    poll.answers(wave, MEL, 4, remark={"text": "A telling word.", "may_quote": True})
    with read_session(poll.runtime.engine) as session:
        [urn] = session.exec(select(Urn)).all()
        assert b"telling" not in urn.sealed
        assert b"ballots" not in urn.sealed


@on_both_databases
def test_when_a_wave_has_closed_nothing_is_left_of_who_drew_and_of_any_single_answer(poll: Poll) -> None:
    people = poll.people(8)
    wave = poll.open()
    for number, handle in enumerate(people):
        poll.answers(wave, handle, 1 + number % 4, 3, 2, remark={"text": f"Word {8 - number}.", "may_quote": False})
    poll.close(wave)
    left = everything(poll)
    assert [left[table] for table in ("survey_invited", "survey_roll", "survey_spent", "survey_urn")] == [[]] * 4
    with read_session(poll.runtime.engine) as session:
        events = session.exec(select(Event).where(Event.subject == wave).order_by(sa.text("seq"))).all()
    assert [(event.type, event.actor) for event in events] == [
        ("wave.planned", "admin"),
        ("wave.opened", "system"),
        ("wave.closed", "system"),
    ]
    assert events[-1].data.keys() == {"results"}
    remarks = done(poll.guild.get(poll.guild.in_guild(f"remarks?wave={wave}"), token=ADMIN_TOKEN), 200)["items"]
    assert [one["text"] for one in remarks] == [f"Word {number}." for number in range(1, 9)], "as they sort"


def test_a_cancelled_wave_leaves_nothing_either(poll: Poll) -> None:
    poll.people(6)
    wave = poll.open()
    poll.answers(wave, MEL, 4, remark={"text": "A telling word.", "may_quote": True})
    done(poll.guild.post(poll.at(wave, "/cancel")), 200)
    left = everything(poll)
    assert not any(left[table] for table in OF_PEOPLE | OF_ANSWERS)


@on_both_databases
def test_of_two_answers_with_one_slip_one_counts_and_of_two_drawings_one_gives_a_slip(poll: Poll) -> None:
    poll.people(6)
    wave = poll.open()
    with ThreadPoolExecutor(2) as threads:
        drawn = [each.result() for each in [threads.submit(poll.draw, wave, MEL) for _ in range(2)]]
        assert sorted(answer.status_code for answer in drawn) == [201, 409]
        [slip] = [answer.json()["slip"] for answer in drawn if answer.status_code == 201]
        sent = [threads.submit(poll.answer, wave, slip, {"trust": option}) for option in (1, 4)]
        assert sorted(each.result().status_code for each in sent) == [201, 409]
        slips = [poll.slip(wave, handle) for handle in ("member1", "member2", "member3", "member4", "member5")]
        many = [threads.submit(poll.answer, wave, each, {"trust": 3}) for each in slips]
        assert [each.result().status_code for each in many] == [201] * 5
    assert poll.close(wave)["n"] == 6


def test_members_are_told_whether_they_drew_and_are_taken_off_the_roll_when_they_go(poll: Poll) -> None:
    poll.people(6)
    wave = poll.open()
    poll.slip(wave, MEL)
    for handle, drew in ((MEL, True), (BO, False)):
        data = done(poll.guild.get("/v1/me/data", token=poll.tokens[handle]), 200)
        assert data["survey_slips"] == [{"wave": wave, "drawn": drew}]
        assert [row["wave_id"] for row in data["survey_invited"]] == [wave]
    path = f"/v1/me/data?credentials=keep&confirm={MEL}"
    answer = poll.guild.call("DELETE", path, token=poll.tokens[MEL])
    assert answer.is_success, answer.text
    assert len(everything(poll)["survey_invited"]) == 5
    assert poll.wave(wave)["invited"] == 6, "as it was when it opened"
