"""What others took up counts once a steward, who did not record it, has looked at evidence for it."""

from typing import Any

import pytest

from app.kit.database import read_session
from app.members.service import community_by_slug
from app.stories.uptake.service import counting
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.routes import begun
from tests.app.stories.routes import PUBLIC, UPTAKE, taken_up, told
from tests.service import on_both_databases


def stewards(guild: Guild) -> tuple[str, str]:
    for handle in ("ste", "sue"):
        guild.member(handle, role="steward")
    return guild.token("ste", "steward"), guild.token("sue", "steward")


def verify(guild: Guild, id: str, token: str) -> Any:
    return guild.post(guild.in_guild(f"uptake/{id}/verify"), token=token)


def listed(guild: Guild, token: str, query: str = "") -> list[str]:
    return [each["id"] for each in done(guild.get(guild.in_guild(f"uptake{query}"), token=token), 200)["items"]]


@on_both_databases
def test_uptake_counts_with_evidence_that_another_steward_has_looked_at(guild: Guild) -> None:
    ste, sue = stewards(guild)
    record = taken_up(guild, ste)
    assert (record["state"], record["counts"]) == ("recorded", False)
    refused(verify(guild, record["id"], ste), 403, "own-uptake")
    verified = done(verify(guild, record["id"], sue), 200)
    assert (verified["state"], verified["counts"]) == ("verified", True)
    refused(verify(guild, record["id"], sue), 409, "uptake-settled")
    bare = taken_up(guild, ste, evidence_url=None, evidence_digest=None)["id"]
    refused(verify(guild, bare, sue), 409, "uptake-without-evidence")
    assert (listed(guild, sue), listed(guild, sue, "?counting=true")) == ([bare, record["id"]], [record["id"]])
    with read_session(runtime_of(guild).engine) as session:
        rows = session.exec(counting(community_by_slug(session, "guild"))).all()
    assert [str(row.id) for row in rows] == [record["id"]]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"evidence_digest": None}, "/evidence_digest"),
        ({"evidence_url": None}, "/evidence_url"),
        ({"happened_at": "2026-11-23T09:00:00Z"}, "/happened_at"),
        ({"place_community": "guild"}, "/place_community"),
        ({"evidence_digest": "A" * 64}, "/evidence_digest"),
        ({"place_kind": "moon"}, "/place_kind"),
    ],
)
def test_what_cannot_be_is_not_recorded(guild: Guild, said: dict[str, Any], pointer: str) -> None:
    answer = guild.post(guild.in_guild("uptake"), UPTAKE | said)
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == pointer


def test_a_record_names_what_there_is(guild: Guild) -> None:
    stewards(guild)
    guild.member("ana")
    ana, nobody = guild.token("ana"), "00000000-0000-4000-8000-0000000000ff"
    story = told(guild, ana, consent=PUBLIC)["id"]
    begun(Guild(guild.client, "far"))
    record = taken_up(guild, ana, story=story, place_community="far", place_kind="community")
    assert (record["story"], record["place_community"]) == (story, "far")
    for said, code in (
        ({"story": nobody}, "no-such-story"),
        ({"contribution": nobody}, "no-such-contribution"),
        ({"place_community": "nowhere"}, "no-such-community"),
    ):
        refused(guild.post(guild.in_guild("uptake"), UPTAKE | said, token=ana), 404, code)


def test_a_record_is_taken_back_with_its_words_and_counts_no_more(guild: Guild) -> None:
    ste, sue = stewards(guild)
    guild.member("ana")
    ana = guild.token("ana")
    id = taken_up(guild, ste)["id"]
    done(verify(guild, id, sue), 200)
    refused(guild.call("DELETE", guild.in_guild(f"uptake/{id}"), token=ana), 403, "not-your-uptake")
    gone = done(guild.call("DELETE", guild.in_guild(f"uptake/{id}"), token=ste), 200)
    assert (gone["state"], gone["counts"], gone["what"], gone["evidence_url"]) == ("withdrawn", False, None, None)
    assert listed(guild, ana) == []
    assert done(guild.get(guild.in_guild(f"uptake/{id}"), token=ana), 200)["state"] == "withdrawn"
    refused(guild.call("DELETE", guild.in_guild(f"uptake/{id}"), token=ste), 409, "uptake-settled")
    refused(verify(guild, id, sue), 409, "uptake-settled")
