"""A nominee has their badge say it otherwise, once somebody else has agreed; and nobody consents to words unread."""

from typing import Any

import pytest

from tests.app.credentials.test_once import at_once
from tests.app.guild import done, refused
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import (
    QUICK,
    assert_replayable,
    offer,
    offered,
    respond,
    signed,
    team,
)
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

WORDS = "Opened the Tuesday table. Others stacked the chairs."


def propose(circle: Circle, id: str, text: str = WORDS, *, by: str = "bo") -> Any:
    return circle.act(id, "narrative", {"text": text}, by=by)


def agree(circle: Circle, id: str, *, by: str | None = "ana", agree: bool = True) -> Any:
    return circle.act(id, "narrative/agreement", {"agree": agree}, by=by)


@pytest.mark.parametrize("who", ["ana", "ste", None])
def test_agreed_words_are_what_the_badge_says(quick: Circle, who: str | None) -> None:
    id = offered(quick)
    read = done(offer(quick, id), 200)
    done(propose(quick, id), 200)
    assert done(offer(quick, id), 200)["narrative_proposed"] == WORDS
    assert done(offer(quick, id), 200)["narrative"] == read["narrative"]
    assert done(quick.see(id, who), 200)["narrative_proposed"] == WORDS
    done(agree(quick, id, by=who), 200)
    new = done(offer(quick, id), 200)
    assert (new["narrative"], new["narrative_proposed"]) == (WORDS, None)
    assert new["text_version"] == read["text_version"] + 1
    refused(respond(quick, id, text_version=read["text_version"]), 409, "text-changed")
    done(respond(quick, id, text_version=new["text_version"]), 200)
    assert signed(quick, id)["credentialSubject"]["narrative"] == WORDS
    assert_replayable(quick, id)


def test_words_that_nobody_agrees_to_are_not_said(quick: Circle) -> None:
    id = offered(quick)
    read = done(offer(quick, id), 200)
    done(propose(quick, id), 200)
    done(agree(quick, id, agree=False), 200)
    refused(agree(quick, id), 409, "nothing-proposed")
    assert done(offer(quick, id), 200) == read
    done(respond(quick, id, text_version=read["text_version"]), 200)
    assert WORDS not in str(signed(quick, id))


def test_who_waits_for_no_answer_is_offered_what_was_there_before(quick: Circle) -> None:
    id = offered(quick)
    done(propose(quick, id), 200)
    done(respond(quick, id), 200)
    assert WORDS not in str(signed(quick, id))
    refused(agree(quick, id), 409, "invalid-transition")


def test_nobody_agrees_to_their_own_words_and_nobody_else_proposes_or_reads_them(quick: Circle) -> None:
    id = offered(quick)
    refused(propose(quick, id, by="ana"), 403, "not-yours-to-answer")
    done(propose(quick, id), 200)
    refused(agree(quick, id, by="bo"), 403, "forbidden")
    refused(agree(quick, id, by="cy"), 403, "forbidden")
    assert done(quick.see(id, "cy"), 200)["narrative_proposed"] is None
    refused(agree(quick, id, by="eli"), 404, "no-such-nomination")


def test_who_nominated_themselves_does_not_agree_with_themselves(quick: Circle) -> None:
    quick.offering(**QUICK, self_nomination="allowed")
    id = quick.seconded("cy", nominee="ana")
    done(propose(quick, id, by="ana"), 200)
    refused(agree(quick, id), 403, "forbidden")
    done(agree(quick, id, by="ste"), 200)


def test_of_a_team_who_has_answered_keeps_what_they_consented_to(quick: Circle) -> None:
    id = team(quick)
    done(respond(quick, id), 200)
    first = done(quick.guild.get("/v1/credentials", token=quick.tokens["bo"]), 200)["items"][0]
    refused(propose(quick, id), 409, "invalid-transition")
    done(propose(quick, id, by="eli"), 200)
    done(agree(quick, id), 200)
    for who in ("eli", "dee"):
        read = done(offer(quick, id, by=who), 200)
        assert read["narrative"] == WORDS
        problem = refused(respond(quick, id, by=who), 409, "text-changed")
        assert f"version {read['text_version']}" in problem["detail"]
        done(respond(quick, id, by=who, digest=read["digest"]), 200)
    kept = done(offer(quick, id), 200)
    assert (kept["narrative"], kept["text_version"]) == (first["narrative"], 1)
    told = {who: done(quick.guild.get("/v1/credentials", token=quick.tokens[who]), 200)["items"][0]["narrative"]
            for who in ("bo", "eli", "dee")}  # fmt: skip
    assert told == {"bo": first["narrative"], "eli": WORDS, "dee": WORDS}


def test_it_is_too_late_once_the_offer_has_ended(quick: Circle, clock: SettableClock) -> None:
    id = offered(quick)
    done(propose(quick, id), 200)
    clock.forward(days=60)
    refused(propose(quick, id), 404, "no-such-nomination")
    refused(agree(quick, id), 409, "invalid-transition")


def test_who_refuses_need_not_have_read_what_was_agreed_on(quick: Circle) -> None:
    id = offered(quick)
    done(propose(quick, id), 200)
    done(agree(quick, id), 200)
    done(respond(quick, id, response="refuse"), 200)


@on_both_databases
def test_of_agreement_and_acceptance_at_once_nobody_consents_to_words_unread(quick: Circle) -> None:
    """Leans on the lock on the nomination's row, under which the text that was read is compared."""
    id = offered(quick)
    read = done(offer(quick, id), 200)
    done(propose(quick, id), 200)
    answers = at_once(
        12,
        lambda n: agree(quick, id, by="ste") if n % 3 == 0 else respond(quick, id, text_version=read["text_version"]),
    )
    assert [answer.status_code for answer in answers].count(200) == 1, [answer.text for answer in answers]
    if quick.state(id) == "issued":
        assert signed(quick, id)["credentialSubject"]["narrative"] == read["narrative"]
    else:
        refused(respond(quick, id), 409, "text-changed")
        done(respond(quick, id, text_version=read["text_version"] + 1), 200)
        assert signed(quick, id)["credentialSubject"]["narrative"] == WORDS
    assert_replayable(quick, id)
