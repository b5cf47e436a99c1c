"""Many people who call a service at the same instant, over real HTTP, and what has to be true afterwards."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from sqlmodel import col, select

from app.credentials.tables import Credential, Edition, StatusEntry
from app.kit.database import connect, read_session
from app.kit.journal import Event, verify_chain
from app.members.tables import Community
from app.nominations.rules import replayed
from app.nominations.tables import Nomination, Reviewer, Second, Verdict
from tests.app.guild import ACHIEVEMENT
from tests.app.nominations.circle import EVIDENCE, LONG_AGO, REASON, STATEMENT
from tests.live import ADMIN, Live, free_port, serving
from tests.service import Servers

GUILD = "/v1/communities/guild"
TOO_LATE_TO_SECOND = {(409, "already-seconded"), (409, "invalid-transition")}
MANY = {"limits": {"open_per_nominator": 100, "submitted_per_30d": 100}}
_PATIENCE = 20
"""How often somebody asks again who was told that the service is busy."""


@dataclass(frozen=True)
class Answered:
    """What somebody was answered."""

    who: str
    status: int
    body: dict[str, Any]

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        return str(self.body.get("type", "")).removeprefix("/problems/")


@dataclass
class Crowd:
    """A guild behind one or several processes, and the tokens of everybody in it."""

    urls: Sequence[str]
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def connected(self) -> Iterator["Crowd"]:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        with ExitStack() as until:
            self._clients = [
                until.enter_context(httpx.Client(base_url=url, limits=limits, timeout=60, trust_env=False))
                for url in self.urls
            ]
            yield self

    def call(self, method: str, path: str, body: Any = None, *, by: str | None = None, door: int = 0) -> Answered:
        """Somebody's call, None being the admin; who hears that the service is busy asks again."""
        headers = {"Authorization": f"Bearer {ADMIN if by is None else self.tokens[by]}"}
        client = self._clients[door % len(self._clients)]
        for _ in range(_PATIENCE):
            answer = client.request(method, path, json=body, headers=headers)
            found = Answered(by or "admin", answer.status_code, answer.json())
            if found.code != "busy":
                return found
            time.sleep(0.2)
        raise AssertionError(f"The service was busy {_PATIENCE} times.")

    def made(self, path: str, body: Any) -> dict[str, Any]:
        answer = self.call("POST", path, body)
        assert answer.status == 201, answer.body
        return answer.body

    def found(self) -> "Crowd":
        names = {"slug": "guild", "name": "Guild", "description": "Makers.", "url": "https://guild.example"}
        self.made("/v1/communities", names | {"email": "a@guild.example"})
        return self

    def join(self, *handles: str, role: str = "member") -> "Crowd":
        """People of long standing, each of a house of their own."""
        for handle in handles:
            member = {"handle": handle, "name": handle.capitalize(), "joined_at": LONG_AGO, "role": role}
            self.ids[handle] = self.made(f"{GUILD}/members", member)["id"]
            self.tokens[handle] = self.made(f"{GUILD}/tokens", {"owner": handle, "role": role})["token"]
        return self

    def nomination(self, *, by: str, of: str, **policy: Any) -> str:
        """The id of one, for an achievement with this policy."""
        achievement = self.made(f"{GUILD}/achievements", ACHIEVEMENT | {"policy": MANY | policy})["id"]
        body = {"achievement": achievement, "nominee": of, "statement": STATEMENT, "evidence": EVIDENCE}
        answer = self.call("POST", f"{GUILD}/nominations", body, by=by)
        assert answer.status == 201, answer.body
        id: str = answer.body["id"]
        return id

    def at_once(self, whos: Sequence[str], call: Callable[[str, int], Answered | None]) -> list[Answered]:
        """What each is answered who calls at the same instant as all others; those whose line broke are left out."""
        start = threading.Barrier(len(whos))

        def one(place: int, who: str) -> Answered | None:
            start.wait(60)
            try:
                return call(who, place)
            except httpx.TransportError:
                return None

        with ThreadPoolExecutor(len(whos)) as threads:
            answers = threads.map(one, range(len(whos)), whos)
            return [answer for answer in answers if answer is not None]

    def second(self, id: str, who: str, door: int = 0) -> Answered:
        return self.call("POST", f"/v1/nominations/{id}/seconds", {"reason": REASON}, by=who, door=door)

    def accept(self, id: str, who: str, door: int = 0) -> Answered:
        return self.call("POST", f"/v1/nominations/{id}/response", {"response": "accept"}, by=who, door=door)

    def approve(self, id: str, who: str, door: int = 0) -> Answered:
        body = {"verdict": "approve", "evidence_checked": [0]}
        return self.call("POST", f"/v1/nominations/{id}/reviews", body, by=who, door=door)


@dataclass(frozen=True)
class Service:
    """A guild, the database it is kept in, and the processes that serve it."""

    crowd: Crowd
    engine: sa.Engine
    processes: Sequence[Live]


