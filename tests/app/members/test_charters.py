"""What a community has agreed on, and what it is about: in versions, for everyone to read."""

from concurrent.futures import ThreadPoolExecutor

from tests.app.guild import Guild, done, refused
from tests.app.members.routes import CHARTER, adopted, described
from tests.service import on_both_databases


def test_everyone_reads_the_charter_and_all_that_came_before_it(guild: Guild) -> None:
    refused(guild.get(guild.in_guild("charter")), 404, "no-charter")
    adopted(guild)
    adopted(guild, structure="Three stewards.", note="One more steward")
    assert done(guild.get(guild.in_guild("charter")), 200)["structure"] == "Three stewards."
    first = done(guild.get(guild.in_guild("charter/versions/1")), 200)
    assert {name: first[name] for name in CHARTER} == CHARTER
    listed = done(guild.get(guild.in_guild("charter/versions?limit=1")), 200)
    assert ([each["number"] for each in listed["items"]], bool(listed["next"])) == ([2], True)
    for number in ("0", "3", "-1", "1.0"):
        refused(guild.get(guild.in_guild(f"charter/versions/{number}")), 404, "no-charter")


def test_another_version_rewrites_no_badge_that_was_issued_under_the_one_before(guild: Guild) -> None:
    adopted(guild)
    badge = guild.badge()["id"]
    forms = ("json", "jwt")
    before = [guild.get(f"/credentials/{badge}.{form}").content for form in forms]
    adopted(guild, purpose="Something else altogether.")
    assert [guild.get(f"/credentials/{badge}.{form}").content for form in forms] == before
    assert guild.verdict(before[0])["verified"]


@on_both_databases
def test_versions_that_are_adopted_at_once_are_numbered_one_after_the_other(guild: Guild) -> None:
    with ThreadPoolExecutor(4) as threads:
        numbers = list(threads.map(lambda n: adopted(guild, purpose=f"Purpose {n}")["number"], range(8)))
    assert sorted(numbers) == list(range(1, 9))


def test_a_profile_without_a_domain_is_not_published(guild: Guild) -> None:
    profile = guild.in_guild("profile")
    guild.member("mel")
    described(guild, community="Whoever looks after data.")
    answer = guild.call("PATCH", profile, {"public": True}, If_Match="*")
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/domain"
    refused(guild.get(profile), 404, "profile-not-public")
    assert done(guild.get(profile, token=guild.token("mel")), 200)["domain"] is None
    described(guild, domain="Shared data", rhythm="every other Tuesday", rhythm_days=14, public=True)
    seen = done(guild.get(profile), 200)
    assert (seen["domain"], seen["community"], seen["rhythm_days"]) == ("Shared data", "Whoever looks after data.", 14)
    refused(guild.call("PATCH", profile, {"domain": None}, If_Match="*"), 422, "invalid")


def test_a_change_of_the_profile_says_which_version_it_is_meant_for(guild: Guild) -> None:
    profile = guild.in_guild("profile")
    assert guild.get(profile, token=guild.token(None, "platform", "metrics:read")).headers["etag"] == '"0"'
    refused(guild.call("PATCH", profile, {"domain": "Data"}), 428, "precondition-required")
    answer = guild.call("PATCH", profile, {"domain": "Data"}, If_Match='"0"')
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    refused(guild.call("PATCH", profile, {"domain": "Seeds"}, If_Match='"0"'), 412, "precondition-failed")
