"""A survey is asked, through the door: drawn up, planned, opened, answered, closed, told."""

import re
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
import rfc8785
from sqlmodel import col, select

from app.kit.database import read_session, write_session
from app.kit.journal import Chain
from app.kit.migrations import downgrade, upgrade
from app.surveys.counting import Ballot
from app.surveys.deadlines import JOBS
from app.surveys.polling import FULL, Contents, opened, sealed
from app.surveys.tables import Urn, Wave
from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.surveys.polls import OPTIONS, THREE, Poll
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def column(*of_4321: int) -> list[int]:
    return [option for option, count in zip((4, 3, 2, 1), of_4321, strict=True) for _ in range(count)]


def test_a_wave_is_told_once_it_has_closed_and_to_everybody_alike(poll: Poll) -> None:
    people = poll.people(21)
    wave = poll.open(survey := poll.survey())
    assert poll.wave(wave)["invited"] == 21
    refused(poll.guild.get(poll.at(wave, "/results"), token=ADMIN_TOKEN), 409, "wave-not-counted")
    poll.everybody(wave, people[:20], column(12, 7, 1, 0), column(8, 9, 3, 0), column(10, 10, 0, 0))
    poll.slip(wave, people[20])
    found = poll.close(wave)
    assert [one["mean"] for one in found["items"]] == [3.55, 3.25, 3.5]
    assert [one["percent_of_max"] for one in found["items"]] == [85.0, 75.0, 83.3]
    assert [one["top_two"] for one in found["items"]] == [0.95, 0.85, 1.0]
    assert (found["n"], found["invited"], found["response_rate"]) == (20, 21, 0.95)
    assert "drawn" not in found, "nobody is told of the one who drew a slip and did not answer"
    assert found["survey"] == survey
    assert done(poll.guild.get(poll.at(wave, "/results"), token=poll.tokens["member3"]), 200) == found
    poll.clock.forward(days=30)
    poll.work()
    assert poll.results(wave) == found, "for ever"
    assert poll.wave(wave)["state"] == "closed"
    refused(poll.guild.post(poll.at(wave, "/cancel")), 409, "wave-over")


def test_a_slip_is_drawn_once_and_good_for_one_answer(poll: Poll) -> None:
    poll.people(2)
    wave = poll.open()
    slip = poll.slip(wave, "member0")
    refused(poll.draw(wave, "member0"), 409, "slip-drawn")
    assert done(poll.answer(wave, slip, {"trust": 3, "glad": 2}), 201) == {"wave": wave, "answered": 2}
    refused(poll.answer(wave, slip, {"trust": 3, "glad": 2}), 409, "slip-spent")
    refused(poll.answer(wave, slip, {"trust": 1}), 409, "slip-spent")


def test_a_drawing_repeated_under_its_key_gives_the_same_slip(poll: Poll) -> None:
    poll.people(1)
    wave = poll.open()
    path, token = poll.at(wave, "/slip"), poll.tokens["member0"]
    first, second = (poll.guild.post(path, token=token, idempotency_key="k") for _ in range(2))
    assert done(first, 201) == done(second, 201)


def test_a_slip_of_another_wave_or_of_nobodys_making_is_none(poll: Poll) -> None:
    poll.people(1)
    wave = poll.open()
    old = poll.slip(wave, "member0")
    poll.close(wave)
    later = poll.open()
    for slip in (old, "x", ".", old[:-4] + "AAAA"):
        refused(poll.answer(later, slip, {"trust": 1}), 403, "no-such-slip")
    refused(poll.answer(wave, old, {"trust": 1}), 409, "wave-not-open")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answers": {}}, "/answers"),
        ({"answers": {"trust": 0}}, "/answers/trust"),
        ({"answers": {"trust": 5}}, "/answers/trust"),
        ({"answers": {"tea": 1}}, "/answers/tea"),
        ({"importance": 1}, "/importance"),
        ({"affiliation": "Harbour"}, "/affiliation"),
        ({"slip": 5}, "/slip"),
        ({"remark": {"text": "", "may_quote": True}}, "/remark/text"),
    ],
)
def test_an_answer_that_is_none_is_refused_and_the_slip_stays_good(
    poll: Poll, body: dict[str, object], pointer: str
) -> None:
    poll.people(1)
    wave = poll.open()
    slip = poll.slip(wave, "member0")
    sent = {"slip": slip, "answers": {"trust": 2}} | body
    answer = poll.guild.post(poll.at(wave, "/answer"), sent, token=None)
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer
    done(poll.answer(wave, slip, {"trust": 2}), 201)


