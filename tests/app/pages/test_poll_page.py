"""Somebody with a browser and no program takes part in a survey: draws a slip, answers, and is nobody."""

import re
from typing import Any

import pytest

from app.surveys.frames import Frame
from tests.app.guild import Guild, done
from tests.app.pages.test_hostile_text import HOSTILE, assert_harmless
from tests.app.pages.test_offer_page import flat
from tests.app.pages.test_pages import BROWSER, Page, page
from tests.app.surveys.polls import THREE, Poll
from tests.app.surveys.test_anonymity import everything
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


@pytest.fixture
def poll(guild: Guild, clock: SettableClock) -> Poll:
    return Poll(guild, clock)


def look(poll: Poll, address: str) -> Any:
    return poll.guild.get(address, accept=BROWSER)


def send(poll: Poll, address: str, **data: str) -> Any:
    named = {name.replace("__", "."): value for name, value in data.items()}
    return poll.guild.client.post(address, data=named, headers={"Accept": BROWSER})


def assert_names(found: Page) -> None:
    assert "This year" in found.text, "the wave"
    assert "Three questions" in found.text, "its survey"


def slip_on(found: Page) -> str:
    [slip] = [each["value"] for each in found.all("input") if each.get("name") == "slip"]
    return slip


@on_both_databases
def test_a_member_draws_a_slip_and_answers_without_an_account_or_a_script(poll: Poll) -> None:
    [mel, bo] = poll.people(2)
    wave = poll.open()
    front = look(poll, f"/waves/{wave}")
    assert front.headers["cache-control"] == "private, no-store"
    assert front.headers["referrer-policy"] == "no-referrer"
    assert page(front).titled.startswith("This year: a survey of ")
    assert_names(page(front))
    assert "I would leave my keys here." not in page(front).text, "what is asked is for those who have a slip"
    drawn = page(send(poll, f"/waves/{wave}/slip", token=poll.tokens[mel]))
    assert drawn.all("script") == []
    assert "This is your slip." in flat(drawn.text)
    assert_names(drawn)
    assert "I would leave my keys here." in drawn.text
    assert "fewer than 5 answers to a question; of 5 or more, how many chose each option" in flat(drawn.text)
    names = {each["name"] for each in drawn.all("input")}
    assert names == {"slip", "answer.trust", "answer.glad", "answer.reach", "may_quote"}
    before = everything(poll)
    answer = {"answer__trust": "4", "answer__glad": "", "remark": "Soup,\r\nplease.", "may_quote": "true"}
    thanks = send(poll, f"/waves/{wave}/answer", slip=slip_on(drawn), **answer)
    assert "Your answer counts." in page(thanks).text
    assert "This year" in page(thanks).text
    after = everything(poll)
    assert {table for table in after if after[table] != before[table]} == {"survey_spent", "survey_urn"}
    assert r"Soup,\nplease." in after["survey_urn"][0]
    assert "(4, 0, 0)" in after["survey_urn"][0]
    again = page(send(poll, f"/waves/{wave}/answer", slip=slip_on(drawn), **answer), 409)
    assert "This slip has been used" in again.text
    assert "You have drawn your slip." in page(send(poll, f"/waves/{wave}/slip", token=poll.tokens[mel]), 409).text
    later = page(send(poll, f"/waves/{wave}/questions", slip=f" {poll.slip(wave, bo)} "))
    assert "This is your slip." not in flat(later.text)
    page(send(poll, f"/waves/{wave}/answer", slip=slip_on(later), answer__glad="2"))


def test_what_cannot_be_taken_comes_back_as_it_was_filled_in(poll: Poll) -> None:
    people = poll.people(5)
    wave = poll.open()
    slip = poll.slip(wave, "member0")
    nothing = page(send(poll, f"/waves/{wave}/answer", slip=slip, remark="Kept."), 422)
    assert "Answer one question at least." in nothing.text
    assert "Kept." in nothing.text
    long = page(send(poll, f"/waves/{wave}/answer", slip=slip, remark="x" * 2001, answer__trust="3"), 422)
    assert "2,000 characters" in long.text
    [chosen] = [each for each in long.all("input") if "checked" in each and each["name"] == "answer.trust"]
    assert chosen["value"] == "3"
    for tampered in ({"answer__trust": "9"}, {"answer__tea": "1"}, {"answer__trust": "1", "affiliation": "Harbour"}):
        found = page(send(poll, f"/waves/{wave}/answer", slip=slip, **tampered), 422)
        assert "not as it was asked" in found.text
    page(send(poll, f"/waves/{wave}/answer", slip=slip, answer__trust="3"))
    poll.everybody(wave, people[1:], *[[3] * 4] * 3)
    assert poll.close(wave)["n"] == 5


