"""How often and how soon somebody may nominate."""

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.stand_ins import SettableClock

MANY = {"open_per_nominator": 100}


def test_the_eleventh_within_thirty_days_waits(circle: Circle, clock: SettableClock) -> None:
    circle.offering(limits=MANY)
    for number in range(10):
        done(circle.nominate({"email": f"p{number}@people.example"}), 201)
        clock.forward(hours=1)
    answer = circle.nominate({"email": "p10@people.example"})
    refused(answer, 429, "too-many-nominations")
    wait = int(answer.headers["retry-after"])
    assert wait == 30 * 86_400 - 10 * 3600
    clock.forward(seconds=wait - 1)
    refused(circle.nominate({"email": "p10@people.example"}), 429, "too-many-nominations")
    clock.forward(seconds=1)
    done(circle.nominate({"email": "p10@people.example"}), 201)


def test_the_sixth_open_one_waits(circle: Circle) -> None:
    ids = [circle.nomination({"email": f"p{number}@people.example"}) for number in range(5)]
    answer = circle.nominate({"email": "p5@people.example"})
    refused(answer, 429, "too-many-nominations")
    assert int(answer.headers["retry-after"]) > 0
    done(circle.act(ids[0], "withdraw", by="ana"), 200)
    done(circle.nominate({"email": "p5@people.example"}), 201)


def test_the_twenty_first_draft_waits(circle: Circle) -> None:
    for number in range(20):
        circle.nomination({"email": f"p{number}@people.example"}, submit=False)
    refused(circle.nominate({"email": "p20@people.example"}, submit=False), 429, "too-many-nominations")


def test_limits_are_each_persons_own(circle: Circle) -> None:
    circle.offering(limits={"open_per_nominator": 1})
    circle.nomination()
    refused(circle.nominate("dee"), 429, "too-many-nominations")
    done(circle.nominate("dee", by="cy"), 201)
