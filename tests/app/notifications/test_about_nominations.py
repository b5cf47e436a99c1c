"""People hear of nominations what they may know, when it concerns them, and nobody else hears anything."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.kit.mail import Message
from app.notifications.rules import HEARS, hearing
from app.notifications.wording import SAYS
from tests.app.guild import Guild, done, refused
from tests.app.nominations.circle import LONG_AGO, STATEMENT, Circle
from tests.app.nominations.offers import QUICK
from tests.app.notifications.hearers import PEOPLE, STEWARDS, address, settle
from tests.app.notifications.test_feed import feed
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def told(circle: Circle, handle: str) -> list[tuple[str, str]]:
    """What somebody's feed says of nominations, oldest first."""
    items = [item for item in feed(circle.guild, circle.tokens[handle]) if item["type"].startswith("nomination.")]
    return [(item["type"].removeprefix("nomination."), item["text"]) for item in reversed(items)]


def heard(circle: Circle, *handles: str) -> dict[str, list[str]]:
    """The types alone, of each."""
    return {handle: [type for type, _ in told(circle, handle)] for handle in handles}


def subjects(mails: list[Message], handle: str) -> list[str]:
    return [mail.subject for mail in mails if mail.to == address(handle)]


def respond(circle: Circle, id: str, response: str, **more: Any) -> None:
    done(circle.act(id, "response", {"response": response} | more, by="bo"), 200)


def test_there_are_words_for_everything_that_is_told() -> None:
    told = {(type, part) for type, parts in HEARS.items() for part in parts if type.startswith("nomination.")}
    assert {(f"nomination.{type}", part) for type, part in SAYS} == told - {("nomination.suggested", "thanker")}


def test_how_an_offer_ended_is_told_in_one_way() -> None:
    closed = [("nominator", "nomination.closed")]
    assert hearing("nomination.refused", {"from": "offered"}) == closed
    assert hearing("nomination.closed", {"from": "approved"}) == closed
    assert hearing("nomination.expired", {"from": "offered"}) == closed
    assert hearing("nomination.expired", {"from": "submitted"}) == [("nominator", "nomination.expired")]


@on_both_databases
def test_each_hears_their_part_of_a_nomination_that_a_panel_weighs(circle: Circle, mails: list[Message]) -> None:
    id = circle.nomination()
    settle(circle)
    assert [heard(circle, handle)[handle] for handle in (*PEOPLE, *STEWARDS)] == [[]] * 5 + [["submitted"]] * 2
    for handle in ("cy", "dee"):
        done(circle.invite(id, handle), 200)
        settle(circle)
        assert heard(circle, handle) == {handle: ["invited"]}
        circle.second(id, handle)
    settle(circle)
    assert [text for _, text in told(circle, "ana")] == [
        "Cy stands behind your nomination of Bo for “Session Host”.",
        "Dee stands behind your nomination of Bo for “Session Host”.",
        "Your nomination of Bo for “Session Host” is being weighed.",
    ]
    panel = circle.panel(id)
    for handle in panel:
        (what, text) = told(circle, handle)[-1]
        assert what == "review_started"
        assert re.fullmatch(r"You were drawn to weigh the nomination of Bo for “Session Host”, until .* 20\d\d\.", text)
        assert subjects(mails, handle)[-1] == text
    for handle in panel:
        circle.review(id, handle, "not_yet")
    settle(circle)
    assert re.fullmatch(
        r"Your nomination of Bo for “Session Host” is not there yet. The feedback says what would help, and when "
        r"to try again. You may appeal once, until .* 20\d\d\.",
        told(circle, "ana")[-1][1],
    )
    (mail,) = (mail for mail in mails if mail.subject == told(circle, "ana")[-1][1])
    assert f'POST /v1/nominations/{id}/appeals {{"argument": "…"}}' in mail.body
    assert done(circle.see(id, "ana"), 200)["decision"]["appeal_until"]
    assert told(circle, "bo") == []
    assert not [mail for mail in mails if mail.to == address("bo") and "nominat" in mail.body]
    assert not [mail for mail in mails if re.search("|".join(STATEMENT.values()), mail.body)]


def unknowing(circle: Circle, id: str) -> list[str]:
    """Those for whom there is no such nomination."""
    return [handle for handle in circle.tokens if circle.see(id, handle).status_code == 404]


