"""A service whose routes do not all say who may call them does not start."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends
from fastapi.routing import iter_route_contexts
from starlette.responses import Response

from app.kit.access import Gate, UndeclaredAccess, public, who_may_call
from app.kit.deps import ReadSessionDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.strict import router
from tests.app.kit.conftest import Serve


class Bearer(Gate):
    def __init__(self, scope: str) -> None:
        self.who = f"a token with the scope {scope}"

    def __call__(self) -> str:
        raise Forbidden("Not you.")


async def caller(bearer: Annotated[str, Depends(Bearer("x:write"))]) -> str:
    return bearer


def served(endpoint: Any, **settings: Any) -> APIRouter:
    r = router()
    r.post("/x", **settings)(endpoint)
    return r


def bare() -> int:
    return 1


def gated(who: Annotated[str, Depends(Bearer("x:write"))]) -> str:
    return who


def gated_within(who: Annotated[str, Depends(caller)]) -> str:
    return who


def reading_and_writing(one: SessionDep, other: ReadSessionDep) -> int:
    return 1


def test_a_route_that_does_not_say_keeps_the_service_from_starting(serve: Serve) -> None:
    with pytest.raises(UndeclaredAccess, match="POST /x does not declare"):
        serve(served(bare))


def test_a_route_is_open_or_behind_a_gate(serve: Serve) -> None:
    assert serve(served(bare, dependencies=[public])).post("/x").json() == 1
    with pytest.raises(UndeclaredAccess, match="at once"):
        serve(served(gated, dependencies=[public]))


@pytest.mark.parametrize("endpoint", [gated, gated_within])
def test_a_gate_is_found_wherever_it_stands(serve: Serve, endpoint: Any) -> None:
    client = serve(served(endpoint))
    assert client.post("/x").status_code == 403
    [route] = [route for route in iter_route_contexts(client.app.routes) if route.path == "/x"]  # type: ignore[attr-defined]
    assert who_may_call(route) == ["a token with the scope x:write"]
    described = client.get("/openapi.json").json()["paths"]["/x"]["post"]["description"]
    assert described.endswith("May be called by: a token with the scope x:write.")


def test_a_router_may_declare_for_all_its_routes(serve: Serve) -> None:
    r = router(prefix="/open", dependencies=[public])
    r.get("/x")(bare)
    assert serve(r).get("/open/x").json() == 1


def test_routes_that_go_round_the_strict_door_keep_the_service_from_starting(serve: Serve) -> None:
    lax = APIRouter(dependencies=[public])
    lax.get("/x")(bare)
    plain = APIRouter()
    plain.add_route("/x", lambda _request: Response())
    for r in (lax, plain):
        with pytest.raises(UndeclaredAccess, match="strict"):
            serve(r)


def test_two_transactions_in_one_request_keep_the_service_from_starting(serve: Serve) -> None:
    with pytest.raises(UndeclaredAccess, match="two transactions"):
        serve(served(reading_and_writing, dependencies=[public]))
