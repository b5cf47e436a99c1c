"""A week is put together once, tells everybody what they may know, and forgets what is taken back."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from sqlmodel import col, select

from app.kit.database import read_session
from app.kit.journal import Event
from app.kit.wording import visible
from app.reports.digest.making import make
from app.reports.digest.tables import Digest
from app.reports.digest.wording import escaped
from tests.app.contributions.routes import of
from tests.app.guild import PUBLIC_URL, Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.reports.digest.routes import settled
from tests.app.stories.routes import INSIDE, PUBLIC, answered, asked, told
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

WEEK = "2026-W47"
LATELY = "2026-11-02T09:00:00Z"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def circle(guild: Guild) -> Circle:
    people = Circle(guild).join("ana", "bo", "cy", "dee", "eli", joined_at=LATELY)
    return people.join("ste", role="steward", joined_at=LATELY)


def later(circle: Circle, clock: SettableClock, weeks: int = 1) -> None:
    """Until so many weeks are over and put together: the first is the one in which tests begin."""
    clock.now = datetime.fromisoformat("2026-11-25T00:10:00+00:00") + timedelta(weeks=weeks - 1)
    settled(circle.guild.figures_begin())


def week(circle: Circle, by: str = "ana", query: str = f"?week={WEEK}") -> dict[str, Any]:
    return done(circle.guild.get(circle.guild.in_guild(f"digest{query}"), token=circle.tokens[by]), 200)


def text(circle: Circle, form: str, by: str = "ana") -> str:
    answer = circle.guild.get(circle.guild.in_guild(f"digest?week={WEEK}&format={form}"), token=circle.tokens[by])
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def badge(circle: Circle, to: str, visibility: str = "public", **more: Any) -> str:
    found = circle.guild.badge(circle.achievement, recipient={"member": to}, visibility=visibility, **more)
    return str(found["id"])


def whom(circle: Circle, by: str = "ana") -> list[str]:
    return [each["whom"] for each in week(circle, by)["recognised"]]


@on_both_databases
def test_a_week_tells_what_was_accepted_in_it_and_nothing_that_waits(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("ana", "bo", "cy", "dee", joined_at=LATELY).offering()
    badge(circle, "bo")
    badge(circle, "cy", "private")
    guild.offer(circle.achievement, {"member": "dee"})
    circle.nomination("dee")
    later(circle, clock)
    assert [(each["whom"], each["achievement"]) for each in week(circle)["recognised"]] == [("Bo", "Session Host")]
    settled(guild)
    with read_session(runtime_of(guild).engine) as session:
        weeks = [row.week for row in session.exec(select(Digest).order_by(col(Digest.ends_at))).all()]
        assert weeks == ["2026-W45", "2026-W46", WEEK]
        made = session.exec(select(Event).where(Event.type == "digest.made")).all()
        assert [event.data["week"] for event in made] == weeks


def test_what_is_taken_back_is_gone_and_nothing_is_added(circle: Circle, clock: SettableClock) -> None:
    guild = circle.offering().guild
    kept, gone = badge(circle, "bo"), badge(circle, "cy")
    tale = told(guild, circle.tokens["ana"], title="Kept warm", consent=INSIDE)
    need = asked(guild, circle.tokens["dee"], title="Who has a key?")
    session_held = of(guild, "eli", title="Tea", occurred_at="2026-11-20T18:00:00Z")
    later(circle, clock)
    before = week(circle)
    assert [each["title"] for kind in ("stories", "asked", "gatherings") for each in before[kind]] == [
        "Kept warm", "Who has a key?", "Tea",
    ]  # fmt: skip
    done(guild.post(f"/v1/credentials/{gone}/revoke", {"reason": "Not that Cy."}), 200)
    done(guild.call("DELETE", guild.in_guild(f"stories/{tale['id']}"), token=circle.tokens["ana"]), 200)
    done(guild.call("DELETE", guild.in_guild(f"needs/{need['id']}"), token=circle.tokens["dee"]), 200)
    taken = {"reason": "It did not take place."}
    done(guild.post(guild.in_guild(f"contributions/{session_held}/retract"), taken), 200)
    of(guild, "eli", title="Told late", occurred_at="2026-11-20T19:00:00Z")
    after = week(circle)
    assert [each["id"] for each in after["recognised"]] == [kept]
    assert (after["stories"], after["asked"], after["gatherings"]) == ([], [], [])
    assert {name for name in before if before[name] != after[name]} == {"recognised", "stories", "asked", "gatherings"}
    assert "Kept warm" not in text(circle, "atom") + text(circle, "html") + text(circle, "markdown")


def test_what_is_for_the_community_is_told_to_nobody_else(circle: Circle, clock: SettableClock) -> None:
    guild = circle.offering().guild
    badge(circle, "bo", "community")
    badge(circle, "cy")
    told(guild, circle.tokens["ana"], title="For us", consent=INSIDE)
    told(guild, circle.tokens["ana"], title="For all", consent=PUBLIC | {"named": False})
    told(guild, circle.tokens["ana"], title="For stewards", consent=INSIDE | {"audience": "stewards"})
    asked(guild, circle.tokens["dee"])
    later(circle, clock)
    assert whom(circle) == whom(circle, "ste") == ["Bo", "Cy"]
    assert [(each["title"], each["by"]) for each in week(circle, "ste")["stories"]] == [
        ("For us", "Ana"), ("For all", None),
    ]  # fmt: skip
    circle.tokens["bot"] = guild.token(None, "platform", "metrics:read")
    seen = week(circle, "bot")
    assert [each["whom"] for each in seen["recognised"]] == ["Cy"]
    assert [each["title"] for each in seen["stories"]] == ["For all"]
    assert (seen["asked"], seen["gatherings"], seen["open_needs"], seen["stewards"]) == ([], [], None, None)


def follow(guild: Guild, url: str, token: str) -> None:
    """A page opens for everybody, all else for the reader's token."""
    path, is_page = url.removeprefix(PUBLIC_URL), url.endswith(".html")
    assert path != url, url
    answer = guild.get(path, token=None if is_page else token, **({"accept": "text/html"} if is_page else {}))
    assert answer.status_code == 200, (url, answer.text)