def test_importance_and_words_are_taken_where_they_are_asked_for(poll: Poll) -> None:
    poll.people(2)
    importance = {"text": "Does it matter?", "options": [f"Degree {n}" for n in range(6)]}
    wave = poll.open(poll.survey(importance=importance, free_text=None))
    slip = poll.slip(wave, "member0")
    said = {"text": "Thank you.", "may_quote": True}
    answer = poll.answer(wave, slip, {"trust": 2}, importance=7, remark=said)
    assert {each["pointer"] for each in refused(answer, 422, "invalid")["errors"]} == {"/importance", "/remark"}
    done(poll.answer(wave, slip, {"trust": 2}, importance=6), 201)


def test_who_was_not_there_when_it_opened_waits_for_the_next(poll: Poll) -> None:
    poll.people(1)
    wave = poll.open()
    [late] = poll.people(1, "late")
    refused(poll.draw(wave, late), 403, "not-invited")
    refused(poll.guild.post(poll.at(wave, "/slip"), token=ADMIN_TOKEN), 403, "forbidden")


def test_bots_and_children_for_whom_nobody_agreed_are_not_asked_and_one_person_is_once(poll: Poll) -> None:
    guild = poll.guild
    poll.people(2)
    poll.people(1, "child", minor=True, guardian_agreed=False)
    poll.people(1, "robot")
    account = {"platform": "github", "account": "r2"}
    done(guild.post(guild.in_guild("identities"), {"member": "robot0", "is_bot": True} | account), 201)
    twins = poll.people(2, "twin")
    for handle in twins:
        one = {"member": handle, "platform": "discourse", "account": "ann"}
        done(guild.post(guild.in_guild("identities"), one), 201)
    wave = poll.open()
    assert poll.wave(wave)["invited"] == 3
    refused(poll.draw(wave, "child0"), 403, "not-invited")
    refused(poll.draw(wave, "robot0"), 403, "not-invited")
    done(poll.draw(wave, twins[1]), 201)
    refused(poll.draw(wave, twins[0]), 409, "slip-drawn")


def test_outside_of_its_days_nothing_is_drawn_and_nothing_answered(poll: Poll) -> None:
    poll.people(2)
    opens = poll.today + timedelta(days=3)
    wave = done(poll.plan(poll.survey(), opens_on=f"{opens}"), 201)["id"]
    poll.work()
    refused(poll.draw(wave, "member0"), 409, "wave-not-open")
    poll.clock.forward(days=3)
    poll.work()
    assert poll.wave(wave)["closes_on"] == f"{opens + timedelta(days=21)}"
    slip = poll.slip(wave, "member0")
    poll.clock.forward(days=21)  # and no job has run yet
    refused(poll.answer(wave, slip, {"trust": 2}), 409, "wave-not-open")
    refused(poll.draw(wave, "member1"), 409, "wave-not-open")


def test_a_wave_that_nobody_opened_in_time_is_cancelled(poll: Poll) -> None:
    poll.people(6)
    wave = done(poll.plan(poll.survey(), opens_on=f"{poll.today}", closes_on=f"{poll.today + timedelta(days=1)}"), 201)
    poll.clock.forward(days=2)
    poll.work()
    assert poll.wave(wave["id"])["state"] == "cancelled"
    refused(poll.guild.get(poll.at(wave["id"], "/results"), token=ADMIN_TOKEN), 409, "wave-not-counted")


