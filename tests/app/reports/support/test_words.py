"""What is quoted of people's words, to whom, and that what is not quoted is named."""

from typing import Any

from tests.app.guild import Guild, done
from tests.app.reports.support.conftest import PEOPLE, busy, over
from tests.app.stories.routes import PUBLIC, taken_up, told
from tests.app.surveys.routes import counted_wave_of
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
    counted_wave_of(guild, list(PEOPLE[:5]), remark={"text": "It is too loud.", "may_quote": True})
    over(guild, clock)
    [unquoted] = case(guild)["report"]["unquoted"]
    assert (unquoted["quoted"], unquoted["not_quoted"], unquoted["for_stewards"]) == (0, 5, 0)
    [(what, why)] = [each for each in withheld(guild).items() if "remarks" in each[0]]
    assert what.endswith(": 5 remarks that may be quoted")
    assert why == "nobody had quoted them when this report was made"


def test_how_many_remarks_are_not_quoted_is_not_told_of_few(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    wave = counted_wave_of(guild, list(PEOPLE[:5]), remark={"text": "It is too loud.", "may_quote": True})
    [remark, *_] = done(guild.get(guild.in_guild(f"remarks?wave={wave}"), token=ADMIN_TOKEN), 200)["items"]
    done(guild.post(guild.in_guild(f"remarks/{remark['id']}/quote"), token=ADMIN_TOKEN), 200)
    over(guild, clock)
    found = case(guild)
    assert len(found["words"]["remarks"]) == 1
    assert found["report"]["unquoted"][0]["not_quoted"] is None
    [(what, why)] = [each for each in withheld(guild).items() if "remarks" in each[0]]
    assert what.endswith(": remarks that may be quoted")
    assert "how many is not told" in why


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