STEPS: list[Callable[[Circle, str], Any]] = [
    lambda circle, which: circle.act(which, "submit", by="ana"),
    lambda circle, which: circle.invite(which, "cy"),
    lambda circle, which: circle.second(which, "cy"),
    lambda circle, which: circle.act(which, "hold", {"reason": "Let me look."}, by="sol"),
    lambda circle, which: circle.act(which, "release", by="sol"),
    lambda circle, which: circle.invite(which, "dee"),
    lambda circle, which: circle.act(which, "reports", {"category": "spam", "text": "Is this one real?"}, by="dee"),
    lambda circle, which: circle.act(which, "release", by="sol"),
    lambda circle, which: circle.second(which, "dee"),
    lambda circle, which: circle.act(which, "reports", {"category": "other", "text": "I wonder still."}, by="cy"),
    lambda circle, which: circle.act(which, "release", by=None),
    lambda circle, which: [circle.review(which, handle) for handle in circle.panel(which)],
]


@pytest.mark.parametrize("nominee", ["bo", "ste"])
def test_whoever_may_not_see_it_hears_nothing_after_any_step(
    circle: Circle, mails: list[Message], nominee: str, clock: SettableClock
) -> None:
    """Nominees before the offer, outsiders, and a steward who is the nominee."""
    circle.join("out", joined_at=LONG_AGO, email=address("out"))
    id = circle.nomination(nominee, submit=False)
    for step in STEPS:
        assert nominee in unknowing(circle, id)
        step(circle, id)
        clock.forward(hours=1)
        before = len(mails)
        settle(circle)
        hidden = unknowing(circle, id)
        assert [handle for handle in hidden if told(circle, handle)] == []
        reached = {mail.to for mail in mails[before:] if "nominat" in mail.body}
        assert reached & {address(handle) for handle in hidden} == set()
    assert circle.state(id) == "offered"
    assert heard(circle, nominee)[nominee] == ["offered"]


@on_both_databases
def test_an_offer_is_mailed_without_a_word_of_what_it_is(circle: Circle, mails: list[Message]) -> None:
    id = circle.offering(**QUICK).seconded("cy")
    settle(circle)
    (mail,) = (mail for mail in mails if mail.to == address("bo") and "/offers/" in mail.body)
    assert mail.subject == "Somebody would like to thank you."
    assert mail.body.startswith(
        "Hello Bo,\n\nSomebody would like to thank you.\n"
        "Read it and answer it here, with no token; this link is yours alone:\nhttp://127.0.0.1:8000/offers/"
    )
    assert not re.search("Ana|Cy|Session Host|Tuesday", mail.body)
    [item] = [item for item in feed(circle.guild, circle.tokens["bo"]) if item["type"] == "nomination.offered"]
    assert item["link"] == f"http://127.0.0.1:8000/v1/nominations/{id}/offer"
    done(circle.guild.get(item["link"].removeprefix("http://127.0.0.1:8000"), token=circle.tokens["bo"]), 200)
    respond(circle, id, "accept")
    assert told(circle, "bo") == [("offered", "Somebody wanted to thank you.")]


@pytest.mark.parametrize(
    ("act", "heard_last"),
    [
        ("release", ("released", "Somebody has looked at what you reported, and lets it go on.")),
        ("withdraw", ("withdrawn", "What you reported was withdrawn.")),
    ],
)
def test_a_nominee_who_reported_it_hears_what_came_of_it(
    circle: Circle, mails: list[Message], act: str, heard_last: tuple[str, str]
) -> None:
    id = circle.offering(**QUICK).seconded("cy")
    done(circle.act(id, "reports", {"category": "harassment", "text": "This is a taunt."}, by="bo"), 201)
    settle(circle)
    done(circle.act(id, act, {"reason": "It was one."} if act == "withdraw" else None, by="ste"), 200)
    settle(circle)
    assert heard_last in told(circle, "bo")
    bodies = [mail.body for mail in mails if mail.to == address("bo") and heard_last[1] in mail.body]
    assert len(bodies) == 1
    assert not re.search("Ana|Cy|Session Host|taunt", bodies[0])
    assert heard_last[1] not in {text for who in ("ana", "cy") for _, text in told(circle, who)}


def test_while_an_offer_is_held_its_nominee_hears_nothing_of_it(circle: Circle, mails: list[Message]) -> None:
    id = circle.offering(**QUICK).seconded("cy")
    done(circle.act(id, "reports", {"category": "harassment", "text": "This is a taunt."}, by="cy"), 201)
    settle(circle)
    assert told(circle, "bo") == []
    assert "Somebody would like to thank you." not in subjects(mails, "bo")
    assert heard(circle, "ste")["ste"] == ["submitted", "held"]
    assert "held" not in heard(circle, "ana")["ana"]
    done(circle.act(id, "release", by="ste"), 200)
    settle(circle)
    assert set(told(circle, "bo")) == {("offered", "Somebody would like to thank you.")}
    assert subjects(mails, "bo").count("Somebody would like to thank you.") == 1


