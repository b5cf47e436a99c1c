"""Small communities come to life over the REST API, so that there is something to judge."""

import base64
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from PIL import Image, ImageDraw

from interop.service import Service

# one did:key that is nobody's here; any DID would do
LEARNER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
VALID_DAYS = 30
# what `falsified` rewrites: it has to stand in the text of every form
WITNESSED = "Seen and confirmed by two peers."
RENEWED = {
    "narrative": "Nominated by two peers; confirmed by a **steward** of another quarter.",
    "id": "https://mapmakers.example/honour",
}


class Refused(Exception):
    """The service refused something that the contract allows."""


@dataclass(frozen=True)
class Community:
    """One community, looked after through `api` by the installation's admin."""

    api: httpx.Client
    slug: str

    @classmethod
    def founded(cls, service: Service, slug: str) -> "Community":
        """A new community with keys of its own."""
        body = {
            "slug": slug,
            "name": f"Guild of {slug.title()}",
            "description": "People who map their neighbourhoods together.",
            "url": f"https://{slug}.example",
            "email": f"guild@{slug}.example",
        }
        done(service.steward.post("/v1/communities", json=body))
        return cls(service.steward, slug)

    def member(self, handle: str, **more: str) -> None:
        """Somebody joins."""
        self._post("members", {"handle": handle} | more)

    def token(self, owner: str) -> str:
        """A token with which somebody speaks for themselves."""
        made: str = self._post("tokens", {"owner": owner, "role": "member"})["token"]
        return made

    def by(self, token: str) -> httpx.Client:
        """The same door for whoever has this token."""
        headers = dict(self.api.headers) | {"authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.api.base_url, headers=headers, timeout=30, trust_env=False)

    def webhook(self, url: str) -> dict[str, Any]:
        """Has an address told what happens."""
        return self._post("webhooks", {"url": url, "events": ["*"], "asymmetric": True})

    def rotated_webhook(self, id: str) -> dict[str, Any]:
        """Gives it new keys."""
        return self._post(f"webhooks/{id}/rotate", {})

    def test_webhook(self, id: str) -> None:
        """Has something sent to it."""
        done(self.api.post(f"/v1/communities/{self.slug}/webhooks/{id}/test"))

    def achievement(self, body: dict[str, Any]) -> str:
        """Something to earn; returns its id."""
        id: str = self._post("achievements", body)["id"]
        return id

    def reword(self, achievement: str, body: dict[str, Any]) -> None:
        """Makes a new version of an achievement."""
        path = f"/v1/communities/{self.slug}/achievements/{achievement}"
        done(self.api.patch(path, json=body, headers={"If-Match": self.api.get(path).headers["ETag"]}))

    def award(self, achievement: str, recipient: dict[str, str], **more: str) -> str:
        """A public badge in force; returns its id."""
        body = {
            "achievement": achievement,
            "recipient": recipient,
            "consent": "given",
            "visibility": "public",
            "narrative": "Walked every street.",
            "evidence": [{"url": "https://mapmakers.example/maps/7", "name": "Map 7", "description": WITNESSED}],
        }
        id: str = self._post("credentials", body | more)["id"]
        return id

    def change(self, credential: str, step: str, reason: str | None = None) -> None:
        """`revoke`, `suspend` (both for a reason) or `reinstate`."""
        done(self.api.post(f"/v1/credentials/{credential}/{step}", json={"reason": reason} if reason else {}))

    def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        return done(self.api.post(f"/v1/communities/{self.slug}/{what}", json=body))


def come_to_life(community: Community) -> dict[str, str]:
    """Members, achievements and awards; some of these revoked, suspended, reinstated.

    Returns the credential's id by the name of its case. `rich` is awarded under the second version of its achievement.
    """
    community.member("ada", name="Ada", did=LEARNER)
    community.member("bo", name="Bo Ødegård", email="bo@mapmakers.example")
    rich, plain, suspendable = (community.achievement(body) for body in achievements())
    community.reword(rich, {"criteria": RENEWED})
    awards = {
        "rich": community.award(rich, {"member": "ada"}, valid_until=_in_days(VALID_DAYS)),
        "plain": community.award(plain, {"member": "bo"}),
        "by-did": community.award(plain, {"did": "did:web:cy.example", "name": "Cy"}),
        "by-email": community.award(plain, {"email": "dee@mapmakers.example", "name": "Dee"}),
        "revoked": community.award(rich, {"member": "bo"}),
        "suspended": community.award(suspendable, {"member": "ada"}),
        "reinstated": community.award(suspendable, {"member": "bo"}),
    }
    community.change(awards["revoked"], "revoke", "Issued by mistake.")
    community.change(awards["suspended"], "suspend", "Under review.")
    community.change(awards["reinstated"], "suspend", "Under review.")
    community.change(awards["reinstated"], "reinstate")
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
                    "target_description": "Helps others to see for themselves.",
                    "target_code": "C-7",
                    "target_type": "CFItem",
                    "target_framework": "Skills",
                }
            ],
            "results": [
                {"name": "Streets", "result_type": "RawScore", "value_min": "0", "value_max": "120"},
                {"name": "Care", "result_type": "ext:Care", "allowed_value": ["little", "much"]},
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


def done(answer: httpx.Response) -> dict[str, Any]:
    """What an answer says that the contract promises. Raises `Refused`."""
    if not answer.is_success:
        asked = answer.request
        raise Refused(f"{asked.method} {asked.url.path} {answer.status_code}: {answer.text[:2000]}")
    made: dict[str, Any] = answer.json() if answer.content else {}
    return made


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251 (no business here)
