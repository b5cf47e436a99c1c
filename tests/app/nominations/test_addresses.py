"""Who is named by an address: the same person before and after they join, and nobody learns whose address it is."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.kit.database import read_session, write_session
from app.kit.mail import Message
from app.main import _start
from app.members.tables import Address
from app.nominations import offering
from app.nominations.rules import State
from app.nominations.tables import Nominee
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.nominations.circle import STATEMENT, Circle
from tests.app.notifications.test_feed import feed, work
from tests.stand_ins import SettableClock

ADDRESS = "zed@people.example"
ZED = {"email": ADDRESS, "name": "Zed"}
ALONE: dict[str, Any] = {"min_seconds": 1, "min_tenure_days": 0, "review": {"mode": "single_steward"}}
QUICK = ALONE | {"review": {"mode": "auto_on_seconds"}}


def joined(circle: Circle, role: str = "member") -> None:
    circle.join("zed", email=ADDRESS, role=role)


def link_of(circle: Circle) -> str:
    """The link in the one letter that has yet to leave."""
    runtime = runtime_of(circle.guild)
    with write_session(runtime.engine) as session:
        [nominee] = offering.letters_due(session, limit=10)
        letter = offering.letter_of(nominee, at=runtime.installation)
    assert letter is not None
    return f"/v1/offers/{letter[1]}"


def test_a_steward_who_was_nominated_before_they_joined_does_not_decide_on_it(circle: Circle) -> None:
    circle.offering(**ALONE)
    id = circle.nomination(ZED)
    joined(circle, "steward")
    done(circle.invite(id, "cy"), 200)
    circle.second(id, "cy")
    assert circle.state(id) == "under_review"
    refused(circle.see(id, "zed"), 404, "no-such-nomination")
    refused(circle.review(id, "zed"), 404, "no-such-nomination")
    for act, body in (("hold", {"reason": "No."}), ("withdraw", {"reason": "No."})):
        refused(circle.act(id, act, body, by="zed"), 404, "no-such-nomination")
    token = circle.tokens["zed"]
    queue = done(circle.guild.get(circle.guild.in_guild("queue"), token=token), 200)
    journal = done(circle.guild.get(circle.guild.in_guild(f"audit?subject={id}"), token=token), 200)
    assert (queue["items"], journal["items"]) == ([], [])
    assert circle.review(id, "ste").is_success
    assert circle.state(id) == "offered"


def test_nor_do_lots_fall_on_them(circle: Circle) -> None:
    circle.offering(min_seconds=1, min_tenure_days=0, review={"mode": "panel", "panel_size": 3, "quorum": 1})
    id = circle.nomination(ZED)
    joined(circle, "steward")
    done(circle.invite(id, "cy"), 200)
    circle.second(id, "cy")
    assert "zed" not in circle.panel(id)
    assert len(circle.panel(id)) > 0


@pytest.mark.parametrize("seconding", ["community", "invited"])
def test_nobody_seconds_what_is_about_an_address_of_theirs(circle: Circle, seconding: str) -> None:
    circle.offering(**ALONE | {"seconding": seconding})
    id = circle.nomination(ZED)
    joined(circle)
    done(circle.invite(id, "zed"), 200)
    refused(circle.second(id, "zed"), 404, "no-such-nomination")
    assert done(circle.guild.get("/v1/me/nominations", token=circle.tokens["zed"]), 200)["items"] == []
    assert circle.state(id) == "submitted"


def test_who_may_know_of_it_sees_it_as_its_nominee(circle: Circle) -> None:
    circle.offering(**ALONE | {"nominee_visibility": "from_submission"})
    id = circle.nomination(ZED)
    joined(circle)
    seen = done(circle.see(id, "zed"), 200)
    assert (seen["relations"], seen["nominees"][0]["member"]) == (["nominee"], circle.ids["zed"])
    refused(circle.second(id, "zed"), 403, "self-second")


@pytest.mark.parametrize("by_link", [True, False])
def test_once_offered_it_is_theirs_to_answer_once_in_either_way(circle: Circle, by_link: bool) -> None:
    circle.offering(**QUICK)
    id = circle.seconded("cy", nominee=ZED)
    link = link_of(circle)
    joined(circle)
    assert done(circle.see(id, "zed"), 200)["relations"] == ["nominee"]
    answer = {"response": "accept"}
    if by_link:
        done(circle.guild.post(link, answer, token=None), 200)
        refused(circle.act(id, "response", answer, by="zed"), 409, "invalid-transition")
    else:
        done(circle.act(id, "response", answer, by="zed"), 200)
        refused(circle.guild.post(link, answer, token=None), 410, "offer-closed")
    assert done(circle.see(id, "zed"), 200)["state"] == "issued"
    about = done(circle.guild.get("/v1/me/about-me", token=circle.tokens["zed"]), 200)["items"]
    assert STATEMENT["impact"] in {passage["text"] for passage in about}


def test_what_was_offered_stays_theirs_when_their_address_becomes_another(circle: Circle) -> None:
    circle.offering(**ALONE)
    id = circle.nomination(ZED)
    joined(circle)
    done(circle.invite(id, "cy"), 200)
    circle.second(id, "cy")
    assert circle.review(id, "ste").is_success
    path = circle.guild.in_guild("members/zed")
    done(circle.guild.call("PATCH", path, {"email": "zed@new.example"}, If_Match="*"), 200)
    assert done(circle.see(id, "zed"), 200)["relations"] == ["nominee"]
    circle.join("yan", email=ADDRESS)
    refused(circle.see(id, "yan"), 404, "no-such-nomination")


def test_nobody_gets_rid_of_a_stake_by_another_address(circle: Circle) -> None:
    circle.offering(**ALONE)
    id = circle.nomination(ZED)
    joined(circle, "steward")
    done(circle.invite(id, "cy"), 200)
    circle.second(id, "cy")
    path = circle.guild.in_guild("members/zed")
    done(circle.guild.call("PATCH", path, {"email": "zed@new.example"}, If_Match="*"), 200)
    circle.join("yan", email=ADDRESS)
    refused(circle.review(id, "zed"), 404, "no-such-nomination")
    assert circle.review(id, "ste").is_success
    with write_session(runtime_of(circle.guild).engine) as session:
        assert offering.letters_due(session, limit=1) == []  # nor does whoever reads it next get their letter
    assert done(circle.see(id, "zed"), 200)["relations"] == ["nominee"]
    refused(circle.see(id, "yan"), 404, "no-such-nomination")


def test_what_they_asked_for_as_members_counts(circle: Circle) -> None:
    circle.offering(**ALONE)
    id = circle.nomination(ZED)
    circle.join("zed", email=ADDRESS, minor=True)
    done(circle.invite(id, "cy"), 200)
    circle.second(id, "cy")
    assert circle.review(id, "ste").is_success
    assert circle.state(id) == "offered"
    refused(circle.see(id, "zed"), 404, "no-such-nomination")


def test_members_from_before_their_addresses_were_found_again_are_found(circle: Circle) -> None:
    circle.offering(**ALONE)
    id = circle.nomination(ZED)
    joined(circle, "steward")
    runtime = runtime_of(circle.guild)
    with write_session(runtime.engine) as session:
        session.execute(sa.update(Address).values(key=None))
    done(circle.see(id, "zed"), 200)
    _start(runtime)
    refused(circle.see(id, "zed"), 404, "no-such-nomination")


def test_whose_an_address_is_nobody_learns_for_a_nomination(circle: Circle) -> None:
    circle.offering(**ALONE)
    joined(circle)
    of_member = done(circle.nominate(ZED), 201)
    of_stranger = done(circle.nominate({"email": "nobody@people.example", "name": "Zed"}), 201)
    told = {"member": None, "handle": None, "name": "Zed", "state": None, "credential": None}
    for made in (of_member, of_stranger):
        done(circle.invite(made["id"], "cy", "zed"), 200)
        for who in ("ana", "cy"):
            [nominee] = done(circle.see(made["id"], who), 200)["nominees"]
            assert {field: nominee[field] for field in told} == told
    changing = {"version", "id", "nominees", "row"}
    assert {k: v for k, v in of_member.items() if k not in changing} == {
        k: v for k, v in of_stranger.items() if k not in changing
    }
    assert done(circle.see(of_member["id"], "ste"), 200)["nominees"][0]["member"] == circle.ids["zed"]


def test_their_name_is_kept_from_whoever_nominated_them_once_they_refused_as_when_they_were_silent(
    circle: Circle, clock: SettableClock
) -> None:
    circle.offering(**QUICK)
    refusing = circle.seconded("cy", nominee=ZED)
    done(circle.guild.post(link_of(circle), {"response": "refuse"}, token=None), 200)
    silent = circle.seconded("cy", nominee=ZED | {"email": "nobody@people.example"})

    def told() -> list[tuple[str, str | None]]:
        seen = [done(circle.see(id, "ana"), 200) for id in (refusing, silent)]
        return [(each["state"], each["nominees"][0]["name"]) for each in seen]

    assert told() == [("closed", None), ("offered", "Zed")]
    clock.forward(days=60)
    assert told() == [("closed", None), ("closed", None)]


def test_nor_that_who_has_it_has_left(circle: Circle) -> None:
    circle.offering(**ALONE)
    joined(circle)
    done(circle.guild.post(circle.guild.in_guild("members/zed/leave")), 200)
    refused(circle.nominate("zed"), 409, "departed")
    done(circle.nominate(ZED), 201)


def test_nor_that_it_is_a_teammates_who_is_asked_once(circle: Circle) -> None:
    circle.offering(**QUICK | {"team": True})
    joined(circle)
    refused(circle.nominate(nominees=[ZED, ZED]), 422, "invalid")
    refused(circle.nominate(nominees=["zed", circle.ids["zed"]]), 422, "invalid")
    id = circle.seconded("cy", nominees=["zed", ZED])
    done(circle.act(id, "response", {"response": "accept"}, by="zed"), 200)
    with read_session(runtime_of(circle.guild).engine) as session:
        rows = session.exec(select(Nominee)).all()
    # The second is an offer that nobody answers, so that the nominator does not learn whose the address is.
    assert {row.by_address: row.state for row in rows} == {False: State.issued, True: State.offered}


def test_whoever_turns_out_to_have_two_addresses_of_a_team_is_asked_once(circle: Circle) -> None:
    team: dict[str, Any] = QUICK | {"team": True}
    both = [ZED, {"email": "zed@second.example"}]
    circle.offering(**team)
    joined(circle)
    id = circle.nomination(nominees=both)
    token = circle.tokens["zed"]
    done(circle.guild.post("/v1/me/emails", {"email": "zed@second.example"}, token=token), 201)
    done(circle.guild.post(f"/v1/emails/{address_link(circle.guild)}", token=None), 200)
    done(circle.invite(id, "cy"), 200)
    circle.second(id, "cy")
    done(circle.act(id, "response", {"response": "accept"}, by="zed"), 200)
    with read_session(runtime_of(circle.guild).engine) as session:
        assert sorted(session.exec(select(Nominee.state)).all(), key=str) == [State.issued, State.offered]
    circle.offering(**team)
    done(circle.nominate(nominees=both), 201)
    refused(circle.nominate("zed"), 409, "already-nominated")


def test_letters_and_their_renewal_are_the_same_for_members_and_strangers(circle: Circle) -> None:
    circle.offering(**QUICK)
    joined(circle)
    for address in (ADDRESS, "nobody@people.example"):
        id = circle.seconded("cy", nominee={"email": address})
        refused(circle.act(id, "claim-link", by="ana"), 429, "too-many-letters")


def test_a_member_is_asked_once_by_a_letter_to_that_address(circle: Circle, mails: list[Message]) -> None:
    circle.offering(**QUICK)
    joined(circle)
    circle.seconded("cy", nominee=ZED)
    work(circle.guild)
    asked = [mail for mail in mails if mail.to == ADDRESS and "would like to thank you" in mail.subject + mail.body]
    assert ["/offers/" in mail.body for mail in asked] == [True]
    assert feed(circle.guild, circle.tokens["zed"])[0]["type"] == "nomination.offered"


def test_ones_own_address_is_oneself(circle: Circle) -> None:
    circle.offering(**ALONE)
    joined(circle)
    refused(circle.nominate(ZED, by="zed"), 403, "self-nomination")


def test_once_accepted_it_is_said_who_it_was(circle: Circle) -> None:
    circle.offering(**QUICK)
    joined(circle)
    id = circle.seconded("cy", nominee=ZED)
    assert done(circle.see(id, "ana"), 200)["nominees"][0]["handle"] is None
    done(circle.act(id, "response", {"response": "accept"}, by="zed"), 200)
    assert done(circle.see(id, "ana"), 200)["nominees"][0]["handle"] == "zed"
