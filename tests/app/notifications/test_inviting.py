"""Whoever was nominated by an address is written to, once, while their answer is waited for."""

import re

from app.kit.mail import Message
from app.notifications.inviting import send_offers
from tests.app.guild import done
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK
from tests.app.notifications.hearers import settle
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


@on_both_databases
def test_a_stranger_is_written_to_once_with_a_link_that_answers_once(circle: Circle, mails: list[Message]) -> None:
    circle.offering(**QUICK).seconded("cy", nominee={"email": "zed@guests.example", "name": "Zed"})
    settle(circle)
    settle(circle)
    (letter,) = (mail for mail in mails if mail.to == "zed@guests.example")
    assert letter.subject == "The guild of makers would like to thank you"
    assert not re.search("Ana|Cy|Tuesday", letter.body)
    (page,) = re.findall(r"http://127.0.0.1:8000(/offers/\S+)", letter.body)
    path = f"/v1{page}"
    done(circle.guild.get(path), 200)
    assert done(circle.guild.post(path, {"response": "accept"}, token=None), 200)["state"] == "issued"
    assert circle.guild.post(path, {"response": "accept"}, token=None).status_code in {404, 409, 410}


def test_a_stranger_hears_nothing_of_what_is_held(circle: Circle, mails: list[Message]) -> None:
    id = circle.offering(**QUICK).seconded("cy", nominee={"email": "zed@guests.example", "name": "Zed"})
    done(circle.act(id, "hold", {"reason": "Let me look."}, by="ste"), 200)
    settle(circle)
    assert "zed@guests.example" not in {mail.to for mail in mails}
    done(circle.act(id, "release", by="ste"), 200)
    settle(circle)
    assert [mail.to for mail in mails].count("zed@guests.example") == 1


def test_a_letter_that_waits_does_not_leave_while_its_nomination_is_held(
    circle: Circle, mails: list[Message], clock: SettableClock
) -> None:
    id = circle.offering(**QUICK).seconded("cy", nominee={"email": "zed@guests.example", "name": "Zed"})
    runtime = runtime_of(circle.guild)
    assert send_offers(runtime, clock()) == 1  # it is in the queue
    done(circle.act(id, "hold", {"reason": "Let me look."}, by="ste"), 200)
    for _ in range(9):
        settle(circle)
        clock.forward(hours=1)
    assert "zed@guests.example" not in {mail.to for mail in mails}
    done(circle.act(id, "release", by="ste"), 200)
    clock.forward(hours=1)
    settle(circle)
    assert [mail.to for mail in mails].count("zed@guests.example") == 1


def test_a_letter_that_waits_does_not_leave_once_its_nomination_is_over(
    circle: Circle, mails: list[Message], clock: SettableClock
) -> None:
    id = circle.offering(**QUICK).seconded("cy", nominee={"email": "zed@guests.example", "name": "Zed"})
    assert send_offers(runtime_of(circle.guild), clock()) == 1
    done(circle.act(id, "hold", {"reason": "Let me look."}, by="ste"), 200)
    done(circle.act(id, "withdraw", {"reason": "It was a taunt."}, by="ste"), 200)
    settle(circle)
    assert "zed@guests.example" not in {mail.to for mail in mails}
