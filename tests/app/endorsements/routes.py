"""The routes of endorsements, and what a call of each comes to for every kind of caller (see `tests.app.routes`)."""

from collections.abc import Callable
from typing import Any

from tests.app.guild import done
from tests.app.town import Town

COMMENT = "I have seen it done, often and well."
VOUCHERS = (401, 401, 200, 403, 200, 403, 200, 200, 403)
"""People of any community, but for whose it is; the recipient."""
BOTH = (401, 401, 200, 200, 404, 404, 404, 404, 404)
"""Of an endorsement that waits: who gave it, the member, and who is asked, the recipient."""
OWNER = (401, 401, 403, 200, 404, 404, 404, 404, 404)
ENDORSER = (401, 401, 200, 403, 404, 404, 404, 404, 404)
EVERYBODY = (401, 401, *[200] * 7)
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
    *((f"GET {path}", SEEN, _of(accepted, "id"), None) for path in (
        "/endorsements/{id}", "/endorsements/{id}.json", "/endorsements/{id}.jwt", "/ob2/endorsements/{id}",
    )),
    ("GET /endorsed/achievements/{name}.json", SEEN, {"name": lambda town: str(town.achievement["id"])}, None),
    ("GET /endorsed/issuers/{c}.json", SEEN, {"c": lambda town: town.guild.slug}, None),
]  # fmt: skip
