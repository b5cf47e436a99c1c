"""Communities: founded by the admin, known to everyone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session
from app.members.tables import Community, Member, Token
from tests.app.guild import Guild, done, refused
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

BODY = {
    "slug": "data-guild",
    "name": "Data Guild",
    "description": "People who look after **shared** data.",
    "url": "https://data-guild.example/about",
    "email": "Hello@Data-Guild.Example",
}


@on_both_databases
def test_a_community_is_founded_by_the_admin_and_known_to_everyone(guild: Guild, clock: SettableClock) -> None:
    made = done(guild.post("/v1/communities", BODY), 201)
    begun = {"phase": "active", "launched_at": None, "ends_at": None, "archived_at": None}
    told = {"email": "hello@data-guild.example", "created_at": f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"} | begun
    assert made == BODY | told
    assert done(guild.get("/v1/communities/data-guild"), 200) == made
    first = done(guild.get("/v1/communities?limit=1"), 200)
    second = done(guild.get(f"/v1/communities?limit=1&cursor={first['next']}"), 200)
    assert [c["slug"] for c in first["items"] + second["items"]] == ["guild", "data-guild"]
    assert second["next"] is None
    refused(guild.get("/v1/communities/nowhere"), 404, "no-such-community")


def test_nobody_else_founds_communities(guild: Guild) -> None:
    refused(guild.post("/v1/communities", BODY, token=None), 401, "unauthenticated")
    for role in ("steward", "platform"):
        token = guild.token(None, role, "members:write" if role == "steward" else "awards:write")
        refused(guild.post("/v1/communities", BODY, token=token), 403, "forbidden")


@on_both_databases
def test_of_those_who_found_one_slug_at_once_one_does_and_has_one_set_of_keys(guild: Guild, engine: sa.Engine) -> None:
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: guild.post("/v1/communities", BODY), range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/slug-taken"}
    with read_session(engine) as session:
        kinds = session.execute(sa.text("SELECT kind, count(*) FROM community_key GROUP BY kind ORDER BY kind")).all()
    assert [tuple(row) for row in kinds] == [("ed25519", 2), ("p256", 2), ("rsa", 2)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Data Guild"),
        ("slug", ""),
        ("slug", "a" * 64),
        ("slug", "../x"),
        ("slug", "a.k2"),
        ("name", " "),
        ("name", "a\u202eb"),
        ("name", "n" * 201),
        ("description", ""),
        ("description", "d" * 10_001),
        ("url", "data-guild.example"),
        ("url", "javascript:alert(1)"),
        ("url", "https://münchen.example"),
        ("email", "hello"),
        ("email", None),
        ("created_at", "2026-01-01T00:00:00Z"),
    ],
)
def test_what_an_issuer_could_not_be_called_is_refused(standing: Guild, field: str, value: Any) -> None:
    problem = refused(standing.post("/v1/communities", BODY | {field: value}), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [f"/{field}"]


@pytest.mark.parametrize("field", sorted(BODY))
def test_nothing_about_a_community_may_be_missing(standing: Guild, field: str) -> None:
    body = {name: value for name, value in BODY.items() if name != field}
    problem = refused(standing.post("/v1/communities", body), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [f"/{field}"]


def test_a_community_of_any_script_awards_badges_that_verify(guild: Guild) -> None:
    body = {
        "slug": "odd",
        "name": "Гильдия 日本 “¨” {x} \u200d😀",
        "description": 'Zoë & Co <b>]]></b> "quoted" \\ \u2028 😀！',
        "url": "https://guild.example/é?ü#😀",
        "email": "zoë@guild.example",
    }
    odd = Guild(guild.client, "odd")
    made = done(odd.post("/v1/communities", body), 201)
    assert made["url"] == "https://guild.example/%C3%A9?%C3%BC#%F0%9F%98%80"
    badge = odd.badge()
    for suffix, media_type in (
        ("json", "application/json"),
        ("jwt", "text/plain"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
    ):
        signed = odd.get(f"/credentials/{badge['id']}.{suffix}").content
        report = odd.verdict(signed, media_type)
        assert report["verified"], report["summary"]
        assert report["issuer"]["name"] == body["name"]
    assert odd.verdict(odd.get(f"/ob2/assertions/{badge['id']}").content)["verified"]
    for page in ("/issuers/odd", f"/credentials/{badge['id']}.html"):
        shown = odd.get(page)
        assert shown.status_code == 200
        assert "<b>]]" not in shown.text


@on_both_databases
@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("/v1/communities", BODY, BODY | {"slug": "other"}),
        ("/v1/communities/guild/members", {"handle": "ana", "name": "Ana"}, {"handle": "bo", "name": "Ana"}),
        ("/v1/communities/guild/tokens", {"role": "steward"}, {"role": "steward", "scopes": []}),
    ],
    ids=["found", "join", "token"],
)
def test_a_call_repeated_under_its_key_has_its_effect_once(
    guild: Guild, engine: sa.Engine, path: str, body: dict[str, Any], other: dict[str, Any]
) -> None:
    first = guild.post(path, body, Idempotency_Key="k")
    again = guild.post(path, dict(reversed(body.items())), Idempotency_Key="k")
    assert done(first, 201) == done(again, 201)
    assert again.headers["idempotent-replayed"] == "true"
    refused(guild.post(path, other, Idempotency_Key="k"), 422, "idempotency-key-reused")
    with read_session(engine) as session:
        counts = [len(session.exec(select(table)).all()) for table in (Community, Member, Token)]
    assert counts == [1 + path.endswith("communities"), path.endswith("members"), path.endswith("tokens")]
    steward = guild.token(None, "steward")
    own = guild.post(path, body, token=steward, Idempotency_Key="k")
    assert "idempotent-replayed" not in own.headers  # a key is its caller's own
