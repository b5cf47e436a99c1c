"""The same award once: however often, and however many at once.

The races are real: threads call the application, which answers each in a thread and a transaction of its own. Each test
names what it leans on; without it, it fails.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col, func, select

from app.credentials.tables import Claim, Credential, Edition, Recipient, StatusEntry, StatusList
from app.kit.database import read_session
from app.kit.journal import Event, verify_chain
from app.members.tables import Community
from tests.app.guild import Guild, done, path_of, refused
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

T = TypeVar("T")


PATIENCE = 100
"""So often somebody asks again who is told that the service is busy."""


def at_once(calls: int, call: Callable[[int], T]) -> list[T]:
    """What `call` gives to each of so many threads. Who is told to try again, as those are who waited too long for a
    row that all others want too, does so."""

    def answered(n: int) -> T:
        for _ in range(PATIENCE):
            answer = call(n)
            if not isinstance(answer, httpx.Response) or answer.status_code != 503:
                return answer
            time.sleep(0.2)
        raise AssertionError(f"The service was busy {PATIENCE} times.")

    with ThreadPoolExecutor(calls) as threads:
        return list(threads.map(answered, range(calls)))


def rows(engine: sa.Engine, table: Any) -> int:
    with read_session(engine) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def events(engine: sa.Engine) -> Counter[str]:
    """How often the journal tells each kind of change; its chain holds."""
    with read_session(engine) as session:
        for community in session.exec(select(Community.id)).all():
            assert verify_chain(session, community) is None
        return Counter(session.exec(select(Event.type)).all())


def assert_one_badge(engine: sa.Engine) -> None:
    assert {table.__name__: rows(engine, table) for table in (Credential, Edition, StatusEntry, StatusList)} == {
        "Credential": 1,
        "Edition": 1,
        "StatusEntry": 1,
        "StatusList": 1,
    }
    happened = events(engine)
    assert (happened["credential.offered"], happened["credential.issued"]) == (1, 1)


def test_an_external_id_is_awarded_once(guild: Guild) -> None:
    hosting, mentoring = guild.achievement(), guild.achievement(name="Mentor")
    first = guild.badge(hosting, external_id="call-17")
    for achievement, recipient in ((hosting, guild.somebody()), (mentoring, {"did": "did:example:bo"})):
        problem = refused(guild.award(achievement, recipient, external_id="call-17"), 409, "already-awarded")
        assert problem["credential_id"] == first["id"]
    other = Guild(guild.client, slug="other").found()
    assert other.badge(external_id="call-17")["id"] != first["id"]


def test_an_external_id_stays_taken_when_the_award_was_refused_or_revoked(guild: Guild) -> None:
    """It names one event on a platform, and that event was answered."""
    achievement = guild.achievement()
    offer = guild.offer(achievement, external_id="call-17")
    done(guild.claim(offer, "refuse"), 200)
    refused(guild.award(achievement, guild.somebody(), external_id="call-17"), 409, "already-awarded")


def test_what_cannot_be_held_twice_is_neither_offered_nor_awarded_twice(guild: Guild) -> None:
    achievement, eve = guild.achievement(), {"email": "eve@people.example"}
    offer = guild.offer(achievement, eve)
    for consent in ("ask", "given"):
        problem = refused(guild.award(achievement, eve, consent=consent), 409, "already-awarded")
        assert problem["credential_id"] == offer["id"]
    done(guild.claim(offer), 200)
    assert refused(guild.award(achievement, eve), 409, "already-awarded")["credential_id"] == offer["id"]


def test_what_was_revoked_or_has_expired_can_be_earned_again(guild: Guild, clock: SettableClock) -> None:
    achievement, eve = guild.achievement(policy={"validity_days": 30}), {"email": "eve@people.example"}
    first = guild.badge(achievement, recipient=eve)
    done(guild.post(f"/v1/credentials/{first['id']}/revoke", {"reason": "A mistake."}), 200)
    second = guild.badge(achievement, recipient=eve)
    refused(guild.award(achievement, eve), 409, "already-awarded")
    clock.forward(days=30)
    assert guild.badge(achievement, recipient=eve)["id"] not in {first["id"], second["id"]}


def test_what_is_suspended_is_still_held(guild: Guild) -> None:
    achievement, eve = guild.achievement(policy={"status": "suspension"}), {"email": "eve@people.example"}
    badge = guild.badge(achievement, recipient=eve)
    done(guild.post(f"/v1/credentials/{badge['id']}/suspend", {"reason": "Looked into."}), 200)
    refused(guild.award(achievement, eve), 409, "already-awarded")


def test_what_can_be_held_twice_is_awarded_twice(guild: Guild) -> None:
    thanks = guild.achievement(policy={"stackable": True, "period": "year"})
    eve = {"email": "eve@people.example"}
    assert guild.badge(thanks, recipient=eve)["id"] != guild.badge(thanks, recipient=eve)["id"]


def test_a_call_that_is_repeated_under_its_key_is_answered_as_the_first_time(guild: Guild, engine: sa.Engine) -> None:
    body = {"achievement": guild.achievement()["id"], "recipient": guild.somebody()}
    address, key = guild.in_guild("credentials"), {"Idempotency_Key": "award-1"}
    first, again = (guild.post(address, body, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content  # the claim link included, for whoever lost the first answer
    assert again.headers["idempotent-replayed"] == "true"
    refused(guild.post(address, body | {"narrative": "Else."}, **key), 422, "idempotency-key-reused")
    assert (rows(engine, Credential), rows(engine, Claim)) == (1, 1)


def same_external_id(guild: Guild, achievement: dict[str, Any], n: int) -> Any:
    recipient = {"email": f"somebody{n}@people.example"}
    return guild.award(achievement, recipient, external_id="call-17", consent="given")


def same_person(guild: Guild, achievement: dict[str, Any], n: int) -> Any:
    name = [{"member": "bo"}, {"email": "bo@people.example"}, {"did": "did:example:bo"}][n % 3]
    return guild.award(achievement, name, consent="given")


def same_stranger(guild: Guild, achievement: dict[str, Any], _n: int) -> Any:
    return guild.award(achievement, {"email": "eve@people.example"}, consent="given")


@on_both_databases
@pytest.mark.parametrize("award", [same_external_id, same_person, same_stranger])
def test_of_equal_awards_at_once_one_is_made_and_the_others_name_it(
    guild: Guild, engine: sa.Engine, award: Callable[..., Any]
) -> None:
    """Leans on UNIQUE(credential.community_id, external_id) and UNIQUE(credential.held); for who is new, on
    UNIQUE(recipient.community_id, email_fingerprint) and UNIQUE(recipient.member_id)."""
    guild.member("bo", email="bo@people.example", did="did:example:bo")
    achievement = guild.achievement()
    answers = at_once(20, lambda n: award(guild, achievement, n))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    [made] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    others = [refused(answer, 409, "already-awarded") for answer in answers if answer.status_code == 409]
    assert {problem["credential_id"] for problem in others} == {made}
    assert_one_badge(engine)
    assert rows(engine, Recipient) == 1


@on_both_databases
def test_of_equal_calls_under_one_key_at_once_all_are_answered_with_one_badge(guild: Guild, engine: sa.Engine) -> None:
    """Leans on the primary key of kept_answer, taken in the transaction of the award."""
    body = {"achievement": guild.achievement()["id"], "recipient": guild.somebody(), "consent": "given"}
    answers = at_once(20, lambda _: guild.post(guild.in_guild("credentials"), body, Idempotency_Key="award-1"))
    assert {answer.status_code for answer in answers} <= {201, 409}  # 409: the first had not ended yet
    made = {answer.content for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert_one_badge(engine)


@on_both_databases
def test_an_offer_accepted_many_times_at_once_is_signed_once(guild: Guild, engine: sa.Engine) -> None:
    """Leans on the lock on the credential's row (`service._locked`), behind it on the primary key of edition."""
    guild.member("bo")
    offer, bo = guild.offer(guild.achievement(), {"member": "bo"}), guild.token("bo")
    address = f"/v1/credentials/{offer['id']}/response"
    answers = at_once(20, lambda _: guild.post(address, {"response": "accept"}, token=bo))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 19}
    assert_one_badge(engine)


