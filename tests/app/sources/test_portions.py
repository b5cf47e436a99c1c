"""What much comes of happens in portions: others have their turn between them, and who goes on does nothing twice."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.sources.turns import BEAT, LEASE
from tests.app.guild import Guild, done
from tests.app.sources.listening import Platform
from tests.app.sources.test_awards import sender, states
from tests.app.sources.test_looking import looked
from tests.app.sources.test_rules import put
from tests.app.sources.test_turns import Passing, turn
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def course(platform: Platform, achievement: str, guests: int) -> None:
    """A list of awards to so many, who have agreed to them."""
    data = {"achievement": achievement, "external_id": "course-7", "consent": "given"}
    recipients = [{"email": f"guest{number}@people.example"} for number in range(guests)]
    platform.tell([
        {"type": "award.requested", "timestamp": "2026-01-02T00:00:00Z", "data": data | {"recipient": each}}
        for each in recipients
    ])  # fmt: skip


def annul(platform: Platform, **narrower: Any) -> None:
    data = {"external_id": "course-7"} | narrower
    platform.tell(
        {"type": "award.revoke_requested", "timestamp": "2026-01-03T00:00:00Z", "data": data}, id=f"r{len(narrower)}"
    )


def counted(guild: Guild) -> Counter[str]:
    return Counter(states(guild))


def newest(platform: Platform) -> tuple[str, Counter[str]]:
    """The state of the newest delivery, and what came of it."""
    delivery = platform.deliveries()[0]
    return delivery["state"], Counter(each["did"] for each in delivery["came_to"])


@on_both_databases
def test_a_course_is_taken_back_in_portions_between_which_others_write(guild: Guild, clock: SettableClock) -> None:
    achievement: str = guild.achievement()["id"]
    platform = sender(guild, clock, achievement, consent="given")
    course(platform, achievement, guests=45)
    looked(guild)
    annul(platform, recipient={"email": "guest7@people.example"})
    looked(guild)
    assert newest(platform) == ("done", Counter(revoked=1))
    annul(platform)
    for number, revoked in enumerate((20, 40, 45)):
        over = Passing(clock(), BEAT)
        assert turn(platform, over).take() == 1
        assert counted(guild)["revoked"] in {revoked, revoked + 1}, "one of them was taken back before"
        assert newest(platform)[0] == ("waiting" if number < 2 else "done")
        guild.member(f"newcomer{number}")
    assert newest(platform) == ("done", Counter(revoked=44, duplicate=1))
    assert counted(guild) == Counter(revoked=45)


class Died(BaseException):
    """The worker is no more."""


@on_both_databases
def test_who_comes_after_a_worker_that_died_goes_on_where_it_was(guild: Guild, clock: SettableClock) -> None:
    achievement: str = guild.achievement()["id"]
    platform = sender(guild, clock, achievement, consent="given")
    course(platform, achievement, guests=5)
    first = turn(platform)
    claimed = first.claim()
    moments = list[datetime]()

    def dies_in_the_fourth(now: datetime) -> None:
        moments.append(now)
        if len(moments) == 6:  # the turn looks twice before the first
            raise Died

    with pytest.raises(Died):
        turn(platform, Passing(clock(), timedelta(0), dies_in_the_fourth)).look_into(claimed)
    assert newest(platform) == ("waiting", Counter(issued=3))
    assert turn(platform).claim() == [], "it may be alive still"
    clock.now += LEASE
    assert turn(platform).take() == 1
    assert newest(platform) == ("done", Counter(issued=5))
    assert counted(guild) == Counter(active=5)
    first.look_into(claimed)  # which was not dead at all, and comes too late
    assert newest(platform) == ("done", Counter(issued=5))
    assert counted(guild) == Counter(active=5)


def test_under_other_rules_it_is_begun_anew_and_what_has_happened_stays(guild: Guild, clock: SettableClock) -> None:
    achievement: str = guild.achievement()["id"]
    platform = sender(guild, clock, achievement, consent="given")
    course(platform, achievement, guests=3)
    assert turn(platform, Passing(clock(), BEAT)).take() == 1
    award = {
        "id": "another",
        "discussion": "https://forum.example/t/8",
        "achievement": achievement,
        "match": {"event": "award.requested"},
        "to": {"person": "$.data.recipient.email"},
        "external_id": "another",
    }
    put(guild, platform, {"award": [award]})
    looked(guild)
    state, came = newest(platform)
    assert (state, came["issued"], came["duplicate"]) == ("done", 3, 1)
    assert counted(guild)["active"] == 3


def test_what_may_not_happen_takes_nothing_of_the_rest_along(guild: Guild, clock: SettableClock) -> None:
    achievement: str = guild.achievement()["id"]
    platform = sender(guild, clock, achievement, consent="given")
    course(platform, achievement, guests=1)
    looked(guild)
    done(guild.post(guild.in_guild("archive")), 200)
    data = {"achievement": achievement, "external_id": "another", "recipient": {"email": "dee@people.example"}}
    platform.tell([
        {"type": "award.requested", "data": data},
        {"type": "award.revoke_requested", "data": {"external_id": "course-7"}},
    ], id="both")  # fmt: skip
    looked(guild)
    assert newest(platform) == ("done", Counter(refused=1, revoked=1))
    assert counted(guild) == Counter(revoked=1)
