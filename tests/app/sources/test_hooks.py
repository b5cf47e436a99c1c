"""Platforms call: what is proven is kept once, and answered at once; all else is refused, and changes nothing."""

import base64
import hashlib
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.kit.database import read_session
from app.sources.keeping import drop_old, opened
from app.sources.receiving import PLATFORMS
from app.sources.receiving.platforms import Platform as Kind
from app.sources.tables import Inbound, Source
from tests.app.guild import Guild, done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.sources import told
from tests.app.sources.listening import listen
from tests.app.sources.signing import ACTOR_PEM, body_of, hexed, http_signed
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock


@pytest.fixture(scope="module")
def clock(standing: Guild) -> SettableClock:
    clock = runtime_of(standing).clock
    assert isinstance(clock, SettableClock)
    return clock


def kept(guild: Guild, id: str) -> bytes | None:
    """The body of a delivery, as it was kept."""
    runtime = runtime_of(guild)
    with read_session(runtime.engine) as session:
        inbound = session.exec(select(Inbound).where(Inbound.source_id == _id(session, id))).one()
        found = opened(runtime.installation.vault, inbound)
        return found.raw if found else None


def _id(session: Session, id: str) -> object:
    return next(one for one in session.exec(select(Source.id)).all() if str(one) == id)


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_a_platform_tells_is_kept_as_it_came(standing: Guild, clock: SettableClock, name: str) -> None:
    platform, raw = listen(standing, clock, name), body_of({"type": "x", "verb": {"id": "https://x.example/done"}})
    answer = platform.tell(raw, x_github_event="ping", x_discourse_event="ping")
    assert answer.status_code in {200, 202}, answer.text
    [delivery] = platform.deliveries()
    assert kept(standing, platform.id) == raw
    assert delivery["size"] == len(raw)
    if answer.status_code == 202:
        assert answer.json() == {"delivery": delivery["id"]}


def test_told_again_it_is_the_same_delivery(standing: Guild, clock: SettableClock) -> None:
    platform = listen(standing, clock, "github")
    answers = [platform.tell({"zen": "Yes."}, x_github_event="ping", x_github_delivery="d1") for _ in range(50)]
    assert {answer.text for answer in answers} == {f'{{"delivery":"{platform.deliveries()[0]["id"]}"}}'}
    assert len(platform.deliveries()) == 1
    platform.tell({"zen": "No."}, x_github_event="ping", x_github_delivery="d1")
    platform.tell({"zen": "Yes."}, x_github_event="ping", x_github_delivery="d2")
    assert [each["delivery_id"] for each in platform.deliveries()] == ["d2", "d1", "d1"]


def test_told_by_many_at_once_it_is_the_same_delivery(guild: Guild, clock: SettableClock) -> None:
    platform = listen(guild, clock, "github")
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(platform.tell({"zen": 1}, x_github_delivery="d").text))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == len(platform.deliveries()) == 1


def test_who_has_not_the_secret_is_refused_and_leaves_nothing(standing: Guild, clock: SettableClock) -> None:
    platform, raw = listen(standing, clock, "github"), b'{"zen":1}'
    path = path_of(platform.url)
    for headers in (
        {},
        {"x-hub-signature-256": "sha256=" + hexed("other", raw)},
        {"authorization": f"Bearer {ADMIN_TOKEN}"},
    ):
        refused(standing.client.post(path, content=raw, headers=headers), 401, "wrong-signature")
    headers = platform.headers(raw)
    refused(standing.client.post(path, content=b'{"zen": 1}', headers=headers), 401, "wrong-signature")
    assert platform.deliveries() == []


def test_what_was_signed_too_long_ago_is_refused(standing: Guild, clock: SettableClock) -> None:
    platform, raw = listen(standing, clock, "slack"), body_of(told.reaction())
    headers = platform.headers(raw)
    clock.forward(minutes=6)
    refused(standing.client.post(path_of(platform.url), content=raw, headers=headers), 401, "stale-delivery")
    assert platform.deliveries() == []


