"""Who may call what: one table, held against every route that there is, for every kind of caller.

A route that is not in the table fails, and so does a row whose route is gone.
"""

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from tests.app.guild import done
from tests.app.routes import TABLE, Row
from tests.app.town import CALLERS, Town


def test_every_route_is_in_the_table_and_every_row_is_a_route(town: Town) -> None:
    app: Any = town.guild.client.app
    routes = {
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        if not isinstance(route.original_route, Mount)
        for method in route.methods or ()
    }
    assert {row.route for row in TABLE} == routes
    described = done(town.guild.get("/openapi.json"), 200)["paths"]
    assert {f"{method.upper()} {path}" for path in described for method in described[path]} <= routes


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.route} {TABLE.index(row)}")
def test_who_may_call(town: Town, row: Row) -> None:
    outcomes, path, body = {}, None, None
    for caller in CALLERS:
        if path is None:
            body, path = row.body(town) if row.body else None, row.path(town)
        answer = town.send(caller, row.method, path, body, row.form)
        outcomes[caller] = 200 if answer.is_success else answer.status_code
        if answer.is_success and row.method != "GET":
            path = None  # what was done to this one is done; a refusal and a look leave it as it was
        if not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
            assert ("www-authenticate" in answer.headers) is (answer.status_code == 401)
    assert outcomes == dict(zip(CALLERS, row.outcomes, strict=True))
