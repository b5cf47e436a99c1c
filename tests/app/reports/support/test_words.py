"""What is quoted of people's words, to whom, and that what is not quoted is named."""

from typing import Any

import pytest

from tests.app.guild import Guild, done
from tests.app.reports.support.conftest import busy, over
from tests.app.stories.routes import PUBLIC, taken_up, told
from tests.app.surveys.routes import closed, counted_wave_of, open_wave_of, slip_of
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock


def case(guild: Guild, query: str = "") -> Any:
    return done(guild.get(guild.in_guild(f"reports/case-for-support{query}"), token=ADMIN_TOKEN), 200)


def withheld(guild: Guild) -> dict[str, str]:
    return {each["what"]: each["why"] for each in case(guild)["report"]["withheld"]}


def heard(guild: Guild, n: int, theme: str) -> str:
    """The id of a conversation with so many people."""
    note = {"method": "interviews", "held_on": "2027-01-01", "n": n, "themes": [theme], "summary": "So they said."}
    return str(done(guild.post(guild.in_guild("qualitative-notes"), note), 201)["id"])


def remarked(guild: Guild, *, may_quote: int, for_stewards: int, silent: int = 0) -> str:
    """The id of a counted wave in which so many members, new ones, left a remark of each kind, or none."""
    remarks = [{"text": "It is too loud.", "may_quote": True}] * may_quote
    remarks += [{"text": "Only to you.", "may_quote": False}] * for_stewards
    answers = [*remarks, *[None] * silent]
    for number in range(len(answers)):
        guild.member(f"re{number}")
    wave = open_wave_of(guild)
    for number, remark in enumerate(answers):
        slip = slip_of(guild, wave, guild.token(f"re{number}"))
        answer = {"slip": slip, "answers": {"trust": 4}} | ({"remark": remark} if remark else {})
        done(guild.post(guild.in_guild(f"waves/{wave}/answer"), answer, token=None), 201)
    closed(guild)
    return wave


def test_a_conversation_of_few_people_is_counted_and_not_quoted(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    few = heard(guild, 2, "Bo feels alone")
    heard(guild, 5, "There is enough tea")
    over(guild, clock)
    found = case(guild)
    assert [each["themes"] for each in found["words"]["notes"]] == [["There is enough tea"]]
    assert withheld(guild)["conversations: 1"] == "fewer than 5 people took part in each"
    assert few not in str(found)


def test_remarks_that_stewards_do_not_quote_are_named(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    remarked(guild, may_quote=5, for_stewards=5)
    over(guild, clock)
    [unquoted] = case(guild)["report"]["unquoted"]
    assert (unquoted["quoted"], unquoted["not_quoted"], unquoted["for_stewards"]) == (0, 5, 5)
    said = {what.partition(": ")[2]: why for what, why in withheld(guild).items() if "remarks" in what}
    assert said == {
        "5 remarks that may be quoted": "nobody had quoted them when this report was made",
        "5 remarks for the stewards alone": "that is what those who wrote them said",
    }


@pytest.mark.parametrize(("may_quote", "for_stewards"), [(6, 0), (0, 6), (5, 1), (2, 3), (0, 0)])
def test_how_many_remarks_are_not_quoted_is_not_told_where_few_or_none_are_of_a_kind(
    guild: Guild, clock: SettableClock, may_quote: int, for_stewards: int
) -> None:
    busy(guild, clock)
    wave = remarked(guild, may_quote=may_quote, for_stewards=for_stewards, silent=5)
    if may_quote == 6:
        [remark, *_] = done(guild.get(guild.in_guild(f"remarks?wave={wave}"), token=ADMIN_TOKEN), 200)["items"]
        done(guild.post(guild.in_guild(f"remarks/{remark['id']}/quote"), token=ADMIN_TOKEN), 200)
    over(guild, clock)
    found = case(guild)
    assert len(found["words"]["remarks"]) == int(may_quote == 6)
    [unquoted] = found["report"]["unquoted"]
    assert (unquoted["not_quoted"], unquoted["for_stewards"]) == (None, None)
    [(what, why)] = [each for each in withheld(guild).items() if "remarks" in each[0]]
    assert what.endswith(": remarks that are not quoted")
    assert why.endswith("how many are which is not told of fewer than 5 people or nobody")


def test_how_many_answered_is_not_told_of_few(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    counted_wave_of(guild, ["ana", "bo"])
    over(guild, clock)
    report = case(guild)["report"]
    [wave] = report["waves"]
    assert (wave["results"]["n"], wave["results"]["response_rate"]) == (None, None)
    assert "drawn" not in wave["results"]
    said = [line["text"] for section in report["sections"] for line in section["lines"]]
    assert any("fewer than 5 of 6 who were asked answered." in line for line in said)
    for form in ("html", "pdf"):
        answer = guild.get(guild.in_guild(f"reports/case-for-support?format={form}"), token=ADMIN_TOKEN)
        assert answer.status_code == 200


def test_strangers_see_no_trace_of_what_is_for_members(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    story = told(guild, guild.token("ana"), consent=PUBLIC | {"audience": "community"}, title="One for us")
    taken = taken_up(guild, guild.token("ana"), happened_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    done(guild.post(guild.in_guild(f"uptake/{taken['id']}/verify")), 200)
    reason = "We meet without being asked."
    done(guild.call("PUT", guild.in_guild("maturity/override"), {"stage": "maturing", "reason": reason}), 200)
    over(guild, clock)
    id = case(guild)["id"]
    done(guild.call("PUT", guild.in_guild(f"reports/{id}/publication"), {"indexed": False}), 200)
    for form in ("json", "html"):
        seen = guild.get(f"/reports/{id}?format={form}").text
        assert not [each for each in (story["id"], taken["id"], "One for us", reason) if each in seen]
    inside = case(guild, "?for=community")["words"]
    assert [each["title"] for each in inside["stories"]] == ["One for us"]
    assert len(inside["uptake"]) == 1
    assert inside["stage_reason"] == reason
    done(guild.call("DELETE", guild.in_guild(f"stories/{story['id']}"), token=guild.token("ana")), 200)
    assert case(guild, "?for=community")["words"]["withdrawn"] == {"stories": 1}
    assert case(guild)["words"]["withdrawn"] == {}
