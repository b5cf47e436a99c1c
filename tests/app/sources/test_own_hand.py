"""A platform acts as itself, whoever owns its token: what its owner added, reported or proves is not the platform's."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.kit.migrations import downgrade, upgrade
from tests.app.contributions.test_correcting import act
from tests.app.contributions.test_recording import report
from tests.app.guild import Guild, done, refused
from tests.app.sources.listening import Platform
from tests.app.sources.test_looking import looked
from tests.app.sources.test_proving import ME, ask, commented, identities, now
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

SCOPES = ["webhooks:manage", "contributions:write", "awards:write"]


def owned(guild: Guild, owner: str = "fay") -> dict[str, Any]:
    body = {"owner": owner, "role": "platform", "scopes": SCOPES}
    return done(guild.post(guild.in_guild("tokens"), body), 201)


def added(guild: Guild, clock: SettableClock, platform: str, token: str, **more: Any) -> Platform:
    made = done(guild.post(guild.in_guild("sources"), {"platform": platform} | more, token=token), 201)
    return Platform(guild, clock, platform, made["id"], made["url"], made["secret"])


@pytest.fixture
def fay(guild: Guild) -> str:
    guild.member("fay", role="steward")
    guild.member("ana")
    return guild.token("fay", "steward")


@on_both_databases
def test_what_a_stewards_platform_adds_proves_nobodys_account(guild: Guild, clock: SettableClock, fay: str) -> None:
    forged = added(guild, clock, "github", owned(guild)["token"])
    body = {"platform": "github", "account": "somebody-else"}
    refused(guild.post(ME, body, token=guild.token("ana")), 422, "platform-not-heard")
    trusted = added(guild, clock, "github", fay)
    asked = ask(guild, "ana", "somebody-else")
    commented(forged, "f1", asked["code"], "somebody-else")
    assert (identities(guild), now(guild, "ana", asked)["state"]) == ([], "open")
    commented(trusted, "t1", asked["code"], "somebody-else")
    assert identities(guild) == [("github", "somebody-else")]


def test_what_a_steward_added_is_not_their_platforms_to_look_after(
    guild: Guild, clock: SettableClock, fay: str
) -> None:
    achievement = guild.achievement()["id"]
    first, second = owned(guild)["token"], owned(guild)["token"]
    hers = added(guild, clock, "generic", fay, policy={"achievements": [achievement]})
    its = added(guild, clock, "generic", first)
    award = {"achievement": achievement, "recipient": {"account": "nobody-yet"}, "external_id": "c"}
    hers.tell({"type": "award.requested", "data": award})
    looked(guild)
    for token, source in ((first, hers), (second, hers), (second, its)):
        refused(guild.post(source.at("/rotate"), {}, token=token), 403, "forbidden")
        refused(guild.post(source.at("/rules"), {"rules": {"without": []}}, token=token), 403, "forbidden")
        refused(guild.call("PATCH", source.at(), {"name": "Mine"}, token=token, If_Match="*"), 403, "forbidden")
        refused(guild.call("DELETE", source.at(), token=token), 403, "forbidden")
    [waiting] = done(guild.get(hers.at("/awards"), token=fay), 200)["items"]
    assert waiting["waits_for"]
    [seen] = done(guild.get(hers.at("/awards"), token=first), 200)["items"]
    assert seen["waits_for"] is None
    done(guild.post(its.at("/rotate"), {}, token=first), 200)


def test_what_a_steward_reported_is_not_their_platforms_to_correct(guild: Guild, fay: str) -> None:
    guild.member("bo")
    mine = done(guild.post(guild.in_guild("contributions"), report(), token=fay), 201)["id"]
    refused(act(guild, "retract", mine, owned(guild)["token"]), 403, "forbidden")


@on_both_databases
def test_what_was_on_record_in_an_owners_name_is_nobodys_where_it_may_have_been_their_platforms(
    guild: Guild, clock: SettableClock, fay: str, engine: sa.Engine
) -> None:
    added(guild, clock, "matrix", fay)
    clock.forward(days=1)
    token = owned(guild)
    doubtful = added(guild, clock, "github", fay)
    hook = {"url": "https://hooks.guild.example/", "events": ["member.joined"]}
    webhook = done(guild.post(guild.in_guild("webhooks"), hook, token=token["token"]), 201)["id"]
    owner = done(guild.get(guild.in_guild("members/fay"), token=fay), 200)["id"]
    with engine.begin() as connection:  # as it was written down before
        connection.execute(sa.text("UPDATE webhook SET made_by = :owner"), {"owner": owner})
    downgrade(engine, "20261122_tries")
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT made_by FROM webhook")).scalars().all() == [token["id"]]
        adders = connection.execute(sa.text("SELECT platform, added_by FROM source ORDER BY row")).all()
    assert [tuple(each) for each in adders] == [("matrix", owner), ("github", None)]
    assert [each["id"] for each in done(guild.get(guild.in_guild("webhooks"), token=token["token"]), 200)["items"]] == [
        webhook
    ]
    done(guild.post(ME, {"platform": "matrix", "account": "@ana:x.example"}, token=guild.token("ana")), 201)
    asked = {"platform": "github", "account": "ana-fictional"}
    refused(guild.post(ME, asked, token=guild.token("ana")), 422, "platform-not-heard")
    refused(guild.call("DELETE", doubtful.at(), token=token["token"]), 403, "forbidden")
    done(guild.call("DELETE", doubtful.at(), token=fay), 200)