def test_two_waves_never_overlap(poll: Poll) -> None:
    day = poll.today
    wave = poll.open()
    twin = poll.survey()
    for opens, closes in ((0, 7), (6, 8), (1, 2)):
        days = {"opens_on": f"{day + timedelta(days=opens)}", "closes_on": f"{day + timedelta(days=closes)}"}
        refused(poll.plan(twin, **days), 409, "waves-overlap")
    done(poll.plan(twin, opens_on=f"{day + timedelta(days=7)}"), 201)
    done(poll.guild.post(poll.at(wave, "/cancel")), 200)
    done(poll.plan(twin, opens_on=f"{day}", closes_on=f"{day + timedelta(days=7)}"), 201)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/opens_on"),
        ({"opens_on": "2026-11-20"}, "/opens_on"),
        ({"opens_on": "2026-13-20"}, "/opens_on"),
        ({"opens_on": "20261121"}, "/opens_on"),
        ({"opens_on": "9999-12-20"}, "/opens_on"),
        ({"opens_on": "9999-12-31"}, "/opens_on"),
        ({"opens_on": "9999-12-31", "closes_on": "9999-12-31"}, "/opens_on"),
        ({"opens_on": "2026-11-21", "closes_on": "9999-12-31"}, "/closes_on"),
        ({"anniversary_of": "9999-12-31"}, "/anniversary_of"),
        ({"opens_on": "2026-11-21", "closes_on": "2026-11-21"}, "/closes_on"),
        ({"anniversary_of": "2026-11-22"}, "/anniversary_of"),
        ({"opens_on": "2026-11-21", "k": 2}, "/k"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(poll: Poll, body: dict[str, object], pointer: str) -> None:
    problem = refused(poll.plan(poll.survey(), **body), 422, "invalid")
    assert problem["errors"][0]["pointer"] == pointer


def test_a_birthday_is_offered_and_planned_and_waves_are_listed_in_order(poll: Poll) -> None:
    poll.people(8)
    advice = poll.guild.get(poll.guild.in_guild("survey-advice"), token=ADMIN_TOKEN)
    found = done(advice, 200)
    assert found["next_wave"] == {"anniversary_of": "2026-11-21", "opens_on": "2027-11-21"}
    assert (found["people"], found["expected"], len(found["advice"])) == (8, 5, 1)
    survey = poll.survey()
    first = done(poll.plan(survey, anniversary_of="2021-12-04"), 201)
    assert (first["opens_on"], first["closes_on"]) == ("2026-12-04", "2026-12-25")
    assert "qualitative-notes" in first["advice"][0], "few people: said, and allowed"
    again = done(poll.guild.get(poll.guild.in_guild("survey-advice"), token=ADMIN_TOKEN), 200)
    assert again["next_wave"] == {"anniversary_of": "2021-12-04", "opens_on": "2027-12-04"}
    second = done(poll.plan(survey, anniversary_of="2021-12-04", opens_on="2027-12-04"), 201)
    listed = done(poll.guild.get(poll.guild.in_guild(f"waves?survey={survey}"), token=ADMIN_TOKEN), 200)
    assert [wave["id"] for wave in listed["items"]] == [first["id"], second["id"]]
    assert done(poll.guild.get(poll.guild.in_guild(f"waves?survey={poll.survey()}"), token=ADMIN_TOKEN), 200) == {
        "items": [],
        "next": None,
    }


def test_as_many_are_expected_as_answered_the_last_time(poll: Poll) -> None:
    people = poll.people(20)
    wave = poll.open()
    poll.everybody(wave, people[:6], *[[3] * 6] * 3)
    poll.close(wave)
    found = done(poll.guild.get(poll.guild.in_guild("survey-advice"), token=ADMIN_TOKEN), 200)
    assert (found["people"], found["expected"], len(found["advice"])) == (20, 5, 1)


def test_the_same_questions_are_compared_from_wave_to_wave(poll: Poll) -> None:
    people = poll.people(6)
    survey = poll.survey()
    first = poll.open(survey)
    poll.everybody(first, people, [3, 3, 3, 3, 2, 2], [4] * 6, [1] * 6)
    poll.close(first)
    alone = done(poll.guild.get(poll.at(first, "/comparison"), token=ADMIN_TOKEN), 200)
    assert (alone["earlier"], alone["items"]) == (None, [])
    questions = [dict(each) for each in THREE["questions"]]
    questions[1]["text"] = "I go home in a better mood."
    for later, same in ((survey, True), (poll.survey(questions=questions), False)):
        wave = poll.open(later)
        poll.everybody(wave, people, [4] * 6, [4] * 6, [1] * 6)
        poll.close(wave)
        path = poll.at(wave, "/comparison" if same else f"/comparison?earlier={first}")
        found = done(poll.guild.get(path, token=ADMIN_TOKEN), 200)
        assert found["earlier"] == first
        trust, glad, _ = found["items"]
        assert (trust["earlier"]["mean"], trust["later"]["mean"], trust["change"]) == (2.67, 4.0, 1.33)
        assert glad["comparable"] is same
        assert (glad["change"] is None) is not same


def test_a_survey_that_comes_along_is_asked_as_it_is(poll: Poll) -> None:
    path = poll.guild.in_guild("surveys")
    whole, pulse = (done(poll.guild.post(path, {"frame": name}), 201) for name in ("sense_of_community", "pulse"))
    assert len(whole["questions"]) == 12
    assert {item["item"] for item in pulse["questions"]} < {item["item"] for item in whole["questions"]}
    assert done(poll.guild.get(f"{path}/{whole['id']}", token=ADMIN_TOKEN), 200) == whole
    assert done(poll.guild.get(path, token=ADMIN_TOKEN), 200)["items"] == [pulse, whole]
    for body in ({}, {"frame": "pulse", "instrument": THREE}):
        assert refused(poll.guild.post(path, body), 422, "invalid")["errors"][0]["pointer"] == "/instrument"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        (
            {"questions": [{"key": "Trust me", "element": "trust", "text": "Is it so?"}]},
            {"/instrument/questions/0/key"},
        ),
        ({"options": ["No", " "]}, {"/instrument/options/1"}),
        ({"questions": []}, {"/instrument/questions"}),
        ({"options": [" "]}, {"/instrument/options/0", "/instrument/options"}),
    ],
)
def test_a_survey_is_refused_for_what_is_wrong_with_it_alone(
    poll: Poll, changes: dict[str, object], wrong: set[str]
) -> None:
    answer = poll.guild.post(poll.guild.in_guild("surveys"), {"instrument": THREE | changes})
    assert {each["pointer"] for each in refused(answer, 422, "invalid")["errors"]} == wrong


