"""A portfolio as a JSON Resume."""

from typing import Any

import jsonschema

from app.portfolio.resume import QUALIFICATIONS
from badges.ob3.vocabularies import ACHIEVEMENT_TYPES
from tests.app.guild import Guild, done

DATE = {"type": "string", "pattern": r"^([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})$"}
TEXT = {"type": "string"}
URL = {"type": "string", "format": "uri"}


def a_list_of(**members: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": members, "additionalProperties": False}}


PUBLISHED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["basics", "certificates", "awards"],
    "properties": {
        "$schema": URL,
        "basics": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "name": TEXT,
                "label": TEXT,
                "email": {"type": "string", "format": "email"},
                "summary": TEXT,
                "profiles": a_list_of(network=TEXT, username=TEXT, url=URL),
            },
        },
        "certificates": a_list_of(name=TEXT, date=DATE, url=URL, issuer=TEXT),
        "awards": a_list_of(title=TEXT, date=DATE, awarder=TEXT, summary=TEXT),
        "meta": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"canonical": URL, "version": TEXT, "lastModified": TEXT},
        },
    },
}
"""What is used of jsonresume.org's schema 1.0.0, and stricter: that lets everything else in."""


def test_it_is_as_the_schema_wants_it(standing: Guild) -> None:
    member = standing.member("ana", email="ana@people.example")["id"]
    path, token = f"/v1/members/{member}/portfolio", standing.token("ana")
    course = standing.badge(standing.achievement(achievement_type="Course"), recipient={"member": "ana"})
    thanks = standing.badge(recipient={"member": "ana"})
    revoked = standing.badge(recipient={"member": "ana"})
    done(standing.post(f"/v1/credentials/{revoked['id']}/revoke", {"reason": "r"}), 200)
    chosen = {
        "summary": "Makes things.",
        "reveal": ["name", "email"],
        "items": [course["id"], thanks["id"], revoked["id"]],
    }
    done(standing.call("PUT", f"{path}/choice", chosen, token=token), 200)
    resume = done(standing.get(f"{path}?format=jsonresume"), 200)
    jsonschema.validate(resume, PUBLISHED, format_checker=jsonschema.FormatChecker())
    assert (resume["basics"]["name"], resume["basics"]["summary"]) == ("Ana", "Makes things.")
    [certificate], [award] = resume["certificates"], resume["awards"]
    assert certificate["url"].endswith(f"/credentials/{course['id']}.html")
    assert f"/credentials/{thanks['id']}.html" in award["summary"]
    assert certificate["date"] == award["date"] == "2026-11-21"


def test_the_kinds_of_qualifications_are_those_of_the_standard() -> None:
    assert set(ACHIEVEMENT_TYPES) >= QUALIFICATIONS