@contextmanager
def served(kind: str, servers: Servers, folder: Path, *, processes: int = 1, module: str = "app") -> Iterator[Service]:
    """A guild in a service of so many processes (SQLite: one) on a fresh database of a kind."""
    database = servers.fresh(kind, folder)
    engine = connect(database)
    number = processes if kind == "postgresql" else 1
    with (
        running(database, folder, processes=number, module=module) as lives,
        Crowd([live.url for live in lives]).connected() as crowd,
    ):
        yield Service(crowd.found(), engine, lives)
    engine.dispose()


@contextmanager
def running(
    database: str, folder: Path, *, processes: int = 1, module: str = "app", public_url: str | None = None
) -> Iterator[list[Live]]:
    """The service on a database that is there, as so many processes."""
    ports = [free_port() for _ in range(processes)]
    env = {
        "LAURELS_DATABASE_URL": database,
        "LAURELS_STATE_DIR": str(folder),
        "LAURELS_PUBLIC_URL": public_url or "http://127.0.0.1:8000",
    }
    with ExitStack() as until:
        yield [until.enter_context(serving(folder, port=port, env=env, module=module)) for port in ports]


def happened(engine: sa.Engine, id: str) -> list[Event]:
    """What the journal tells of a nomination; its chain holds, and gives the row back."""
    with read_session(engine) as session:
        for community in session.exec(select(Community.id)).all():
            assert verify_chain(session, community) is None
        row = session.exec(select(Nomination).where(Nomination.id == UUID(id))).one()
        of_it = select(Event).where(Event.subject == id).order_by(col(Event.seq))
        events = list(session.exec(of_it).all())
        deadline = row.deadline.isoformat() if row.deadline else None
        assert replayed([event.data for event in events]) == {
            "state": row.state.value,
            "version": row.version,
            "deadline": deadline,
        }
    return events


def times(events: Iterable[Event]) -> Counter[str]:
    return Counter(event.type.removeprefix("nomination.") for event in events)


def assert_one_quorum(service: Service, id: str, answers: Sequence[Answered], *, quorum: int) -> None:
    """Every second that was acknowledged is there, once, and nothing else; and one of them was the quorum."""
    engine, crowd = service.engine, service.crowd
    events = happened(engine, id)
    strange = [a for a in answers if not a.done and (a.status, a.code) not in TOO_LATE_TO_SECOND]
    assert not strange, strange
    with read_session(engine) as session:
        in_force = select(Second.member_id).where(Second.nomination_id == UUID(id), col(Second.withdrawn_at).is_(None))
        there = Counter(str(member) for member in session.exec(in_force).all())
    assert there == Counter(crowd.ids[answer.who] for answer in answers if answer.done)
    assert max(there.values()) == 1
    assert times(events)["seconded"] == len(there) >= quorum
    assert [event.data["seconds"] for event in events if event.type == "nomination.sufficed"] == [quorum]


def panel_of(service: Service, id: str) -> list[str]:
    """Who weighs a nomination."""
    handles = {id: handle for handle, id in service.crowd.ids.items()}
    with read_session(service.engine) as session:
        seats = session.exec(select(Reviewer.member_id).where(Reviewer.nomination_id == UUID(id))).all()
    return [handles[str(member)] for member in seats]


def assert_one_decision(service: Service, id: str, answers: Sequence[Answered], *, quorum: int) -> None:
    """Every vote that was acknowledged is there, and nothing else; and one of them was the decision."""
    events = happened(service.engine, id)
    strange = [a for a in answers if not a.done and (a.status, a.code) != (409, "invalid-transition")]
    assert not strange, strange
    with read_session(service.engine) as session:
        approvals = select(Reviewer.member_id).where(
            Reviewer.nomination_id == UUID(id), Reviewer.verdict == Verdict.approve
        )
        there = Counter(str(member) for member in session.exec(approvals).all())
    assert there == Counter(service.crowd.ids[answer.who] for answer in answers if answer.done)
    decisions = [event.data["approvals"] for event in events if event.type == "nomination.decided"]
    assert (times(events)["reviewed"], len(there), decisions) == (quorum, quorum, [quorum])


def assert_one_badge(service: Service, id: str, answers: Sequence[Answered]) -> None:
    """Of many who accept at once one did, and one badge came of it, whole."""
    events = happened(service.engine, id)
    strange = [a for a in answers if not a.done and (a.status, a.code) != (409, "invalid-transition")]
    assert not strange, strange
    with read_session(service.engine) as session:
        badges = session.exec(select(Credential.id).where(Credential.nomination_id == UUID(id))).all()
        of_it = (col(Edition.credential_id).in_(badges), col(StatusEntry.holder_id).in_(badges))
        editions = session.exec(select(Edition.credential_id).where(of_it[0])).all()
        indices = session.exec(select(StatusEntry.holder_id).where(of_it[1])).all()
        its = select(Event.id).where(Event.type == "credential.issued", col(Event.subject).in_(map(str, badges)))
        issued = session.exec(its).all()
    accepted = sum(answer.done for answer in answers)
    assert (accepted, len(badges), len(editions), len(indices), len(issued)) == (1, 1, 1, 1, 1)
    assert (times(events)["accepted"], times(events)["issued"]) == (1, 1)