@pytest.mark.parametrize("who", ["ana", "ste"])
def test_every_link_of_a_week_leads_whoever_reads_it_there(circle: Circle, clock: SettableClock, who: str) -> None:
    guild = circle.offering(seconding="community").guild
    badge(circle, "bo", "community")
    badge(circle, "cy")
    told(guild, circle.tokens["bo"], title="For us", consent=INSIDE)
    told(guild, circle.tokens["bo"], title="For all", consent=PUBLIC)
    asked(guild, circle.tokens["dee"])
    circle.nomination("bo", by="cy")
    for day in (2, 3, 4, 5, 6):
        of(guild, "eli", occurred_at=f"2026-11-0{day}T09:00:00Z")
    later(circle, clock)
    token = circle.tokens[who]
    seen = week(circle, who)
    things = [each["url"] for kind in ("recognised", "stories", "asked") for each in seen[kind]]
    assert len(things) == 5
    said = text(circle, "markdown", who)
    linked, calls = re.findall(r"\(<(.+?)>\)", said), re.findall(r"`GET (.+?)`", said)
    called = [f"{PUBLIC_URL}{path}" for path in calls]
    assert all(url.endswith(".html") for url in linked), "what a browser does not open is no link"
    assert {*things} < {*linked, *called}
    pages = re.findall(r'<a href="(.+?)"', text(circle, "html", who))
    assert [url for url in pages if "/credentials/" in url] == [url for url in things if url.endswith(".html")]
    for url in (*linked, *called, *pages):
        follow(guild, url, token)
    for each in done(guild.get(guild.in_guild("celebrations"), token=token), 200)["items"]:
        assert each["url"] in things
        follow(guild, each["url"], token)


def test_an_answer_that_is_taken_back_is_not_told(circle: Circle, clock: SettableClock) -> None:
    guild = circle.guild
    need = answered(guild, circle.tokens["ana"], "bo")
    later(circle, clock)
    assert [each["title"] for each in week(circle)["answered"]] == [need["title"]]
    assert week(circle)["open_needs"] == 0
    done(guild.post(guild.in_guild(f"needs/{need['id']}/reopen"), token=circle.tokens["ana"]), 200)
    assert week(circle)["answered"] == []


def test_what_was_asked_after_a_week_is_not_open_in_it(circle: Circle, clock: SettableClock) -> None:
    """A week is put together two days after its end."""
    guild = circle.guild
    asked(guild, circle.tokens["ana"])
    clock.now = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
    asked(guild, circle.tokens["dee"])
    later(circle, clock)
    assert len(week(circle)["asked"]) == 1
    assert week(circle)["open_needs"] == 1


