"""Who may call a route: said on every route, or the service does not start.

This knows nothing of members and tokens. A capability makes gates, whose call is a FastAPI dependency that refuses with
`Unauthenticated`, `Forbidden` or `NotFound` and gives the caller; an endpoint stands behind one by naming it:

    class Holding(Gate):                       # members/auth.py
        def __init__(self, scope: str) -> None:
            self.who = f"a token with the scope {scope}"
            self.scope = scope

        def __call__(self, c: str, runtime: RuntimeDep, authorization: …) -> Caller:
            with read_session(runtime.engine) as session: ...

    Awarder = Annotated[Caller, Depends(Holding("awards:write"))]

A gate looks in a short transaction of its own, so that strangers never wait for, nor hold up, those who write.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from app.kit import deps
from app.kit.strict import StrictRoute


class Gate:
    """A dependency that decides who passes; `who` names them, for people who read the documentation."""

    who: str


class _Everyone(Gate):
    who = "everyone"

    async def __call__(self) -> None:
        """Lets everyone pass."""


public = Depends(_Everyone())
"""Declares a route open: `dependencies=[public]`."""


class UndeclaredAccess(RuntimeError):
    """A route says nothing of who may call it, or says it wrongly."""


def who_may_call(route: RouteContext) -> list[str]:
    """Who passes all the gates of a route."""
    return [gate.who for gate in _calls(route.dependant) if isinstance(gate, Gate)]


def check_every_route_declares_access(app: FastAPI) -> None:
    """Raises `UndeclaredAccess` for a route without a gate, not strict, or with two transactions. Run at start-up."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) and isinstance(route.original_route.app, StaticFiles):
            continue  # files that came with a package are for everyone
        name = f"{'/'.join(sorted(route.methods or {'?'}))} {route.path}"
        if not isinstance(route.original_route, StrictRoute):
            raise UndeclaredAccess(f"{name} is not made by app.kit.strict.router")
        gates = who_may_call(route)
        if not gates:
            raise UndeclaredAccess(f"{name} does not declare who may call it")
        if "everyone" in gates and len(gates) > 1:
            raise UndeclaredAccess(f"{name} is open to everyone and behind a gate at once")
        if {deps.write_transaction, deps.read_transaction} <= set(_calls(route.dependant)):
            raise UndeclaredAccess(f"{name} takes two transactions, which could wait for each other")


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
