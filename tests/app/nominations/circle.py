"""People who recognise each other: a guild with members of long standing, their tokens, and short words for what they
do. Every call is real HTTP to the application.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlmodel import col, select

from app.kit.database import read_session
from app.kit.journal import Event
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of

LONG_AGO = "2020-01-01T00:00:00Z"
REASON = "I was there every Tuesday and saw how Bo made room for the quiet ones."
STATEMENT = {
    "person": "Bo, who never says how much of this is Bo's work.",
    "contribution": "Opened the Tuesday table twelve times, and stacked the chairs afterwards.",
    "context": "The winter in which nobody else had the evenings free.",
    "impact": "Nine newcomers stayed, and three of them host now.",
}
EVIDENCE = [{"url": "https://table.example/notes/1", "name": "Notes of the first evening"}]


@dataclass
class Circle:
    """A guild, and who is in it."""

    guild: Guild
    achievement: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def join(self, *handles: str, **more: Any) -> "Circle":
        """People of long standing, each with a token."""
        for handle in handles:
            member = self.guild.member(handle, **({"joined_at": LONG_AGO} | more))
            self.ids[handle] = member["id"]
            self.tokens[handle] = self.guild.token(handle, more.get("role", "member"))
        return self

    def offering(self, **policy: Any) -> "Circle":
        """An achievement with this policy from here on."""
        self.achievement = self.guild.achievement(policy=policy)
        return self

    def nominating(self, nominee: Any = "bo", **more: Any) -> dict[str, Any]:
        """The body of a whole nomination."""
        body = {"achievement": self.achievement["id"], "statement": STATEMENT, "evidence": EVIDENCE}
        return body | ({} if "nominees" in more else {"nominee": nominee}) | more

    def nominate(self, nominee: Any = "bo", *, by: str = "ana", **more: Any) -> httpx2.Response:
        """A nomination, submitted unless `more` says otherwise."""
        return self.guild.post(
            self.guild.in_guild("nominations"), self.nominating(nominee, **more), token=self.tokens[by]
        )

    def nomination(self, nominee: Any = "bo", *, by: str = "ana", **more: Any) -> str:
        """The id of one."""
        id: str = done(self.nominate(nominee, by=by, **more), 201)["id"]
        return id

    def act(self, id: str, act: str, body: Any = None, *, by: str | None, **headers: str) -> httpx2.Response:
        """What somebody does to a nomination; None is the admin."""
        token = {} if by is None else {"token": self.tokens[by]}
        return self.guild.post(f"/v1/nominations/{id}/{act}", body, **token, **headers)

    def invite(self, id: str, *handles: str, by: str = "ana") -> httpx2.Response:
        return self.act(id, "invitations", {"members": list(handles)}, by=by)

    def second(self, id: str, by: str, reason: str = REASON, **more: Any) -> httpx2.Response:
        return self.act(id, "seconds", {"reason": reason} | more, by=by)

    def seconded(self, *seconders: str, nominee: Any = "bo", by: str = "ana", **more: Any) -> str:
        """The id of a nomination that these have seconded."""
        id = self.nomination(nominee, by=by, **more)
        for handle in seconders:
            done(self.invite(id, handle, by=by), 200)
            answer = self.second(id, handle)
            assert answer.status_code in {200, 202}, answer.text
        return id

    def under_review(self, **more: Any) -> str:
        """The id of a nomination that a panel weighs: Cy and Dee have seconded it, where two are needed."""
        id = self.seconded("cy", "dee", **more)
        assert self.state(id) == "under_review"
        return id

    def panel(self, id: str) -> list[str]:
        """Who weighs it, as they themselves know."""
        found = {handle: self.see(id, handle) for handle in self.tokens}
        return [who for who, seen in found.items() if seen.is_success and "reviewer" in seen.json()["relations"]]

    def review(self, id: str, by: str, verdict: str = "approve", **more: Any) -> httpx2.Response:
        """A verdict, by somebody who looked at all the evidence and says what could be better."""
        body = {"verdict": verdict, "evidence_checked": [0], "feedback": f"{by} says {verdict}."} | more
        return self.act(id, "reviews", body, by=by)

    def events(self, id: str) -> list[dict[str, Any]]:
        """What the journal says of it, as types without `nomination.` and with data."""
        with read_session(runtime_of(self.guild).engine) as session:
            rows = session.exec(select(Event).where(Event.subject == id).order_by(col(Event.seq))).all()
        return [{"type": row.type.removeprefix("nomination."), "actor": row.actor} | row.data for row in rows]

    def see(self, id: str, by: str | None) -> httpx2.Response:
        """A nomination as somebody sees it; None is the admin."""
        return self.guild.call("GET", f"/v1/nominations/{id}", **({} if by is None else {"token": self.tokens[by]}))

    def state(self, id: str) -> str:
        """Where it is, as the admin sees it."""
        state: str = done(self.see(id, None), 200)["state"]
        return state
