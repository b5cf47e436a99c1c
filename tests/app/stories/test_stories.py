"""Value stories: told in a chain that leads back to what somebody did, read by whom their author wants, and counted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app.kit.database import read_session
from app.kit.journal import Event
from app.stories.lines import lines
from app.stories.tables import Story
from tests.app.contributions.routes import of as contribution_of
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.stories.routes import INSIDE, PUBLIC, story, told
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

APPLIED = {"cycles": [3], "applied_where": "At the harbour library."}
REALISED = {"cycles": [4], "difference": "Half as many questions come in."}


def people(guild: Guild, *handles: str) -> dict[str, str]:
    for handle in handles:
        guild.member(handle)
    return {handle: guild.token(handle) for handle in handles}


def read(guild: Guild, id: str, token: str | None = None) -> dict[str, Any]:
    return done(guild.get(guild.in_guild(f"stories/{id}"), token=token), 200)


def unread(guild: Guild, id: str, token: str | None = None) -> None:
    refused(guild.get(guild.in_guild(f"stories/{id}"), token=token), 404, "no-such-story")


def matrix(guild: Guild, token: str | None = None) -> dict[int, tuple[int | None, list[str]]]:
    cells = done(guild.get(guild.in_guild("value-matrix"), token=token), 200)["cells"]
    return {cell["cycle"]: (cell["count"], cell["stories"]) for cell in cells}


def consent(guild: Guild, id: str, token: str, **changes: Any) -> dict[str, Any]:
    return done(guild.call("PUT", guild.in_guild(f"stories/{id}/consent"), INSIDE | changes, token=token), 200)


@on_both_databases
def test_a_story_of_realised_value_leads_back_to_a_contribution(guild: Guild) -> None:
    ana = people(guild, "ana", "bo")["ana"]
    refused(guild.post(guild.in_guild("stories"), story(**REALISED), token=ana), 422, "story-ungrounded")
    first = told(guild, ana)["id"]
    goes_on = story(**REALISED, links={"stories": [first]})
    refused(guild.post(guild.in_guild("stories"), goes_on, token=ana), 422, "story-ungrounded")
    did = contribution_of(guild, "bo")
    second = told(guild, ana, **APPLIED, links={"contributions": [did], "stories": [first]})
    third = told(guild, ana, **REALISED, links={"stories": [second["id"]]})
    assert (second["grounded"], third["grounded"], read(guild, first, ana)["grounded"]) == (True, True, False)
    done(guild.post(guild.in_guild(f"contributions/{did}/retract"), {"reason": "It did not take place."}), 200)
    assert not read(guild, third["id"], ana)["grounded"]


def test_a_story_of_applied_value_says_where_and_no_story_says_nothing(guild: Guild) -> None:
    ana = people(guild, "ana")["ana"]
    answer = guild.post(guild.in_guild("stories"), story(cycles=[3]), token=ana)
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/applied_where"
    id = told(guild, ana)["id"]
    answer = guild.call("PATCH", guild.in_guild(f"stories/{id}"), {"what_happened": None}, token=ana, If_Match="*")
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/what_happened"
    answer = guild.call("PATCH", guild.in_guild(f"stories/{id}"), {"cycles": [1, 3]}, token=ana, If_Match="*")
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/applied_where"


@on_both_databases
def test_stories_do_not_go_on_from_themselves(guild: Guild) -> None:
    ana = people(guild, "ana")["ana"]
    first = told(guild, ana)["id"]
    second = told(guild, ana, links={"stories": [first]})["id"]
    third = told(guild, ana, links={"stories": [second]})["id"]
    for back in (first, third):
        change = {"links": {"stories": [back]}}
        answer = guild.call("PATCH", guild.in_guild(f"stories/{first}"), change, token=ana, If_Match="*")
        refused(answer, 422, "stories-in-a-circle")


@on_both_databases
def test_of_two_stories_that_are_linked_to_each_other_at_once_one_goes_on_from_the_other(guild: Guild) -> None:
    ana = people(guild, "ana")["ana"]
    one, other = (told(guild, ana)["id"] for _ in range(2))

    def link(pair: tuple[str, str]) -> int:
        change = {"links": {"stories": [pair[1]]}}
        path = guild.in_guild(f"stories/{pair[0]}")
        return guild.call("PATCH", path, change, token=ana, If_Match="*").status_code

    with ThreadPoolExecutor(2) as threads:
        codes = sorted(threads.map(link, [(one, other), (other, one)]))
    assert codes == [200, 422]


def test_nobody_names_what_is_not_there_or_not_theirs_to_name(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo")
    hidden = guild.badge(recipient={"member": "bo"}, visibility="private")["id"]
    secret = told(guild, tokens["bo"], consent=INSIDE | {"audience": "stewards"})["id"]
    for kind, id in (("credentials", hidden), ("stories", secret), ("contributions", hidden)):
        answer = guild.post(guild.in_guild("stories"), story(links={kind: [id]}), token=tokens["ana"])
        assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == f"/links/{kind}/0"
    mine = told(guild, tokens["bo"], links={"credentials": [hidden], "stories": [secret]}, consent=PUBLIC)
    assert mine["links"] == {"contributions": [], "credentials": [hidden], "stories": [secret]}
    assert read(guild, mine["id"])["links"] == {"contributions": [], "credentials": [], "stories": []}


@on_both_databases
def test_of_the_badges_that_a_story_names_readers_see_those_that_everybody_sees_now(guild: Guild) -> None:
    ana = people(guild, "ana", "bo")["ana"]
    of_bo = guild.badge(recipient={"member": "bo"})["id"]
    badges = [of_bo, guild.badge()["id"], guild.badge(recipient={"member": "ana"}, visibility="private")["id"]]
    id = told(guild, ana, links={"credentials": badges}, consent=PUBLIC)["id"]
    assert read(guild, id)["links"]["credentials"] == badges[:2]
    done(guild.call("PATCH", guild.in_guild("members/bo"), {"minor": True}, If_Match="*"), 200)
    assert read(guild, id)["links"]["credentials"] == badges[1:2]
    assert read(guild, id, ana)["links"]["credentials"] == badges


def test_those_read_a_story_whom_its_author_wants(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo")
    guild.member("ste", role="steward")
    steward = guild.token("ste", "steward")
    id = told(guild, tokens["ana"], consent=INSIDE | {"audience": "stewards"})["id"]
    unread(guild, id, tokens["bo"])
    assert read(guild, id, steward)["author"]["name"] == "Ana"
    consent(guild, id, tokens["ana"])
    assert read(guild, id, tokens["bo"])["title"] == "The shared shelf"
    unread(guild, id)
    consent(guild, id, tokens["ana"], audience="public")
    assert [each["id"] for each in done(guild.get(guild.in_guild("stories")), 200)["items"]] == [id]
    consent(guild, id, tokens["ana"], audience="stewards")
    unread(guild, id, tokens["bo"])
    refused(
        guild.call("PUT", guild.in_guild(f"stories/{id}/consent"), PUBLIC, token=tokens["bo"]), 404, "no-such-story"
    )


def test_a_story_that_does_not_say_whose_it_is_tells_nobody(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo")
    did = contribution_of(guild, "ana")
    badge = guild.badge(recipient={"member": "ana"})["id"]
    about = {"contributions": [did], "credentials": [badge]}
    id = told(guild, tokens["ana"], consent=PUBLIC | {"named": False}, links=about)["id"]
    for token in (None, tokens["bo"], guild.tokens.get("steward")):
        seen = read(guild, id, token)
        assert (seen["author"], seen["links"]["contributions"], seen["links"]["credentials"]) == (None, [], [])
    assert read(guild, id, tokens["ana"])["links"]["contributions"] == [did]
    with read_session(runtime_of(guild).engine) as session:
        told_of = session.exec(select(Event).where(Event.type == "story.told")).one()
    assert told_of.actor == "somebody"


def test_what_a_minor_tells_is_not_published(guild: Guild) -> None:
    guild.member("ana", minor=True, guardian_agreed=True)
    ana = guild.token("ana")
    refused(guild.post(guild.in_guild("stories"), story(consent=PUBLIC), token=ana), 403, "story-of-a-minor")
    id = told(guild, ana)["id"]
    answer = guild.call("PUT", guild.in_guild(f"stories/{id}/consent"), PUBLIC, token=ana)
    refused(answer, 403, "story-of-a-minor")


def test_a_story_is_taken_back_with_all_its_words(guild: Guild) -> None:
    ana = people(guild, "ana")["ana"]
    first = told(guild, ana, consent=PUBLIC)["id"]
    did = contribution_of(guild, "ana")
    second = told(guild, ana, links={"stories": [first], "contributions": [did]})["id"]
    last = done(guild.call("DELETE", guild.in_guild(f"stories/{first}"), token=ana), 200)
    assert last["what_happened"] == "We met."
    unread(guild, first, ana)
    change = {"title": "The shelf, later"}
    later = guild.call("PATCH", guild.in_guild(f"stories/{second}"), change, token=ana, If_Match='"1"')
    assert done(later, 200)["links"] == {"contributions": [did], "credentials": [], "stories": []}
    [kept] = [each for each in done(guild.get("/v1/me/data", token=ana), 200)["story"] if each["id"] == first]
    assert {kept["title"], kept["what_happened"]} == {None}


def test_the_matrix_counts_whole_months_and_names_what_one_may_read(guild: Guild, clock: SettableClock) -> None:
    tokens = people(guild, *(f"p{n}" for n in range(6)))
    ids = [told(guild, token)["id"] for token in tokens.values()]
    mine = told(guild, tokens["p0"], **APPLIED, consent=INSIDE | {"audience": "stewards"}, links={"stories": ids[:1]})
    assert matrix(guild, tokens["p1"])[1] == (None, ids[::-1]), "of this month nothing is counted yet"
    clock.forward(days=10)
    seen = matrix(guild, tokens["p1"])
    assert seen[1] == (5, ids[::-1])
    assert {cycle: cell for cycle, cell in seen.items() if cycle > 1} == dict.fromkeys(range(2, 6), (None, [])), (
        "of cycle 3 there is one, for stewards alone, and of the others none"
    )
    assert matrix(guild, tokens["p0"])[3] == (None, [mine["id"]])
    for token in list(tokens.values())[1:]:
        told(guild, token, **APPLIED, links={"stories": ids[1:2]})
    clock.forward(days=31)
    seen = matrix(guild)
    assert {cycle: cell[0] for cycle, cell in seen.items()} == {1: 5, 2: None, 3: None, 4: None, 5: None}, (
        "of cycle 3 two chains"
    )
    assert seen[1][1] == []


@on_both_databases
def test_who_does_not_want_to_be_counted_is_not_and_nobody_sees_them_go(guild: Guild, clock: SettableClock) -> None:
    tokens = people(guild, *(f"p{n}" for n in range(12)))
    ids = {handle: told(guild, token, consent=INSIDE | {"audience": "stewards"})["id"]
           for handle, token in tokens.items()}  # fmt: skip
    clock.forward(days=31)

    def told_of() -> tuple[int | None, int | None]:
        seen = done(guild.get(guild.in_guild("value-matrix")), 200)
        return seen["cells"][0]["count"], seen["not_counted"]

    assert told_of() == (10, 0)
    done(guild.call("PUT", "/v1/me/uncounted", token=tokens["p0"]), 200)
    assert told_of() == (10, 0), "of twelve one has opted out"
    done(guild.call("DELETE", guild.in_guild(f"stories/{ids['p1']}"), token=tokens["p1"]), 200)
    assert told_of() == (10, 0), "and one has taken their story back"
    for n in range(2, 6):
        done(guild.call("PUT", "/v1/me/uncounted", token=tokens[f"p{n}"]), 200)
    assert told_of() == (5, 5), "of the eleven stories that stand six"
    for n in range(6, 8):
        done(guild.call("PUT", "/v1/me/uncounted", token=tokens[f"p{n}"]), 200)
    assert told_of() == (None, 5)


@on_both_databases
def test_strangers_see_no_single_author_opt_out_whose_story_everybody_reads(guild: Guild, clock: SettableClock) -> None:
    ana = people(guild, "ana")["ana"]
    told(guild, ana, consent=PUBLIC)
    clock.forward(days=31)
    before = done(guild.get(guild.in_guild("value-matrix")), 200)
    done(guild.call("PUT", "/v1/me/uncounted", token=ana), 200)
    assert done(guild.get(guild.in_guild("value-matrix")), 200) == before
    assert [cell["suppressed"] for cell in before["cells"]] == [True] * 5


@on_both_databases
def test_of_stories_no_more_links_are_read_than_hang_together(guild: Guild) -> None:
    """Whoever reads a page waits for what its stories lead to, and not for all that were ever told."""
    ana = people(guild, "ana")["ana"]
    did = contribution_of(guild, "ana")
    first = told(guild, ana, links={"contributions": [did]})["id"]
    second = told(guild, ana, links={"stories": [first]})["id"]
    third = told(guild, ana, links={"stories": [first, second]})["id"]
    told(guild, ana, links={"stories": [told(guild, ana, links={"contributions": [did]})["id"], second]})
    with read_session(runtime_of(guild).engine) as session:
        leads_to, named = lines(session, select(Story.id).where(Story.id == UUID(third)))
    assert leads_to == {UUID(second): {UUID(first)}, UUID(third): {UUID(first), UUID(second)}}
    assert named == {UUID(first)}


@pytest.mark.parametrize("who", ["left", "erased"])
def test_what_somebody_told_stays_until_they_have_it_erased(guild: Guild, who: str) -> None:
    ana = people(guild, "ana")["ana"]
    id = told(guild, ana, consent=PUBLIC)["id"]
    if who == "left":
        done(guild.post(guild.in_guild("members/ana/leave")), 200)
        assert read(guild, id)["author"]["name"] == "Ana"
    else:
        done(guild.call("DELETE", "/v1/me/data?credentials=keep&confirm=ana", token=ana), 200)
        unread(guild, id)