def test_nobody_learns_from_a_count_that_they_are_nominated(circle: Circle, clock: SettableClock) -> None:
    circle.offering(seconding="community").nomination("bo")
    later(circle, clock)
    assert {who: week(circle, who)["to_second"] for who in ("ana", "bo", "cy")} == {"ana": 0, "bo": 0, "cy": 1}
    assert "A nomination waits for somebody to stand behind it." in text(circle, "html", "cy")
    assert "<code>GET /v1/communities/guild/nominations</code>" in text(circle, "html", "cy")
    assert "nomination" not in text(circle, "html", "bo")


def test_stewards_alone_are_asked_to_look_and_at_what_is_new_once(circle: Circle, clock: SettableClock) -> None:
    for day in range(1, 6):
        of(circle.guild, "ana", occurred_at=f"2026-08-2{day}T09:00:00Z")
        of(circle.guild, "ana", occurred_at=f"2026-11-1{day}T09:00:00Z")
    later(circle, clock, weeks=2)
    guild, ste = circle.guild, circle.tokens["ste"]
    weeks = [each["week"] for each in done(guild.get(guild.in_guild("digests"), token=ste), 200)["items"]]
    assert weeks[0] == "2026-W48"
    looked = {name: week(circle, "ste", f"?week={name}")["stewards"] for name in weeks}
    raised = [(name, each["code"]) for name in weeks for each in looked[name]["stagnant"]]
    assert sorted(raised) == [(weeks[-1], "leans-on-one"), (weeks[-1], "nobody-new")]
    assert "Ana" not in str(looked)
    said = [guild.get(guild.in_guild(f"digest?week={weeks[-1]}&format=markdown"), token=circle.tokens[who]).text
            for who in ("ste", "ana")]  # fmt: skip
    assert ["For stewards" in each for each in said] == [True, False]
    assert week(circle, "ana", f"?week={weeks[-1]}")["stewards"] is None


def test_of_one_who_went_unsung_no_count_is_told(circle: Circle, clock: SettableClock) -> None:
    for hour in range(10, 20):
        of(circle.guild, "ana", occurred_at=f"2026-11-18T{hour}:00:00Z")
    of(circle.guild, "bo", occurred_at="2026-11-18T09:00:00Z")
    for name in ("First", "Second", "Third", "Fourth"):
        circle.guild.badge(circle.guild.achievement(name=name), recipient={"member": "bo"})
    later(circle, clock)
    assert week(circle, "ste")["stewards"]["unsung"] is None


def test_counts_of_people_are_told_of_five_or_more(guild: Guild, clock: SettableClock) -> None:
    clock.now -= timedelta(weeks=30)
    circle = Circle(guild).join(*"abcdefgh")
    for handle in "abcdefgh":
        of(guild, handle, occurred_at=f"{clock.now:%Y-%m-%dT%H:%M:%SZ}")
    clock.forward(weeks=30)
    for handle in "abcd":
        of(guild, handle, occurred_at="2026-11-18T09:00:00Z")
    of(guild, "h", occurred_at="2026-11-19T09:00:00Z")
    for handle in "uvwxyz":
        guild.member(handle, joined_at="2026-11-17T09:00:00Z")
    later(circle, clock)
    seen = week(circle, "a")
    assert (seen["joined"], seen["returned"]) == (5, 5)
    assert "16 to 22 November 2026" in text(circle, "markdown", "a")
    assert "At least 5 people joined." in text(circle, "markdown", "a")
    later(circle, clock, weeks=2)
    assert (week(circle, "a", "")["returned"], week(circle, "a", "")["joined"]) == (None, None), "of nobody as of few"


