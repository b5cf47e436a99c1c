"""How a community comes to a badge by itself: one nominates, others second, the nominee agrees word for word.

What comes of it says more than an award does: evidence that is words instead of an address, with genres, in several
languages, and the names of those who stand behind it.
"""

from typing import Any

from interop.community import Community, done

LONG_AGO = "2020-01-01T00:00:00Z"
BY_SECONDS = {"review": {"mode": "auto_on_seconds"}, "min_seconds": 2, "min_distinct_affiliations": 1}
STATEMENT = {
    "person": "Noor, who is asked first when somebody is lost.",
    "contribution": "Drew the *night map*: every lamp, every step. Carried the ladder; “quotes” & <tags> stay words.",
    "context": "🏮 The winter without street lights.\nNobody else knew the stairs.",
    "impact": "夜の地図 helped forty neighbours home. It is still on the wall.",
}
DID = (("documenting", "2026-01-11"), ("documenting", "2026-02-01"), ("hosting", "2026-02-08"))
LEFT_OUT = "Carried the ladder; “quotes” & <tags> stay words."
EVIDENCE = [
    {"url": "https://mapmakers.example/maps/night?sheet=1&scale=500", "name": "The night map"},
    {"url": "https://mapmakers.example/lamps", "description": "Every lamp, **counted** twice."},
]
REASONS = {
    "oda": "I walked behind Noor with the other ladder, and saw how each lamp was asked after.",
    "per": "Hiçbir sokak unutulmadı: with that map I found my own door.\n\nBarış & the children say so too.",
}


def recognised(community: Community) -> dict[str, str]:
    """Badges, public and in force: of somebody who agreed to every word, of one who left a sentence out, and of one
    whose badge rests on what they took part in.

    Returns the credential's id by the name of its case.
    """
    tokens = {handle: _joined(community, handle) for handle in ("mio", "noor", "oda", "per", "quy", "rui")}
    achievement = community.achievement(
        {
            "name": "Lamplighter",
            "description": "Made a dark place easier to find.",
            "criteria": {"narrative": "Somebody found the way, and two others say how."},
            "policy": BY_SECONDS,
        }
    )
    return {
        "recognised": _nominated(community, achievement, "noor", tokens),
        "recognised-in-part": _nominated(community, achievement, "quy", tokens, leaving_out=LEFT_OUT),
        "took-part": _took_part(community, achievement, tokens),
    }


def _joined(community: Community, handle: str) -> str:
    community.member(handle, name=handle.title(), joined_at=LONG_AGO)
    return community.token(handle)


def _took_part(community: Community, achievement: str, tokens: dict[str, str]) -> str:
    """Of somebody whose nominator wants it told what they did."""
    for type, day in DID:
        said = {"type": type, "person": "rui", "occurred_at": f"{day}T18:00:00Z"}
        done(community.api.post(f"/v1/communities/{community.slug}/contributions", json=said))
    return _nominated(community, achievement, "rui", tokens, participation={})


def _nominated(
    community: Community,
    achievement: str,
    nominee: str,
    tokens: dict[str, str],
    *,
    leaving_out: str = "",
    **more: Any,
) -> str:
    """Nominated by Mio, seconded, accepted by the nominee; returns the id of the badge."""
    body = {"achievement": achievement, "nominee": nominee, "statement": STATEMENT, "evidence": EVIDENCE} | more
    mio, own = community.by(tokens["mio"]), community.by(tokens[nominee])
    nomination = done(mio.post(f"/v1/communities/{community.slug}/nominations", json=body))["id"]
    path = f"/v1/nominations/{nomination}"
    done(mio.post(f"{path}/invitations", json={"members": list(REASONS)}))
    for handle, reason in REASONS.items():
        done(community.by(tokens[handle]).post(f"{path}/seconds", json={"reason": reason, "publish": True}))
    narrative = done(own.get(f"{path}/offer"))["narrative"].replace(leaving_out, "")
    answer = done(
        own.post(
            f"{path}/response",
            json={"response": "accept", "visibility": "public", "narrative": narrative, "participation": True},
        )
    )
    credential: str = answer["nominees"][0]["credential"]
    return credential
