"""A member has their community's weeks told to a feed reader, by an address that is theirs alone to make and to end."""

import sqlalchemy as sa
from defusedxml.ElementTree import fromstring

from app.kit.database import read_session
from app.reports.digest.tables import DigestFeed
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.reports.digest.routes import feed_of
from tests.app.reports.digest.test_digest import badge, later
from tests.app.stories.routes import INSIDE, told
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(guild: Guild, address: str) -> list[str]:
    """What a feed reader, which sends no token, shows of each week."""
    answer = guild.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert address.rpartition("/")[2] not in answer.text
    root = fromstring(answer.text)
    assert root.findall(f".//{ATOM}link") == []
    return [entry.findtext(f"{ATOM}content", "") for entry in root.findall(f"{ATOM}entry")]


@on_both_databases
def test_a_feed_reader_reads_what_its_member_may(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("ana", "bo").offering()
    badge(circle, "bo", "community")
    told(guild, circle.tokens["ana"], title="Kept warm", consent=INSIDE)
    address = feed_of(guild, circle.tokens["ana"])
    assert entries(guild, address) == []
    later(circle, clock)
    week, *_ = entries(guild, address)
    assert "Session Host" in week
    assert "Kept warm" in week
    again = guild.get(address, If_None_Match=guild.get(address).headers["etag"])
    assert again.status_code == 304


@on_both_databases
def test_it_ends_when_its_member_says_so_makes_another_or_leaves(guild: Guild) -> None:
    token = Circle(guild).join("ana").tokens["ana"]
    assert done(guild.get("/v1/me/digest-feed", token=token), 200) == {"made_at": None}
    first = feed_of(guild, token)
    second = feed_of(guild, token)
    refused(guild.get(first), 404, "no-such-digest-feed")
    assert entries(guild, second) == []
    assert done(guild.get("/v1/me/digest-feed", token=token), 200)["made_at"] is not None
    for _ in range(2):
        assert done(guild.call("DELETE", "/v1/me/digest-feed", token=token), 200) == {"made_at": None}
    refused(guild.get(second), 404, "no-such-digest-feed")
    third = feed_of(guild, token)
    done(guild.post(guild.in_guild("members/ana/leave")), 200)
    for wrong in (third, "/feeds/weeks/x", "/feeds/weeks/é"):
        refused(guild.get(wrong), 404, "no-such-digest-feed")


def test_what_stewards_alone_are_told_is_in_no_feed(guild: Guild, clock: SettableClock) -> None:
    circle = Circle(guild).join("ana", "bo").join("ste", role="steward").offering()
    badge(circle, "bo")
    later(circle, clock)
    address = feed_of(guild, circle.tokens["ste"])
    assert "For stewards" not in "".join(entries(guild, address))
    assert entries(guild, address) == entries(guild, feed_of(guild, circle.tokens["ana"]))


def test_the_secret_is_not_kept(guild: Guild) -> None:
    token = Circle(guild).join("ana").tokens["ana"]
    secret = feed_of(guild, token).rpartition("/")[2]
    with read_session(runtime_of(guild).engine) as session:
        kept = session.execute(sa.select(sa.inspect(DigestFeed).local_table)).all()
    assert kept
    assert secret not in str(kept)
    assert "digest" not in done(guild.get("/v1/me/data", token=token), 200).get("digest_feed", [{}])[0]


def test_a_platform_makes_none(guild: Guild) -> None:
    token = guild.token(None, "platform", "metrics:read")
    refused(guild.post("/v1/me/digest-feed", token=token), 403, "forbidden")