def test_four_who_came_back_are_not_counted(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join(*"abcdefgh")
    for handle in "abcd":
        of(guild, handle, occurred_at="2026-06-01T09:00:00Z")
        of(guild, handle, occurred_at="2026-11-18T09:00:00Z")
    later(circle, clock)
    assert week(circle, "a")["returned"] is None
    assert "back" not in text(circle, "markdown", "a")


def test_who_joined_is_named_if_they_agree_and_while_they_do(circle: Circle, clock: SettableClock) -> None:
    for handle in ("nia", "olu", "pam", "max"):
        circle.join(handle, joined_at="2026-11-17T09:00:00Z", minor=handle == "max")
    for handle in ("nia", "olu", "max", "bo"):
        done(circle.guild.call("PUT", "/v1/me/introduction", token=circle.tokens[handle]), 200)
    later(circle, clock)
    assert week(circle)["newcomers"] == ["Nia", "Olu"]
    assert "Say hello to Nia, Olu." in text(circle, "markdown")
    assert "Pam" not in text(circle, "html") + text(circle, "atom")
    done(circle.guild.call("DELETE", "/v1/me/introduction", token=circle.tokens["olu"]), 200)
    done(circle.guild.call("PUT", "/v1/me/introduction", token=circle.tokens["pam"]), 200)
    assert week(circle)["newcomers"] == ["Nia"]
    done(circle.guild.post(circle.guild.in_guild("members/nia/leave")), 200)
    assert week(circle)["newcomers"] == []
    circle.tokens["bot"] = circle.guild.token(None, "platform", "metrics:read")
    assert week(circle, "bot")["newcomers"] == []


def test_a_week_comes_as_accept_prefers(circle: Circle, clock: SettableClock) -> None:
    circle.offering()
    badge(circle, "bo")
    later(circle, clock)
    url, token = circle.guild.in_guild("digest"), circle.tokens["ana"]
    for media_type in ("application/json", "text/markdown", "text/html", "application/atom+xml"):
        answer = circle.guild.get(url, token=token, accept=media_type)
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert "Session Host" in answer.text
        assert answer.headers["cache-control"] == "private, no-store"
    assert circle.guild.get(url, token=token).headers["content-type"] == "application/json"
    refused(circle.guild.get(f"{url}?format=pdf", token=token), 422, "invalid")


def test_words_of_people_stay_words(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("ana", joined_at=LATELY)
    circle.join("bo", name="<b>Bo</b> [x](http://evil.example)", joined_at=LATELY).offering()
    badge(circle, "bo")
    later(circle, clock)
    assert "**\\<b\\>Bo\\</b\\> \\[x\\](http://evil.example)**" in text(circle, "markdown")
    assert "&lt;b&gt;Bo&lt;/b&gt;" in text(circle, "html")
    content = fromstring(text(circle, "atom")).findtext(f"{ATOM}entry/{ATOM}content")
    assert content is not None
    assert "&lt;b&gt;Bo&lt;/b&gt;" in content


@given(st.text(min_size=1) | st.from_regex(r"([0-9]{1,9}[.)]|[-+*#>=]{1,4}) ?[a-z#>*_&;`!()-]+"))
def test_no_words_are_signs_of_markdown(words: str) -> None:
    shown = MarkdownIt("commonmark").render(f"- {escaped(words)}")
    said = " ".join(visible(words).split())
    assert shown == f"<ul>\n<li>{escapeHtml(said)}</li>\n</ul>\n", escaped(words)


def test_a_feed_has_an_entry_for_each_week_the_newest_first(circle: Circle, clock: SettableClock) -> None:
    later(circle, clock, weeks=2)
    feed = fromstring(circle.guild.get(circle.guild.in_guild("digest?format=atom"), token=circle.tokens["ana"]).text)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles[:2] == ["The guild of makers: week 48 of 2026", "The guild of makers: week 47 of 2026"]
    assert "quiet week" in str(feed.findtext(f"{ATOM}entry/{ATOM}summary"))


def test_weeks_that_are_not_there_are_refused(circle: Circle, clock: SettableClock) -> None:
    url, token = circle.guild.in_guild("digest"), circle.tokens["ana"]
    refused(circle.guild.get(url, token=token), 404, "no-such-digest")
    later(circle, clock)
    refused(circle.guild.get(f"{url}?week=2026-W40", token=token), 404, "no-such-digest")
    refused(circle.guild.get(f"{url}?week={clock.now:%G-W%V}", token=token), 422, "period-not-over")
    for week in ("2025-W53", "2026-11", "2026-43"):
        problem = refused(circle.guild.get(f"{url}?week={week}", token=token), 422, "period-not-published")
        assert problem["fix"] == "Name a week that is over: 2025-W43."


def test_nothing_is_put_together_of_an_archived_community(circle: Circle, clock: SettableClock) -> None:
    clock.now = datetime.fromisoformat("2026-11-25T00:10:00+00:00")
    done(circle.guild.post(circle.guild.in_guild("archive"), {"reason": "It is done."}), 200)
    assert make(runtime_of(circle.guild), clock.now) == 0
