"""Three thanks of one type suggest a nomination."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.app.guild import Guild, done, refused
from tests.app.nominations.thanks.test_thanks import Company, company
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

__all__ = ["company"]

HOSTING = {"contribution_type": "hosting"}


def suggestions(company: Company, who: str) -> list[dict[str, Any]]:
    path = "/v1/me/suggestions"
    found: list[dict[str, Any]] = done(company.guild.get(path, token=company.guild.tokens[who]), 200)["items"]
    return found


def three(company: Company, giver: str = "ana", to: str = "bo", **more: Any) -> list[str]:
    return [company.thanks(giver, to, **(HOSTING | more))["id"] for _ in range(3)]


def test_three_thanks_suggest_a_nomination_ready_to_be_sent(company: Company) -> None:
    achievement = company.guild.achievement()
    for n, text in enumerate(("For the first call.", "For the second.", "For the third.")):
        assert suggestions(company, "ana") == []
        url = {"url": f"https://x.example/{n}"} if n else {}
        company.thanks("ana", "bo", text=text, **HOSTING, **url)
    [found] = suggestions(company, "ana")
    assert found["nomination"] == {
        "achievement": achievement["id"],
        "nominee": "bo",
        "statement": {
            "person": "Bo",
            "contribution": "For the first call.\n\nFor the second.\n\nFor the third.",
        },
        "evidence": [{"url": "https://x.example/1"}, {"url": "https://x.example/2"}],
        "submit": False,
    }
    assert found["nominate_at"] == "/v1/communities/guild/nominations"
    one = company.guild.get(f"/v1/me/suggestions/{found['id']}", token=company.guild.tokens["ana"])
    assert done(one, 200) == found
    for other in ("bo", "cy", "ste"):
        assert suggestions(company, other) == []
        answer = company.guild.get(f"/v1/me/suggestions/{found['id']}", token=company.guild.tokens[other])
        refused(answer, 404, "no-such-suggestion")


def test_what_is_suggested_is_taken_as_a_draft(company: Company, clock: SettableClock) -> None:
    achievement = company.guild.achievement()
    clock.forward(days=30)
    for n in range(3):
        company.thanks("ana", "bo", text=f"For call {n}.", url=f"https://x.example/{n}", **HOSTING)
    [found] = suggestions(company, "ana")
    token = company.guild.tokens["ana"]
    draft = done(company.guild.post(found["nominate_at"], found["nomination"], token=token), 201)
    assert draft["state"] == "draft"
    assert draft["achievement"] == achievement["id"]
    assert draft["statement"]["contribution"] == "For call 0.\n\nFor call 1.\n\nFor call 2."


def test_without_a_fitting_achievement_it_is_left_open(company: Company) -> None:
    company.guild.achievement(contribution_type="mentoring")
    three(company)
    [found] = suggestions(company, "ana")
    assert "achievement" not in found["nomination"]


def test_each_of_three_who_thank_is_asked_and_reads_no_words_but_their_own(company: Company) -> None:
    for giver in ("ana", "cy", "ste"):
        company.thanks(giver, "bo", text=f"Said by {giver}", **HOSTING)
    for giver in ("ana", "cy", "ste"):
        [found] = suggestions(company, giver)
        assert found["nomination"]["statement"]["contribution"] == f"Said by {giver}"
        assert len(found["thanks"]) == 1


def test_thanks_of_different_types_of_none_or_to_others_do_not_add_up(company: Company) -> None:
    for kind in ("hosting", "mentoring", "welcoming", None, None, None):
        company.thanks("ana", "bo", contribution_type=kind)
    company.thanks("ana", "cy", **HOSTING)
    company.thanks("ana", "ste", **HOSTING)
    assert suggestions(company, "ana") == []


def test_thanks_add_up_within_a_year(company: Company, clock: SettableClock) -> None:
    company.thanks("ana", "bo", **HOSTING)
    clock.forward(days=365)
    company.thanks("ana", "bo", **HOSTING)
    company.thanks("ana", "bo", **HOSTING)
    assert suggestions(company, "ana") == []
    company.thanks("ana", "bo", **HOSTING)
    assert len(suggestions(company, "ana")) == 1


def test_the_same_three_suggest_once_and_three_more_again(company: Company) -> None:
    three(company)
    company.thanks("ana", "bo", **HOSTING)
    [first] = suggestions(company, "ana")
    company.thanks("cy", "bo", **HOSTING)
    company.thanks("cy", "bo", **HOSTING)
    assert [len(found["thanks"]) for found in suggestions(company, "ana")] == [1, 3]
    assert suggestions(company, "ana")[1] == first
    assert [len(found["thanks"]) for found in suggestions(company, "cy")] == [2]


def test_what_is_held_put_away_or_taken_back_does_not_count(company: Company, clock: SettableClock) -> None:
    for who in ("ana", "bo"):
        done(company.withdraw(who, company.thanks("ana", "bo", **HOSTING)["id"]), 200)
    company.thanks("ana", "bo", **HOSTING)
    company.thanks("ana", "bo", **HOSTING)
    company.thanks("ana", "bo")
    company.thanks("ana", "bo", **HOSTING)  # the sixth: held
    assert suggestions(company, "ana") == []
    clock.forward(days=1)
    company.thanks("ana", "bo", **HOSTING)
    assert len(suggestions(company, "ana")) == 1


def test_a_suggestion_is_dismissed_for_good(company: Company) -> None:
    three(company)
    [found] = suggestions(company, "ana")
    path, token = f"/v1/me/suggestions/{found['id']}", company.guild.tokens["ana"]
    refused(company.guild.call("DELETE", path, token=company.guild.tokens["cy"]), 404, "no-such-suggestion")
    assert done(company.guild.call("DELETE", path, token=token), 200)["id"] == found["id"]
    assert suggestions(company, "ana") == []
    refused(company.guild.call("DELETE", path, token=token), 404, "no-such-suggestion")
    company.thanks("ana", "bo", **HOSTING)
    assert suggestions(company, "ana") == []


def test_who_takes_back_one_of_the_three_is_not_asked_any_more(company: Company) -> None:
    ids = three(company)
    done(company.withdraw("ana", ids[0]), 200)
    assert suggestions(company, "ana") == []


@on_both_databases
def test_however_many_thank_at_once_no_thanks_counts_twice(company: Company, guild: Guild) -> None:
    givers = [f"g{n}" for n in range(9)]
    for giver in givers:
        guild.member(giver)
        guild.tokens[giver] = guild.token(giver)
    with ThreadPoolExecutor(9) as threads:
        answers = list(threads.map(lambda giver: company.thank(giver, "bo", **HOSTING), givers))
    assert [answer.status_code for answer in answers] == [201] * 9
    assert [len(suggestions(company, giver)) for giver in givers] == [1] * 9
