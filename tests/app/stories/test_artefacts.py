"""What was made together: by whom, on what it builds, what others think of it, and the picture of all."""

from typing import Any
from uuid import UUID

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stories.artefacts.rules import longest
from tests.app.guild import Guild, done, refused
from tests.app.stories.routes import artefact, made
from tests.service import on_both_databases


def people(guild: Guild, *handles: str) -> dict[str, str]:
    for handle in handles:
        guild.member(handle)
    return {handle: guild.token(handle) for handle in handles}


def change(guild: Guild, id: str, token: str | None, **said: Any) -> Any:
    return guild.call("PATCH", guild.in_guild(f"artefacts/{id}"), said, token=token, If_Match="*")


def review(guild: Guild, id: str, token: str | None, verdict: str = "approved", **said: Any) -> Any:
    return guild.post(guild.in_guild(f"artefacts/{id}/reviews"), {"verdict": verdict} | said, token=token)


def picture(guild: Guild, token: str) -> dict[str, Any]:
    return done(guild.get(guild.in_guild("artefact-graph"), token=token), 200)


@on_both_databases
def test_an_artefact_says_who_made_it_and_on_what_it_builds(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo")
    parts = [{"member": "ana", "role": "author"}, {"member": "bo", "role": "illustrator"}]
    first = made(guild, "bo", licence="CC-BY-4.0")
    bases = [{"artefact": first["id"]}, {"url": "https://far.example/book", "title": "The far book"}]
    second = made(guild, token=tokens["ana"], contributors=parts, builds_on=bases)
    assert [each["role"] for each in second["contributors"]] == ["author", "illustrator"]
    assert [each["artefact"] or each["url"] for each in second["builds_on"]] == [first["id"], bases[1]["url"]]
    listed = done(guild.get(guild.in_guild("artefacts?review=unreviewed"), token=tokens["bo"]), 200)["items"]
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    later = done(change(guild, second["id"], tokens["bo"], title="A longer list"), 200)
    assert (later["title"], len(later["contributors"]), len(later["builds_on"])) == ("A longer list", 2, 2)


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"contributors": [{"member": "zed", "role": "author"}]}, 404, "no-such-member"),
        ({"contributors": [{"member": "ana", "role": "author"}] * 2}, 422, "invalid"),
        ({"contributors": []}, 422, "invalid"),
        ({"builds_on": [{"artefact": "00000000-0000-4000-8000-0000000000ff"}]}, 404, "no-such-artefact"),
        ({"builds_on": [{"title": "Neither"}]}, 422, "invalid"),
        ({"url": "javascript:alert(1)"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_is_not_listed(guild: Guild, said: dict[str, Any], status: int, code: str) -> None:
    ana = people(guild, "ana")["ana"]
    refused(guild.post(guild.in_guild("artefacts"), artefact("ana") | said, token=ana), status, code)


@on_both_databases
def test_nothing_builds_on_itself(guild: Guild) -> None:
    ana = people(guild, "ana")["ana"]
    first = made(guild, "ana")["id"]
    second = made(guild, "ana", builds_on=[{"artefact": first}])["id"]
    for base in (first, second):
        refused(change(guild, first, ana, builds_on=[{"artefact": base}]), 422, "artefacts-in-a-circle")


def test_nobody_reviews_their_own_and_a_change_is_looked_at_again(guild: Guild) -> None:
    tokens = people(guild, "ana", "bo")
    for handle in ("ste", "sue"):
        guild.member(handle, role="steward")
    ste, sue = guild.token("ste", "steward"), guild.token("sue", "steward")
    id = made(guild, "ana", "ste", token=tokens["ana"])["id"]
    refused(review(guild, id, tokens["bo"]), 403, "forbidden")
    refused(review(guild, id, ste), 403, "own-artefact")
    answer = review(guild, id, sue, "changes_asked")
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/note"
    assert done(review(guild, id, sue, "changes_asked", note="Say where."), 200)["review"] == "changes_asked"
    assert done(review(guild, id, sue), 200)["review"] == "approved"
    refused(change(guild, id, tokens["bo"], title="Mine"), 403, "not-your-artefact")
    assert done(change(guild, id, tokens["ana"], title="The list"), 200)["review"] == "unreviewed"
    refused(review(guild, made(guild, "ana", token=sue)["id"], sue), 403, "own-artefact")


def test_the_picture_shows_what_builds_on_what_and_names_nobody(guild: Guild) -> None:
    handles = [f"p{n}" for n in range(5)]
    tokens = people(guild, *handles)
    guild.member("ste", role="steward")
    first = made(guild, *handles, title="First")["id"]
    second = made(guild, "p0", title="Second", builds_on=[{"artefact": first}])["id"]
    third = made(guild, "p0", title="Third", builds_on=[{"artefact": second}, {"url": "https://far.example"}])["id"]
    done(review(guild, first, guild.token("ste", "steward")), 200)
    seen = picture(guild, tokens["p0"])
    assert [(node["title"], node["contributors"]) for node in seen["nodes"]] == [
        ("First", 5),
        ("Second", None),
        ("Third", None),
    ]
    edges = [(edge["source"], edge["target"]) for edge in seen["edges"]]
    assert edges == [(second, first), (third, second)]
    assert seen["said"] == "Artefacts: 3. Built on others: 2. Recommended: 1. Longest line: 3."
    assert "p0" not in str(seen)
    done(guild.call("PUT", "/v1/me/uncounted", token=tokens["p4"]), 200)
    named = done(guild.get(guild.in_guild(f"artefacts/{first}"), token=tokens["p0"]), 200)["contributors"]
    assert len(named) == 5
    told = picture(guild, tokens["p0"])["nodes"][0]["contributors"]
    assert told == 5, "one less than are named would tell that one of them does not want to be counted"
    done(guild.call("DELETE", guild.in_guild(f"artefacts/{first}"), token=tokens["p0"]), 200)
    assert [edge["target"] for edge in picture(guild, tokens["p0"])["edges"]] == [second]
    refused(guild.get(guild.in_guild(f"artefacts/{first}"), token=tokens["p0"]), 404, "no-such-artefact")


def test_a_picture_of_nothing_says_so(guild: Guild) -> None:
    guild.member("ana")
    seen = picture(guild, guild.token("ana"))
    assert (seen["nodes"], seen["edges"]) == ([], [])
    assert seen["said"] == "Artefacts: 0. Built on others: 0. Recommended: 0. Longest line: 0."


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_the_longest_line_is_the_one_that_networkx_finds(pairs: list[tuple[int, int]]) -> None:
    downwards = {(max(pair), min(pair)) for pair in pairs if pair[0] != pair[1]}
    builds_on: dict[UUID, list[UUID]] = {}
    for one, other in downwards:
        builds_on.setdefault(UUID(int=one), []).append(UUID(int=other))
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(10))
    graph.add_edges_from(downwards)
    assert longest(builds_on) == networkx.dag_longest_path_length(graph) + 1
