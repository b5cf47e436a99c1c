"""Every route of nominations, and what a call of it comes to for every kind of caller (see `tests/app/routes.py`)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlmodel import select

from app.kit.database import read_session
from app.nominations.offering import letter_of
from app.nominations.tables import Nominee
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import EVIDENCE, REASON, STATEMENT
from tests.app.town import ALIKE, Town

Fill = Callable[[Town], str]
NOBODY = (401, 401)

PEOPLE = (*NOBODY, 200, 200, 200, 403, 403, 403, 403)
"""Who is somebody in the community; the admin's token is nobody's."""
IN_PERSON = (*NOBODY, 200, 200, 200, 403, 200, 200, 403)
SIGNED_IN = (*NOBODY, *[200] * 7)
STEWARDS = (*NOBODY, 403, 403, 200, 403, 403, 403, 200)
STEWARD = (*NOBODY, 403, 403, 200, 403, 403, 404, 200)
"""With the scope of a steward."""
LISTED = (*NOBODY, 200, 200, 200, 403, 403, 403, 200)
CONCERNED = (*NOBODY, 404, 200, 200, 404, 404, 404, 200)
NOMINATOR = (*NOBODY, 404, 200, 403, 403, 404, 404, 403)
WRITER = (*NOBODY, 404, 200, 404, 403, 404, 404, 404)
"""Of a draft, which nobody else sees."""
NOMINATOR_OR_STEWARD = (*NOBODY, 404, 200, 200, 403, 404, 404, 200)
INVITED = (*NOBODY, 200, 403, 403, 403, 404, 404, 403)
REVIEWER = (*NOBODY, 404, 403, 200, 403, 404, 404, 403)
"""The steward who decides; the nominator is a party."""
STEWARDS_SEE = (*NOBODY, 404, 404, 200, 404, 404, 404, 200)
APPOINTERS = (*NOBODY, 404, 404, 200, 403, 404, 404, 200)
WITHDRAWERS = (*NOBODY, 404, 200, 200, 404, 404, 404, 200)

MODERATORS = (*NOBODY, 404, 403, 200, 403, 404, 404, 200)
"""Who looks after a nomination, and has no stake in it."""
REOFFERERS = (*NOBODY, 403, 404, 200, 403, 404, 404, 200)
"""The member nominated."""
REPORTED = (*NOBODY, 404, 200, 200, 404, 404, 404, 200)
"""Who looks after it, and who reported it."""
WITNESSES = (*NOBODY, 404, 200, 200, 404, 404, 404, 403)
"""Who sees it, in person."""
THEMSELVES = (*NOBODY, 200, 200, 200, 403, 200, 200, 403)
FELLOWS = (*NOBODY, 200, 200, 200, 403, 404, 404, 403)
BLOCKER = (*NOBODY, 404, 200, 404, 403, 404, 404, 403)
REPORT = {"category": "harassment", "text": "This is a taunt, and all who were there know it."}


def submitted(town: Town) -> str:
    """By the recipient, of somebody new."""
    return nominated(town, submit=True)


def of_the_other(town: Town) -> str:
    """In the other community."""
    body = nomination(town) | {"achievement": town.theirs["id"], "submit": True}
    path, token = town.other.in_guild("nominations"), town.tokens["other member"]
    id: str = done(town.other.post(path, body, token=token), 201)["id"]
    return id


def drafted(town: Town) -> str:
    return nominated(town, submit=False)


def held(town: Town) -> str:
    id = submitted(town)
    done(town.guild.post(f"/v1/nominations/{id}/hold", {"reason": "This reads like a taunt."}), 200)
    return id


def reported(town: Town) -> str:
    """By its nominator, who thought better of it."""
    id = submitted(town)
    done(town.guild.post(f"/v1/nominations/{id}/reports", REPORT, token=town.tokens["recipient"]), 201)
    return id


def the_report(town: Town) -> str:
    """Of the newest nomination."""
    newest = done(town.guild.call("GET", town.guild.in_guild("nominations?limit=1")), 200)["items"][0]["id"]
    id: str = done(town.guild.call("GET", f"/v1/nominations/{newest}/reports"), 200)["items"][0]["id"]
    return id


def somebody(town: Town) -> str:
    handle = town.guild.somebody()["email"].partition("@")[0]
    id: str = town.guild.member(handle)["id"]
    return id


def blocked(town: Town) -> str:
    """By the recipient."""
    id = somebody(town)
    done(town.guild.call("PUT", f"/v1/me/blocks/{id}", token=town.tokens["recipient"]), 200)
    return id


def away(town: Town) -> None:
    """Has everybody on the list of those who are never added."""
    _all(town, "PUT")


def back_to_welcome(town: Town) -> None:
    """Has nobody there."""
    _all(town, "DELETE")


def _all(town: Town, method: str) -> None:
    for who in ("member", "recipient", "steward", "other member", "other steward"):
        done(town.guild.call(method, "/v1/me/never-add", token=town.tokens[who]), 200)


def nominated(town: Town, *, submit: bool, **more: Any) -> str:
    handle = town.guild.somebody()["email"].partition("@")[0]
    town.guild.member(handle)
    body = nomination(town) | {"nominee": handle, "submit": submit} | more
    id: str = done(town.guild.post(town.guild.in_guild("nominations"), body, token=town.tokens["recipient"]), 201)["id"]
    return id


def inviting(town: Town) -> str:
    """To which the member was invited."""
    id = submitted(town)
    body = {"members": ["mel"]}
    done(town.guild.post(f"/v1/nominations/{id}/invitations", body, token=town.tokens["recipient"]), 200)
    return id


def seconded(town: Town) -> str:
    """By the member."""
    id = inviting(town)
    done(town.guild.post(f"/v1/nominations/{id}/seconds", {"reason": REASON}, token=town.tokens["member"]), 200)
    return id


def weighed(town: Town) -> str:
    """By whichever steward comes first."""
    policy = ALIKE | {"min_seconds": 0, "review": {"mode": "single_steward"}}
    achievement = town.guild.achievement(policy=policy)
    return nominated(town, submit=True, achievement=achievement["id"])


def reviewed(town: Town) -> str:
    """By the steward, who thinks it too early."""
    id = weighed(town)
    done(town.guild.post(f"/v1/nominations/{id}/reviews", VERDICT, token=town.tokens["steward"]), 200)
    return id


def asked(town: Town) -> str:
    """By the steward who weighs it."""
    id = weighed(town)
    body = {"question": "Who else was there?"}
    done(town.guild.post(f"/v1/nominations/{id}/info-requests", body, token=town.tokens["steward"]), 201)
    return id


def offered(town: Town) -> str:
    """To the recipient, who was nominated by the member: where nobody has to second, nobody else is asked."""
    return _offered(town, "rio")


def accepted(town: Town) -> str:
    """By the recipient."""
    id = offered(town)
    done(town.guild.post(f"/v1/nominations/{id}/response", ACCEPTS, token=town.tokens["recipient"]), 200)
    return id


def proposing(town: Town) -> str:
    """Offered to the recipient, who would rather have it say something else."""
    id = offered(town)
    done(town.guild.post(f"/v1/nominations/{id}/narrative", SHORTER, token=town.tokens["recipient"]), 200)
    return id


def letter_lost(town: Town) -> str:
    """For somebody who is no member, and whose letter left long ago."""
    id = _offered(town, {"email": town.guild.somebody()["email"]})
    town.clock.forward(hours=1)
    return id


def unanswered(town: Town) -> str:
    """An offer to somebody who is no member, of whom nothing was heard in time."""
    id = _offered(town, {"email": town.guild.somebody()["email"]}, windows_days={"offer": 1})
    town.clock.forward(days=1)
    return id


def link(town: Town) -> str:
    """Of an offer to somebody who is no member."""
    return link_of(town.guild, _offered(town, {"email": town.guild.somebody()["email"]}))


def link_of(guild: Guild, id: str) -> str:
    """The secret that the letter to a nominee holds."""
    runtime = runtime_of(guild)
    with read_session(runtime.engine) as session:
        [nominee] = session.exec(select(Nominee).where(Nominee.nomination_id == UUID(id))).all()
        letter = letter_of(nominee, at=runtime.installation)
    assert letter is not None
    return letter[1]


def rested_on(town: Town) -> str:
    """The id of what a public badge rests on of what somebody new took part in."""
    handle = town.newcomer()
    said = {"type": "hosting", "person": handle, "occurred_at": "2026-03-03T18:00:00Z"}
    done(town.guild.post(town.guild.in_guild("contributions"), said), 201)
    id, token = _offered(town, handle, participation={}), town.guild.token(handle)
    yes = ACCEPTS | {"visibility": "public", "participation": True}
    done(town.guild.post(f"/v1/nominations/{id}/response", yes, token=token), 200)
    [badge] = done(town.guild.get("/v1/credentials", token=token), 200)["items"]
    address: str = badge["evidence"][0]["url"]
    return address.rpartition("/")[2]


def _offered(town: Town, nominee: Any, *, participation: Any = None, **more: Any) -> str:
    """By the member; the steward alone weighed it."""
    policy = ALIKE | {"min_seconds": 0, "review": {"mode": "single_steward"}} | more
    body = nomination(town) | {"achievement": town.guild.achievement(policy=policy)["id"], "nominee": nominee}
    body |= {"participation": participation}
    sent = town.guild.post(town.guild.in_guild("nominations"), body | {"submit": True}, token=town.tokens["member"])
    id: str = done(sent, 202 if sent.status_code == 202 else 201)["id"]
    # One and the same person nominates the other once for every caller: that looks like a ring, and is let go on.
    assert town.guild.post(f"/v1/nominations/{id}/release").status_code in {200, 409}
    said = {"verdict": "approve", "feedback": "Well seen.", "evidence_checked": [0]}
    done(town.guild.post(f"/v1/nominations/{id}/reviews", said, token=town.tokens["steward"]), 200)
    return id


def objected(town: Town) -> str:
    """By the steward who weighs it."""
    id = weighed(town)
    body = {"reason": "This was somebody else."}
    done(town.guild.post(f"/v1/nominations/{id}/objections", body, token=town.tokens["steward"]), 201)
    return id


def newest(what: str) -> Fill:
    """The id of the first of these about the newest nomination."""

    def found(town: Town) -> str:
        about = done(town.guild.call("GET", town.guild.in_guild("nominations?limit=1")), 200)["items"][0]["id"]
        id: str = done(town.guild.call("GET", f"/v1/nominations/{about}/{what}"), 200)["items"][0]["id"]
        return id

    return found


def waiting(town: Town) -> str:
    """For a panel: everybody but its nominator and the steward is too new for it."""
    policy = ALIKE | {"min_seconds": 0, "min_tenure_days": 3650, "review": {"panel_size": 25}}
    body = nomination(town) | {"achievement": town.guild.achievement(policy=policy)["id"], "submit": True}
    elder = town.guild.member(new_handle(town), joined_at="2001-01-01T00:00:00Z")["handle"]
    path, token = town.guild.in_guild("nominations"), town.guild.token(elder)
    id: str = done(town.guild.post(path, body, token=token), 202)["id"]
    return id


def new_handle(town: Town) -> str:
    handle: str = town.guild.somebody()["email"].partition("@")[0]
    return handle


def nomination(town: Town) -> dict[str, Any]:
    """A draft of somebody who is reached by email."""
    body = {"achievement": town.achievement["id"], "statement": STATEMENT, "evidence": EVIDENCE, "submit": False}
    return body | {"nominee": {"email": town.guild.somebody()["email"]}}


SHORTER = {"text": "Opened the Tuesday table."}
ACCEPTS: dict[str, Any] = {"response": "accept"}
BY_LINK = (200,) * 9
NOMINEE = (*NOBODY, 404, 200, 404, 404, 404, 404, 404)
NOMINEE_ACTS = (*NOBODY, 403, 200, 403, 403, 404, 404, 403)
AGREEING = (*NOBODY, 200, 403, 200, 403, 404, 404, 200)
"""The member nominated; the recipient is the nominee."""
SENDERS = (*NOBODY, 200, 404, 200, 403, 404, 404, 200)
PREVIEWERS = (*NOBODY, 404, 403, 200, 404, 404, 404, 200)

V1 = "/v1/communities/{c}"
ONE = "/v1/nominations/{nomination}"

VERDICT = {"verdict": "not_yet", "feedback": "Come back when the winter is over."}

ROWS: list[tuple[str, tuple[int, ...], dict[str, Fill], Callable[[Town], Any] | None]] = [
    (f"POST {V1}/nominations", PEOPLE, {}, nomination),
    (f"GET {V1}/nominations", LISTED, {}, None),
    (f"GET {V1}/nominations/{{nomination}}", (*CONCERNED[:5], 403, 403, 403, 200), {"nomination": submitted}, None),
    (f"GET {ONE}", CONCERNED, {"nomination": submitted}, None),
    (f"GET {ONE}", (*NOBODY, 404, 200, *[404] * 5), {"nomination": drafted}, None),
    (f"PATCH {ONE}", WRITER, {"nomination": drafted}, lambda _: {"evidence": EVIDENCE}),
    (f"POST {ONE}/submit", WRITER, {"nomination": drafted}, None),
    (f"POST {ONE}/invitations", NOMINATOR_OR_STEWARD, {"nomination": submitted}, lambda _: {"members": ["mel"]}),
    (f"POST {ONE}/seconds", INVITED, {"nomination": inviting}, lambda _: {"reason": REASON}),
    (f"DELETE {ONE}/seconds", INVITED, {"nomination": seconded}, None),
    (f"GET {V1}/queue", STEWARDS, {}, None),
    (f"GET {ONE}/audit", STEWARD, {"nomination": submitted}, None),
    ("GET /v1/me/nominations", SIGNED_IN, {}, None),
    ("GET /v1/me/about-me", IN_PERSON, {}, None),
    ("DELETE /v1/me/about-me", IN_PERSON, {"of": Town.thanked_there}, None),
    (f"POST {ONE}/reviews", REVIEWER, {"nomination": weighed}, lambda _: VERDICT),
    (f"GET {ONE}/reviews", CONCERNED, {"nomination": weighed}, None),
    (f"GET {ONE}/reviews/{{review}}", STEWARDS_SEE, {"nomination": reviewed, "review": newest("reviews")}, None),
    (f"POST {ONE}/reviewers", APPOINTERS, {"nomination": waiting}, lambda _: {"member": "mel"}),
    (f"POST {ONE}/info-requests", REVIEWER, {"nomination": weighed}, lambda _: {"question": "Who else was there?"}),
    (f"GET {ONE}/info-requests", CONCERNED, {"nomination": asked}, None),
    (
        f"GET {ONE}/info-requests/{{question}}",
        CONCERNED,
        {"nomination": asked, "question": newest("info-requests")},
        None,
    ),
    (
        f"POST {ONE}/info-requests/{{question}}/answer",
        NOMINATOR,
        {"nomination": asked, "question": newest("info-requests")},
        lambda _: {"answer": "Nine of us."},
    ),
    (f"POST {ONE}/objections", REVIEWER, {"nomination": weighed}, lambda _: {"reason": "This was somebody else."}),
    (f"GET {ONE}/objections", CONCERNED, {"nomination": objected}, None),
    (
        f"GET {ONE}/objections/{{objection}}",
        CONCERNED,
        {"nomination": objected, "objection": newest("objections")},
        None,
    ),
    (
        f"POST {ONE}/objections/{{objection}}/answer",
        NOMINATOR,
        {"nomination": objected, "objection": newest("objections")},
        lambda _: {"answer": "It was not."},
    ),
    (f"POST {ONE}/appeals", NOMINATOR, {"nomination": reviewed}, lambda _: {"argument": "The notes were lost."}),
    (f"GET {ONE}/offer", NOMINEE, {"nomination": offered}, None),
    (f"GET {ONE}/preview", PREVIEWERS, {"nomination": submitted}, None),
    (f"POST {ONE}/response", NOMINEE_ACTS, {"nomination": offered}, lambda _: ACCEPTS),
    (f"POST {ONE}/consent/withdraw", NOMINEE_ACTS, {"nomination": accepted}, lambda _: {"revoke": True}),
    (f"POST {ONE}/narrative", NOMINEE_ACTS, {"nomination": offered}, lambda _: SHORTER),
    (f"POST {ONE}/narrative/agreement", AGREEING, {"nomination": proposing}, lambda _: {"agree": True}),
    (f"POST {ONE}/claim-link", SENDERS, {"nomination": letter_lost}, None),
    ("GET /v1/offers/{link}", BY_LINK, {"link": link}, None),
    ("POST /v1/offers/{link}", BY_LINK, {"link": link}, lambda _: ACCEPTS),
    (f"POST {ONE}/withdraw", WITHDRAWERS, {"nomination": submitted}, lambda _: {"reason": "Written in haste."}),
    (f"POST {ONE}/hold", MODERATORS, {"nomination": submitted}, lambda _: {"reason": "This reads like a taunt."}),
    (f"POST {ONE}/release", MODERATORS, {"nomination": held}, lambda _: {"note": "It is meant kindly."}),
    (f"POST {ONE}/reoffer", REOFFERERS, {"nomination": unanswered}, None),
    (f"POST {ONE}/reports", WITNESSES, {"nomination": submitted}, lambda _: REPORT),
    (f"GET {ONE}/reports", REPORTED, {"nomination": reported}, None),
    (f"GET {ONE}/reports/{{report}}", REPORTED, {"nomination": reported, "report": the_report}, None),
    ("GET /v1/me/blocks", SIGNED_IN, {}, None),
    ("PUT /v1/me/blocks/{member}", FELLOWS, {"member": somebody}, None),
    ("GET /v1/me/blocks/{member}", (*NOBODY, 404, 200, *[404] * 5), {"member": blocked}, None),
    ("DELETE /v1/me/blocks/{member}", BLOCKER, {"member": blocked}, None),
    ("PUT /v1/me/never-add", THEMSELVES, {}, back_to_welcome),
    ("DELETE /v1/me/never-add", THEMSELVES, {}, away),
]
"""Route, outcomes, how to fill its path (the community by itself), and a body."""
