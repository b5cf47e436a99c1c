"""Accepting an offer while the service is killed: afterwards there is nothing of the answer, or all of it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

from app.credentials.tables import Credential, Edition, StatusEntry
from app.kit.database import connect, read_session
from app.kit.journal import Event, verify_chain
from app.members.tables import Community
from app.nominations.rules import State, replayed
from app.nominations.tables import Nomination, Nominee, Receipt
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, offered
from tests.service import on_both_databases

MADE = (Receipt, Credential, Edition, StatusEntry)
ENDS = {"nomination.accepted", "nomination.issued", "credential.issued"}
STRIDE, CLOSE = 40, 4
"""Between two places at which it is killed, and how many from the end every one is such a place."""


class Dying:
    """A service in a process of its own, which can be killed at any step."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def answer(self, call: dict[str, Any], *, killed_at: int = 0) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(call | {"killed_at": killed_at}), file=self._process.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    line = [sys.executable, "-m", "tests.app.nominations.dying"]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Dying(process)
        assert process.stdin is not None
        process.stdin.close()


def out_of_use(database: str, folder: Path) -> str:
    """The same database where no service is in its way: of an SQLite file, which has one, a copy."""
    kind, _, path = database.partition(":///")
    if kind != "sqlite":
        return database
    with sqlite3.connect(path) as source, sqlite3.connect(folder / "copy.db") as target:
        source.backup(target)
    return f"{kind}:///{folder}/copy.db"


def is_all_there(engine: sa.Engine) -> bool:
    """Whether all that belongs to the answer is there; otherwise nothing of it is; the journal holds either way."""
    with read_session(engine) as session:
        for community in session.exec(select(Community.id)).all():
            assert verify_chain(session, community) is None
        counts = {session.exec(select(func.count()).select_from(table)).one() for table in MADE}
        nomination, nominee = session.exec(select(Nomination)).one(), session.exec(select(Nominee)).one()
        told = session.exec(select(Event).order_by(col(Event.seq))).all()
        there = nominee.state is State.issued
        assert counts == ({1} if there else {0})
        assert nomination.state is nominee.state is (State.issued if there else State.offered)
        assert (nominee.credential_id is not None) is there
        assert sorted(event.type for event in told if event.type in ENDS) == (sorted(ENDS) if there else [])
        ours = replayed([event.data for event in told if event.subject == str(nomination.id)])
        assert (ours["state"], ours["version"]) == (nomination.state, nomination.version)
    return there


@on_both_databases
def test_an_answer_that_is_killed_between_its_statements_is_given_wholly_or_not_at_all(
    circle: Circle, dying: Dying, database: str, tmp_path: Path
) -> None:
    path = f"/v1/nominations/{offered(circle.offering(**QUICK))}/response"
    call = {"path": path, "token": circle.tokens["bo"], "body": {"response": "accept"}}
    own = out_of_use(database, tmp_path)
    call, engine = call | {"database": own, "folder": str(tmp_path)}, connect(own)
    dry = dying.answer(call | {"path": f"{path}?validate_only=true"})
    assert (dry["status"], is_all_there(engine)) == (200, False)
    near = dry["steps"] - CLOSE
    for step in range(1, near, STRIDE):
        assert dying.answer(call, killed_at=step)["status"] is None
        assert not is_all_there(engine)
    statuses, outcomes = [], [False]
    for step in count(near):  # every one of those around the COMMIT, and until it has answered
        statuses.append(dying.answer(call, killed_at=step)["status"])
        outcomes.append(is_all_there(engine))
        if statuses[-1] is not None:
            break
    assert outcomes == sorted(outcomes)
    assert (outcomes[-2:], statuses[-2:]) == ([True, True], [None, 409])  # the one before was killed after its COMMIT
    assert len(statuses) > CLOSE
    engine.dispose()
