"""Credential, edition, status index and journal event exist together or not at all, however a request ends."""

import resource
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import func, select

from app.achievements.tables import AchievementVersion
from app.credentials.tables import Claim, Credential, Edition, Recipient, StatusEntry, StatusList
from app.kit.database import connect, read_session
from app.kit.idempotency import KeptAnswer
from app.kit.journal import Event, verify_chain
from app.members.tables import Community
from tests.app.guild import ACHIEVEMENT, Guild, done, refused
from tests.live import Live, serving
from tests.service import on_both_databases

KEPT = (Recipient, Credential, Edition, Claim, StatusEntry, StatusList, Event, KeptAnswer)
ENOUGH = 12
"""Awards that are acknowledged before the process is killed."""


def counted(engine: sa.Engine) -> dict[str, int]:
    with read_session(engine) as session:
        return {table.__name__: session.exec(select(func.count()).select_from(table)).one() for table in KEPT}


def assert_whole(engine: sa.Engine) -> set[str]:
    """Every credential is there with all that belongs to it, and the journal holds; gives their ids."""
    with read_session(engine) as session:
        credentials = {str(id) for id in session.exec(select(Credential.id)).all()}
        signed = {str(id) for id in session.exec(select(Edition.credential_id)).all()}
        indexed = {str(id) for id in session.exec(select(StatusEntry.holder_id)).all()}
        told = session.exec(select(Event.subject).where(Event.type == "credential.issued")).all()
        taken = session.exec(select(func.sum(StatusList.taken))).one()
        for community in session.exec(select(Community.id)).all():
            assert verify_chain(session, community) is None
    assert credentials == signed == indexed == set(told)
    assert len(told) == len(credentials) == (taken or 0)
    return credentials


@pytest.fixture
def spoil(engine: sa.Engine) -> Callable[[str], None]:
    """Gives the achievement a name in the database, past the door that would have refused it."""

    def spoil(name: str) -> None:
        with engine.begin() as connection:
            connection.execute(sa.update(AchievementVersion).values(name=name))

    return spoil


@on_both_databases
def test_an_award_that_cannot_be_signed_leaves_nothing(
    guild: Guild, engine: sa.Engine, spoil: Callable[[str], None]
) -> None:
    achievement = guild.achievement()
    spoil("Unspeakable \uffff")
    before = counted(engine)
    for _ in range(2):
        answer = guild.award(achievement, guild.somebody(), consent="given", external_id="call-17")
        refused(answer, 422, "not-conformant")
    key = {"Idempotency_Key": "award-1"}
    body = {"achievement": achievement["id"], "recipient": guild.somebody(), "consent": "given"}
    refused(guild.post(guild.in_guild("credentials"), body, **key), 422, "not-conformant")
    assert counted(engine) == before
    spoil("Session Host")
    assert done(guild.post(guild.in_guild("credentials"), body, **key), 201)["state"] == "active"
    assert len(assert_whole(engine)) == 1


@on_both_databases
def test_an_offer_that_could_not_be_signed_can_be_accepted_later(
    guild: Guild, engine: sa.Engine, spoil: Callable[[str], None]
) -> None:
    offer = guild.offer(guild.achievement())
    spoil("Unspeakable \uffff")
    before = counted(engine)
    refused(guild.claim(offer), 422, "not-conformant")
    assert counted(engine) == before
    spoil("Session Host")
    assert done(guild.claim(offer), 200)["state"] == "active"  # the link was not used up
    assert len(assert_whole(engine)) == 1


class OverHttp:
    """A community in a service that runs as a process of its own."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @classmethod
    @contextmanager
    def calling(cls, live: Live) -> Iterator["OverHttp"]:
        headers = {"Authorization": f"Bearer {live.admin}"}
        with httpx.Client(base_url=live.url, headers=headers, timeout=30, trust_env=False) as client:
            yield cls(client)

    def found(self) -> str:
        """A community and its achievement, whose id is given."""
        body = {
            "slug": "guild",
            "name": "Guild",
            "description": "Makers.",
            "url": "https://guild.example",
            "email": "a@guild.example",
        }
        assert self._client.post("/v1/communities", json=body).status_code == 201
        made = self._client.post("/v1/communities/guild/achievements", json=ACHIEVEMENT)
        assert made.status_code == 201
        id: str = made.json()["id"]
        return id

    def award(self, achievement: str, name: str) -> httpx.Response:
        body: dict[str, Any] = {
            "achievement": achievement,
            "recipient": {"email": f"{name}@people.example"},
            "consent": "given",
            "visibility": "public",
        }
        return self._client.post("/v1/communities/guild/credentials", json=body)

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path)


def test_a_service_killed_in_the_middle_has_every_acknowledged_award_whole(tmp_path: Path) -> None:
    acknowledged: list[dict[str, Any]] = []
    with serving(tmp_path) as live, OverHttp.calling(live) as guild:
        achievement = guild.found()

        def award_until_it_dies(worker: int) -> None:
            for n in range(1000):
                try:
                    answer = guild.award(achievement, f"somebody{worker}-{n}")
                except httpx.TransportError:
                    return
                assert answer.status_code == 201
                acknowledged.append(answer.json())
                if len(acknowledged) >= ENOUGH:
                    live.process.kill()

        workers = [threading.Thread(target=award_until_it_dies, args=(n,)) for n in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        port = int(live.url.rpartition(":")[2])
    engine = connect(f"sqlite:///{tmp_path}/laurels.db")
    kept = assert_whole(engine)
    assert {award["id"] for award in acknowledged} <= kept
    assert len(kept) <= len(acknowledged) + 4  # at most those whose answer was on its way
    with serving(tmp_path, port=port) as live, OverHttp.calling(live) as guild:
        for award in acknowledged:
            assert guild.get(f"/credentials/{award['id']}.json").status_code == 200
        assert guild.award(achievement, "late").status_code == 201
        assert len(assert_whole(engine)) == len(kept) + 1
    engine.dispose()


def test_a_service_whose_disk_is_full_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """No file of the process may grow, which is what a full disk looks like from inside."""
    with serving(tmp_path) as live, OverHttp.calling(live) as guild:
        achievement = guild.found()
        assert guild.award(achievement, "first").status_code == 201
        engine = connect(f"sqlite:///{tmp_path}/laurels.db")
        before = counted(engine)
        room = resource.prlimit(live.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(live.process.pid, resource.RLIMIT_FSIZE, (4096, room[1]))
        for n in range(3):
            answer = guild.award(achievement, f"somebody{n}")
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        assert guild.get("/health/live").status_code == 200
        assert counted(engine) == before
        resource.prlimit(live.process.pid, resource.RLIMIT_FSIZE, room)
        assert guild.award(achievement, "second").status_code == 201
        assert len(assert_whole(engine)) == 2
        engine.dispose()
