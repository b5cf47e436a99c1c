"""Who vouches for badges, and who vouches for nobody but themself.

endorsed                a member vouches for it; the community signs that for them
self-asserted           nobody but the recipient says so, and the badge says that
endorsement-withdrawn   an edition that shows an endorsement which was taken back since: the badge is as good as ever
"""

from interop.community import Community, done
from interop.exhibits import Exhibit
from interop.service import Service

COMMENT = "I have walked every step of it with her map in hand; “quotes”, <tags> & 🗺️ stay words."
FORMS = ("json", "jwt", "png", "svg")
SHOWING = 2
"""The edition that is signed when the first endorsement is accepted."""


def endorsed(community: Community) -> dict[str, str]:
    """Public badges, one endorsed and one self-asserted; the credential's id by the name of its case."""
    tokens = _joined(community)
    said = {
        "achievement": community.achievement(_achievement("Pathfinder", {"self_assertion": "allowed"})),
        "narrative": "I found the way round the flooded bridge, and marked it.",
        "evidence": [{"url": "https://mapmakers.example/marks"}],
        "visibility": "public",
    }
    own = done(community.by(tokens["rut"]).post(f"/v1/communities/{community.slug}/self-assertions", json=said))
    id = community.award(community.achievement(_achievement("Way marker", {})), {"member": "rut"})
    _vouched(community, id, tokens)
    return {"endorsed": id, "self-asserted": own["id"]}


def withdrawn(service: Service, community: Community) -> list[Exhibit]:
    """The edition of a badge that shows an endorsement which was taken back since."""
    tokens = {handle: community.token(handle) for handle in ("rut", "sol")}
    id = community.award(community.achievement(_achievement("Bridge builder", {})), {"member": "rut"})
    endorsement = _vouched(community, id, tokens)
    done(community.by(tokens["sol"]).post(f"/v1/endorsements/{endorsement}/withdraw"))
    paths = {form: f"/editions/{id}/{SHOWING}.{form}" for form in FORMS}
    return [
        Exhibit(
            "endorsement-withdrawn", form, service.public.get(path).raise_for_status().content, service.origin + path
        )
        for form, path in paths.items()
    ]


def _joined(community: Community) -> dict[str, str]:
    for handle in ("rut", "sol"):
        community.member(handle, name=handle.title())
    return {handle: community.token(handle) for handle in ("rut", "sol")}


def _vouched(community: Community, credential: str, tokens: dict[str, str]) -> str:
    """Sol vouches for a badge of Rut, who accepts; the id of the endorsement."""
    said = {"subject": "credential", "id": credential, "comment": COMMENT}
    id: str = done(community.by(tokens["sol"]).post("/v1/endorsements", json=said))["id"]
    done(community.by(tokens["rut"]).post(f"/v1/endorsements/{id}/response", json={"response": "accept"}))
    return id


def _achievement(name: str, policy: dict[str, str]) -> dict[str, object]:
    return {
        "name": name,
        "description": "Finds a way, and leaves it easier for the next.",
        "criteria": {"narrative": "Others got through."},
        "policy": policy,
    }