@on_both_databases
def test_a_claim_link_used_many_times_at_once_answers_once(guild: Guild, engine: sa.Engine) -> None:
    """Leans on the lock on the claim's row."""
    offer = guild.offer(guild.achievement())
    answers = at_once(20, lambda n: guild.claim(offer, "accept" if n % 2 else "refuse"))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 410: 19}
    [state] = [answer.json()["state"] for answer in answers if answer.status_code == 200]
    assert rows(engine, Edition) == (1 if state == "active" else 0)
    assert events(engine)["credential.issued"] + events(engine)["credential.refused"] == 1


@on_both_databases
def test_awards_to_different_people_at_once_all_succeed_with_indexes_of_their_own(
    guild: Guild, engine: sa.Engine
) -> None:
    """Leans on `journal.hold`: without it each of the first awards opens a list of its own. That no index is taken
    twice is the primary key of status_entry."""
    achievement = guild.achievement()
    answers = at_once(32, lambda n: guild.award(achievement, {"email": f"somebody{n}@people.example"}, consent="given"))
    assert {answer.status_code for answer in answers} == {201}
    assert rows(engine, StatusList) == 1
    with read_session(engine) as session:
        taken = session.exec(select(StatusEntry.index)).all()
        count = session.exec(select(StatusList.taken)).one()
    assert len(set(taken)) == count == 32
    assert sorted(taken) != list(range(min(taken), min(taken) + 32))  # and they do not tell the order of awards
    assert events(engine)["credential.issued"] == 32


