"""A repeated call has its effect once, and is answered as the first time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa
from fastapi import Response
from fastapi.testclient import TestClient
from sqlmodel import col, select

from app.kit.access import public
from app.kit.database import read_session, write_session
from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.errors import Conflict
from app.kit.idempotency import KEPT, KeptAnswer, once
from app.kit.journal import Chain
from app.kit.schemas import In, Out
from app.kit.strict import router
from tests.app.kit.conftest import Serve
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

ADA, BOB = {"Authorization": "Bearer ada"}, {"Authorization": "Bearer bob"}


class ThingIn(In):
    name: str
    weight: float = 1


class ThingOut(Out):
    id: UUID
    name: str
    token: str = "secret-only-shown-once"


@pytest.fixture
def things(serve: Serve) -> TestClient:
    r = router(prefix="/{c}")

    @r.post("/things", dependencies=[public], status_code=201)
    @once
    def make(
        c: str, body: ThingIn, session: SessionDep, runtime: RuntimeDep, now: NowDep, response: Response
    ) -> ThingOut:
        """Makes a thing."""
        if body.name == "refused":
            raise Conflict("Not that one.")
        id = runtime.ids.row()
        session.add(Chain(community=id, seq=0, hash=""))
        session.flush()
        if body.name == "slow":
            time.sleep(0.2)
        if body.name == "too slow":
            time.sleep(3)
        if body.name == "fails":
            raise ZeroDivisionError
        response.headers["Location"] = f"/{c}/things/{id}"
        return ThingOut(id=id, name=body.name)

    @r.post("/pictures", dependencies=[public])
    @once
    def picture(session: SessionDep, runtime: RuntimeDep, now: NowDep) -> Response:
        session.add(Chain(community=runtime.ids.row(), seq=0, hash=""))
        return Response(b"\x89PNG\n", 202, media_type="image/png")

    return serve(r)


Post = Callable[..., httpx2.Response]


@pytest.fixture
def post(things: TestClient) -> Post:
    def post(
        name: str = "cup", *, key: str | None = "k", who: dict[str, str] = ADA, at: str = "/c/things", **body: object
    ) -> httpx2.Response:
        headers = who if key is None else who | {"Idempotency-Key": key}
        return things.post(at, json={"name": name} | body, headers=headers)

    return post


def count(engine: sa.Engine) -> int:
    with read_session(engine) as session:
        return len(session.exec(select(Chain)).all())


@on_both_databases
def test_the_same_call_again_is_answered_as_the_first_time(post: Post, engine: sa.Engine) -> None:
    first, again = post(), post()
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert count(engine) == 1


def test_a_kept_answer_looks_as_any_other(post: Post) -> None:
    plain, kept = post(key=None), post()
    differing = {"id"}
    assert {k: v for k, v in plain.json().items() if k not in differing} == {
        k: v for k, v in kept.json().items() if k not in differing
    }
    assert plain.status_code == kept.status_code
    assert set(plain.headers) == set(kept.headers)


def test_equal_json_is_the_same_call(things: TestClient, engine: sa.Engine) -> None:
    for body in (b'{"name":"cup","weight":1}', b'{ "weight": 1.0, "name": "\\u0063up" }'):
        headers = ADA | {"Idempotency-Key": "k", "Content-Type": "application/json"}
        assert things.post("/c/things", content=body, headers=headers).status_code == 201
    assert count(engine) == 1


@on_both_databases
def test_another_body_under_the_same_key_is_refused(post: Post, engine: sa.Engine) -> None:
    post()
    for again in (post("bowl"), post(weight=2.0), post(at="/c/things?x=1")):
        assert again.status_code == 422
        assert again.json()["type"] == "/problems/idempotency-key-reused"
    assert count(engine) == 1


def test_keys_of_other_callers_addresses_and_none_are_other_keys(post: Post, engine: sa.Engine) -> None:
    for answer in (post(), post(who=BOB), post(at="/d/things"), post(key="l"), post(key=None), post(key=None)):
        assert answer.status_code == 201
    assert count(engine) == 6


@on_both_databases
def test_what_was_refused_or_failed_may_be_tried_again(post: Post, engine: sa.Engine) -> None:
    assert post("refused").status_code == 409
    assert post("fails").status_code == 500
    assert post("").status_code == 201
    assert count(engine) == 1


@on_both_databases
def test_twenty_equal_calls_at_once_have_one_effect(post: Post, engine: sa.Engine) -> None:
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: post("slow"), range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert count(engine) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_asks_again_while_the_first_is_still_running_is_told_so(post: Post, engine: sa.Engine) -> None:
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: post("too slow"), range(2)))
    refused, done = sorted(answers, key=lambda answer: -answer.status_code)
    assert (refused.status_code, done.status_code) == (409, 201)
    assert refused.json()["type"] == "/problems/idempotency-key-in-use"
    assert refused.headers["retry-after"] == "1"
    assert post("too slow").content == done.content
    assert count(engine) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 256, "tab\t"])
def test_a_key_is_visible_ascii(things: TestClient, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    answer = things.post("/c/things", json={"name": "cup"}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/bad-idempotency-key"


def test_one_call_has_one_key(things: TestClient) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert things.post("/c/things", json={"name": "cup"}, headers=headers).status_code == 400


def test_an_answer_of_any_kind_is_kept(things: TestClient, engine: sa.Engine) -> None:
    first, again = (things.post("/c/pictures", headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.content == again.content == b"\x89PNG\n"
    assert first.status_code == again.status_code == 202
    assert again.headers["content-type"] == "image/png"
    assert count(engine) == 1


def test_the_database_does_not_know_what_was_answered(post: Post, engine: sa.Engine) -> None:
    post()
    with read_session(engine) as session:
        [kept] = session.exec(select(KeptAnswer)).all()
    for told in (b"secret-only-shown-once", b"cup", b"ada", b"Location"):
        assert told not in kept.answer + kept.slot.encode() + kept.fingerprint.encode()


def test_answers_are_forgotten_after_a_while_a_few_at_each_call(
    post: Post, engine: sa.Engine, clock: SettableClock
) -> None:
    for n in range(15):
        post(key=f"old-{n}")
    clock.now += KEPT - timedelta(seconds=1)
    assert "idempotent-replayed" in post(key="old-14").headers
    clock.forward(seconds=1)
    assert "idempotent-replayed" not in post(key="old-14").headers
    post(key="new")
    with read_session(engine) as session:
        kept = session.exec(select(KeptAnswer).where(col(KeptAnswer.expires_at) > clock.now)).all()
        assert len(session.exec(select(KeptAnswer)).all()) == len(kept) == 2


def test_a_key_is_documented(things: TestClient) -> None:
    operation = things.get("/openapi.json").json()["paths"]["/{c}/things"]["post"]
    assert "idempotency-key" in [parameter["name"] for parameter in operation["parameters"]]
    assert operation["summary"] == "Makes a thing"


def test_a_kept_answer_of_another_row_does_not_open(post: Post, engine: sa.Engine) -> None:
    post(key="mine"), post("bowl", key="mine", who=BOB)
    with write_session(engine) as session:
        one, other = session.exec(select(KeptAnswer)).all()
        one.answer, other.answer = other.answer, one.answer
    assert post(key="mine").status_code == 500


def test_an_endpoint_that_takes_no_session_cannot_be_repeated_safely() -> None:
    def make(now: NowDep) -> None: ...

    with pytest.raises(TypeError, match="takes no session"):
        once(make)