@pytest.mark.parametrize("id", ["x", "00000000-0000-4000-8000-000000000000", "%00", "é"])
def test_an_unknown_source_is_not_found(standing: Guild, id: str) -> None:
    for method, more in (("POST", ""), ("OPTIONS", ""), ("POST", "/statements"),
                         ("POST", "/_matrix/app/v1/ping"), ("PUT", "/_matrix/app/v1/transactions/1")):  # fmt: skip
        answer = standing.client.request(method, f"/hooks/{id}{more}", content=b"{}")
        assert answer.status_code in {400, 404}, answer.text


def test_a_source_that_was_removed_hears_nothing(standing: Guild, clock: SettableClock) -> None:
    platform = listen(standing, clock, "github")
    done(standing.call("DELETE", platform.at()), 200)
    refused(platform.tell({"zen": 1}), 404, "no-such-source")
    refused(standing.call("GET", platform.at()), 404, "no-such-source")
    with read_session(runtime_of(standing).engine) as session:
        source = session.get_one(Source, UUID(platform.id))
        assert (source.secret, source.old_secret) == (b"", None)


def test_a_source_tells_so_much_a_minute_and_strangers_use_up_nothing_of_it(guild: Guild, clock: SettableClock) -> None:
    full, other = listen(guild, clock, "cloudevents"), listen(guild, clock, "cloudevents")
    rate = int(
        guild.client.options(path_of(full.url), headers={"WebHook-Request-Origin": "a"}).headers["webhook-allowed-rate"]
    )
    for _ in range(rate - 1):
        assert runtime_of(guild).rates.wait(("delivered", UUID(full.id)), most=rate, now=clock()) == 0
    refused(guild.client.post(path_of(full.url), content=b"{}"), 401, "wrong-signature")
    assert full.tell({"id": 1}).status_code == 202
    answer = full.tell({"id": 2})
    refused(answer, 429, "too-many")
    assert other.tell({"id": 2}).status_code == 202
    clock.forward(seconds=int(answer.headers["retry-after"]))
    assert full.tell({"id": 2}).status_code == 202


