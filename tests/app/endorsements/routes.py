"""The routes of endorsements, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.endorsements.letters import letter_of
from app.endorsements.tables import EndorsementRequest
from app.kit.database import read_session
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.town import Town

COMMENT = "I have seen it done, often and well."
VOUCHERS = (401, 401, 200, 403, 200, 403, 200, 200, 403)
"""People of any community, but for whose it is; the recipient."""
BOTH = (401, 401, 200, 200, 404, 404, 404, 404, 404)
"""Of an endorsement that waits: who gave it, the member, and who is asked, the recipient."""
OWNER = (401, 401, 403, 200, 404, 404, 404, 404, 404)
ENDORSER = (401, 401, 200, 403, 404, 404, 404, 404, 404)
RECIPIENT = (401, 401, 403, 200, *[403] * 5)
"""Of a public badge of theirs."""
EVERYBODY = (401, 401, *[200] * 7)
OPEN = (200,) * 9
SEEN = (200, 401, *[200] * 7)


def offered(town: Town) -> str:
    """The id of a new endorsement, by the member, of a public badge of the recipient."""
    body = {"subject": "credential", "id": town.badge()["id"], "comment": COMMENT}
    town.clock.forward(days=1)  # nobody vouches for too much within a day
    id: str = done(town.guild.post("/v1/endorsements", body, token=town.tokens["member"]), 201)["id"]
    return id


def accepted(town: Town) -> str:
    """The id of a new one that the recipient has accepted."""
    id, token = offered(town), town.tokens["recipient"]
    done(town.guild.post(f"/v1/endorsements/{id}/response", {"response": "accept"}, token=token), 200)
    return id


def asked(town: Town) -> str:
    """The id of a new request, of the recipient to the member, who may be asked."""
    done(town.guild.call("DELETE", "/v1/me/never-add", token=town.tokens["member"]), 200)
    return _asked(town, {"member": "mel"})


def invitation(town: Town) -> str:
    """The secret of the link in a letter to somebody who was asked."""
    return link_of(town.guild, _asked(town, {"email": town.guild.somebody()["email"]}))


def link_of(guild: Guild, id: str) -> str:
    """The secret that the letter to whoever was asked holds."""
    runtime = runtime_of(guild)
    with read_session(runtime.engine) as session:
        letter = letter_of(session.get_one(EndorsementRequest, UUID(id)), at=runtime.installation)
    assert letter is not None
    return letter[1]


def _asked(town: Town, of: dict[str, str]) -> str:
    town.clock.forward(days=1)  # nobody asks too many within a day
    body = {"subject": "credential", "id": town.badge()["id"], "of": of}
    id: str = done(town.guild.post("/v1/endorsement-requests", body, token=town.tokens["recipient"]), 201)["id"]
    return id


def _request(town: Town) -> dict[str, Any]:
    town.clock.forward(days=1)
    return {"subject": "credential", "id": town.badge()["id"], "of": {"member": "mel"}}


def _new(town: Town) -> dict[str, Any]:
    return {"subject": "credential", "id": town.badge()["id"], "comment": COMMENT}


def _of(make: Callable[[Town], str], name: str) -> dict[str, Callable[[Town], str]]:
    return {name: make}


ROWS: list[tuple[str, tuple[int, ...], dict[str, Callable[[Town], str]], Callable[[Town], Any] | None]] = [
    ("GET /v1/endorsements", EVERYBODY, {}, None),
    ("POST /v1/endorsements", VOUCHERS, {}, _new),
    ("GET /v1/endorsements/{endorsement}", BOTH, _of(offered, "endorsement"), None),
    ("GET /v1/endorsements/{endorsement}", EVERYBODY, _of(accepted, "endorsement"), None),
    ("POST /v1/endorsements/{endorsement}/response", OWNER, _of(offered, "endorsement"),
     lambda _: {"response": "accept"}),
    ("POST /v1/endorsements/{endorsement}/withdraw", ENDORSER, _of(offered, "endorsement"), lambda _: None),
    ("GET /v1/endorsement-requests", EVERYBODY, {}, None),
    ("POST /v1/endorsement-requests", RECIPIENT, {}, _request),
    ("GET /v1/endorsement-requests/{asked}", BOTH, _of(asked, "asked"), None),
    ("POST /v1/endorsement-requests/{asked}/withdraw", OWNER, _of(asked, "asked"), lambda _: None),
    ("POST /v1/endorsement-requests/{asked}/decline", ENDORSER, _of(asked, "asked"), lambda _: None),
    ("GET /v1/vouch/{secret}", OPEN, _of(invitation, "secret"), None),
    ("POST /v1/vouch/{secret}", OPEN, _of(invitation, "secret"), lambda _: {"response": "decline"}),
    ("GET /vouch/{secret}", OPEN, _of(invitation, "secret"), None),
    *((f"GET {path}", SEEN, _of(accepted, "id"), None) for path in (
        "/endorsements/{id}", "/endorsements/{id}.json", "/endorsements/{id}.jwt", "/ob2/endorsements/{id}",
    )),
    ("GET /endorsed/achievements/{name}.json", SEEN, {"name": lambda town: str(town.achievement["id"])}, None),
    ("GET /endorsed/issuers/{c}.json", SEEN, {"c": lambda town: town.guild.slug}, None),
]  # fmt: skip
