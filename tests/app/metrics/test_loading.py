"""What people do through the door, read as columns: who counts, whose it is, and what is told of nobody."""

from uuid import UUID

import numpy as np
from sqlmodel import select

from app.kit.database import still_session
from app.members.tables import Community
from app.metrics.facts import NEVER, Facts
from app.metrics.loading import facts_of, known_of
from tests.app.contributions.routes import of
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.app.stories.routes import answered
from tests.service import on_both_databases


def loaded(guild: Guild) -> Facts:
    """As they are read anew; what was known before and has been read on has to come to the same."""
    runtime = runtime_of(guild)
    with still_session(runtime.engine) as session:
        community = session.exec(select(Community).where(Community.slug == guild.slug)).one()
        read_on, facts = known_of(runtime.memory, session, community).facts, facts_of(session, community)
    assert (read_on.digest, read_on.ids) == (facts.digest, facts.ids)
    return facts


def people(guild: Guild, *handles: str) -> dict[str, UUID]:
    return {handle: UUID(guild.member(handle)["id"]) for handle in handles}


def account(guild: Guild, handle: str, name: str, **more: object) -> None:
    body = {"member": handle, "platform": "github", "account": name} | more
    done(guild.post(guild.in_guild("identities"), body), 201)


@on_both_databases
def test_who_has_two_memberships_is_one_person_and_bots_are_nobody(guild: Guild) -> None:
    ids = people(guild, "ana", "ana2", "bo", "robot")
    account(guild, "ana", "ana")
    account(guild, "ana2", "ana")
    account(guild, "robot", "robot", is_bot=True)
    for who in ("ana", "ana2", "bo", "robot"):
        of(guild, who)
    facts = loaded(guild)
    assert facts.ids == (min(ids["ana"], ids["ana2"]), ids["bo"])
    assert np.bincount(facts.acts.person).tolist() == [2, 1]
    assert facts.not_counted == 0


def test_who_does_not_want_to_be_counted_is_only_in_one_number(guild: Guild) -> None:
    people(guild, "ana", "bo")
    of(guild, "ana")
    of(guild, "bo")
    done(guild.call("PUT", "/v1/me/uncounted", token=guild.token("ana")), 200)
    facts = loaded(guild)
    assert (facts.people, len(facts.acts), facts.not_counted) == (1, 1, 1)


def test_what_was_taken_back_is_no_act(guild: Guild) -> None:
    people(guild, "ana")
    id = of(guild, "ana")
    assert len(loaded(guild).acts) == 1
    done(guild.post(guild.in_guild(f"contributions/{id}/retract"), {"reason": "It was another."}), 200)
    assert len(loaded(guild).acts) == 0


def test_an_answer_on_the_board_is_an_act_a_help_and_an_answered_question(guild: Guild) -> None:
    ids = people(guild, "ana", "bo")
    answered(guild, guild.token("ana"), "bo")
    facts = loaded(guild)
    ana, bo = facts.ids.index(ids["ana"]), facts.ids.index(ids["bo"])
    assert (facts.helps.giver.tolist(), facts.helps.receiver.tolist()) == ([bo], [ana])
    assert facts.questions.asker.tolist() == [ana]
    assert facts.questions.answered[0] < NEVER


def test_who_is_not_counted_has_not_answered(guild: Guild) -> None:
    people(guild, "ana", "bo", "cy", "robot")
    account(guild, "robot", "robot", is_bot=True)
    done(guild.call("PUT", "/v1/me/uncounted", token=guild.token("bo")), 200)
    for who in ("bo", "robot", "cy"):
        answered(guild, guild.token("ana"), who)
    assert sorted(loaded(guild).questions.answered < NEVER) == [False, False, True]


def test_an_award_taken_is_a_recognition_of_its_type_and_a_revoked_one_ends(guild: Guild) -> None:
    people(guild, "ana")
    badge = guild.badge(recipient={"member": "ana"})
    facts = loaded(guild)
    assert facts.kinds[facts.recognitions.kind[0]].key == "hosting"
    assert facts.recognitions.accepted[0] < NEVER
    assert facts.recognitions.revoked[0] == NEVER
    done(guild.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "By mistake."}), 200)
    assert loaded(guild).recognitions.revoked[0] < NEVER


def test_nobody_who_is_here_and_nothing_done_are_empty_columns(guild: Guild) -> None:
    facts = loaded(guild)
    assert (facts.people, len(facts.acts), len(facts.recognitions), facts.not_counted) == (0, 0, 0, 0)
