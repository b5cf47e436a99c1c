"""A service put together from routers: strict door, problem documents, health, live docs, careful headers."""

import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import iter_route_contexts
from sqlmodel import delete
from starlette.staticfiles import StaticFiles

from app.kit import problems
from app.kit.access import check_every_route_declares_access, public
from app.kit.database import is_sqlite, sole_server
from app.kit.deps import Runtime, SessionDep
from app.kit.describing import complete, refusals, well_named
from app.kit.errors import Busy
from app.kit.headers import BoundedHeaders, DefaultHeaders, HeadAsGet
from app.kit.idempotency import KeptAnswer
from app.kit.migrations import NotMigrated, current_is_head, upgrade
from app.kit.schemas import Out
from app.kit.strict import router


def assemble(
    runtime: Runtime,
    routers: Sequence[APIRouter],
    *,
    webhooks: APIRouter | None = None,
    title: str,
    description: str,
    version: str = "0",
    problem_page: problems.Page | None = None,
    on_start: Callable[[Runtime], None] | None = None,
) -> FastAPI:
    """The application that serves `routers`; `on_start` runs before the first request, and may refuse the start.

    `webhooks` are not served but sent to others: the OpenAPI document says what comes in each (OpenAPI 3.1 §4.8.1).
    Raises `UndeclaredAccess` where a route does not say who may call it.
    """
    app = FastAPI(
        title=title,
        description=description,
        version=version,
        lifespan=_serving,
        redirect_slashes=False,
        openapi_url=None,  # served by `_docs`, through the same door as everything else
        docs_url=None,
        redoc_url=None,
    )
    app.state.runtime = runtime
    app.state.on_start = on_start
    problems.install(app, page=problem_page)
    app.add_middleware(BoundedHeaders)
    app.add_middleware(DefaultHeaders, https=runtime.settings.public_url.startswith("https:"))
    app.add_middleware(HeadAsGet)
    for part in (*routers, _health, _docs(app)):
        # The routes themselves: `include_router` would build each a second time, and that is half of a start.
        app.router.routes.extend(part.routes)
    if webhooks is not None:
        app.webhooks.routes.extend(webhooks.routes)
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")]))
    check_every_route_declares_access(app)
    return app


@asynccontextmanager
async def _serving(app: FastAPI) -> AsyncIterator[None]:
    """From start to stop of a serving process. Rather than serve wrongly, raises `AlreadyServed`, `NotMigrated` or
    `VaultFault`."""
    runtime: Runtime = app.state.runtime
    engine = runtime.engine
    with sole_server(engine), runtime.writers.serving():
        if is_sqlite(engine):
            upgrade(engine)
        with engine.connect() as connection:
            if not current_is_head(connection):
                raise NotMigrated("This database is not in the newest shape. Run `laurels migrate` first.")
        _ = runtime.installation  # opened before anybody asks for it
        if app.state.on_start is not None:
            app.state.on_start(runtime)
        try:
            yield
        finally:
            runtime.processes.close()
            engine.dispose()


class Health(Out):
    """Whether all is well."""

    status: Literal["ok"] = "ok"


_health = router(prefix="/health", tags=["health"], dependencies=[public])


@_health.get("/live")
async def live() -> Health:
    """Whether the process answers."""
    return Health()


@_health.get("/ready")
def ready(session: SessionDep) -> Health:
    """Whether requests can be served: the database takes writes and has the newest shape; 503 otherwise."""
    if not current_is_head(session.connection()):
        raise Busy("The database has not been migrated.")
    session.exec(delete(KeptAnswer).where(sa.false()))  # a write, that changes nothing
    return Health()


def _docs(app: FastAPI) -> APIRouter:
    """Live documentation whose scripts and styles come from here, since it has to work offline."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=f"{app.title}: the API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
    )
    script = re.findall(rb"<script>(.*?)</script>", bytes(page.body), re.DOTALL)[0]
    its_digest = b64encode(hashlib.sha256(script).digest()).decode()
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' 'sha256-{its_digest}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
    )
    docs = router(include_in_schema=False, dependencies=[public])

    @docs.get("/docs")
    async def live_docs() -> HTMLResponse:
        return page

    @docs.get("/openapi.json")
    async def openapi() -> JSONResponse:
        return JSONResponse(describe(app))

    return docs


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with what a problem looks like, who may call what, and how it refuses."""
    if app.openapi_schema is None:
        document = app.openapi_schema = well_named(app.openapi())
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = problems.SCHEMA
        components["responses"] = refusals()
        for route in iter_route_contexts(app.routes):
            for method in route.methods or ():
                operation = document["paths"].get(route.path_format, {}).get(method.lower())
                if operation is not None:
                    complete(operation, route, method)
    return app.openapi()
