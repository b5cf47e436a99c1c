"""A report is a page as well as data, and a steward may let everyone read it."""

import re
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice, pairwise
from typing import Any

import pytest

from app.reports.support.drawings import draw
from app.reports.support.sheet import ONE_AT_A_TIME
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.reports.support.conftest import busy, over
from tests.app.stories.routes import PUBLIC, told
from tests.service import ADMIN_TOKEN
from tests.stand_ins import SettableClock

CASE = "reports/case-for-support"


def case(guild: Guild, query: str = "") -> Any:
    return done(guild.get(guild.in_guild(f"{CASE}{query}"), token=ADMIN_TOKEN), 200)


def test_it_is_a_page_for_whoever_names_html_first(reported: Guild) -> None:
    for answer in (
        reported.get(reported.in_guild(CASE), token=ADMIN_TOKEN, Accept="text/html,application/json;q=0.5"),
        reported.get(reported.in_guild(f"{CASE}?format=html"), token=ADMIN_TOKEN),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "Size and growth" in answer.text
        levels = [int(each) for each in re.findall(r"<h(\d)", answer.text)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), "no level is left out"
        assert "<svg" in answer.text
        assert "What is not told, and why" in answer.text
        assert case(reported)["sha256"] in answer.text


def test_the_page_loads_nothing_and_runs_nothing(reported: Guild) -> None:
    answer = reported.get(reported.in_guild(f"{CASE}?format=html"), token=ADMIN_TOKEN)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in answer.text
    assert "src=" not in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex"


def test_what_people_wrote_is_text_on_the_page(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    told(guild, guild.token("ana"), consent=PUBLIC, title="<b>Bold</b>", what_happened="<script>alert(1)</script>")
    over(guild, clock)
    page = guild.get(guild.in_guild(f"{CASE}?format=html"), token=ADMIN_TOKEN).text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("indexed", [False, True])
def test_everyone_reads_what_is_published_until_it_is_taken_back(reported: Guild, indexed: bool) -> None:
    id = case(reported)["id"]
    refused(reported.get(f"/reports/{id}"), 404, "report-not-made")
    put = reported.call("PUT", reported.in_guild(f"reports/{id}/publication"), {"indexed": indexed})
    assert done(put, 200)["public_url"].endswith(f"/reports/{id}")
    assert done(reported.get(f"/reports/{id}"), 200)["report"] == case(reported)["report"]
    page = reported.get(f"/reports/{id}", Accept="text/html")
    assert ("noindex" in page.text) is not indexed
    assert ("x-robots-tag" in page.headers) is not indexed
    done(reported.call("DELETE", reported.in_guild(f"reports/{id}/publication")), 200)
    refused(reported.get(f"/reports/{id}"), 404, "report-not-made")


def test_everyone_reads_no_word_that_was_given_for_the_community(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    told(guild, guild.token("ana"), consent=PUBLIC | {"audience": "community"}, title="One for us")
    over(guild, clock)
    id = case(guild)["id"]
    done(guild.call("PUT", guild.in_guild(f"reports/{id}/publication"), {"indexed": False}), 200)
    assert "One for us" not in guild.get(f"/reports/{id}?format=html").text
    inside = guild.get(guild.in_guild(f"{CASE}?format=html&for=community"), token=guild.token("bo")).text
    assert "One for us" in inside
    assert "For members of this community" in inside


def test_it_is_a_pdf_that_can_be_read_aloud(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    story = '#panic("x") <b>Bold</b> \u0633\u0644\u0627\u0645'
    told(guild, guild.token("ana"), consent=PUBLIC, title=story, what_happened="x" * 200)
    over(guild, clock)
    for answer in (
        guild.get(guild.in_guild(CASE), token=ADMIN_TOKEN, Accept="application/pdf"),
        guild.get(guild.in_guild(f"{CASE}?format=pdf"), token=ADMIN_TOKEN),
    ):
        assert answer.status_code == 200, answer.text
        assert answer.content.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in answer.content
        assert b"Case for support: " in answer.content
        assert b", the first quarter of 2027" in answer.content
        assert answer.headers["content-disposition"] == 'attachment; filename="case-for-support-2027-Q1.pdf"'


def test_a_long_story_is_whole_in_the_file(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    words = " ".join(f"w{n:04d}" for n in range(1600))
    story = told(guild, guild.token("ana"), consent=PUBLIC, what_happened=words, what_i_got=words)
    over(guild, clock)
    path = guild.in_guild(f"{CASE}?format=pdf")
    whole = pages(guild.get(path, token=ADMIN_TOKEN).content)
    done(guild.call("DELETE", guild.in_guild(f"stories/{story['id']}"), token=guild.token("ana")), 200)
    assert whole >= pages(guild.get(path, token=ADMIN_TOKEN).content) + 3


def pages(file: bytes) -> int:
    """How many a PDF has."""
    return max(int(each) for each in re.findall(rb"/Type/Pages/Count (\d+)", file))


def test_a_pdf_is_set_once_for_as_long_as_nothing_in_it_is_taken_back(guild: Guild, clock: SettableClock) -> None:
    busy(guild, clock)
    story = told(guild, guild.token("ana"), consent=PUBLIC, title="What is taken back")
    over(guild, clock)
    path = guild.in_guild(f"{CASE}?format=pdf")
    first = guild.get(path, token=ADMIN_TOKEN).content
    assert runtime_of(guild).files.size == len(first)
    with ONE_AT_A_TIME:  # so that nothing can be set
        assert guild.get(path, token=ADMIN_TOKEN).content == first
    done(guild.call("DELETE", guild.in_guild(f"stories/{story['id']}"), token=guild.token("ana")), 200)
    assert guild.get(path, token=ADMIN_TOKEN).content != first


def published(guild: Guild) -> str:
    """Where strangers read it."""
    id = case(guild)["id"]
    done(guild.call("PUT", guild.in_guild(f"reports/{id}/publication"), {"indexed": False}), 200)
    return f"/reports/{id}"


def test_strangers_who_wait_for_a_pdf_hold_up_nobody_and_get_one_that_is_set_once(reported: Guild) -> None:
    path = published(reported)
    with ThreadPoolExecutor(20) as many, ONE_AT_A_TIME:
        asked = [many.submit(reported.get, f"{path}?format=pdf") for _ in range(20)]
        for refusal in islice(as_completed(asked), 11):  # one is at it, and eight stand in line
            assert refused(refusal.result(), 503, "busy")
            assert refusal.result().headers["retry-after"]
        assert reported.get("/v1/communities").status_code == 200
        assert reported.get(path).status_code == 200
    answers = [each.result() for each in asked]
    files = {answer.content for answer in answers if answer.status_code == 200}
    assert [len(file) for file in files] == [runtime_of(reported).files.size]


def test_for_strangers_nothing_is_drawn_they_see_what_is_kept(reported: Guild, clock: SettableClock) -> None:
    path = published(reported)
    before = reported.get(f"{path}?format=html")
    assert "<svg" not in before.text
    assert "<details open><summary>In words and numbers" in before.text
    assert draw(runtime_of(reported), clock.now) == 1
    after = reported.get(f"{path}?format=html")
    assert "<svg" in after.text
    assert "<details open>" not in after.text
    assert before.headers["etag"] != after.headers["etag"]


def test_a_cache_asks_again_each_time_whether_a_published_report_is_still_that(reported: Guild) -> None:
    path = published(reported)
    for form in ("json", "html", "pdf"):
        first = reported.get(f"{path}?format={form}")
        assert first.headers["cache-control"] == "public, no-cache"
        again = reported.get(f"{path}?format={form}", **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_reason_of_stewards_stands_beside_the_estimate_while_they_say_it(
    guild: Guild, clock: SettableClock
) -> None:
    busy(guild, clock)
    path, reason = guild.in_guild("maturity/override"), "We meet <b>without</b> being asked."
    done(guild.call("PUT", path, {"stage": "maturing", "reason": reason}), 200)
    over(guild, clock)
    made = case(guild, "?for=community")
    assert reason not in str(made["report"])
    assert (made["report"]["stewards_say"], made["words"]["stage_reason"]) == ("maturing", reason)
    page = guild.get(guild.in_guild(f"{CASE}?format=html&for=community"), token=ADMIN_TOKEN).text
    assert "<p>We meet &lt;b&gt;without&lt;/b&gt; being asked.</p>" in page
    assert reason not in guild.get(guild.in_guild(f"{CASE}?format=html"), token=ADMIN_TOKEN).text
    done(guild.call("PUT", path, {"stage": "maturing", "reason": "Other words."}), 200)
    gone = case(guild, "?for=community")
    assert (gone["words"]["stage_reason"], gone["words"]["withdrawn"]) == (None, {"stage_reason": 1})
    assert gone["sha256"] == made["sha256"]
    page = guild.get(guild.in_guild(f"{CASE}?format=html&for=community"), token=ADMIN_TOKEN).text
    assert "1 reason of the stewards has been taken back since this report was made." in page
