"""Achievements: what can be earned, and its versions."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from app.achievements.rules import Policy
from app.kit.database import read_session
from tests.app.achievements.defining import change, create, read
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import ACHIEVEMENT, Guild, done, refused
from tests.service import on_both_databases

WHOLE = {
    "name": "Patient Teacher",
    "description": "Explained it a *third* time.",
    "criteria": {"narrative": "Named by those who learned.", "id": "https://guild.example/criteria?a=1#b"},
    "achievement_type": "CommunityService",
    "contribution_type": "teaching",
    "image": data_uri(png()),
    "alignments": [
        {
            "target_name": "Explaining",
            "target_url": "https://skills.example/explaining",
            "target_description": "To make clear.",
            "target_framework": "Skills",
            "target_code": "S1.2",
            "target_type": "ext:Skill",
        }
    ],
    "results": [{"name": "Sessions", "result_type": "RawScore", "value_min": "3", "value_max": "99"}],
    "tags": ["teaching", "patience"],
    "value_to_member": "You learn it *anew*.",
    "value_to_community": "Nobody is left behind.",
    "discussion": "https://guild.example/talk/12?page=1#last",
}


@on_both_databases
def test_an_achievement_says_all_that_was_said_and_its_whole_policy(guild: Guild) -> None:
    made = done(create(guild, WHOLE), 201)
    said = {name: value for name, value in made.items() if name in WHOLE and name not in {"image", "results"}}
    assert said == {name: value for name, value in WHOLE.items() if name not in {"image", "results"}}
    [result] = made["results"]
    assert result["id"].startswith("urn:uuid:")
    assert [{name: result[name] for name in result if name != "id"}] == WHOLE["results"]
    assert made["policy"] == Policy().model_dump(mode="json")
    assert (made["version"], made["image_source"], made["lint"]) == (1, "uploaded", [])
    assert made["url"].endswith(f"/achievements/{made['id']}-v1")
    assert made["image"] == f"{made['url']}.png"
    assert read(guild, made["id"]) == made
    plain = guild.achievement()
    assert (plain["achievement_type"], plain["image_source"], plain["tags"]) == ("Badge", "drawn", [])
    listed = done(guild.get(guild.in_guild("achievements?limit=1")), 200)
    rest = done(guild.get(guild.in_guild(f"achievements?limit=1&cursor={listed['next']}")), 200)
    assert listed["items"] + rest["items"] == [made, plain]


@on_both_databases
def test_a_badge_keeps_the_words_it_was_awarded_under(guild: Guild) -> None:
    achievement = guild.achievement()
    badge, path = guild.badge(achievement), f"/achievements/{achievement['id']}"
    kept = [f"/credentials/{badge['id']}.{suffix}" for suffix in ("json", "jwt", "png", "svg")]
    kept += [f"{path}-v1.{suffix}" for suffix in ("json", "png", "svg")] + [f"/ob2/badgeclasses/{achievement['id']}-v1"]
    before = [guild.get(url).content for url in kept]
    changed = change(guild, achievement["id"], {"name": "Circle Host", "description": "Other words."}, '"1"')
    assert done(changed, 200)["version"] == 2
    assert changed.headers["etag"] == '"2"'
    assert [guild.get(url).content for url in kept] == before
    newest = done(guild.get(f"{path}.json"), 200)
    assert newest == done(guild.get(f"{path}-v2.json"), 200)
    assert (newest["name"], newest["version"]) == ("Circle Host", "2")
    assert newest["related"] == [{"id": achievement["url"], "type": ["Related"], "version": "1"}]
    assert done(guild.get(f"{path}-v1.json"), 200)["name"] == "Session Host"
    signed = done(guild.get(kept[0]), 200)
    assert signed["credentialSubject"]["achievement"]["id"] == achievement["url"]
    assert guild.verdict(before[0])["verified"]
    later = guild.badge(achievement, recipient={"did": "did:example:later"})
    assert later["achievement_version"] == 2
    for wrong in ("-v0", "-v3", "-v01", "-v1000000", "-v", "-v-1", "-v1-v1", "v1", "-v１"):
        refused(guild.get(f"{path}{wrong}.json"), 404, "no-such-achievement")


def test_what_is_left_out_stays_and_null_takes_away(guild: Guild) -> None:
    made = done(create(guild, WHOLE), 201)
    same = done(change(guild, made["id"], {}), 200)
    moved = {"version": 2, "url": f"{made['url'][:-1]}2", "image": f"{made['url'][:-1]}2.png"}
    assert same == made | moved
    values = ("contribution_type", "value_to_member", "value_to_community", "discussion")
    without: dict[str, Any] = dict.fromkeys((*values, "image"))
    bare = done(change(guild, made["id"], without | {"alignments": [], "results": [], "tags": []}), 200)
    assert (bare["image_source"], *(bare[name] for name in values)) == ("drawn", None, None, None, None)
    assert bare["alignments"] == bare["results"] == bare["tags"] == []
    assert bare["criteria"] == made["criteria"]
    criteria = {"narrative": "Another."}
    assert done(change(guild, made["id"], {"criteria": criteria}), 200)["criteria"] == criteria | {"id": None}
    for field in ("name", "description", "criteria", "achievement_type", "policy", "alignments", "results", "tags"):
        problem = refused(change(guild, made["id"], {field: None}), 422, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == [f"/{field}"]
    assert read(guild, made["id"])["version"] == 4


@on_both_databases
def test_of_those_who_change_one_version_at_once_one_does(guild: Guild) -> None:
    id = done(create(guild, ACHIEVEMENT | {"image": data_uri(png())}), 201)["id"]
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda n: change(guild, id, {"name": f"Name {n}"}, '"1"'), range(4))
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert read(guild, id)["version"] == 2


def test_refusals_come_in_one_order_permission_body_state_version(standing: Guild, hosting: dict[str, Any]) -> None:
    standing.member("mel")
    path, wrong = standing.in_guild(f"achievements/{hosting['id']}"), {"policy": {"min_seconds": -1}}
    refused(standing.call("PATCH", path, wrong, token=None), 401, "unauthenticated")
    refused(standing.call("PATCH", path, wrong, token=standing.token("mel")), 403, "forbidden")
    for body in (wrong, {"name": ""}, {"achievement_type": "Trophy"}, {"image": "aGVsbG8="}, {"id": "x"}):
        assert standing.call("PATCH", path, body).status_code == 422
    refused(standing.call("PATCH", path, {"name": "Other"}), 428, "precondition-required")
    for stale in ('"0"', '"2"', 'W/"1"', "1"):
        refused(change(standing, hosting["id"], {"name": "Other"}, stale), 412, "precondition-failed")
    assert read(standing, hosting["id"]) == hosting


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"name": "n" * 201}, "/name"),
        ({"name": "\uffff"}, "/name"),
        ({"description": ""}, "/description"),
        ({"criteria": "Be kind."}, "/criteria"),
        ({"criteria": {}}, "/criteria/narrative"),
        ({"criteria": {"narrative": " "}}, "/criteria/narrative"),
        ({"criteria": {"narrative": "n", "id": "javascript:alert(1)"}}, "/criteria/id"),
        ({"criteria": {"narrative": "n", "id": "https://guild.example/%zz"}}, "/criteria/id"),
        ({"achievement_type": "a badge"}, "/achievement_type"),
        ({"achievement_type": "ext:"}, "/achievement_type"),
        ({"contribution_type": "Hosting"}, "/contribution_type"),
        ({"tags": "teaching"}, "/tags"),
        ({"tags": ["a", ""]}, "/tags/1"),
        ({"tags": ["a"] * 51}, "/tags"),
        ({"alignments": [{"target_name": "x"}]}, "/alignments/0/target_url"),
        ({"alignments": [{"target_name": "x", "target_url": "x"}]}, "/alignments/0/target_url"),
        ({"results": [{"name": "x"}]}, "/results/0/result_type"),
        (
            {"results": [{"name": "x", "result_type": "RawScore", "allowed_value": ["1"] * 101}]},
            "/results/0/allowed_value",
        ),
        ({"results": [{"name": "x", "result_type": "RawScore", "id": "urn:uuid:mine"}]}, "/results/0/id"),
        ({"policy": []}, "/policy"),
        ({"version": 7}, "/version"),
        ({"url": "https://guild.example"}, "/url"),
    ],
)
def test_a_wrong_field_is_named(standing: Guild, changes: dict[str, Any], pointer: str) -> None:
    problem = refused(create(standing, ACHIEVEMENT | changes), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"achievement_type": "Trophy"}, "/achievement_type"),
        (
            {"alignments": [{"target_name": "x", "target_url": "https://x.example"},
                            {"target_name": "x", "target_url": "https://x.example", "target_type": "Skill"}]},
            "/alignments/1/target_type",
        ),
        ({"results": [{"name": "x", "result_type": "Score"}]}, "/results/0/result_type"),
    ],
)  # fmt: skip
def test_what_the_standard_does_not_know_is_named_as_the_field_it_was_sent_in(
    standing: Guild, changes: dict[str, Any], pointer: str
) -> None:
    problem = refused(create(standing, ACHIEVEMENT | changes), 422, "not-conformant")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_what_verifiers_would_read_differently_is_refused_to_its_author(standing: Guild) -> None:
    problem = refused(create(standing, ACHIEVEMENT | {"tags": ["！", "😀"]}), 422, "not-conformant")
    assert "emoji" in problem["detail"]


def test_what_no_image_could_carry_is_refused_to_its_author(standing: Guild) -> None:
    long = [{"target_name": "x", "target_url": "https://x.example", "target_description": "é" * 10_000}] * 3
    refused(create(standing, ACHIEVEMENT | {"alignments": long}), 422, "too-much-to-carry")
    most = {"description": "d" * 10_000, "criteria": {"narrative": "é" * 10_000}, "alignments": long[:1]}
    badge = standing.badge(done(create(standing, ACHIEVEMENT | most), 201))
    for suffix, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
        assert standing.verdict(standing.get(f"/credentials/{badge['id']}.{suffix}").content, kind)["verified"]


def test_another_communitys_achievement_is_not_found(guild: Guild, client: TestClient) -> None:
    other = Guild(client, "other").found()
    theirs = other.achievement(name="Secret of Theirs", image=data_uri(png()))
    steward = guild.token(None, "steward")
    for id in (theirs["id"], "nothing", "00000000-0000-4000-8000-0000000000ff", "x" * 3000, "%F0%9F%98%80"):
        for answer in (
            guild.get(guild.in_guild(f"achievements/{id}")),
            change(guild, id, {"name": "Ours"}, token=steward),
        ):
            assert "Secret of Theirs" not in str(refused(answer, 404, "no-such-achievement"))
    refused(change(other, theirs["id"], {"name": "Ours"}, token=steward), 403, "another-community")
    refused(guild.award(theirs, {"did": "did:example:bo"}, token=steward), 404, "no-such-achievement")
    assert read(other, theirs["id"])["name"] == "Secret of Theirs"


def test_who_defines_achievements_holds_their_scope(guild: Guild) -> None:
    guild.member("ana", role="steward")
    body = ACHIEVEMENT | {"image": data_uri(png())}
    for role, scope, status in (
        ("steward", "achievements:write", 201),
        ("platform", "achievements:write", 201),
        ("steward", "awards:write", 403),
        ("platform", "awards:write", 403),
        ("member", "nominations:write", 403),
    ):
        assert create(guild, body, token=guild.token("ana", role, scope)).status_code == status


@on_both_databases
def test_a_repeated_call_defines_one_achievement(guild: Guild) -> None:
    body = ACHIEVEMENT | {"image": data_uri(png())}
    first, again = (create(guild, body, Idempotency_Key="one") for _ in range(2))
    assert done(first, 201) == done(again, 201)
    assert again.headers["idempotent-replayed"] == "true"
    refused(create(guild, body | {"name": "Other"}, Idempotency_Key="one"), 422, "idempotency-key-reused")
    assert len(done(guild.get(guild.in_guild("achievements")), 200)["items"]) == 1


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=12) | (
    st.sampled_from(
        ["Ἀδα", "عائشة", "👩‍🔬🏽", "a]]>b{c}\\", '"', "́", "\ue000", "＜！-- 😀", "\U0010ffff", "ﬀ", "%s{0}"]
    )
)
URLS = st.text(st.characters(codec="utf-8", categories=["L", "N", "S"]), max_size=9).map(
    lambda text: f"https://x.example/{text}?{text}#{text}"
)
ODD = {
    "name": TEXTS,
    "description": TEXTS,
    "criteria": st.fixed_dictionaries({"narrative": TEXTS}, optional={"id": URLS}),
    "achievement_type": st.sampled_from(["Badge", "ext:x", "ext:A.b-c_d", "ext:.", "ext:-"]),
    "tags": st.lists(TEXTS, max_size=4),
    "alignments": st.lists(
        st.fixed_dictionaries(
            {"target_name": TEXTS, "target_url": URLS},
            optional={"target_description": TEXTS, "target_code": TEXTS, "target_framework": TEXTS},
        ),
        max_size=3,
    ),
    "results": st.lists(
        st.fixed_dictionaries(
            {"name": TEXTS, "result_type": st.sampled_from(["RawScore", "Status", "ext:x"])},
            optional={"allowed_value": st.lists(TEXTS, max_size=3), "required_value": TEXTS, "value_min": TEXTS},
        ),
        max_size=2,
    ),
}


@given(st.fixed_dictionaries({}, optional=ODD))
@trying(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_taken_can_be_awarded_and_verified(standing: Guild, changes: dict[str, Any]) -> None:
    answer = create(standing, ACHIEVEMENT | {"image": data_uri(png())} | changes)
    assert answer.status_code in {201, 422}, answer.text
    if answer.status_code == 422:
        return
    badge = standing.badge(answer.json())
    for form, kind in (
        ("/credentials/{}.json", "application/json"),
        ("/credentials/{}.jwt", "text/plain"),
        ("/credentials/{}.png", "image/png"),
        ("/credentials/{}.svg", "image/svg+xml"),
        ("/ob2/assertions/{}", "application/json"),
        ("/ob2/assertions/{}.jws", "text/plain"),
    ):
        report = standing.verdict(standing.get(form.format(badge["id"])).content, kind)
        assert report["verified"], (form, report["summary"], json.dumps(changes))


@on_both_databases
def test_every_version_is_shown_with_the_policy_it_had(guild: Guild) -> None:
    first = guild.achievement(image=data_uri(png()), policy={"min_seconds": 3})
    path = guild.in_guild(f"achievements/{first['id']}/versions")
    second = done(change(guild, first["id"], {"policy": {"min_seconds": 4}, "value_to_member": "You grow."}), 200)
    assert done(guild.get(path), 200) == {"items": [second, first], "next": None}
    page = done(guild.get(f"{path}?limit=1"), 200)
    assert page["items"] + done(guild.get(f"{path}?limit=1&cursor={page['next']}"), 200)["items"] == [second, first]
    assert [done(guild.get(f"{path}/{n}"), 200)["policy"]["min_seconds"] for n in (1, 2)] == [3, 4]
    for wrong in ("0", "3", "01", "-1", "v1", "1000000", "x", "１"):
        refused(guild.get(f"{path}/{wrong}"), 404, "no-such-achievement")


def pointers(answer: dict[str, Any]) -> list[str]:
    assert all(warning["message"] and warning["severity"] == "warning" for warning in answer["lint"])
    return [warning["pointer"] for warning in answer["lint"]]


def test_what_is_missing_or_unwise_is_told_with_every_answer_and_refused_by_none(guild: Guild) -> None:
    missing = ["/value_to_member", "/value_to_community"]
    made = guild.achievement(image=data_uri(png()))
    assert pointers(made) == missing
    unwise = {"policy": {"windows_days": {"offer": 3}}, "value_to_community": "Somebody is thanked."}
    changed = done(change(guild, made["id"], unwise), 200)
    assert pointers(changed) == ["/value_to_member", "/policy/windows_days/offer"]
    assert read(guild, made["id"]) == changed
    assert done(guild.get(guild.in_guild("achievements")), 200)["items"] == [changed]
    versions = done(guild.get(guild.in_guild(f"achievements/{made['id']}/versions")), 200)["items"]
    assert [pointers(version) for version in versions] == [pointers(changed), missing]
    for nothing in ("", "  "):
        refused(create(guild, ACHIEVEMENT | {"value_to_member": nothing}), 422, "invalid")


def rows(engine: sa.Engine) -> dict[str, int]:
    count = "SELECT count(*) FROM {}"
    with read_session(engine) as session:
        names = sa.inspect(engine).get_table_names()
        return {name: session.execute(sa.text(count.format(name))).scalar_one() for name in names}


def without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in {"id", "url", "image"}}


@on_both_databases
def test_a_dry_run_answers_alike_and_keeps_nothing(guild: Guild, engine: sa.Engine) -> None:
    path, body = guild.in_guild("achievements"), ACHIEVEMENT | {"image": data_uri(png())}
    before = rows(engine)
    tried = done(guild.post(f"{path}?validate_only=true", body, Idempotency_Key="one"), 201)
    assert rows(engine) == before
    refused(guild.get(f"{path}/{tried['id']}"), 404, "no-such-achievement")
    made = done(guild.post(f"{path}?validate_only=false", body, Idempotency_Key="one"), 201)
    assert without_ids(tried) == without_ids(made)
    before = rows(engine)
    one = f"{path}/{made['id']}"
    tried = done(guild.call("PATCH", f"{one}?validate_only=true", {"name": "Circle Host"}, If_Match='"1"'), 200)
    assert (tried["name"], tried["version"], rows(engine)) == ("Circle Host", 2, before)
    assert read(guild, made["id"]) == made
    assert done(change(guild, made["id"], {"name": "Circle Host"}, '"1"'), 200) == tried


def test_a_dry_run_is_refused_as_the_real_one(standing: Guild, hosting: dict[str, Any]) -> None:
    standing.member("dry")
    path, wrong = standing.in_guild("achievements"), ACHIEVEMENT | {"policy": {"stackable": True}}
    refused(standing.post(f"{path}?validate_only=true", wrong), 422, "invalid")
    refused(standing.post(f"{path}?validate_only=true", wrong, token=standing.token("dry")), 403, "forbidden")
    refused(standing.post(f"{path}?validate_only=perhaps", ACHIEVEMENT), 422, "invalid")
    one = f"{path}/{hosting['id']}?validate_only=true"
    refused(standing.call("PATCH", one, {"name": "Other"}), 428, "precondition-required")
    refused(standing.call("PATCH", one, {"name": "Other"}, If_Match='"7"'), 412, "precondition-failed")
