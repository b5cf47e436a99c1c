"""A small community comes to life over the REST API, so that there is something to judge."""

import base64
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from PIL import Image, ImageDraw

from interop.service import Service

SLUG = "mapmakers"
COMMUNITY = {
    "slug": SLUG,
    "name": "Guild of Mapmakers",
    "description": "People who map their neighbourhoods together.",
    "url": "https://mapmakers.example",
    "email": "guild@mapmakers.example",
}
# one did:key that is nobody's here; any DID would do
LEARNER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
VALID_DAYS = 30
# what `falsified` rewrites: it has to stand in the text of every form
WITNESSED = "Seen and confirmed by two peers."


class Refused(Exception):
    """The service refused something that the contract allows."""


def come_to_life(service: Service) -> dict[str, str]:
    """Makes the community, its members, achievements and awards; revokes, suspends and reinstates some.

    Returns the credential's id by the name of its case.
    """
    api = service.steward
    _post(api, "/v1/communities", COMMUNITY)
    _post(api, _of("members"), {"handle": "ada", "name": "Ada", "did": LEARNER})
    _post(api, _of("members"), {"handle": "bo", "name": "Bo Ødegård", "email": "bo@mapmakers.example"})
    rich, plain, suspendable = (_post(api, _of("achievements"), body)["id"] for body in achievements())
    awards = {
        "rich": _award(api, rich, {"member": "ada"}, valid_until=_in_days(VALID_DAYS)),
        "plain": _award(api, plain, {"member": "bo"}),
        "by-did": _award(api, plain, {"did": "did:web:cy.example", "name": "Cy"}),
        "by-email": _award(api, plain, {"email": "dee@mapmakers.example", "name": "Dee"}),
        "revoked": _award(api, rich, {"member": "bo"}),
        "suspended": _award(api, suspendable, {"member": "ada"}),
        "reinstated": _award(api, suspendable, {"member": "bo"}),
    }
    _post(api, f"/v1/credentials/{awards['revoked']}/revoke", {"reason": "Issued by mistake."})
    for case in ("suspended", "reinstated"):
        _post(api, f"/v1/credentials/{awards[case]}/suspend", {"reason": "Under review."})
    _post(api, f"/v1/credentials/{awards['reinstated']}/reinstate", {})
    return awards


def achievements() -> list[dict[str, Any]]:
    """One that says all that can be said, one that says the least, one whose badges can be suspended."""
    return [
        {
            "name": "Curly } badge {of} honour 🏅",
            "description": 'Mapped a whole quarter, "quotes", <tags> & all.\nOn two lines.',
            "criteria": {"narrative": "Nominated by two peers; confirmed by a **steward**."},
            "achievement_type": "ext:CommunityRecognition",
            "alignments": [
                {
                    "target_name": "Coaching",
                    "target_url": "https://skills.example/coaching",
                    "target_type": "CFItem",
                    "target_framework": "Skills",
                }
            ],
            "tags": ["mapping", "crème brûlée", "地図"],
            "image": uploaded_image(),
        },
        {
            "name": "First map",
            "description": "Drew a first map.",
            "criteria": {"narrative": "A map was published."},
            "contribution_type": "documentation",
        },
        {
            "name": "Keeper of keys",
            "description": "Looks after the guild's accounts.",
            "criteria": {"narrative": "Holds the office."},
            "policy": {"status": "suspension"},
        },
    ]


def uploaded_image() -> str:
    """A PNG of somebody's own making, as a data URL."""
    image = Image.new("RGBA", (240, 240), "#204060")
    ImageDraw.Draw(image).ellipse((40, 40, 200, 200), fill="#f0c040")
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def _award(api: httpx.Client, achievement: str, recipient: dict[str, str], **more: str) -> str:
    body = {
        "achievement": achievement,
        "recipient": recipient,
        "consent": "given",
        "visibility": "public",
        "narrative": "Walked every street.",
        "evidence": [{"url": "https://mapmakers.example/maps/7", "name": "Map 7", "description": WITNESSED}],
    }
    awarded: str = _post(api, _of("credentials"), body | more)["id"]
    return awarded


def _post(api: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(path, json=body)
    if not answer.is_success:
        raise Refused(f"POST {path} {answer.status_code}: {answer.text[:2000]}")
    made: dict[str, Any] = answer.json() if answer.content else {}
    return made


def _of(what: str) -> str:
    return f"/v1/communities/{SLUG}/{what}"


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251 (no business here)