def said(found: Page, answer: Any) -> str:
    """What a page says was wrong: words for people, and nothing for programs."""
    assert "application/" not in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert not re.search(r"GET |POST |/v1/|\bcode\b|pointer|JSON|Bearer", found.text)
    [alert] = re.findall(r'<div class="problem" role="alert"><p>(.*?)</p>', answer.text, re.DOTALL)
    return str(alert)


@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_nobody_sees_what_is_asked_without_a_slip_and_is_told_why(poll: Poll, accept: str) -> None:
    poll.people(2)
    wave = poll.open()
    spent, other = poll.slip(wave, "member0"), poll.slip(wave, "member1")
    page(send(poll, f"/waves/{wave}/answer", slip=spent, answer__trust="1"))
    poll.people(1, "late")

    def told(where: str, status: int, **data: str) -> str:
        named = {name.replace("__", "."): value for name, value in data.items()}
        answer = poll.guild.client.post(f"/waves/{wave}/{where}", data=named, headers={"Accept": accept})
        found = page(answer, status)
        assert "I would leave my keys here." not in found.text
        assert poll.tokens["member0"] not in answer.text
        return said(found, answer)

    assert "This is no slip of this survey." in told("questions", 403, slip="x.y")
    assert "This is no slip of this survey." in told("answer", 403, slip="x" * 500, answer__trust="1")
    assert "Something is missing" in told("questions", 422)
    assert "Something is missing" in told("answer", 422, answer__trust="1")
    assert "Something is missing" in told("slip", 422, token=" ")
    assert "This slip has been used" in told("questions", 409, slip=spent)
    assert "This slip has been used" in told("answer", 409, slip=spent, answer__trust="1")
    assert "Nobody is known by this token" in told("slip", 401, token="lrl_nobody")
    assert "You have drawn your slip." in told("slip", 409, token=poll.tokens["member0"])
    assert "you joined later" in told("slip", 403, token=poll.tokens["late0"])
    platform = poll.guild.token(None, "platform", "metrics:read")
    assert "for members in person" in told("slip", 403, token=platform)
    assert "It has not been counted yet." in told("results", 409, token=poll.tokens["member0"])
    poll.close(wave)
    assert "not open for answers" in told("questions", 409, slip=other)
    assert "not open for answers" in told("answer", 409, slip=other, answer__trust="1")
    assert "Nobody is known by this token" in told("results", 401, token="lrl_nobody")


def test_a_slip_that_was_mistyped_can_be_corrected(poll: Poll) -> None:
    poll.people(1)
    wave = poll.open()
    slip = poll.slip(wave, "member0")
    answer = send(poll, f"/waves/{wave}/questions", slip=slip[:-1])
    found = page(answer, 403)
    [field] = [each for each in found.all("input") if each.get("name") == "slip"]
    assert field["value"] == slip[:-1]
    assert_harmless(page(send(poll, f"/waves/{wave}/questions", slip=HOSTILE[0][:200]), 403), forms=2)


@pytest.mark.parametrize("id", ["00000000-0000-4000-8000-000000000000", "x", "é"])
def test_at_an_address_without_a_survey_people_are_told_so(poll: Poll, id: str) -> None:
    for answer in (look(poll, f"/waves/{id}"), send(poll, f"/waves/{id}/slip", token="lrl_x")):
        found = page(answer, 404)
        assert "There is no survey here." in found.text
        assert "Open the link exactly as it was sent to you." in found.text


def test_the_page_says_when_it_opens_and_that_it_was_called_off(poll: Poll) -> None:
    wave = done(poll.plan(poll.survey(), opens_on="2026-12-24"), 201)["id"]
    assert "It opens on 24 December 2026." in page(look(poll, f"/waves/{wave}")).text
    done(poll.guild.post(poll.at(wave, "/cancel")), 200)
    assert "It was called off." in page(look(poll, f"/waves/{wave}")).text


