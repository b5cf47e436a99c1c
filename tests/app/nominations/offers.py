"""Offers to those who were nominated: made by one second, answered by a token or by the link in a letter."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.credentials.tables import Credential, Edition
from app.kit.database import read_session, write_session
from app.kit.journal import Event
from app.nominations import offering
from app.nominations.rules import replayed
from tests.app.guild import done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import STATEMENT, Circle

QUICK = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 1}
"""One second decides, as a community of a few may have it."""
STRANGER = {"email": "zed@people.example", "name": "Zed"}


def offered(circle: Circle, **more: Any) -> str:
    return circle.seconded("cy", **more)


def respond(circle: Circle, id: str, *, by: str = "bo", response: str = "accept", **more: Any) -> Any:
    return circle.act(id, "response", {"response": response} | more, by=by)


def offer(circle: Circle, id: str, *, by: str = "bo") -> Any:
    return circle.guild.get(f"/v1/nominations/{id}/offer", token=circle.tokens[by])


def team(circle: Circle) -> str:
    circle.offering(**QUICK, team=True)
    statement = STATEMENT | {"contribution": "Bo and Eli opened the Tuesday table. Eli stacked the chairs."}
    return circle.seconded("cy", nominees=["bo", "eli", "dee"], statement=statement)


def by_link(circle: Circle, secret: str, response: str = "accept", **more: Any) -> Any:
    return circle.guild.post(f"/v1/offers/{secret}", {"response": response} | more, token=None)


def link(circle: Circle) -> str:
    """The secret in the letter of the one stranger who is asked; from then on it is nowhere else."""
    runtime = runtime_of(circle.guild)
    with write_session(runtime.engine) as session:
        [nominee] = offering.letters_due(session, limit=5)
        letter = offering.letter_of(nominee, at=runtime.installation)
        assert letter is not None
        contact, secret = letter
        assert (contact.email, contact.name) == (STRANGER["email"], STRANGER["name"])
        offering.letter_sent(session, nominee)
    with write_session(runtime.engine) as session:
        assert offering.letters_due(session, limit=5) == []
    return secret


def credential_of(circle: Circle, id: str) -> str:
    [mine] = done(circle.see(id, "bo"), 200)["nominees"]
    assert mine["credential"], mine
    return str(mine["credential"])


def signed(circle: Circle, id: str) -> dict[str, Any]:
    with read_session(runtime_of(circle.guild).engine) as session:
        credential = session.exec(select(Credential).where(Credential.nomination_id == UUID(id))).one()
        edition = session.exec(select(Edition).where(Edition.credential_id == credential.id, Edition.number == 1)).one()
        found: dict[str, Any] = json.loads(edition.data_integrity)
        return found


def assert_replayable(circle: Circle, id: str) -> None:
    """The journal alone says where the nomination is."""
    with read_session(runtime_of(circle.guild).engine) as session:
        events = session.exec(select(Event).where(Event.subject == id).order_by(col(Event.seq))).all()
    assert replayed([event.data for event in events])["state"] == circle.state(id)