def test_nobody_can_tell_a_refusal_from_an_offer_that_nobody_answered(circle: Circle, clock: SettableClock) -> None:
    circle.offering(**QUICK)
    refused_one, ignored = circle.seconded("cy"), circle.seconded("cy", nominee="dee")
    respond(circle, refused_one, "refuse")
    clock.forward(days=61)
    settle(circle)
    assert circle.state(refused_one) == "refused"
    assert circle.state(ignored) == "expired"
    closed = [text for type, text in told(circle, "ana") if type == "closed"]
    assert sorted(closed) == [
        "Your nomination of Bo for “Session Host” is closed. Thank you for making it.",
        "Your nomination of Dee for “Session Host” is closed. Thank you for making it.",
    ]
    assert not {"refused", "expired"} & {*heard(circle, "ana")["ana"], *heard(circle, "cy")["cy"]}


@pytest.mark.parametrize(
    ("visibility", "said"),
    [
        ("community", "Bo accepted “Session Host”, for which you proposed them. Thank you for seeing it."),
        ("private", "What you proposed was accepted. Thank you for seeing it."),
    ],
)
def test_that_it_was_accepted_names_only_who_wants_to_be_named(circle: Circle, visibility: str, said: str) -> None:
    id = circle.offering(**QUICK).seconded("cy")
    respond(circle, id, "accept", visibility=visibility)
    settle(circle)
    assert told(circle, "ana")[-1] == ("issued", said)
    assert ("Bo" in told(circle, "cy")[-1][1]) is (visibility == "community")
    assert "issued" not in heard(circle, "bo")["bo"]


def test_who_is_waited_for_is_reminded_until_it_is_done(circle: Circle, clock: SettableClock) -> None:
    id = circle.under_review()
    first, *others = circle.panel(id)
    circle.review(id, first)
    clock.forward(days=17)
    settle(circle)
    assert "reminded" not in heard(circle, first)[first]
    assert all("reminded" in heard(circle, other)[other] for other in others)
    circle.review(id, others[0], "not_yet")
    assert "reminded" not in heard(circle, others[0])[others[0]]
    assert "reminded" not in heard(circle, "bo")["bo"] + heard(circle, "ana")["ana"]


def test_a_nominator_is_reminded_of_seconds_and_a_nominee_of_an_offer(circle: Circle, clock: SettableClock) -> None:
    circle.nomination("dee")
    circle.offering(**QUICK).seconded("cy")
    clock.forward(days=49)
    settle(circle)
    assert "expired" in heard(circle, "ana")["ana"]
    assert told(circle, "bo")[-1] == ("reminded", "Somebody would like to thank you, and waits for your answer.")
    circle.offering().nomination("eli")
    clock.forward(days=24)
    settle(circle)
    text = told(circle, "ana")[-1][1]
    assert text.startswith("Your nomination of Eli for “Session Host” waits for something from you, until ")


def test_stewards_without_a_stake_hear_what_they_have_to_see_to(circle: Circle) -> None:
    id = circle.nomination(by="ste")
    done(circle.act(id, "hold", {"reason": "Let me look."}, by="sol"), 200)
    done(circle.act(id, "reports", {"category": "spam", "text": "Is this one real?"}, by="ste"), 201)
    settle(circle)
    assert heard(circle, "ste", "sol") == {"ste": [], "sol": ["submitted", "reported"]}


def test_stewards_are_mailed_what_there_is_to_do_and_a_nominator_why_it_was_withdrawn(
    circle: Circle, mails: list[Message]
) -> None:
    id = circle.nomination()
    done(circle.act(id, "reports", {"category": "spam", "text": "Is this one real?"}, by="ana"), 201)
    settle(circle)
    held = "The nomination of Bo for “Session Host” is held until a steward has looked at it."
    assert subjects(mails, "sol")[1:] == [held]
    done(circle.act(id, "withdraw", {"reason": "Bo asked for it."}, by="sol"), 200)
    settle(circle)
    (mail,) = (mail for mail in mails if mail.subject == "Your nomination of Bo for “Session Host” was withdrawn.")
    assert "“Bo asked for it.”" in mail.body
    seen = {handle: done(circle.see(id, handle), 200)["withdrawn_because"] for handle in ("ana", "sol")}
    assert set(seen.values()) == {"Bo asked for it."}


def test_a_nominator_is_told_of_an_objection_and_how_to_answer_it(circle: Circle, mails: list[Message]) -> None:
    id = circle.under_review()
    body = {"reason": "These were two evenings."}
    objection = done(circle.act(id, "objections", body, by=circle.panel(id)[0]), 201)["id"]
    settle(circle)
    text = told(circle, "ana")[-1][1]
    assert text.startswith("Somebody who weighs your nomination of Bo for “Session Host” objects to it. You can answer")
    (mail,) = (mail for mail in mails if mail.subject == text)
    assert f"/v1/nominations/{id}/objections/{objection}/answer" in mail.body