def test_everything_that_is_asked_can_be_answered_on_the_page(poll: Poll) -> None:
    poll.people(5, affiliation="Harbour")
    poll.people(5, "else", affiliation="Meadow")
    survey = done(poll.guild.post(poll.guild.in_guild("surveys"), {"frame": Frame.sense_of_community}), 201)["id"]
    wave = poll.open(survey, by_affiliation=True)
    found = page(send(poll, f"/waves/{wave}/slip", token=poll.tokens["member0"]))
    assert len(found.all("fieldset")) == 14
    full = {"affiliation": "Harbour", "importance": "6", "answer__trust": "4", "answer__glad": "1"}
    page(send(poll, f"/waves/{wave}/answer", slip=slip_on(found), **full))
    assert "importance=6, affiliation='Harbour'" in everything(poll)["survey_urn"][0]


def test_what_stewards_ask_is_shown_as_words(poll: Poll) -> None:
    poll.people(1)
    options = [f"{n} {text[:90]}" for n, text in enumerate(HOSTILE[:4])]
    questions = [{"key": f"q{n}", "element": "e", "text": text} for n, text in enumerate(HOSTILE)]
    wave = poll.open(
        poll.survey(THREE, options=options, questions=questions, free_text=HOSTILE[0], name=HOSTILE[3]), name=HOSTILE[2]
    )
    assert_harmless(page(look(poll, f"/waves/{wave}")), forms=2)
    assert_harmless(page(send(poll, f"/waves/{wave}/slip", token=poll.tokens["member0"])))


def test_members_see_what_came_of_it_in_charts_words_and_numbers(poll: Poll) -> None:
    people = poll.people(20)
    wave = poll.open()
    columns = [[4] * 12 + [3] * 7 + [2], [4] * 8 + [3] * 9 + [2] * 3, [4] * 10 + [3] * 10]
    poll.everybody(wave, people, *columns)
    page(send(poll, f"/waves/{wave}/results", token=poll.tokens["member0"]), 409)
    poll.close(wave)
    [form] = page(look(poll, f"/waves/{wave}")).all("form")
    assert form["action"] == f"/waves/{wave}/results"
    answer = send(poll, form["action"], token=poll.tokens["member0"])
    assert answer.headers["cache-control"] == "private, no-store"
    found = page(answer)
    text = flat(found.text)
    assert_names(found)
    assert "20 of 20 people answered (100 %)." in text
    assert "Nothing is told of fewer than 5 answers to a question" in text
    for words in ("95 % gave one of the two highest answers, 3.55 of 4 on average", "85 %", "100 %"):
        assert words in text, words
    assert len(found.all("img")) == 4
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in found.all("img"))
    assert page(send(poll, form["action"], token=poll.tokens["member1"])).text == found.text
    page(send(poll, form["action"], token=poll.guild.token(None, "platform", "metrics:read")), 403)
    page(send(poll, form["action"], token="lrl_nobody"), 401)


def test_whole_numbers_are_written_without_a_point(poll: Poll) -> None:
    for name in ("Harbour", "Mill"):
        poll.people(5, name.lower(), affiliation=name)
    wave = poll.open(by_affiliation=True)
    for handle in poll.tokens:
        name = "Harbour" if handle.startswith("harbour") else "Mill"
        poll.answers(wave, handle, 4 if name == "Harbour" else 1, 4, 3, affiliation=name)
    poll.close(wave)
    found = page(send(poll, f"/waves/{wave}/results", token=poll.tokens["mill0"]))
    assert "membership 50 %, needs 100 % and influence 66.7 %" in flat(found.text)
    assert "Harbour54Mill51" in found.text, "people and mean, cell by cell"
    assert not re.search(r"[0-9]\.0(?![0-9])", found.text)


def test_a_wave_of_few_says_what_is_withheld_and_draws_nothing(poll: Poll) -> None:
    people = poll.people(4)
    wave = poll.open()
    poll.everybody(wave, people, [4, 4, 3, 3])
    poll.close(wave)
    found = page(send(poll, f"/waves/{wave}/results", token=poll.tokens["member0"]))
    assert found.all("img") == []
    assert "What is not told, and why" in found.text
