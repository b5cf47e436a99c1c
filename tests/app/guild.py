"""A community to try things in, made and used through the door."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from tests.service import ADMIN_TOKEN

SLUG = "guild"
PUBLIC_URL = "http://127.0.0.1:8000"
ACHIEVEMENT = {
    "name": "Session Host",
    "description": "Opens a space to learn in.",
    "criteria": {"narrative": "Hosted at least three sessions."},
    "contribution_type": "hosting",
}


@dataclass
class Guild:
    """A founded community, and short words for what people do in it. Every call is real HTTP to the application."""

    client: TestClient
    slug: str = SLUG
    tokens: dict[str, str] = field(default_factory=dict)
    _strangers: Iterator[int] = field(default_factory=lambda: count(1))

    def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = ADMIN_TOKEN, **headers: str
    ) -> httpx2.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return self.client.request(method, path, json=body, headers=sent)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        return self.call("POST", path, body, **options)

    def get(self, path: str, *, token: str | None = None, **headers: str) -> httpx2.Response:
        return self.call("GET", path, token=token, **headers)

    def in_guild(self, path: str) -> str:
        return f"/v1/communities/{self.slug}/{path}"

    def found(self) -> "Guild":
        body = {
            "slug": self.slug,
            "name": f"The {self.slug} of makers",
            "description": "People who make things together.",
            "url": f"https://{self.slug}.example",
            "email": f"hello@{self.slug}.example",
        }
        done(self.post("/v1/communities", body), 201)
        return self

    def member(self, handle: str, **more: Any) -> dict[str, Any]:
        body = {"handle": handle, "name": handle.capitalize()} | more
        return done(self.post(self.in_guild("members"), body), 201)

    def token(self, owner: str | None, role: str = "member", *scopes: str) -> str:
        body = {"owner": owner, "role": role} | ({"scopes": list(scopes)} if scopes else {})
        made: str = done(self.post(self.in_guild("tokens"), body), 201)["token"]
        return made

    def figures_begin(self) -> "Guild":
        """Figures come out as soon as a period is over, not only after the first week."""
        if not done(self.get(self.in_guild("metrics/beginning"), token=ADMIN_TOKEN), 200)["has_begun"]:
            done(self.call("PUT", self.in_guild("metrics/beginning"), {"on": "2026-01-01"}), 200)
        return self

    def achievement(self, **changes: Any) -> dict[str, Any]:
        return done(self.post(self.in_guild("achievements"), ACHIEVEMENT | changes), 201)

    def award(
        self, achievement: dict[str, Any], recipient: dict[str, Any], *, token: str | None = ADMIN_TOKEN, **more: Any
    ) -> httpx2.Response:
        body = {"achievement": achievement["id"], "recipient": recipient} | more
        return self.post(self.in_guild("credentials"), body, token=token)

    def badge(self, achievement: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A public badge in force, by default of a recipient of its own."""
        achievement = achievement or self.achievement()
        options = {"recipient": {"did": "did:example:bo", "name": "Bo"}, "consent": "given", "visibility": "public"}
        return done(self.award(achievement, **(options | more)), 201)

    def somebody(self) -> dict[str, Any]:
        """A recipient whom nobody has heard of."""
        return {"email": f"somebody{next(self._strangers)}@people.example", "name": "Somebody"}

    def offer(
        self, achievement: dict[str, Any], recipient: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """An award that waits for its recipient's answer; by default of somebody new."""
        return done(self.award(achievement, recipient or self.somebody(), **more), 201)

    def claim(self, offer: dict[str, Any], response: str = "accept", **more: Any) -> httpx2.Response:
        """The answer of somebody who was sent the claim link of an offer."""
        return self.post(path_of(offer["claim_url"]), {"response": response} | more, token=None)

    def verdict(self, badge: bytes | str, media_type: str = "application/json", recipient: str = "") -> dict[str, Any]:
        """The report on a badge."""
        query = {"recipient": recipient} if recipient else {}
        answer = self.client.post("/v1/verify", content=badge, headers={"Content-Type": media_type}, params=query)
        return done(answer, 200)


def path_of(url: str) -> str:
    """Where to ask the application for what has this URL."""
    return url.removeprefix(PUBLIC_URL)


def done(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """The JSON of an answer that has to have this status."""
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal that has to be this one, and says what to do."""
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert problem["type"] == f"/problems/{code}", problem
    assert problem["fix"]
    return problem