def test_five_options_are_refused_where_a_choice_is_to_be_forced(poll: Poll) -> None:
    body = {"instrument": THREE | {"options": [*OPTIONS, "Beyond"]}}
    problem = refused(poll.guild.post(poll.guild.in_guild("surveys"), body), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/instrument/options"
    assert "middle" in problem["errors"][0]["message"]
    poll.survey(options=[*OPTIONS, "Beyond"], kind="neutral_point")
    poll.survey(options=[*OPTIONS, "Beyond", "Far beyond"])


def test_small_affiliations_are_neither_offered_nor_told(poll: Poll) -> None:
    for name, count in (("Harbour", 12), ("Mill", 7), ("Tower", 3)):
        poll.people(count, name.lower(), affiliation=name)
    wave = poll.open(by_affiliation=True)
    offered = poll.wave(wave)["affiliations"]
    assert offered == ["Harbour", "elsewhere"], "Mill is hidden with Tower"
    for handle in poll.tokens:
        name = "Harbour" if handle.startswith("harbour") else "elsewhere"
        poll.answers(wave, handle, 4 if name == "Harbour" else 2, affiliation=name)
    [found] = poll.close(wave)["by_affiliation"]
    assert found == {
        "key": "trust",
        "groups": [
            {"affiliation": "Harbour", "n": 12, "mean": 4.0},
            {"affiliation": "elsewhere", "n": 10, "mean": 2.0},
        ],
        "others": None,
    }


def test_too_few_answers_are_told_of_nowhere(poll: Poll) -> None:
    people = poll.people(6)
    wave = poll.open()
    for handle in people[:4]:
        poll.answers(wave, handle, 4, 4, 4, remark={"text": "Too much tea.", "may_quote": True})
    found = poll.close(wave)
    assert all(one["suppressed"] and one["mean"] is None for one in found["items"])
    assert (found["n"], found["response_rate"], found["remarks"]) == (None, None, 0)
    advice = done(poll.guild.get(poll.guild.in_guild("survey-advice"), token=ADMIN_TOKEN), 200)
    assert (advice["people"], advice["expected"]) == (6, 0), "nor that four are expected to answer again"
    planned = done(poll.plan(poll.survey(), opens_on=f"{poll.today + timedelta(days=3)}"), 201)
    read = done(poll.guild.get(poll.at(planned["id"]), token=poll.tokens["member5"]), 200)
    assert [advice["advice"], planned["advice"]] == [read["advice"]] * 2
    assert {int(number) for number in re.findall(r"\d+", " ".join(read["advice"]))} == {5, 10}, (
        "k, and twice k: no more"
    )
    assert len(found["withheld"]) == 7
    listed = done(poll.guild.get(poll.guild.in_guild("remarks"), token=ADMIN_TOKEN), 200)
    assert listed["items"] == [], "what so few said in words is gone"


@on_both_databases
def test_the_journal_has_the_digest_of_what_is_told_and_the_record_has_no_more(poll: Poll) -> None:
    """A digest of how many answered would tell it: there are few numbers to try."""
    people = poll.people(7)
    survey, digests = poll.survey(), []
    for answering, drawing in ((0, 1), (3, 4), (6, 7)):
        wave = poll.open(survey)
        for handle in people[:answering]:
            poll.answers(wave, handle, 4, 3, 2)
        for handle in people[answering:drawing]:
            poll.slip(wave, handle)
        told = {name: each for name, each in poll.close(wave).items() if name not in ("wave", "survey", "closed_on")}
        with read_session(poll.runtime.engine) as session:
            assert session.get_one(Wave, UUID(wave)).results == told
        path = poll.guild.in_guild("audit?type=wave.closed&order=newest&limit=1")
        [event] = done(poll.guild.get(path, token=ADMIN_TOKEN), 200)["items"]
        assert event["data"] == {"results": sha256(rfc8785.dumps(told)).hexdigest()}
        digests.append(event["data"]["results"])
    assert digests[0] == digests[1] != digests[2], "of nobody, and of three: nothing to guess"


@on_both_databases
def test_of_a_wave_that_was_counted_before_no_more_than_what_is_told_is_kept(poll: Poll) -> None:
    people = poll.people(6)
    wave = poll.open()
    poll.everybody(wave, people[:4], *[[3] * 4] * 3)
    told = poll.close(wave)
    engine, id = poll.runtime.engine, UUID(wave)
    downgrade(engine, "20261123_digest_feeds")
    with write_session(engine) as session:
        row = session.get_one(Wave, id)
        row.results = (row.results or {}) | {"n": 4, "drawn": 5, "response_rate": 0.667}
    upgrade(engine)
    with read_session(engine) as session:
        kept = session.get_one(Wave, id).results or {}
    assert kept.items() <= told.items()
    assert (kept["n"], kept["response_rate"]) == (None, None)


def test_how_many_answered_is_not_told_by_what_a_larger_community_may_expect(poll: Poll) -> None:
    people = poll.people(6)
    wave = poll.open()
    poll.everybody(wave, people[:4], *[[3] * 4] * 3)
    poll.close(wave)
    poll.people(24, "late")
    found = done(poll.guild.get(poll.guild.in_guild("survey-advice"), token=ADMIN_TOKEN), 200)
    assert (found["people"], found["expected"], len(found["advice"])) == (30, 0, 1)


def damage(poll: Poll, wave: str, what: str) -> None:
    with write_session(poll.runtime.engine) as session:
        if what == "urn":
            session.get_one(Urn, (UUID(wave), 0)).sealed = b"x"
        else:  # its next number is taken
            session.get_one(Chain, session.get_one(Wave, UUID(wave)).community_id).seq = 0


@on_both_databases
@pytest.mark.parametrize(
    ("damaged", "on_day", "stays"), [("urn", 1, "open"), ("journal", 0, "planned"), ("journal", 1, "open")]
)
def test_what_is_damaged_in_one_community_holds_up_no_other(
    guild: Guild, clock: SettableClock, damaged: str, on_day: int, stays: str
) -> None:
    """Neither when waves are opened, nor when they are reminded of, nor when they are counted."""
    one, other = (Poll(each, clock) for each in (guild, Guild(guild.client, "second").found()))
    days = {"opens_on": f"{one.today + timedelta(days=1)}", "closes_on": f"{one.today + timedelta(days=9)}"}
    one.people(6)
    people = other.people(6, "other")
    broken, sound = (done(poll.plan(poll.survey(), **days), 201)["id"] for poll in (one, other))
    for day in range(10):
        run_once(one.runtime, clock(), jobs=JOBS)
        if day == 1:
            other.everybody(sound, people, *[[3] * 6] * 3)
        if day == on_day:
            damage(one, broken, damaged)
        clock.forward(days=1)
    assert other.results(sound)["n"] == 6
    assert one.wave(broken)["state"] == stays
    path = other.guild.in_guild(f"audit?subject={sound}")
    events = [event["action"] for event in done(other.guild.get(path, token=ADMIN_TOKEN), 200)["items"]]
    assert events == ["wave.planned", "wave.opened", "wave.reminded", "wave.closed"]


def test_more_answers_than_fit_in_one_row_are_all_counted(poll: Poll) -> None:
    people = poll.people(2)
    wave = poll.open()
    at = poll.runtime.installation
    with write_session(poll.runtime.engine) as session:
        urn = session.exec(select(Urn)).one()
        urn.sealed = sealed(urn, Contents([Ballot((2, 2, 2))] * FULL, []), at)
        session.add(urn)
    poll.everybody(wave, people, [4, 4], [4, 4], [4, 4])
    with read_session(poll.runtime.engine) as session:
        parts = session.exec(select(Urn).order_by(col(Urn.part))).all()
        assert [len(opened(part, at).ballots) for part in parts] == [FULL, 2]
    assert [option["n"] for option in poll.close(wave)["items"][0]["distribution"]] == [0, FULL, 0, 2]