def test_bodies_are_left_where_they_are_when_deliveries_are_listed(guild: Guild, clock: SettableClock) -> None:
    platform, said = listen(guild, clock, "github"), list[str]()
    platform.tell({"zen": 1}, x_github_event="ping")
    engine = runtime_of(guild).engine

    def hear(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", hear)
    [delivery] = platform.deliveries()
    done(guild.call("GET", platform.at(f"/deliveries/{delivery['id']}")), 200)
    assert any("FROM inbound" in statement for statement in said)
    assert not any("sealed" in statement for statement in said)


def test_bodies_that_are_too_large_or_burst_are_refused(standing: Guild, clock: SettableClock) -> None:
    platform = listen(standing, clock, "github")
    refused(platform.tell(b" " * 10_000_000), 413, "too-large")
    for raw in (b"[" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70, b"", b"\xff", b"[NaN]", b"no"):
        refused(platform.tell(raw), 400, "malformed-json")
    refused(platform.tell(b"[" + b"1," * 6_000 + b"1]"), 413, "too-large")
    assert platform.deliveries() == []


def test_handshakes_are_answered_and_not_kept(standing: Guild, clock: SettableClock) -> None:
    slack, zoom = (listen(standing, clock, name) for name in ("slack", "zoom"))
    assert done(slack.tell({"type": "url_verification", "challenge": "c"}), 200) == {"challenge": "c"}
    asked = {"event": "endpoint.url_validation", "payload": {"plainToken": "p"}}
    assert done(zoom.tell(asked), 200) == {"plainToken": "p", "encryptedToken": hexed(zoom.secret, b"p")}
    assert slack.deliveries() == zoom.deliveries() == []


def test_who_sends_cloud_events_may_ask_first(standing: Guild, clock: SettableClock) -> None:
    path = path_of(listen(standing, clock, "cloudevents").url)
    answer = standing.client.options(path, headers={"WebHook-Request-Origin": "events.example"})
    assert (answer.status_code, answer.headers["webhook-allowed-origin"]) == (200, "events.example")
    assert "webhook-allowed-origin" not in standing.client.options(path).headers


def test_a_learning_record_store_answers_with_ids(standing: Guild, clock: SettableClock) -> None:
    moodle = listen(standing, clock, "moodle")
    statements = [
        told.statement(told.ATTENDED),
        told.statement(told.ATTENDED, id="0d015a85-0000-4000-8000-000000000001"),
    ]
    answer = moodle.tell(statements, at="/statements")
    assert (answer.status_code, len(answer.json()), answer.json()[1]) == (200, 2, statements[1]["id"])
    assert moodle.tell(statements, at="/statements").json() == answer.json()
    assert len(moodle.deliveries()) == 1


def test_a_matrix_transaction_is_taken_once(standing: Guild, clock: SettableClock) -> None:
    matrix = listen(standing, clock, "matrix")
    for _ in range(3):
        answer = matrix.tell({"events": []}, at="/_matrix/app/v1/transactions/txn%2F7", method="PUT")
        if answer.status_code == 404:  # a slash in an id is another address
            answer = matrix.tell({"events": []}, at="/_matrix/app/v1/transactions/7", method="PUT")
        assert done(answer, 200) == {}
    assert len(matrix.deliveries()) == 1


def test_a_matrix_homeserver_that_pings_is_heard_and_tells_nothing(standing: Guild, clock: SettableClock) -> None:
    matrix = listen(standing, clock, "matrix")
    ping = "/_matrix/app/v1/ping"
    assert done(matrix.tell({"transaction_id": "mautrix"}, at=ping), 200) == {}
    refused(standing.client.post(path_of(matrix.url) + ping, content=b"{}"), 401, "wrong-signature")
    assert matrix.deliveries() == []


def test_a_secret_is_shown_once_and_gives_way_to_another_without_a_gap(guild: Guild, clock: SettableClock) -> None:
    platform = listen(guild, clock, "generic")
    assert platform.secret.startswith("whsec_")
    assert platform.secret not in guild.call("GET", platform.at()).text
    rotated = done(guild.post(platform.at("/rotate"), {"overlap_hours": 24}), 200)
    assert rotated["secret"] != platform.secret
    assert platform.tell({"type": "a"}, id="m1").status_code == 202
    clock.forward(hours=24)
    refused(platform.tell({"type": "a"}, id="m2"), 401, "wrong-signature")
    platform.secret = rotated["secret"]
    assert platform.tell({"type": "a"}, id="m3").status_code == 202
    at_once = done(guild.post(platform.at("/rotate"), {"overlap_hours": 0}), 200)
    refused(platform.tell({"type": "a"}, id="m4"), 401, "wrong-signature")
    platform.secret = at_once["secret"]
    assert platform.tell({"type": "a"}, id="m5").status_code == 202


def test_a_secret_that_the_platform_makes_has_to_be_given(standing: Guild) -> None:
    for name in ("slack", "zoom", "discord"):
        problem = refused(standing.post(standing.in_guild("sources"), {"platform": name}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/secret"
    wrong = {"platform": "discord", "secret": "x" * 64}
    refused(standing.post(standing.in_guild("sources"), wrong), 422, "invalid")
    refused(standing.post(standing.in_guild("sources"), {"platform": "myspace"}), 422, "invalid")


def test_nothing_that_is_kept_can_be_read_from_the_database_alone(guild: Guild, clock: SettableClock) -> None:
    platform = listen(guild, clock, "github")
    platform.tell({"zen": "a word that is told"}, x_github_event="ping")
    with read_session(runtime_of(guild).engine) as session:
        [source], [inbound] = session.exec(select(Source)).all(), session.exec(select(Inbound)).all()
        assert platform.secret.encode() not in source.secret
        assert b"a word that is told" not in (inbound.sealed or b"")


def test_a_body_is_dropped_after_thirty_days(guild: Guild, clock: SettableClock) -> None:
    platform, runtime = listen(guild, clock, "github"), runtime_of(guild)
    platform.tell({"zen": 1}, x_github_event="ping")
    assert drop_old(runtime, clock() + timedelta(days=30) - timedelta(seconds=1)) == 0
    assert drop_old(runtime, clock() + timedelta(days=30)) == 1
    assert kept(guild, platform.id) is None
    [delivery] = platform.deliveries()
    assert delivery["kept_until"] is None


def test_only_who_may_award_lets_a_platform_award(guild: Guild) -> None:
    achievement = guild.achievement()
    guild.member("stu", role="steward")
    body = {"platform": "generic", "policy": {"achievements": [achievement["id"]]}}
    without = guild.token(None, "platform", "webhooks:manage", "contributions:write")
    refused(guild.post(guild.in_guild("sources"), body, token=without), 403, "forbidden")
    made = done(guild.post(guild.in_guild("sources"), body, token=guild.token("stu", "steward")), 201)
    assert made["policy"] == {"achievements": [achievement["id"]], "consent": "ask"}
    unknown = {"policy": {"achievements": ["00000000-0000-4000-8000-000000000000"]}}
    path = guild.in_guild(f"sources/{made['id']}")
    refused(guild.call("PATCH", path, unknown, If_Match="*"), 404, "no-such-achievement")
    refused(guild.call("PATCH", path, {"name": "x"}, If_Match='"7"'), 412, "precondition-failed")
    assert done(guild.call("PATCH", path, {"name": "Ours"}, If_Match='"1"'), 200)["name"] == "Ours"


def test_who_may_not_award_gets_no_hold_of_a_source_that_does(guild: Guild) -> None:
    achievement = guild.achievement()
    guild.member("stu", role="steward")
    policy = {"achievements": [achievement["id"]], "consent": "given"}
    made = done(guild.post(guild.in_guild("sources"), {"platform": "generic", "policy": policy}), 201)
    path = guild.in_guild(f"sources/{made['id']}")
    rule: dict[str, Any] = {"rules": {"without": []}}
    platform = guild.token(None, "platform", "webhooks:manage", "contributions:write", "awards:write")
    for token in (platform, guild.token("stu", "steward")):
        refused(guild.post(f"{path}/rotate", {}, token=token), 403, "forbidden")
        refused(guild.post(f"{path}/rules", rule, token=token), 403, "forbidden")
        refused(guild.post(f"{path}/replay", {"apply": True}, token=token), 403, "forbidden")
        refused(guild.call("PATCH", path, {"name": "Ours"}, token=token, If_Match="*"), 403, "forbidden")
        refused(guild.call("DELETE", path, token=token), 403, "forbidden")
    assert done(guild.post(f"{path}/replay", {}, token=guild.token("stu", "steward")), 200)["applied"] is False


def test_who_may_not_report_gets_no_hold_of_a_source(guild: Guild) -> None:
    guild.member("stu", role="steward")
    weak = guild.token(None, "platform", "webhooks:manage")
    narrow = guild.token("stu", "steward", "webhooks:manage", "awards:write")
    made = done(guild.post(guild.in_guild("sources"), {"platform": "generic"}), 201)
    path = guild.in_guild(f"sources/{made['id']}")
    for token in (weak, narrow):
        refused(guild.post(guild.in_guild("sources"), {"platform": "generic"}, token=token), 403, "forbidden")
    problem = refused(guild.post(f"{path}/rules", {"rules": {"without": []}}, token=narrow), 403, "forbidden")
    assert problem["scope"] == "contributions:write"
    refused(guild.post(f"{path}/rotate", {}, token=narrow), 403, "forbidden")
    refused(guild.call("PATCH", path, {"policy": {"achievements": []}}, token=narrow, If_Match="*"), 403, "forbidden")


def test_a_platform_looks_after_what_it_added_and_nothing_else(guild: Guild) -> None:
    own, other = (guild.token(None, "platform", "webhooks:manage", "contributions:write") for _ in range(2))
    made = done(guild.post(guild.in_guild("sources"), {"platform": "generic"}, token=own), 201)
    path = guild.in_guild(f"sources/{made['id']}/rotate")
    refused(guild.post(path, {}, token=other), 403, "forbidden")
    assert done(guild.post(path, {}, token=own), 200)["secret"] != made["secret"]


def test_an_actor_of_the_fediverse_is_heard(guild: Guild, clock: SettableClock) -> None:
    platform = listen(guild, clock, "activitystreams", secret=ACTOR_PEM)
    raw = body_of({"id": "https://social.example/1", "type": "Like"})
    path = path_of(platform.url)
    answer = guild.client.post(path, content=raw, headers=http_signed(raw, path, clock()))
    assert answer.status_code == 202, answer.text


def test_every_secret_that_is_made_is_one_that_would_be_taken() -> None:
    for platform in PLATFORMS.values():
        assert isinstance(platform, Kind)
        random = base64.urlsafe_b64encode(hashlib.sha256(platform.name.encode()).digest()).decode()
        if not platform.secret_is_given:
            assert platform.checked(platform.made(random)) == platform.made(random)
