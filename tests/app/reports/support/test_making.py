"""The report of a period is made once, says all that is told and names all that is not, and is the same for ever."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import rfc8785
from sqlmodel import select

from app.kit.database import read_session
from app.members.tables import Community
from app.metrics import periods
from app.metrics.results import Reason
from app.reports.support import sheet
from app.reports.support.gathering import gathered
from app.reports.support.making import make
from app.reports.support.rules import Readers
from app.reports.support.tables import Report
from app.reports.support.untold import WHY
from app.reports.support.words import Words
from app.reports.support.writing import written
from app.surveys.deadlines import JOBS
from app.worker import run_once
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.reports.support.conftest import PEOPLE, busy, over
from tests.app.stories.routes import PUBLIC, asked, stated, taken_up, told
from tests.app.surveys.routes import counted_wave_of, wave_of
from tests.service import ADMIN_TOKEN, on_both_databases
from tests.stand_ins import SettableClock


def case(guild: Guild, query: str = "", token: str | None = ADMIN_TOKEN) -> Any:
    return done(guild.get(guild.in_guild(f"reports/case-for-support{query}"), token=token), 200)


@on_both_databases
def test_by_default_it_is_of_the_last_quarter_that_is_out(reported: Guild) -> None:
    found = case(reported, token=reported.token("ana"))
    assert found["period"] == "2027-Q1"
    assert found["report"]["period"] == {
        "name": "2027-Q1", "from": "2027-01-01T00:00:00Z", "to": "2027-04-01T00:00:00Z"
    }  # fmt: skip
    listed = done(reported.get(reported.in_guild("reports?limit=200"), token=reported.token("ana")), 200)["items"]
    assert {"2027-01", "2027-02", "2027-03", "2027-Q1"} <= {one["period"] for one in listed}


def test_it_is_the_same_to_the_byte_and_of_what_was_published(reported: Guild) -> None:
    found = case(reported)
    assert sha256(rfc8785.dumps(found["report"])).hexdigest() == found["sha256"]
    by_id = done(reported.get(reported.in_guild(f"reports/{found['id']}"), token=ADMIN_TOKEN), 200)
    assert by_id == found
    assert not make(runtime_of(reported), runtime_of(reported).clock())
    for each in found["report"]["snapshots"]:
        snapshot = done(reported.get(reported.in_guild(f"metrics/snapshots/{each['id']}"), token=ADMIN_TOKEN), 200)
        assert sha256(snapshot["body"].encode()).hexdigest() == each["sha256"]


def test_every_number_leads_to_a_snapshot_and_to_how_it_comes_about(reported: Guild) -> None:
    report = case(reported)["report"]
    snapshots = {each["id"] for each in report["snapshots"]}
    assert {one["snapshot"] for one in report["figures"]} == snapshots
    metrics = {one["metric"] for one in report["figures"]}
    rests = {each for section in report["sections"] for line in section["lines"] for each in line["rests_on"]}
    assert rests
    assert rests <= metrics | {"value-matrix", "uptake", "needs", "maturity"}
    for one in report["methods"]:
        assert done(reported.get(one["path"], token=None), 200)["misleads"] == one["misleads"]


def test_what_is_withheld_is_named_with_the_reason(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    for handle in ("ana", "bo"):
        guild.badge(recipient={"member": handle})
    over(guild, clock)
    report = case(guild)["report"]
    suppressed = [one for one in report["figures"] if one["suppressed"]]
    named = " ".join(each["what"] for each in report["withheld"])
    assert suppressed
    assert all(f"{one['metric']} {one['name']}" in named for one in suppressed)
    assert all(each["why"] for each in report["withheld"])
    assert not [each for each in report["withheld"] if each["what"][:1] in "PRIB" and "/" in each["what"]]


def test_a_part_with_nothing_to_tell_says_why(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    for handle in ("ana", "bo"):
        guild.badge(recipient={"member": handle})
    over(guild, clock)
    sections = {one["key"]: one for one in case(guild)["report"]["sections"]}
    assert all(bool(one["lines"]) is (one["untold"] is None) for one in sections.values())
    said = {key: one["untold"] for key, one in sections.items() if one["untold"]}
    assert said["recognition"] == "What was recognised is not told: fewer than 5 people were, or nobody."
    assert said["belonging"] == "Nobody was asked in a survey that closed in this period."
    assert said["trust"] == "No survey that closed by the end of this period asked about trust."
    assert said["effort"] == "What it took is not told: fewer than 5 people stated hours, or nobody."
    page = guild.get(guild.in_guild("reports/case-for-support?format=html"), token=ADMIN_TOKEN).text
    assert all(f"<p>{why}</p>" in page for why in said.values())
    with read_session(runtime_of(guild).engine) as session:
        row = session.exec(select(Report).where(Report.period == "2027-Q1")).one()
    file = sheet.given(row, case(guild)["report"], Words(), Readers.everyone, {}, public_url="").data
    assert all(why in file for why in said.values())
    how = case(guild)["report"]["how_told"]
    assert "multiple of 5 below (“at least 15” is 15 to 19)" in how
    assert "stories in the same steps and none as fewer than 5" in how
    _, _, exactly = how.rpartition(". ")
    assert exactly.endswith("are counted as they are.")
    assert "stor" not in exactly
    assert how in page
    assert json.dumps("multiple of 5 below (“at least 15”").strip('"') in file
    month = {one["key"]: one for one in case(guild, "?period=2027-02")["report"]["sections"]}
    assert month["participation"]["untold"] is None
    assert month["recognition"]["untold"] == said["recognition"], "as where there were few"
    assert month["effort"]["untold"] == "What it took is told of quarters and years."


def test_of_few_people_no_shares_are_told(reported: Guild) -> None:
    report = case(reported)["report"]
    assert report["rates_told"] is False
    said = [line["text"] for section in report["sections"] for line in section["lines"]]
    assert "%" not in "".join([*said, *(chart["title"] + chart["text"] for chart in report["charts"])])
    assert {"growth", "joins-and-leaves"} <= {chart["id"] for chart in report["charts"]}
    [growth] = [one for one in report["figures"] if one["metric"] == "P1"]
    assert growth["value"]["end"] == 5
    assert growth["value"]["rate"] is None
    [stickiness] = [one for one in report["figures"] if one["metric"] == "P6"]
    assert (stickiness["reason"], stickiness["rates_withheld"]) == ("too-few-for-rates", ["/stickiness"])
    why = {"what": "P6 stickiness: how often they were there", "why": WHY[Reason.too_few_for_rates]}
    assert why in report["withheld"]


def test_of_more_people_shares_are_told(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    for number in range(20):
        guild.member(f"more{number}")
    over(guild, clock)
    report = case(guild)["report"]
    assert report["rates_told"] is True
    said = [line["text"] for section in report["sections"] for line in section["lines"]]
    assert "At least 5 people did something in the period, about 20 % of those who were members in it." in said


def test_a_survey_is_told_item_by_item(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    counted_wave_of(guild, ["ana", "bo", "cy", "di", "eli"], remark={"text": "There is enough tea.", "may_quote": True})
    over(guild, clock)
    report = case(guild)["report"]
    [survey] = [each for each in report["limits"] if each.startswith("Of the survey")]
    assert f"“{report['waves'][0]['name']}”" in survey
    assert "fewer than 5 answers to a question; of 5 or more" in survey
    assert any("want to be counted" in each and "answers to surveys" in each for each in report["limits"])
    [wave] = report["waves"]
    assert [item["key"] for item in wave["results"]["items"]] == ["trust", "glad", "reach"]
    belonging = [line["text"] for section in report["sections"] for line in section["lines"]
                 if section["key"] == "belonging"]  # fmt: skip
    assert "“I would leave my keys here.”: 4.00 of 4 (n = 5)." in belonging
    assert "“I go home lighter than I came.”: withheld, fewer than 5 answered it." in belonging
    assert any("glad" in each["what"] for each in report["withheld"])


def test_uptake_and_needs_are_counted_so_that_nothing_of_few_people_is_told(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    taken = taken_up(guild, guild.token("ana"), happened_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    done(guild.post(guild.in_guild(f"uptake/{taken['id']}/verify")), 200)
    asked(guild, guild.token("bo"))
    over(guild, clock)
    report = case(guild)["report"]
    assert report["counts"]["uptake"] == {"all": 1, "communities": 0}
    assert report["counts"]["needs"]["asked"] is None
    assert "/needs/asked" in report["counts_withheld"]


def test_what_it_took_is_told_in_hours_of_whole_quarters(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    for handle in PEOPLE:
        stated(guild, guild.token(handle), sponsored_by="Harbour Library")
    over(guild, clock)
    [effort] = [each for each in case(guild)["report"]["sections"] if each["key"] == "effort"]
    assert [line["text"] for line in effort["lines"]] == [
        "Members stated that they worked 15 hours for it.",
        "15 were paid for by Harbour Library.",
    ]
    assert case(guild, "?period=2027-01")["report"]["effort"] is None


def test_that_nobody_told_a_story_is_not_told_apart_from_that_one_did_for_stewards_alone(
    guild: Guild, clock: SettableClock
) -> None:
    busy(guild, clock)
    for handle in PEOPLE[:5]:
        told(guild, guild.token(handle), cycles=[2], what_i_got="A key.")
    over(guild, clock)

    def report() -> Any:
        with read_session(runtime_of(guild).engine) as session:
            community = session.exec(select(Community)).one()
            return written(gathered(session, community, periods.parse("2027-Q1")))

    before = report()
    clock.now = clock.now.replace(month=1, day=15)
    told(guild, guild.token("flo"), cycles=[5], reframed_what="All.", consent=PUBLIC | {"audience": "stewards"})
    assert report() == before
    counts = [(each["cycle"], each["count"]) for each in before["stories"]["by_cycle"]]
    assert counts == [(1, None), (2, 5), (3, None), (4, None), (5, None)]
    why = {each["what"]: each["why"] for each in before["withheld"] if "stories" in each["what"]}
    assert why == dict.fromkeys(
        (f"number of stories of cycle {cycle}" for cycle in (1, 3, 4, 5)),
        "fewer than 5 were told or none, or fewer than 5 people told them",
    )


def test_of_each_wave_its_own_k_is_said(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    wave_of(guild, k=3)
    runtime = runtime_of(guild)
    for days in (0, 1):
        run_once(runtime, runtime.clock() + timedelta(days=days), jobs=JOBS)
    over(guild, clock)
    [said] = [each for each in case(guild)["report"]["limits"] if "Of the survey" in each]
    assert "fewer than 3 answers to a question; of 3 or more it is told how many chose each option" in said


def test_that_no_number_is_told_is_not_said_of_stories_that_are_quoted(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    told(guild, guild.token("ana"), consent=PUBLIC, title="A public one")
    over(guild, clock)
    found = case(guild)
    assert [story["title"] for story in found["words"]["stories"]] == ["A public one"]
    [value] = [each for each in found["report"]["sections"] if each["key"] == "value"]
    assert value["untold"] == (
        "How many stories and needs there are is not told: they were too few or none, or told of fewer than "
        "5 people or nobody, or one who did more than half of it. No uptake elsewhere in the period has been verified."
    )


def test_a_part_without_a_survey_says_when_the_last_one_was(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    counted_wave_of(guild, ["ana", "bo", "cy", "di", "eli"])
    over(guild, clock)
    with read_session(runtime_of(guild).engine) as session:
        community = session.exec(select(Community)).one()
        next_quarter = written(gathered(session, community, periods.parse("2027-Q2")))
    [said] = [each["untold"] for each in next_quarter["sections"] if each["key"] == "belonging"]
    last = case(guild)["report"]["waves"][0]["closed_on"]
    assert said == f"Nobody was asked in a survey that closed in this period; the newest before it closed on {last}."


def test_page_and_file_name_the_period_and_where_the_community_is(reported: Guild) -> None:
    page = reported.get(reported.in_guild("reports/case-for-support?format=html"), token=ADMIN_TOKEN).text
    assert ", the first quarter of 2027</title>" in page
    with read_session(runtime_of(reported).engine) as session:
        row = session.exec(select(Report).where(Report.period == "2027-Q1")).one()
    report = case(reported)["report"]
    report["community"]["url"] = "https://guild.example/rooms"
    file = sheet.given(row, report, Words(), Readers.everyone, {}, public_url="").data
    assert "https://guild.example/rooms" in file


def test_the_same_material_makes_the_same_report(reported: Guild) -> None:
    with read_session(runtime_of(reported).engine) as session:
        community = session.exec(select(Community)).one()
        [one, other] = [written(gathered(session, community, periods.parse("2027-Q1"))) for _ in range(2)]
    assert one == other


def test_there_are_none_of_weeks_nor_of_what_is_not_over(reported: Guild) -> None:
    def ask(period: str) -> Any:
        return reported.get(reported.in_guild(f"reports/case-for-support?period={period}"), token=ADMIN_TOKEN)

    refused(ask("2027-W02"), 422, "report-of-a-week")
    refused(ask("2027-Q2"), 422, "period-not-over")
    refused(ask("2020-Q2"), 404, "report-not-made")
    refused(ask("soon"), 422, "period-not-published")


def test_stories_are_quoted_as_their_authors_consent_today(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    ana = guild.token("ana")
    public = told(guild, ana, consent=PUBLIC, title="A public one")
    told(guild, ana, consent=PUBLIC | {"audience": "community"}, title="One for us")
    told(guild, ana, consent=PUBLIC | {"may_quote": False}, title="Not to be quoted")
    told(guild, ana, consent=PUBLIC | {"audience": "stewards"}, title="For stewards")
    over(guild, clock)

    def titles(readers: str) -> list[str]:
        return [story["title"] for story in case(guild, f"?for={readers}")["words"]["stories"]]

    assert titles("everyone") == ["A public one"]
    assert titles("community") == ["One for us", "A public one"]
    before = case(guild)
    done(guild.call("DELETE", guild.in_guild(f"stories/{public['id']}"), token=ana), 200)
    after = case(guild)
    assert titles("everyone") == []
    assert after["words"]["withdrawn"] == {"stories": 1}
    assert (after["report"], after["sha256"]) == (before["report"], before["sha256"])


def test_what_is_for_the_community_alone_is_not_for_platforms(reported: Guild) -> None:
    platform = reported.token(None, "platform", "metrics:read")
    path = reported.in_guild("reports/case-for-support")
    done(reported.get(path, token=platform), 200)
    refused(reported.get(f"{path}?for=community", token=platform), 403, "forbidden")