@on_both_databases
def test_first_offers_accepted_at_once_share_one_list(guild: Guild, engine: sa.Engine) -> None:
    """Leans on `journal.hold` in `editions.issue`: an acceptance records nothing before it takes its index."""
    achievement = guild.achievement()
    offers = [guild.offer(achievement) for _ in range(8)]
    assert {answer.status_code for answer in at_once(8, lambda n: guild.claim(offers[n]))} == {200}
    assert rows(engine, StatusList) == 1


@on_both_databases
def test_awards_and_revocations_at_once_do_not_wait_for_each_other_in_a_circle(guild: Guild, engine: sa.Engine) -> None:
    """Leans on one order of locks: rows, then the journal, then the status list. And every list that is signed has the
    bits of all revocations before it, since who signs holds the journal."""
    achievement = guild.achievement()
    old = [guild.badge(achievement, recipient=guild.somebody())["id"] for _ in range(16)]

    def call(n: int) -> Any:
        if n % 2:
            return guild.post(f"/v1/credentials/{old[n // 2]}/revoke", {"reason": "A drill."})
        return guild.award(achievement, {"email": f"late{n}@people.example"}, consent="given", visibility="public")

    answers = at_once(32, call)
    assert Counter(answer.status_code for answer in answers) == {200: 16, 201: 16}
    verdicts = [guild.verdict(guild.get(f"/credentials/{id}.json").content)["verdict"] for id in old]
    assert set(verdicts) == {"revoked"}
    fresh = [answer.json()["url"] for answer in answers if answer.status_code == 201]
    assert {guild.verdict(guild.get(f"{path_of(url)}.jwt").text)["verdict"] for url in fresh} == {"valid"}


@on_both_databases
def test_a_badge_revoked_many_times_at_once_is_revoked_once(guild: Guild, engine: sa.Engine) -> None:
    """Leans on the lock on the credential's row."""
    badge = guild.badge()
    answers = at_once(20, lambda n: guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": f"Reason {n}."}))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 19}
    assert events(engine)["credential.revoked"] == 1
    [reason] = [answer.json()["reason"] for answer in answers if answer.status_code == 200]
    assert done(guild.get(f"/ob2/assertions/{badge['id']}"), 410)["revocationReason"] == reason


def test_an_index_that_is_taken_is_drawn_again_and_a_full_list_is_closed(guild: Guild, engine: sa.Engine) -> None:
    """Leans on the primary key of status_entry. Three in four indexes are taken, so that most awards meet one."""
    achievement = guild.achievement()
    guild.badge(achievement, recipient=guild.somebody())
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # of 98,000 badges there is nothing but their indexes
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 131071) "
            'INSERT OR IGNORE INTO status_entry (list_id, "index", holder_id, raised) '
            "SELECT list_id, i, lower(hex(randomblob(16))), 0 FROM n, (SELECT list_id FROM status_entry) WHERE i % 4"
        )
        connection.exec_driver_sql("UPDATE status_list SET taken = 98304 - 8")
        connection.invalidate()
    before = rows(engine, StatusEntry)
    for _ in range(9):
        guild.badge(achievement, recipient=guild.somebody())
    with read_session(engine) as session:
        lists = session.exec(select(StatusList).order_by(col(StatusList.taken))).all()
    assert [(status_list.taken, status_list.full) for status_list in lists] == [(1, False), (98_304, True)]
    assert rows(engine, StatusEntry) == before + 9