def test_who_has_left_hears_nothing_more(circle: Circle, mails: list[Message]) -> None:
    circle.seconded("cy")
    done(circle.guild.post(circle.guild.in_guild("members/ana/leave")), 200)
    before = len(mails)
    settle(circle)
    assert address("ana") not in {mail.to for mail in mails[before:]}


def test_one_mail_a_week_holds_all_but_what_is_muted(
    circle: Circle, mails: list[Message], clock: SettableClock
) -> None:
    choice = {"email": "digest", "digest_day": "monday", "muted": ["nomination.review_started"]}
    done(circle.guild.call("PUT", "/v1/me/notifications", choice, token=circle.tokens["ana"]), 200)
    circle.under_review()
    settle(circle)
    assert heard(circle, "ana")["ana"] == ["seconded", "seconded"]
    before = len(mails)
    clock.forward(days=7)
    settle(circle)
    (digest,) = (mail for mail in mails[before:] if mail.to == address("ana"))
    assert digest.body.count("stands behind your nomination of Bo") == 2
    assert "is being weighed" not in digest.body


def test_who_stood_behind_it_before_the_mail_left_is_not_told_that_it_is_over(
    circle: Circle, mails: list[Message]
) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    done(circle.invite(id, "dee"), 200)
    done(circle.invite(id, "eli"), 200)
    for handle in ("cy", "dee"):
        circle.second(id, handle)
    settle(circle)
    assert circle.state(id) == "under_review"
    for handle in ("cy", "dee"):
        assert (heard(circle, handle)[handle], subjects(mails, handle)[1:]) == ([], [])
    assert told(circle, "eli")[0] == (
        "invited",
        "You were asked to stand behind a nomination; it is no longer open for that.",
    )


def test_who_is_asked_is_told_the_call_that_answers(circle: Circle, mails: list[Message]) -> None:
    id = circle.nomination()
    done(circle.invite(id, "cy"), 200)
    settle(circle)
    mail = [mail for mail in mails if mail.to == address("cy")][-1]
    call = re.search(r"POST (\S+) (\{.*\})", mail.body)
    assert call is not None
    reason = json.loads(call[2]) | {"reason": "I saw them host every Tuesday of the winter."}
    done(circle.guild.post(call[1], reason, token=circle.tokens["cy"]), 200)


def test_stewards_who_all_have_a_stake_in_it_hear_whom_to_ask(guild: Guild, mails: list[Message]) -> None:
    small = Circle(guild).join("ana", "cy", "dee").join("sol", role="steward").offering()
    small.join("ste", role="steward", email=address("ste"))
    id = small.seconded("cy", "ste", nominee="sol")
    settle(small)
    what, text = told(small, "ste")[-1]
    assert what == "escalated"
    assert text.endswith("Ask whoever runs this installation to appoint a reviewer.")
    assert text in [mail.body for mail in mails if mail.to == address("ste")][-1]
    assert heard(small, "sol", "dee") == {"sol": [], "dee": []}
    assert done(small.see(id, "ana"), 200)["waiting_for_reviewer"]
    problem = refused(small.act(id, "reviewers", {"member": "dee"}, by="ste"), 403, "forbidden")
    assert "whoever runs this installation" in problem["fix"]
    assert "a guest from another community" in problem["fix"]


def test_whom_a_steward_appoints_hears_of_it_once_there_is_something_to_weigh(
    guild: Guild, mails: list[Message]
) -> None:
    house = {"affiliation": "River Co-op"}
    small = Circle(guild).join("ana", "cy", "dee").join("bo", "gus", **house).join("ste", role="steward")
    small.join("fay", email=address("fay"), **house).offering(review={"panel_size": 2, "quorum": 2})
    id = small.seconded("cy", "dee")
    settle(small)
    assert heard(small, "fay", "ste") == {"fay": [], "ste": ["submitted", "escalated"]}
    appointed = small.act(id, "reviewers", {"member": "fay", "disclose": ["affiliation"]}, by="ste")
    assert done(appointed, 200)["state"] == "under_review"
    settle(small)
    ((what, text),) = told(small, "fay")
    assert what == "review_started"
    assert text.startswith("A steward asks you to weigh the nomination of Bo for “Session Host”, until ")
    assert subjects(mails, "fay")[-1] == text


def test_nobody_else_reads_an_item_of_a_nomination(circle: Circle) -> None:
    circle.nomination()
    settle(circle)
    (item, *_) = feed(circle.guild, circle.tokens["ste"])
    refused(circle.guild.get(f"/v1/me/feed/{item['id']}", token=circle.tokens["bo"]), 404, "no-such-item")
