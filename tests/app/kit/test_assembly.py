"""What is around every service: health, live docs without a network, careful headers, HEAD."""

import hashlib
import re
from base64 import b64encode

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, Response
from fastapi.testclient import TestClient

from app.kit.access import public
from app.kit.assembly import assemble
from app.kit.database import AlreadyServed
from app.kit.deps import Runtime
from app.kit.migrations import NotMigrated, downgrade
from app.kit.strict import router
from app.main import create_app
from app.settings import Settings
from tests.app.kit.conftest import Serve
from tests.service import on_both_databases


@on_both_databases
def test_a_service_that_can_serve_says_so(client: TestClient) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok"}


@on_both_databases
def test_a_service_without_its_database_lives_but_is_not_ready(client: TestClient, engine: sa.Engine) -> None:
    downgrade(engine)
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/busy"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_service_that_lost_its_database_finds_it_again(client: TestClient, engine: sa.Engine) -> None:
    assert client.get("/health/ready").status_code == 200
    cut_off(engine)
    assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_service_that_cannot_write_is_not_ready(client: TestClient, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on")
    cut_off(engine)
    assert client.get("/health/ready").status_code == 503


def cut_off(engine: sa.Engine) -> None:
    """Ends every other connection, as a restart of the database does."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_an_sqlite_file_is_migrated_where_it_is_served(settings: Settings, engine: sa.Engine) -> None:
    downgrade(engine)
    with TestClient(create_app(settings)) as client:
        assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_postgresql_that_is_not_migrated_is_not_served(settings: Settings, engine: sa.Engine) -> None:
    downgrade(engine)
    with pytest.raises(NotMigrated, match="laurels migrate"), TestClient(create_app(settings)):
        pass


def test_a_file_that_is_served_is_not_served_again(settings: Settings) -> None:
    with TestClient(create_app(settings)), pytest.raises(AlreadyServed), TestClient(create_app(settings)):
        pass


def test_the_live_docs_need_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "//" not in re.sub(r"<!--.*?-->", "", page.text).replace("</", "")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(links) == 3
    for link in links:
        asset = client.get(link)
        assert asset.status_code == 200
        assert len(asset.content) > 500
    assert "SwaggerUIBundle" in client.get("/docs/assets/swagger-ui-bundle.js").text


def test_the_live_docs_may_run_their_own_script_only(client: TestClient) -> None:
    page = client.get("/docs")
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in page.headers["content-security-policy"]
    assert 'url: "/openapi.json"' in re.sub(r"'", '"', script)


def trial() -> APIRouter:
    r = router(dependencies=[public])

    @r.get("/v1/x")
    def private() -> int:
        return 1

    @r.get("/embedded")
    def embedded() -> Response:
        return Response("<p>", headers={"Content-Security-Policy": "sandbox", "Cache-Control": "public"})

    return r


def test_browsers_are_told_to_be_careful(serve: Serve) -> None:
    client = serve(trial())
    for path in ("/v1/x", "/v1/nowhere", "/health/live"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["referrer-policy"] == "no-referrer"
        assert "strict-transport-security" not in headers
    assert client.get("/v1/x").headers["cache-control"] == "no-store"
    assert client.get("/embedded").headers["content-security-policy"] == "sandbox"
    assert client.get("/embedded").headers["cache-control"] == "public"


@pytest.mark.parametrize("headers", [
    {"Signature": "a" * 8_192},
    {f"X-{number}": "a" * 8_000 for number in range(5)},
    {f"X-{number}": "" for number in range(1_000)},
])  # fmt: skip
def test_headers_that_are_too_large_are_refused_wherever_they_go(client: TestClient, headers: dict[str, str]) -> None:
    for path in ("/health/live", "/docs", "/nowhere", "/docs/assets/favicon.png"):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (431, "/problems/headers-too-large")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get("/health/live", headers={"Signature": "a" * 8_000}).status_code == 200


def test_over_https_browsers_are_told_to_stay_there(settings: Settings) -> None:
    secure = settings.model_copy(update={"public_url": "https://badges.example.org"})
    with TestClient(assemble(Runtime.of(secure), [], title="T", description="D")) as client:
        assert client.get("/health/live").headers["strict-transport-security"]


def test_head_is_get_without_the_body(serve: Serve) -> None:
    client = serve(trial())
    got, head = client.get("/embedded"), client.head("/embedded")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers
    assert client.head("/nowhere").status_code == 404


def test_a_path_is_never_redirected_to_one_with_a_slash(serve: Serve) -> None:
    client = serve(trial())
    assert client.get("/v1/x/", headers={"Host": "evil.example"}, follow_redirects=False).status_code == 404
