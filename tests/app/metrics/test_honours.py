"""What became of nominations, thanks and awards, each done through the door and read as columns."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from app.metrics.facts import NEVER, Facts, Path
from app.metrics.periods import instant
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.metrics.test_loading import account, loaded
from tests.app.milestones.path import Path as Way
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import QUICK, credential_of, respond
from tests.app.stories.routes import taken_up
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def circle(guild: Guild) -> Circle:
    """Ana nominates or thanks, Bo is whom it is about."""
    return Circle(guild).join("ana", "bo", "cy", "dee").offering(**QUICK)


def row(facts: Facts, member: str) -> int:
    return facts.ids.index(UUID(member))


def given(facts: Facts, circle: Circle) -> list[tuple[str, Path, tuple[bool, ...], set[str]]]:
    """Of each recognition: to whom, how, whether it was accepted, refused, issued and revoked, and by whom."""
    handles = {row(facts, id): handle for handle, id in circle.ids.items()}
    table, found = facts.recognitions, []
    for number in range(len(table)):
        steps = (table.accepted, table.refused, table.issued, table.revoked)
        givers = facts.gives.giver[facts.gives.recognition == number].tolist()
        found.append(
            (
                handles[int(table.receiver[number])],
                Path(int(table.path[number])),
                tuple(bool(step[number] < NEVER) for step in steps),
                {handles[giver] for giver in givers},
            )
        )
    return found


def thanks(circle: Circle, giver: str, to: str, **more: Any) -> dict[str, Any]:
    body = {"to": to, "text": "Thank you for the chairs.", "contribution_type": "hosting"} | more
    guild = circle.guild
    return done(guild.post(guild.in_guild("thanks"), body, token=circle.tokens[giver]), 201)


YES, NO, OPEN, TAKEN_BACK = (
    (True, False, True, False),
    (False, True, False, False),
    (False, False, False, False),
    (True, False, True, True),
)
"""Accepted, refused, issued, revoked."""
ARRIVED, WITHDRAWN = (True, False, False, False), (True, False, False, True)
"""Of thanks, which are not issued."""


@on_both_databases
def test_a_nomination_is_given_by_its_nominator_and_all_who_seconded(circle: Circle) -> None:
    circle.offering(**QUICK | {"min_seconds": 2})
    id = circle.seconded("cy", "dee")
    assert given(loaded(circle.guild), circle) == [("bo", Path.nomination, OPEN, {"ana", "cy", "dee"})]
    respond(circle, id)
    facts = loaded(circle.guild)
    assert given(facts, circle) == [("bo", Path.nomination, YES, {"ana", "cy", "dee"})]
    assert facts.decisions.nominee.tolist() == [row(facts, circle.ids["bo"])]
    assert facts.decisions.approved.tolist() == [1]


def test_a_nomination_without_decision_is_no_recognition(circle: Circle) -> None:
    circle.nomination()
    facts = loaded(circle.guild)
    assert (len(facts.recognitions), len(facts.decisions)) == (0, 0)


def test_what_was_refused_is_told_as_that_once(circle: Circle) -> None:
    respond(circle, circle.seconded("cy"), response="refuse")
    assert given(loaded(circle.guild), circle) == [("bo", Path.nomination, NO, {"ana", "cy"})]


def test_a_badge_that_was_revoked_was_accepted_before(circle: Circle, clock: SettableClock) -> None:
    id = circle.seconded("cy")
    respond(circle, id)
    clock.forward(days=1)
    badge = credential_of(circle, id)
    done(circle.guild.post(f"/v1/credentials/{badge}/revoke", {"reason": "By mistake."}), 200)
    facts = loaded(circle.guild)
    assert given(facts, circle) == [("bo", Path.nomination, TAKEN_BACK, {"ana", "cy"})]
    assert facts.recognitions.revoked[0] > facts.recognitions.accepted[0]


def test_thanks_are_recognitions_until_they_are_taken_back(circle: Circle) -> None:
    one = thanks(circle, "ana", "bo")
    facts = loaded(circle.guild)
    assert given(facts, circle) == [("bo", Path.thanks, ARRIVED, {"ana"})]
    assert facts.kinds[facts.recognitions.kind[0]].key == "hosting"
    path = circle.guild.in_guild(f"thanks/{one['id']}")
    assert circle.guild.call("DELETE", path, token=circle.tokens["ana"]).is_success
    assert given(loaded(circle.guild), circle) == [("bo", Path.thanks, WITHDRAWN, {"ana"})]


def test_thanks_that_are_held_have_not_arrived(circle: Circle) -> None:
    for number in range(6):
        thanks(circle, "ana", "bo", url=f"https://table.example/notes/{number}")
    assert len(loaded(circle.guild).recognitions) == 5


def test_an_award_has_no_giver_and_what_one_says_of_oneself_is_none(circle: Circle) -> None:
    guild = circle.guild
    guild.badge(circle.achievement, recipient={"member": "bo"})
    allowing = guild.achievement(name="Beekeeper", policy={"self_assertion": "allowed", "evidence_min": 0})
    said = {"achievement": allowing["id"], "narrative": "I have kept bees on the roof since spring."}
    done(guild.post(guild.in_guild("self-assertions"), said, token=circle.tokens["cy"]), 201)
    assert given(loaded(guild), circle) == [("bo", Path.direct, YES, set())]


def test_an_offer_that_nobody_answered_is_only_offered(circle: Circle) -> None:
    circle.guild.offer(circle.achievement, {"member": "bo"})
    assert given(loaded(circle.guild), circle) == [("bo", Path.direct, OPEN, set())]


def test_what_a_recognition_shows_are_the_contributions_that_it_cites(circle: Circle) -> None:
    url = "https://table.example/notes/1"
    other, shown = of(circle.guild, "bo"), of(circle.guild, "bo", url=url)
    thanks(circle, "ana", "bo", url=url)
    facts = loaded(circle.guild)
    by_id = {id: number for number, id in enumerate(sorted((other, shown)))}  # both were done at one time
    assert facts.cites.contribution.tolist() == [by_id[shown]]


def test_a_milestone_that_was_met_is_a_way_of_its_own_and_cites_what_it_counts(
    guild: Guild, clock: SettableClock
) -> None:
    stewards = []
    for steward in ("sol", "sunny"):
        guild.member(steward, role="steward")
        stewards.append(guild.token(steward, "steward"))
    path = Way(guild, clock, guild.achievement(), (stewards[0], stewards[1]))
    path.begin(path.draw())
    handle = path.somebody()
    path.host(handle, 3)
    path.work()
    facts = loaded(path.guild)
    assert facts.recognitions.path.tolist() == [Path.milestone]
    assert len(facts.cites) == 3
    assert len(facts.gives) == 0


def test_two_memberships_of_one_person_receive_as_one_and_give_nothing_to_themselves(circle: Circle) -> None:
    circle.join("bo2")
    account(circle.guild, "bo", "bo")
    account(circle.guild, "bo2", "bo")
    thanks(circle, "ana", "bo")
    thanks(circle, "ana", "bo2")
    facts = loaded(circle.guild)
    assert set(facts.recognitions.receiver.tolist()) == {row(facts, min(circle.ids["bo"], circle.ids["bo2"]))}
    assert len(facts.gives) == 2
    assert not set(facts.gives.giver.tolist()) & set(facts.recognitions.receiver.tolist())


def test_who_does_not_want_to_be_counted_neither_gives_nor_receives(circle: Circle) -> None:
    thanks(circle, "ana", "bo")
    thanks(circle, "bo", "ana")
    thanks(circle, "ana", "cy")
    done(circle.guild.call("PUT", "/v1/me/uncounted", token=circle.tokens["ana"]), 200)
    facts = loaded(circle.guild)
    assert given(facts, circle_without(circle, "ana")) == [
        ("bo", Path.thanks, ARRIVED, set()),
        ("cy", Path.thanks, ARRIVED, set()),
    ]
    assert facts.not_counted == 1


def circle_without(circle: Circle, handle: str) -> Circle:
    return Circle(circle.guild, ids={name: id for name, id in circle.ids.items() if name != handle})


def test_a_break_is_when_somebody_is_away_and_no_act(circle: Circle) -> None:
    guild, ends = circle.guild, ("2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z")
    done(guild.post(guild.in_guild("members/bo/breaks"), {"from": ends[0], "until": ends[1]}), 201)
    facts = loaded(guild)
    assert facts.breaks.person.tolist() == [row(facts, circle.ids["bo"])]
    assert [*facts.breaks.since, *facts.breaks.until] == [instant(datetime.fromisoformat(each)) for each in ends]
    assert len(facts.acts) == 0


@pytest.mark.parametrize("verified", [False, True])
def test_uptake_counts_for_who_did_it_once_a_steward_looked(circle: Circle, verified: bool) -> None:
    guild = circle.guild
    contribution = of(guild, "bo")
    record = taken_up(guild, circle.tokens["ana"], contribution=contribution)
    if verified:
        done(guild.post(guild.in_guild(f"uptake/{record['id']}/verify"), token=ADMIN_TOKEN), 200)
    facts = loaded(guild)
    assert facts.uptakes.person.tolist() == ([row(facts, circle.ids["bo"])] if verified else [])
