"""Refusals as HTTP answers: one shape, one table, and nothing of our insides."""

from functools import partial
from typing import Annotated, Any, Literal

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from pydantic import Field
from starlette.types import Message

from app.kit.access import public
from app.kit.errors import AppError, Busy, Conflict, FieldError, Invalid, NotFound, TooMany
from app.kit.problems import all_problems
from app.kit.schemas import Id, In, Text
from app.kit.strict import router
from badges.errors import NotConformant, TooLarge
from tests.app.kit.conftest import Serve


class InvalidTransition(Conflict):
    """A step that is not possible from here.

    More for us than for callers.
    """

    code = "trial-step"
    fix = "Take one of the steps in `allowed`."


REFUSALS: dict[str, Exception] = {
    "transition": InvalidTransition("Cannot.", allowed=["accept"]),
    "own-fix": NotFound("Gone astray.", fix="Look elsewhere."),
    "fields": Invalid("No.", errors=[FieldError(pointer="/name", message="is taken")]),
    "many": Invalid("No.", errors=[FieldError(pointer=f"/{'x' * 10_000}", message="is unknown")] * 5_000),
    "later": Busy(),
    "often": TooMany("Three a day.", retry_after=37, limit=3),
    "often-a-moment-ago": TooMany("Three a day.", retry_after=0),
    "badge": NotConformant("A badge needs a name.", pointer="/credentialSubject/achievement/name"),
    "bomb": TooLarge("Too many pixels."),
    "ours": RuntimeError("the password is swordfish"),
}


class Reach(In):
    address: Annotated[str, Field(min_length=3)]


class Order(In):
    """A body with one of each thing that can be wrong."""

    name: Annotated[Text, Field(min_length=1, max_length=5)]
    kind: Literal["tea", "soup"]
    cups: Annotated[int, Field(ge=1)] = 1
    guests: list[str] = Field(default_factory=list, max_length=1)
    host: Annotated[str, Field(max_length=9)] | Reach = "me"
    id: Id | None = None


@pytest.fixture
def trial(serve: Serve) -> TestClient:
    r = router()

    @r.get("/refuse/{what}", dependencies=[public])
    def refuse(what: str) -> None:
        raise REFUSALS[what]

    @r.get("/things/{number}", dependencies=[public])
    def thing(number: int, size: int = 1) -> int:
        return number * size

    @r.post("/things", dependencies=[public])
    async def make(request: Request) -> int:
        return len(await request.body())

    @r.post("/orders", dependencies=[public])
    def order(body: Order) -> int:
        return body.cups

    return serve(r)


def refused(client: TestClient, path: str, status: int) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["fix"]
    return problem


def test_a_refusal_says_what_happened_and_what_to_do(trial: TestClient) -> None:
    assert refused(trial, "/refuse/transition", 409) == {
        "type": "/problems/trial-step",
        "title": "A step that is not possible from here.",
        "detail": "Cannot.",
        "status": 409,
        "fix": "Take one of the steps in `allowed`.",
        "allowed": ["accept"],
    }
    assert refused(trial, "/refuse/own-fix", 404)["fix"] == "Look elsewhere."
    assert refused(trial, "/refuse/fields", 422)["errors"] == [{"pointer": "/name", "message": "is taken"}]
    later = trial.get("/refuse/later")
    assert (later.status_code, later.headers["retry-after"]) == (503, "2")
    assert later.json()["detail"] == later.json()["title"]


def test_who_does_something_too_often_hears_when_it_is_allowed_again(trial: TestClient) -> None:
    often = trial.get("/refuse/often")
    assert (often.status_code, often.headers["retry-after"]) == (429, "37")
    assert (often.json()["type"], often.json()["limit"]) == ("/problems/too-many", 3)
    assert trial.get("/refuse/often-a-moment-ago").headers["retry-after"] == "1"


def test_a_refusal_is_short_however_much_is_wrong(trial: TestClient) -> None:
    problem = refused(trial, "/refuse/many", 422)
    assert len(problem["errors"]) == 50
    assert {len(error["pointer"]) for error in problem["errors"]} == {501}


def test_what_the_library_refuses_is_a_refusal_with_its_code(trial: TestClient) -> None:
    problem = refused(trial, "/refuse/badge", 422)
    assert problem["type"] == "/problems/not-conformant"
    assert problem["errors"] == [{"pointer": "/credentialSubject/achievement/name", "message": "A badge needs a name."}]
    assert refused(trial, "/refuse/bomb", 413)["type"] == "/problems/too-large"


def test_our_own_failure_tells_nothing_of_itself(trial: TestClient) -> None:
    problem = refused(trial, "/refuse/ours", 500)
    assert problem["type"] == "/problems/internal-error"
    assert "swordfish" not in str(problem)


def test_what_the_framework_refuses_has_the_same_shape(trial: TestClient) -> None:
    assert refused(trial, "/nowhere", 404)["type"] == "/problems/not-found"
    wrong_method = trial.delete("/things")
    assert wrong_method.status_code == 405
    assert wrong_method.headers["allow"] == "POST"
    assert trial.post("/openapi.json").headers["allow"] == "GET, HEAD", "as HEAD is answered"
    assert wrong_method.json()["type"] == "/problems/method-not-allowed"


def test_an_address_that_cannot_exist_is_not_found(trial: TestClient) -> None:
    assert refused(trial, "/things/x", 404)["type"] == "/problems/not-found"
    problem = refused(trial, "/things/1?size=big", 422)
    assert [error["parameter"] for error in problem["errors"]] == ["size"]
    assert "big" not in str(problem)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "too long a name"}, "/name: may have at most 5 characters"),
        ({"name": "  "}, "/name: must not be empty"),
        ({"name": 7}, "/name: text is needed"),
        ({"name": "\u202etea"}, "/name: control characters, changes of writing direction"),
        ({"kind": "coffee"}, "/kind: has to be 'tea' or 'soup'"),
        ({"cups": 0}, "/cups: has to be at least 1"),
        ({"guests": ["a", "b"]}, "/guests: may have at most 1 entries"),
        ({"host": {"address": "x"}}, "/host/address: needs 3 characters or more"),
        ({"id": "7"}, "/id: this is not a UUID"),
        ({"milk": True}, "/milk: is not known here"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_in_plain_words(trial: TestClient, wrong: dict[str, Any], said: str) -> None:
    answer = trial.post("/orders", json={"name": "Table", "kind": "tea"} | wrong)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert f"{error['pointer']}: {error['message']}".startswith(said)


def test_a_body_that_ends_early_is_the_callers_fault(trial: TestClient) -> None:
    answers: list[Message] = []

    async def hang_up() -> Message:
        return {"type": "http.disconnect"}

    async def keep(message: Message) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/things", "query_string": b"", "headers": []}
    assert trial.portal is not None
    trial.portal.call(partial(trial.app, scope, hang_up, keep))
    assert answers[0]["status"] == 400


def test_every_problem_explains_itself() -> None:
    problems = all_problems()
    assert len(problems) > 30
    for code, problem in problems.items():
        assert code == problem.code
        assert 400 <= problem.status < 600
        assert problem.title.endswith(".")
        assert problem.fix


def test_a_code_means_one_thing() -> None:
    def family(kind: type[AppError]) -> list[type[AppError]]:
        return [kind, *(found for child in kind.__subclasses__() for found in family(child))]

    codes = [kind.code for kind in family(AppError)]
    assert sorted(codes) == sorted(set(codes))
