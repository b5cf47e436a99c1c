"""The page of a community leads to what it has published, and tells nobody of anything else."""

from typing import Any

import pytest

from tests.app.guild import Guild, done, path_of, refused
from tests.app.members.routes import CHARTER, adopted
from tests.app.pages.test_hostile_text import HOSTILE, assert_harmless
from tests.app.pages.test_pages import BROWSER, Page, page
from tests.app.reports.support.conftest import reported
from tests.service import ADMIN_TOKEN, on_both_databases

__all__ = ["reported"]
PROFILE = {
    "domain": "Rooms that people share.",
    "community": "Whoever keeps one.",
    "practice": "An open evening.",
    "rhythm": "every other Tuesday",
}


def front(guild: Guild) -> Page:
    return page(guild.get("/issuers/guild", accept=BROWSER))


def links(found: Page) -> list[str]:
    return [link["href"] for link in found.all("a") if "href" in link]


def describe(guild: Guild, **said: Any) -> None:
    done(guild.call("PATCH", guild.in_guild("profile"), said, If_Match="*"), 200)


@on_both_databases
def test_it_shows_a_profile_that_is_public_and_no_other(guild: Guild) -> None:
    describe(guild, **PROFILE)
    assert not [said for said in PROFILE.values() if said in front(guild).text]
    describe(guild, public=True)
    assert all(said in front(guild).text for said in PROFILE.values())
    describe(guild, public=False)
    assert PROFILE["domain"] not in front(guild).text


def test_it_leads_to_the_charter_as_it_is_now(guild: Guild) -> None:
    address = "/issuers/guild/charter"
    assert address not in links(front(guild))
    assert "no such version of a charter" in page(guild.get(address, accept=BROWSER), 404).text
    adopted(guild)
    adopted(guild, purpose="That nobody *mends* alone.", note="Mending, not learning.")
    assert address in links(front(guild))
    found = page(guild.get(address))
    for said in (
        "That nobody mends alone.",
        CHARTER["structure"],
        "Version 2, since 21 November 2026.",
        "Mending, not",
    ):
        assert said in found.text
    assert CHARTER["purpose"] not in found.text


def test_it_leads_to_badges_that_everyone_may_see_and_to_no_others(guild: Guild) -> None:
    address = "/issuers/guild/badges"
    assert address in links(front(guild))
    assert "Nobody yet." in page(guild.get(address)).text
    for handle in ("bo", "cy", "dee"):
        guild.member(handle)
    achievement = guild.achievement()
    shown = guild.badge(achievement, recipient={"member": "bo"}, visibility="public")
    for handle, visibility in (("cy", "community"), ("dee", "private")):
        guild.badge(achievement, recipient={"member": handle}, visibility=visibility)
    done(guild.award(achievement, {"email": "zed@people.example", "name": "Zed"}), 201)
    answer = guild.get(address)
    found = page(answer)
    assert f"{path_of(shown['url'])}.html" in links(found)
    assert "Session Host, Bo, 21 November 2026" in " ".join(found.text.split())
    assert not [name for name in ("Cy", "Dee", "Zed") if name in found.text]
    assert {"name": "robots", "content": "noindex"} in found.all("meta")
    done(guild.post(f"/v1/credentials/{shown['id']}/revoke", {"reason": "By mistake."}), 200)
    assert "Nobody yet." in page(guild.get(address)).text


def test_it_leads_to_the_reports_that_are_published(reported: Guild) -> None:
    [report] = done(reported.get(reported.in_guild("reports?limit=1"), token=ADMIN_TOKEN), 200)["items"]
    there = f"/reports/{report['id']}"
    at = reported.in_guild(f"reports/{report['id']}/publication")
    assert not [link for link in links(front(reported)) if there in link]
    done(reported.call("PUT", at, {"indexed": False}), 200)
    found = front(reported)
    assert [link for link in links(found) if there in link] == [f"{there}?format=html", f"{there}?format=pdf"]
    assert reported.get(f"{there}?format=html", accept=BROWSER).status_code == 200
    assert reported.get(f"{there}?format=pdf").headers["content-type"] == "application/pdf"
    done(reported.call("DELETE", at), 200)
    assert not [link for link in links(front(reported)) if there in link]
    refused(reported.get(there), 404, "report-not-made")


@pytest.mark.parametrize("some", range(0, len(HOSTILE), 6))
def test_what_people_wrote_is_shown_as_words(guild: Guild, some: int) -> None:
    text = "\n\n".join(HOSTILE[some : some + 6])
    describe(guild, domain=text, practice=text, public=True)
    adopted(guild, **dict.fromkeys(CHARTER, text))
    assert_harmless(front(guild))
    assert_harmless(page(guild.get("/issuers/guild/charter")))
