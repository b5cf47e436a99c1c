"""Mail gets lost: who waits for a stranger's answer has the letter sent again, and never sees what is in it."""

from typing import Any

import pytest

from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, STRANGER, assert_replayable, by_link, link, offered, respond
from tests.stand_ins import SettableClock


def renew(circle: Circle, id: str, *, by: str | None = "ana") -> Any:
    return circle.act(id, "claim-link", by=by)


@pytest.mark.parametrize("who", ["ana", "ste", None])
def test_a_new_link_goes_out_and_the_old_one_ends(quick: Circle, clock: SettableClock, who: str | None) -> None:
    id = offered(quick, nominee=STRANGER)
    old = link(quick)
    clock.forward(hours=1)
    answer = renew(quick, id, by=who)
    done(answer, 200)
    new = link(quick)
    assert new != old
    assert new not in answer.text
    refused(by_link(quick, old), 404, "no-such-offer")
    done(by_link(quick, new), 200)
    assert quick.state(id) == "issued"
    assert_replayable(quick, id)


def test_nobody_is_written_to_more_than_once_an_hour(quick: Circle, clock: SettableClock) -> None:
    id = offered(quick, nominee=STRANGER)
    answer = renew(quick, id)
    refused(answer, 429, "too-many-letters")
    assert answer.headers["retry-after"] == "3600"
    clock.forward(hours=1)
    done(renew(quick, id), 200)
    clock.forward(minutes=59)
    refused(renew(quick, id, by="ste"), 429, "too-many-letters")


def test_only_who_is_waited_for_and_answers_by_a_link_is_sent_one(quick: Circle, clock: SettableClock) -> None:
    id = offered(quick)
    clock.forward(hours=1)
    refused(renew(quick, id), 409, "invalid-transition")
    refused(renew(quick, id, by="cy"), 403, "forbidden")
    done(respond(quick, id), 200)
    refused(renew(quick, id), 409, "invalid-transition")


@pytest.mark.parametrize("response", ["accept", "refuse"])
def test_nobody_finds_out_by_it_who_of_a_team_has_answered(circle: Circle, clock: SettableClock, response: str) -> None:
    circle.offering(**QUICK, team=True)
    id = circle.seconded("cy", nominees=["bo", STRANGER])
    clock.forward(hours=1)
    before = done(renew(circle, id), 200)
    done(by_link(circle, link(circle), response), 200)
    clock.forward(hours=1)
    after = done(renew(circle, id), 200)
    assert before["state"] == after["state"] == "offered"
    if response == "refuse":
        assert before == after
    refused(renew(circle, id), 429, "too-many-letters")
    assert [event["letters"] for event in circle.events(id) if event["type"] == "link_renewed"] == [1, 0]
