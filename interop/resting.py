"""How a milestone comes to give a badge: what somebody did adds up, and the badge pins what it rests on.

Of all that is awarded here only such a badge has `relatedResource`, with the digest of a document that is evidence too.
"""

import time

from interop.community import Community, Refused, done

LIMIT = 60.0  # seconds; the service's jobs are due every few
DAYS = ("2026-01-10", "2026-01-17", "2026-01-24")


def rested(community: Community) -> dict[str, str]:
    """A public badge that a milestone gave; the credential's id by the name of its case. Raises `Refused`."""
    community.member("ulf", name="Ulf", joined_at="2020-01-01T00:00:00Z")
    own = community.by(community.token("ulf"))
    _begun(community)
    for day in DAYS:
        said = {"type": "hosting", "person": "ulf", "occurred_at": f"{day}T18:00:00Z"}
        done(community.api.post(f"/v1/communities/{community.slug}/contributions", json=said))
    end = time.monotonic() + LIMIT
    while not (met := done(own.get(f"/v1/communities/{community.slug}/attainments"))["items"]) or (
        met[0]["credential"] is None
    ):
        if time.monotonic() > end:
            raise Refused(f"A milestone was met, and nothing given: {met}")
        time.sleep(0.5)
    credential: str = met[0]["credential"]
    done(own.post(f"/v1/credentials/{credential}/response", json={"response": "accept", "visibility": "public"}))
    return {"rested": credential}


def _begun(community: Community) -> None:
    achievement = community.achievement(
        {
            "name": "Host of walks",
            "description": "Opened a door, three times.",
            "criteria": {"narrative": "Three walks took place."},
        }
    )
    drawn = {
        "name": "Three walks",
        "description": "Hosted three walks; “quotes”, <tags> & 🚶 stay words.",
        "discussion": "https://mapmakers.example/talk/walks",
        "rule": {
            "all_of": [{"kind": "count", "of": {"types": ["hosting"]}, "at_least": len(DAYS)}],
            "result": {"kind": "offer", "achievement": achievement},
        },
    }
    path = f"/v1/communities/{community.slug}/milestones"
    id = done(community.api.post(path, json=drawn))["id"]
    done(community.api.post(f"{path}/{id}/activate", json={}))
