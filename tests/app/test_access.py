"""Who may call what: one table, held against every route that there is, for every kind of caller.

The table says what a call by each kind of caller comes to: done (2xx), not believed (401), not allowed (403), not there
(404). A route that is not in it fails, and so does a row whose route is gone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx2
import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.routing import Mount

from app.main import create_app
from app.members.rules import EVERY_SCOPE
from app.settings import Settings
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import Guild, done
from tests.service import ADMIN_TOKEN, Servers
from tests.stand_ins import CountingIds, SettableClock

CALLERS = (
    "nobody",
    "wrong token",
    "member",
    "recipient",
    "steward",
    "platform without scope",
    "other member",
    "other steward",
    "admin",
)
MARK = "zwielicht"
"""Stands in everything that the other community says of itself."""
ALIKE = {"stackable": True, "period": "year", "status": "suspension"}


@dataclass
class Town:
    """A community, another one, and somebody of every kind to call."""

    guild: Guild
    other: Guild
    tokens: dict[str, str | None]
    achievement: dict[str, Any]
    theirs: dict[str, Any]
    shown: dict[str, Any]
    hidden: dict[str, Any]

    def offer(self) -> str:
        """The id of a new offer to the recipient."""
        id: str = done(self.guild.award(self.achievement, {"member": "rio"}), 201)["id"]
        return id

    def badge(self, visibility: str = "public", guild: Guild | None = None) -> dict[str, Any]:
        """A badge of the recipient."""
        who = {"member": "rio" if guild is None else "zora"}
        achievement = self.achievement if guild is None else self.theirs
        return (guild or self.guild).badge(achievement, recipient=who, visibility=visibility)

    def suspended(self) -> str:
        """The id of a badge that is suspended."""
        id: str = self.badge()["id"]
        done(self.guild.post(f"/v1/credentials/{id}/suspend", {"reason": "r"}), 200)
        return id

    def secret(self) -> str:
        """The secret of a claim link."""
        offered = done(self.guild.award(self.achievement, self.guild.somebody()), 201)
        secret: str = offered["claim_url"].rpartition("/")[2]
        return secret

    def token_id(self, guild: Guild | None = None) -> str:
        """The id of a new token."""
        guild = guild or self.guild
        made = done(guild.post(guild.in_guild("tokens"), {"role": "platform", "scopes": ["awards:write"]}), 201)
        id: str = made["id"]
        return id

    def send(self, caller: str, method: str, path: str, body: Any, form: bool) -> httpx2.Response:
        token = self.tokens[caller]
        headers = {"If-Match": "*"} | ({"Authorization": f"Bearer {token}"} if token else {})
        content = {"data": body} if form else {"json": body}
        return self.guild.client.request(method, path, headers=headers, **content)


@pytest.fixture(scope="module")
def town(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    values = {"database_url": servers.fresh("sqlite", folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
    app = create_app(Settings.model_validate(values), clock=SettableClock(), ids=CountingIds())
    with TestClient(app, raise_server_exceptions=False) as client:
        guild, other = Guild(client).found(), Guild(client, "other")
        said = {"description": MARK, "url": f"https://{MARK}.example", "email": f"hello@{MARK}.example"}
        done(other.post("/v1/communities", {"slug": "other", "name": f"Guild of {MARK}"} | said), 201)
        for handle in ("mel", "rio", "ste"):
            guild.member(handle, role="steward" if handle == "ste" else "member", email=f"{handle}@guild.example")
        for handle in ("zora", "zeno"):
            other.member(handle, name=f"{handle} {MARK}", role="steward" if handle == "zora" else "member",
                         email=f"{handle}@{MARK}.example")  # fmt: skip
        tokens = {
            "nobody": None,
            "wrong token": "lrl_wrong",
            "member": guild.token("mel"),
            "recipient": guild.token("rio"),
            "steward": guild.token("ste", "steward"),
            "platform without scope": guild.token(None, "platform", "metrics:read"),
            "other member": other.token("zeno"),
            "other steward": other.token("zora", "steward", *EVERY_SCOPE),
            "admin": ADMIN_TOKEN,
            "mighty steward": guild.token("ste", "steward", *EVERY_SCOPE),
        }
        achievement = guild.achievement(policy=ALIKE, image=data_uri(png()))
        theirs = other.achievement(policy=ALIKE, image=data_uri(png()), name=f"Art of {MARK}")
        found = Town(guild, other, tokens, achievement, theirs, {}, {})
        found.shown, found.hidden = found.badge(), found.badge("private")
        yield found


OPEN = (200,) * 9
SIGNED_IN = (401, 401, *[200] * 7)
SEEN = (200, 401, *[200] * 7)
"""Open, but a token that is sent has to be a valid one."""
HIDDEN = (404, 401, 404, 200, 200, 404, 404, 404, 200)
"""What is private to its recipient and the stewards does not exist for others."""
FELLOWS = (401, 401, 200, 200, 200, 403, 403, 403, 200)
STEWARDS = (401, 401, 403, 403, 200, 403, 403, 403, 200)
REVOKERS = (401, 401, 403, 403, 200, 403, 403, 404, 200)
ADMIN = (401, 401, 403, 403, 403, 403, 403, 403, 200)
RECIPIENT = (401, 401, 404, 200, 403, 404, 404, 404, 403)
CONCERNED = (401, 401, 404, 200, 200, 404, 404, 404, 200)

Fill = Callable[[Town], str]


class Row(NamedTuple):
    """A route, what it comes to for each of `CALLERS`, and how to call it: fresh for every call where it changes."""

    route: str
    outcomes: tuple[int, ...]
    fill: Mapping[str, Fill]
    body: Callable[[Town], Any] | None = None
    form: bool = False

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    def path(self, town: Town) -> str:
        path = self.route.partition(" ")[2]
        for name, value in self.fill.items():
            path = path.replace(f"{{{name}}}", value(town))
        return path


def the(text: str) -> Fill:
    return lambda _: text


def c(town: Town) -> str:
    return town.guild.slug


def achievement(town: Town) -> str:
    id: str = town.achievement["id"]
    return id


def first_version(town: Town) -> str:
    return f"{achievement(town)}-v1"


def shown(town: Town) -> str:
    id: str = town.shown["id"]
    return id


def hidden(town: Town) -> str:
    id: str = town.hidden["id"]
    return id


def fresh_badge(town: Town) -> str:
    id: str = town.badge()["id"]
    return id


def status_list(town: Town) -> str:
    entry = done(town.guild.get(f"/credentials/{shown(town)}.json"), 200)["credentialStatus"]
    id: str = entry["statusListCredential"].rpartition("/")[2]
    return id


def key_id(town: Town) -> str:
    id: str = done(town.guild.get("/issuers/guild/jwks.json"), 200)["keys"][0]["kid"]
    return id


def ob2_key(town: Town) -> str:
    id: str = done(town.guild.get("/ob2/issuers/guild"), 200)["publicKey"].rpartition("/")[2]
    return id


def new_name(town: Town) -> str:
    return town.guild.somebody()["email"].partition("@")[0]  # type: ignore[no-any-return]


def offer(town: Town) -> dict[str, Any]:
    return {"achievement": achievement(town), "recipient": {"member": "rio"}}


def new_community(town: Town) -> dict[str, Any]:
    slug = new_name(town)
    return {"slug": slug, "name": "N", "description": "D", "url": "https://x.example", "email": "x@x.example"}


V1 = "/v1/communities/{c}"
IN: dict[str, Fill] = {"c": c}
REASON, ACCEPT = ({"reason": "r"}, {"response": "accept"})

TABLE = [
    Row("GET /v1/communities", OPEN, {}),
    Row("POST /v1/communities", ADMIN, {}, new_community),
    Row(f"GET {V1}", OPEN, IN),
    Row(f"GET {V1}/members", FELLOWS, IN),
    Row(f"POST {V1}/members", STEWARDS, IN, lambda town: {"handle": new_name(town), "name": "N"}),
    Row(f"GET {V1}/members/{{m}}", FELLOWS, IN | {"m": the("rio")}),
    Row(f"PATCH {V1}/members/{{m}}", STEWARDS, IN | {"m": the("mel")}, lambda _: {"name": "Mel"}),
    Row(f"GET {V1}/tokens", STEWARDS, IN),
    Row(f"POST {V1}/tokens", STEWARDS, IN, lambda _: {"role": "member", "owner": "rio"}),
    Row(f"GET {V1}/tokens/{{token_id}}", STEWARDS, IN | {"token_id": Town.token_id}),
    Row(f"DELETE {V1}/tokens/{{token_id}}", STEWARDS, IN | {"token_id": Town.token_id}),
    Row(f"GET {V1}/achievements", OPEN, IN),
    Row(f"POST {V1}/achievements", STEWARDS, IN, lambda _: {
        "name": "N", "description": "D", "criteria": {"narrative": "C"}, "image": data_uri(png()),
    }),
    Row(f"GET {V1}/achievements/{{a}}", OPEN, IN | {"a": achievement}),
    Row(f"PATCH {V1}/achievements/{{a}}", STEWARDS, IN | {"a": achievement}, lambda _: {"tags": ["t"]}),
    Row(f"GET {V1}/credentials", STEWARDS, IN),
    Row(f"POST {V1}/credentials", STEWARDS, IN, offer),
    Row(f"POST {V1}/credentials", ADMIN, IN, lambda town: offer(town) | {"consent": "given"}),
    Row(f"GET {V1}/credentials/{{id}}", STEWARDS, IN | {"id": hidden}),
    Row("GET /v1/credentials", SIGNED_IN, {}),
    Row("GET /v1/credentials/{id}", CONCERNED, {"id": hidden}),
    Row("GET /v1/credentials/{id}", CONCERNED, {"id": shown}),
    Row("POST /v1/credentials/{id}/response", RECIPIENT, {"id": Town.offer}, lambda _: ACCEPT),
    Row("POST /v1/credentials/{id}/revoke", REVOKERS, {"id": fresh_badge}, lambda _: REASON),
    Row("POST /v1/credentials/{id}/suspend", REVOKERS, {"id": fresh_badge}, lambda _: REASON),
    Row("POST /v1/credentials/{id}/reinstate", REVOKERS, {"id": Town.suspended}, lambda _: None),
    Row("GET /v1/claims/{secret}", OPEN, {"secret": Town.secret}),
    Row("POST /v1/claims/{secret}", OPEN, {"secret": Town.secret}, lambda _: ACCEPT),
    Row("POST /claims/{secret}", OPEN, {"secret": Town.secret}, lambda _: ACCEPT, form=True),
    Row("POST /v1/verify", OPEN, {}, lambda _: {"not": "a badge"}),
    Row("POST /v1/verify/batch", OPEN, {}, lambda _: {"items": []}),
    Row("POST /verify", OPEN, {}, lambda _: {"text": "no badge"}, form=True),
    Row("GET /verify", OPEN, {}),
    Row("GET /", OPEN, {}),
    Row("GET /static/{name}", OPEN, {"name": the("laurels.css")}),
    Row("GET /issuers/{c}", OPEN, IN),
    Row("GET /issuers/{c}.json", SEEN, IN),
    Row("GET /issuers/{c}/did.json", SEEN, IN),
    Row("GET /issuers/{c}/jwks.json", SEEN, IN),
    Row("GET /issuers/{c}/keys/{kid}", SEEN, IN | {"kid": key_id}),
    Row("GET /ob2/issuers/{c}", SEEN, IN),
    Row("GET /ob2/revocations/{c}", SEEN, IN),
    Row("GET /ob2/keys/{id}", SEEN, {"id": ob2_key}),
    Row("GET /achievements/{name}", OPEN, {"name": first_version}),
    Row("GET /achievements/{name}.html", OPEN, {"name": first_version}),
    *(Row(f"GET /achievements/{{name}}.{form}", SEEN, {"name": first_version}) for form in ("json", "png", "svg")),
    Row("GET /ob2/badgeclasses/{name}", SEEN, {"name": first_version}),
    Row("GET /status/{id}", SEEN, {"id": status_list}),
    Row("GET /status/{id}.jwt", SEEN, {"id": status_list}),
    *(
        Row(f"GET {route}", outcomes, {"id": badge, "name": the("1.json")})
        for badge, outcomes in ((shown, SEEN), (hidden, HIDDEN))
        for route in (
            "/credentials/{id}",
            *(f"/credentials/{{id}}.{form}" for form in ("html", "json", "jwt", "png", "svg")),
            "/editions/{id}/{name}",
            "/ob2/assertions/{id}",
            *(f"/ob2/assertions/{{id}}.{form}" for form in ("jws", "png", "svg")),
        )
    ),
    Row("GET /problems/{code}", OPEN, {"code": the("not-found")}),
    Row("GET /health/live", OPEN, {}),
    Row("GET /health/ready", OPEN, {}),
    Row("GET /docs", OPEN, {}),
    Row("GET /openapi.json", OPEN, {}),
]  # fmt: skip


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
    outcomes = {}
    for caller in CALLERS:
        body = row.body(town) if row.body else None
        answer = town.send(caller, row.method, row.path(town), body, row.form)
        outcomes[caller] = 200 if answer.is_success else answer.status_code
        if not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
            assert ("www-authenticate" in answer.headers) is (answer.status_code == 401)
    assert outcomes == dict(zip(CALLERS, row.outcomes, strict=True))


GATED = sorted({row.route for row in TABLE if row.outcomes in {FELLOWS, STEWARDS, REVOKERS, RECIPIENT, CONCERNED}})


@pytest.mark.parametrize("route", GATED)
def test_nothing_of_another_community_is_reached_by_its_ids(town: Town, route: str) -> None:
    method, _, path = route.partition(" ")
    theirs = {
        "m": "zora",
        "token_id": town.token_id(town.other),
        "a": town.theirs["id"],
        "id": town.badge("private", town.other)["id"],
    }
    body = next((row.body(town) for row in TABLE if row.route == route and row.body), None)
    names_something = any(f"{{{name}}}" in path for name in theirs)
    communities = {town.guild.slug: 404} if names_something else {}
    communities |= {town.other.slug: 403} if "{c}" in path else {}
    before = everything(town)
    for community, status in communities.items():
        filled = path.replace("{c}", community)
        for name, id in theirs.items():
            filled = filled.replace(f"{{{name}}}", id)
        answer = town.send("mighty steward", method, filled, body, form=False)
        assert answer.status_code == status, answer.text
        assert MARK not in answer.text + str(answer.headers)
    assert communities
    assert everything(town) == before


def everything(town: Town) -> list[Any]:
    """What the other community has, as its admin sees it."""
    lists = ("members", "tokens", "achievements", "credentials")
    return [done(town.guild.get(town.other.in_guild(f"{each}?limit=200"), token=ADMIN_TOKEN), 200) for each in lists]


def zora(town: Town) -> str:
    id: str = done(town.guild.get(town.other.in_guild("members/zora"), token=ADMIN_TOKEN), 200)["id"]
    return id


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("credentials", lambda town: offer(town) | {"achievement": town.theirs["id"]}),
        ("credentials", lambda town: offer(town) | {"recipient": {"member": zora(town)}}),
        ("credentials", lambda town: offer(town) | {"recipient": {"member": "zora"}}),
        ("tokens", lambda town: {"role": "member", "owner": zora(town)}),
        ("tokens", lambda town: {"role": "member", "owner": "zora"}),
    ],
)
def test_a_body_names_nobody_and_nothing_of_another_community(
    town: Town, path: str, body: Callable[[Town], dict[str, Any]]
) -> None:
    before = everything(town)
    answer = town.send("mighty steward", "POST", town.guild.in_guild(path), body(town), form=False)
    assert answer.status_code == 404, answer.text
    assert MARK not in answer.text
    assert everything(town) == before


@pytest.mark.parametrize("list_of", ["members", "tokens", "achievements", "credentials"])
def test_a_cursor_of_another_community_shows_only_ones_own(town: Town, list_of: str) -> None:
    if list_of in {"tokens", "credentials"}:
        for _ in range(2):
            town.token_id(town.other), town.badge("private", town.other)
    if list_of == "achievements":
        town.other.achievement(image=data_uri(png()), name=f"Second {MARK}")
    theirs = done(town.guild.get(town.other.in_guild(f"{list_of}?limit=1"), token=ADMIN_TOKEN), 200)
    assert theirs["next"]
    path = town.guild.in_guild(f"{list_of}?cursor={theirs['next']}")
    answer = town.send("mighty steward", "GET", path, None, form=False)
    assert answer.status_code == 200
    assert MARK not in answer.text


def test_a_hidden_badge_is_not_verified_by_its_address(town: Town) -> None:
    theirs = town.badge("private", town.other)
    for path in ("/v1/verify", "/verify"):
        body = {"text": theirs["url"]}
        answer = town.send("mighty steward", "POST", path, body, form=True)
        assert MARK not in answer.text
    report = done(town.send("mighty steward", "POST", "/v1/verify", {"url": theirs["url"]}, form=False), 200)
    assert (report["verified"], report["achievement"], report["issuer"]) == (False, {}, {})
