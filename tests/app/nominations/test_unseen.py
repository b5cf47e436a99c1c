"""To whoever may not know of it, a nomination that is there and one that is not are the same, to the last statement."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.app.guild import Guild, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import REASON, Circle

NOWHERE = str(UUID(int=0x4711, version=4))
CALLS: dict[str, tuple[str, str, Any]] = {
    "read": ("GET", "", None),
    "read in its community": ("GET", "in the guild", None),
    "edit": ("PATCH", "", {"evidence": []}),
    "submit": ("POST", "/submit", None),
    "invite": ("POST", "/invitations", {"members": ["cy"]}),
    "second": ("POST", "/seconds", {"reason": REASON}),
    "take back": ("DELETE", "/seconds", None),
    "withdraw": ("POST", "/withdraw", {"reason": "No."}),
    "review": ("POST", "/reviews", {"verdict": "approve", "evidence_checked": [0]}),
    "read reviews": ("GET", "/reviews", None),
    "hold": ("POST", "/hold", {"reason": "No."}),
    "release": ("POST", "/release", None),
    "report": ("POST", "/reports", {"category": "other", "text": "No."}),
    "read reports": ("GET", "/reports", None),
}


@pytest.fixture
def stranger(circle: Circle) -> str:
    """A steward of another community."""
    beside = Guild(circle.guild.client, slug="beside").found()
    beside.member("stranger", role="steward")
    circle.tokens["stranger"] = beside.token("stranger", "steward")
    return "stranger"


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """What the database is asked, as its driver hears it, without the values."""
    heard: list[str] = []

    def listen(connection: sqlite3.Connection, *_: Any) -> None:
        connection.set_trace_callback(heard.append)

    sa.event.listen(engine.pool, "checkout", listen)
    yield heard
    sa.event.remove(engine.pool, "checkout", listen)


def asked(circle: Circle, call: str, id: str, by: str | None) -> tuple[Any, list[str]]:
    """The answer, and what was asked of the database for it."""
    method, act, body = CALLS[call]
    path = circle.guild.in_guild(f"nominations/{id}") if act == "in the guild" else f"/v1/nominations/{id}{act}"
    with statements(runtime_of(circle.guild).engine) as heard:
        answer = circle.guild.call(method, path, body, token=by and circle.tokens[by])
    assert heard
    return answer, [sql.replace(UUID(id).hex, "ID").replace(id, "ID") for sql in heard]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("who", ["stranger", "dee", "bo", "ste"])
def test_what_is_hidden_is_as_what_is_not_there(circle: Circle, stranger: str, call: str, who: str) -> None:
    """A stranger, a member, the nominee, and a steward of whom the nomination is a draft's."""
    hidden = circle.nomination(submit=who != "ste")
    (there, there_asked), (nowhere, nowhere_asked) = (
        asked(circle, call, id, stranger if who == "stranger" else who) for id in (hidden, NOWHERE)
    )
    code = "another-community" if call == "read in its community" and who == "stranger" else "no-such-nomination"
    refused(there, 403 if code == "another-community" else 404, code)
    assert there.text.replace(hidden, NOWHERE) == nowhere.text
    assert headers(there) == headers(nowhere)
    assert there_asked == nowhere_asked


def headers(answer: Any) -> dict[str, str]:
    told = {"date", "x-request-id", "content-length"}
    return {name: value for name, value in answer.headers.items() if name not in told}
