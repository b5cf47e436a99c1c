"""Before another community is founded it is asked which there are that may be about the same."""

from hypothesis import given
from hypothesis import strategies as st

from app.members.communities.likeness import ALIKE, alike
from tests.app.guild import Guild, done
from tests.service import ADMIN_TOKEN, on_both_databases

ABOUT = {
    "tea": "People who keep tea kitchens open for others, and share how they clean them.",
    "seeds": "Gardeners who keep old seeds and exchange them in winter.",
    "code": "Research software engineers who review each other's code.",
}


def test_what_shares_rare_words_is_alike_and_the_most_alike_comes_first() -> None:
    assert [key for key, _ in alike("We exchange seeds in our gardens", ABOUT)] == ["seeds"]
    assert [key for key, _ in alike("Reviewing research software", ABOUT)] == ["code"]
    assert alike("Sailing on the lake", ABOUT) == []
    assert alike("", ABOUT) == []
    assert alike("Anything", {}) == []


@given(st.text(max_size=200), st.dictionaries(st.integers(), st.text(max_size=200), max_size=6))
def test_likeness_is_between_none_and_all(text: str, others: dict[int, str]) -> None:
    found = alike(text, others)
    assert all(ALIKE <= value <= 1.001 for _, value in found)
    assert [value for _, value in found] == sorted((value for _, value in found), reverse=True)


@on_both_databases
def test_communities_are_found_by_what_everyone_may_read_of_them(guild: Guild) -> None:
    other = Guild(guild.client, slug="winter").found()
    changes = {"domain": "Heritage seeds", "practice": "Exchanging seeds in winter"}
    done(guild.call("PATCH", other.in_guild("profile"), changes, If_Match="*"), 200)
    assert slugs(guild, "seeds that are exchanged") == []
    done(guild.call("PATCH", other.in_guild("profile"), {"public": True}, If_Match="*"), 200)
    assert slugs(guild, "seeds that are exchanged") == ["winter"]
    assert set(slugs(guild, "people who make things together")) == {"guild", "winter"}
    assert len(slugs(guild, "people who make things together&limit=1")) == 1
    assert guild.get("/v1/communities?like=ab", token=ADMIN_TOKEN).status_code == 422


def slugs(guild: Guild, text: str) -> list[str]:
    found = done(guild.get(f"/v1/communities?like={text}"), 200)
    assert found["next"] is None
    return [each["slug"] for each in found["items"]]
