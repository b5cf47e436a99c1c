"""Accepting an offer while the service is killed: afterwards there is nothing of the answer, or all of it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from app.credentials.tables import Credential, Edition, StatusEntry
from app.kit.database import connect, read_session
from app.kit.journal import Event, verify_chain
from app.members.tables import Community
from app.nominations.rules import State, replayed
from app.nominations.tables import Nomination, Nominee, Receipt
from tests.app.nominations.circle import Circle
from tests.app.nominations.test_answering import QUICK, offered

MADE = (Receipt, Credential, Edition, StatusEntry)
ENDS = {"nomination.accepted", "nomination.issued", "credential.issued"}


class Dying:
    """A service on a database of its own, which begins with an open offer each time."""

    def __init__(self, process: "subprocess.Popen[str]", kept: Path, database: Path, call: dict[str, Any]) -> None:
        self._process, self._kept, self.database, self._call = process, kept, database, call

    def begin(self) -> None:
        """The database as it was before the answer."""
        for part in ("", "-wal", "-shm"):
            Path(f"{self.database}{part}").unlink(missing_ok=True)
        copied(self._kept, self.database)

    def answer(self, *, killed_at: int = 0) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(self._call | {"killed_at": killed_at}), file=self._process.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


def copied(origin: Path, to: Path) -> None:
    source, target = sqlite3.connect(origin), sqlite3.connect(to)
    source.backup(target)
    source.close()
    target.close()


@pytest.fixture
def dying(circle: Circle, database: str, tmp_path: Path) -> Iterator[Dying]:
    circle.offering(**QUICK)
    id = offered(circle)
    kept, own = tmp_path / "kept.db", tmp_path / "dying.db"
    copied(Path(database.removeprefix("sqlite:///")), kept)
    call = {"path": f"/v1/nominations/{id}/response", "token": circle.tokens["bo"], "body": {"response": "accept"}}
    line = [sys.executable, "-m", "tests.app.nominations.dying", f"sqlite:///{own}", str(tmp_path)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Dying(process, kept, own, call)
        assert process.stdin is not None
        process.stdin.close()


def is_all_there(database: Path) -> bool:
    """Whether all that belongs to the answer is there; otherwise nothing of it is; the journal holds either way."""
    engine = connect(f"sqlite:///{database}")
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
    engine.dispose()
    return there


def test_an_answer_that_is_killed_between_its_statements_is_given_wholly_or_not_at_all(dying: Dying) -> None:
    dying.begin()
    whole = dying.answer()
    assert whole["status"] == 200
    assert is_all_there(dying.database)
    dying.begin()
    statements = range(1, whole["statements"] + 1)
    outcomes = []
    for statement in [*statements[:-4:8], *statements[-4:]]:  # every one of those around the COMMIT
        assert dying.answer(killed_at=statement)["status"] in {None, 409}
        outcomes.append(is_all_there(dying.database))
    assert not outcomes[0]
    assert outcomes == sorted(outcomes)
    assert dying.answer()["status"] == (409 if outcomes[-1] else 200)
    assert is_all_there(dying.database)
