"""Who is one person with whom, and who is tied to whom: what decisions without a conflict rest on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from app.kit.database import read_session
from app.members.people import TieKind, linked
from app.members.person import canonical_account
from app.members.rules import Scope
from tests.app.guild import Guild, done, refused
from tests.app.members.test_people import known
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock

Known = Callable[[], dict[str, Any]]


@pytest.fixture
def people(guild: Guild, engine: sa.Engine, clock: SettableClock) -> Known:
    """Asks for everybody, by handle."""
    for handle in ("ana", "bo", "cleo", "dara"):
        guild.member(handle)
    return lambda: known(engine, guild, clock.now)


def link(guild: Guild, who: str, account: str, platform: str = "github", **more: Any) -> httpx2.Response:
    body = {"member": who, "platform": platform, "account": account} | more
    return guild.post(guild.in_guild("identities"), body)


def tie(guild: Guild, one: str, other: str, kind: str = "household", **options: Any) -> httpx2.Response:
    return guild.post(guild.in_guild("ties"), {"members": [one, other], "kind": kind}, **options)


def groups(people: Known) -> list[set[str]]:
    found: dict[Any, set[str]] = {}
    for person in people().values():
        found.setdefault(person.identity, set()).add(person.handle)
    return sorted(found.values(), key=min)


@on_both_databases
def test_who_shares_an_account_is_one_person_over_any_number_of_steps(guild: Guild, people: Known) -> None:
    done(link(guild, "cleo", "@Cee"), 201)
    done(link(guild, "bo", "cee"), 201)
    done(link(guild, "bo", "b@o.example", "email"), 201)
    middle = done(link(guild, "dara", "B@O.example", "email"), 201)
    done(link(guild, "ana", "cee", "gitlab"), 201)
    assert groups(people) == [{"ana"}, {"bo", "cleo", "dara"}]
    found = people()
    assert found["cleo"].identity == found["dara"].identity == found["bo"].id
    assert linked(found["cleo"], found["dara"])
    assert not linked(found["ana"], found["bo"])
    done(guild.call("DELETE", guild.in_guild(f"identities/{middle['id']}")), 200)
    assert groups(people) == [{"ana"}, {"bo", "cleo"}, {"dara"}]


@on_both_databases
def test_two_without_a_common_account_are_said_to_be_one_person(guild: Guild, people: Known) -> None:
    for who in ("ana", "dara"):
        done(link(guild, who, "ana", "person"), 201)
    assert groups(people) == [{"ana", "dara"}, {"bo"}, {"cleo"}]


def test_accounts_of_other_communities_link_nobody(guild: Guild, people: Known, client: TestClient) -> None:
    other = Guild(client, "other").found()
    other.member("zoe")
    done(link(other, "zoe", "same"), 201)
    done(link(guild, "bo", "same"), 201)
    assert groups(people) == [{"ana"}, {"bo"}, {"cleo"}, {"dara"}]


def test_an_account_of_a_bot_makes_its_member_one(guild: Guild, people: Known) -> None:
    made = done(link(guild, "bo", "bo-bot", is_bot=True), 201)
    done(link(guild, "bo", "bo"), 201)
    assert {person.handle for person in people().values() if person.is_bot} == {"bo"}
    done(guild.call("DELETE", guild.in_guild(f"identities/{made['id']}")), 200)
    assert not people()["bo"].is_bot


@on_both_databases
def test_one_account_is_linked_to_one_member_once(guild: Guild) -> None:
    ana = guild.member("ana")
    with ThreadPoolExecutor(4) as threads:
        accounts = ["Ana", "ana", "@ana", "ANA"]
        statuses = sorted(threads.map(lambda account: link(guild, "ana", account).status_code, accounts))
    assert statuses == [201, 409, 409, 409]
    refused(link(guild, ana["id"], "ana"), 409, "identity-exists")
    [only] = done(guild.get(guild.in_guild("identities"), token=ADMIN_TOKEN), 200)["items"]
    assert (only["member"], only["platform"], only["account"].casefold().strip("@")) == (ana["id"], "github", "ana")
    assert done(guild.get(guild.in_guild(f"identities/{only['id']}"), token=ADMIN_TOKEN), 200) == only


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"platform": "Git Hub"}, "/platform"),
        ({"platform": ""}, "/platform"),
        ({"account": "@"}, "/account"),
        ({"account": " "}, "/account"),
        ({"account": "a\u202eb"}, "/account"),
        ({"is_bot": "yes"}, "/is_bot"),
        ({"member": ""}, "/member"),
    ],
)
def test_what_is_no_account_is_refused(guild: Guild, body: dict[str, Any], pointer: str) -> None:
    guild.member("ana")
    answer = guild.post(guild.in_guild("identities"), {"member": "ana", "platform": "p", "account": "a"} | body)
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer


def test_nobody_is_linked_who_is_not_there(guild: Guild) -> None:
    refused(link(guild, "nobody", "a"), 404, "no-such-member")
    missing = guild.in_guild("identities/00000000-0000-7000-8000-000000000000")
    for method in ("GET", "DELETE"):
        refused(guild.call(method, missing), 404, "not-found")


@pytest.mark.parametrize(("one", "other"), [("@Ana", "ana"), (" ana  b", "ANA B"), ("Stra\u00dfe", "strasse")])
def test_accounts_are_compared_as_platforms_do(one: str, other: str) -> None:
    assert canonical_account(one) == canonical_account(other)


@on_both_databases
def test_a_tie_holds_both_ways_until_it_ends(guild: Guild, people: Known, clock: SettableClock) -> None:
    bo = guild.token("bo")
    made = done(tie(guild, "bo", "ana", token=bo), 201)
    done(tie(guild, "ana", "bo", "manager"), 201)
    found = people()
    both = frozenset({TieKind.household, TieKind.manager})
    assert found["ana"].ties == {found["bo"].id: both}
    assert found["bo"].ties == {found["ana"].id: both}
    assert found["cleo"].ties == {}
    assert made["declared_by"] == str(found["bo"].id)
    clock.forward(days=1)
    ended = done(guild.call("DELETE", guild.in_guild(f"ties/{made['id']}"), token=bo), 200)
    assert ended == made | {"to": f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"}
    assert people()["ana"].ties == {found["bo"].id: {TieKind.manager}}
    refused(guild.call("DELETE", guild.in_guild(f"ties/{made['id']}"), token=bo), 409, "tie-over")
    assert done(guild.get(guild.in_guild(f"ties/{made['id']}"), token=bo), 200) == ended
    again = done(tie(guild, "ana", "bo", token=bo), 201)
    assert again["id"] != made["id"]


@on_both_databases
def test_one_tie_is_declared_once(guild: Guild) -> None:
    guild.member("ana")
    guild.member("bo")
    with ThreadPoolExecutor(4) as threads:
        pairs = [("ana", "bo"), ("bo", "ana")] * 2
        assert sorted(threads.map(lambda pair: tie(guild, *pair).status_code, pairs)) == [201, 409, 409, 409]
    refused(tie(guild, "ana", "bo"), 409, "tie-exists")
    done(tie(guild, "ana", "bo", "close"), 201)


def test_ties_are_for_the_two_and_for_stewards(guild: Guild, people: Known) -> None:
    assert people()
    made = [done(tie(guild, *pair), 201)["id"] for pair in (("ana", "bo"), ("bo", "cleo"))]
    for who, sees in (("ana", made[:1]), ("bo", made), ("cleo", made[1:]), ("dara", [])):
        token = guild.token(who)
        assert [each["id"] for each in done(guild.get(guild.in_guild("ties"), token=token), 200)["items"]] == sees
        for id in made:
            answer = guild.get(guild.in_guild(f"ties/{id}"), token=token)
            assert answer.status_code == (200 if id in sees else 404)
    steward = guild.token(None, "steward")
    assert len(done(guild.get(guild.in_guild("ties"), token=steward), 200)["items"]) == 2


def test_who_looks_after_nobody_and_is_nobody_sees_no_ties(guild: Guild, people: Known) -> None:
    assert people()
    made = done(tie(guild, "ana", "bo"), 201)
    weak = guild.token(None, "steward", Scope.awards_write)
    for path in ("ties", f"ties/{made['id']}"):
        refused(guild.get(guild.in_guild(path), token=weak), 403, "forbidden")
    refused(tie(guild, "ana", "bo", "close", token=weak), 403, "forbidden")


def test_nobody_speaks_of_others_or_gets_rid_of_what_stands_against_them(guild: Guild, people: Known) -> None:
    assert people()
    ana, cleo = guild.token("ana"), guild.token("cleo")
    refused(tie(guild, "ana", "bo", token=cleo), 403, "forbidden")
    made = done(tie(guild, "ana", "bo", token=ana), 201)
    path = guild.in_guild(f"ties/{made['id']}")
    refused(guild.call("DELETE", path, token=guild.token("bo")), 403, "forbidden")
    refused(guild.call("DELETE", path, token=cleo), 404, "not-found")
    done(guild.call("DELETE", path), 200)
    by_steward = done(tie(guild, "ana", "bo", "paid_by"), 201)
    assert by_steward["declared_by"] is None
    refused(guild.call("DELETE", guild.in_guild(f"ties/{by_steward['id']}"), token=ana), 403, "forbidden")


@pytest.mark.parametrize(
    ("members", "kind", "pointer"),
    [
        (["ana", "ana"], "close", "/members"),
        (["ana"], "close", "/members"),
        (["ana", "bo", "ana"], "close", "/members"),
        (["ana", ""], "close", "/members/1"),
        (["ana", "bo"], "rival", "/kind"),
    ],
)
def test_what_is_no_tie_is_refused(guild: Guild, members: list[str], kind: str, pointer: str) -> None:
    guild.member("ana")
    guild.member("bo")
    answer = guild.post(guild.in_guild("ties"), {"members": members, "kind": kind})
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer
    refused(tie(guild, "ana", "nobody"), 404, "no-such-member")


def test_the_journal_tells_of_links_and_ties_without_names(guild: Guild, people: Known, engine: sa.Engine) -> None:
    assert people()
    identity = done(link(guild, "ana", "ana-secret"), 201)
    done(guild.call("DELETE", guild.in_guild(f"identities/{identity['id']}")), 200)
    made = done(tie(guild, "ana", "bo"), 201)
    done(guild.call("DELETE", guild.in_guild(f"ties/{made['id']}")), 200)
    with read_session(engine) as session:
        told = session.execute(sa.text("SELECT type, data FROM event ORDER BY seq")).all()
    kinds = [kind for kind, _ in told if not kind.startswith(("member.", "community."))]
    assert kinds == ["identity.linked", "identity.unlinked", "tie.declared", "tie.ended"]
    assert "ana-secret" not in str(told)
