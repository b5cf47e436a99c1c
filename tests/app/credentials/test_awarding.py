"""Awarding: who can be recognised, what an award may say, and who may make one."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

import badges
from app.settings import Settings
from tests.app.guild import SLUG, Guild, done, path_of, refused
from tests.service import ADMIN_TOKEN as ADMIN
from tests.stand_ins import THEN, SettableClock

UUID_URN = "urn:uuid:"


@pytest.fixture(scope="module")
def host(standing: Guild) -> dict[str, Any]:
    """An achievement to award."""
    return standing.achievement()


def signed(guild: Guild, credential: dict[str, Any]) -> dict[str, Any]:
    """The credential as a stranger gets it."""
    return done(guild.get(path_of(credential["url"]) + ".json"), 200)


def subject(guild: Guild, credential: dict[str, Any]) -> str:
    name: str = signed(guild, credential)["credentialSubject"]["id"]
    return name


@pytest.mark.parametrize(
    "recipient",
    [{"member": "cleo"}, {"email": "Cleo@People.example"}, {"email": "new@people.example", "name": "New"}],
    ids=["member", "email of a member", "email"],
)
def test_somebody_without_a_did_is_called_by_a_random_uuid(guild: Guild, recipient: dict[str, str]) -> None:
    guild.member("cleo", email="cleo@people.example")
    badge = guild.badge(recipient=recipient)
    assert badge["state"] == "active"
    assert badge["recipient"]["id"].startswith(UUID_URN)
    assert badge["recipient"]["name"] == ("New" if "name" in recipient else "Cleo")
    assert badge["recipient"]["id"] == subject(guild, badge)


def test_somebody_with_a_did_is_called_by_it(standing: Guild, host: dict[str, Any]) -> None:
    badge = standing.badge(host, recipient={"did": "did:web:ada.example"})
    assert subject(standing, badge) == "did:web:ada.example"


def test_a_member_is_the_same_person_by_handle_id_email_and_did(guild: Guild) -> None:
    ada = guild.member("ada", email="ada@people.example", did="did:example:ada")
    names = [{"member": "ada"}, {"member": ada["id"]}, {"email": " ADA@people.example"}, {"did": "did:example:ada"}]
    badges_ = [guild.badge(guild.achievement(name=f"Badge {n}"), recipient=name) for n, name in enumerate(names)]
    assert {badge["recipient"]["member"] for badge in badges_} == {ada["id"]}
    assert {subject(guild, badge) for badge in badges_} == {"did:example:ada"}


def test_a_badge_names_a_member_by_the_did_they_have_when_it_is_signed(guild: Guild) -> None:
    ada = guild.member("ada")
    before, after = guild.achievement(), guild.achievement(name="Another")
    first = guild.badge(before, recipient={"member": "ada"})
    guild.call("PATCH", guild.in_guild("members/ada"), {"did": "did:example:ada"}, If_Match='"1"')
    second = guild.badge(after, recipient={"member": ada["id"]})
    assert subject(guild, first).startswith(UUID_URN)
    assert subject(guild, second) == "did:example:ada"


def test_the_same_address_is_another_id_in_another_community(guild: Guild) -> None:
    """Else two communities could find out whom they share."""
    other = Guild(guild.client, slug="other").found()
    here, there = (g.badge(recipient={"email": "eve@people.example"}) for g in (guild, other))
    assert subject(guild, here) != subject(other, there)


def test_who_joins_later_is_the_person_who_was_awarded_by_address(guild: Guild) -> None:
    first = guild.badge(recipient={"email": "eve@people.example", "name": "Eve"})
    eve = guild.member("eve", email="eve@people.example")
    second = guild.badge(guild.achievement(name="Another"), recipient={"member": "eve"})
    assert subject(guild, second) == subject(guild, first)
    mine = done(guild.get(f"/v1/credentials/{first['id']}", token=guild.token("eve")), 200)
    assert mine["recipient"] == {"id": subject(guild, first), "member": eve["id"], "name": "Eve"}


def test_who_takes_over_an_address_that_a_member_gave_up_gets_none_of_their_badges(guild: Guild) -> None:
    guild.member("ana", email="press@people.example")
    hers = guild.badge(recipient={"member": "ana"}, visibility="private")
    guild.call("PATCH", guild.in_guild("members/ana"), {"email": "ana@people.example"}, If_Match='"1"')
    guild.member("bea", email="press@people.example")
    another = guild.badge(guild.achievement(name="Another"), recipient={"email": "press@people.example"})
    assert another["recipient"]["name"] == "Bea"
    assert another["recipient"]["id"] != hers["recipient"]["id"]
    refused(guild.get(f"/v1/credentials/{hers['id']}", token=guild.token("bea")), 404, "no-such-credential")
    done(guild.get(f"/v1/credentials/{hers['id']}", token=guild.token("ana")), 200)


def test_who_takes_over_an_address_that_a_newcomer_gave_up_gets_none_of_their_badges(guild: Guild) -> None:
    hers = guild.badge(recipient={"email": "press@people.example"})
    guild.member("ana", email="press@people.example")
    guild.badge(guild.achievement(name="Second"), recipient={"member": "ana"})  # from now on it is known to be hers
    guild.call("PATCH", guild.in_guild("members/ana"), {"email": "ana@people.example"}, If_Match='"1"')
    guild.member("bea", email="press@people.example")
    third = guild.badge(guild.achievement(name="Third"), recipient={"member": "bea"})
    assert subject(guild, third) != subject(guild, hers)
    refused(guild.get(f"/v1/credentials/{hers['id']}", token=guild.token("bea")), 404, "no-such-credential")


def test_an_address_is_in_no_public_document_and_not_in_the_database(
    guild: Guild, settings: Settings, tmp_path: Path
) -> None:
    address = "grace.hopper@people.example"
    offer = guild.offer(guild.achievement(), {"email": address, "name": "Grace"})
    done(guild.claim(offer, visibility="public"), 200)
    id = offer["id"]
    forms = [f"/credentials/{id}{suffix}" for suffix in ("", ".json", ".jwt", ".png", ".svg", ".html")]
    forms += [f"/ob2/assertions/{id}{suffix}" for suffix in ("", ".jws", ".png", ".svg")]
    words = [address.encode(), b"grace.hopper", hashlib.sha256(address.encode()).hexdigest().encode(), b"sha256$"]
    for form in forms:
        answer = guild.get(form)
        assert answer.status_code == 200
        assert not [word for word in words if word in answer.content], form
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    assert not [(path, word) for path in files for word in words[:3] if word in path.read_bytes()]


def test_what_was_said_about_an_award_is_in_the_badge_of_both_versions(standing: Guild, host: dict[str, Any]) -> None:
    story = {
        "narrative": "Opened the *table* twelve times.",
        "evidence": [
            {"url": "https://notes.example/1", "name": "Notes", "description": "Of twelve evenings."},
            {"url": "http://photos.example/2"},
        ],
        "valid_until": "2027-11-21T10:00:00.75+01:00",
    }
    badge = standing.badge(host, recipient=standing.somebody(), **story)
    v3 = signed(standing, badge)
    assert v3["credentialSubject"]["narrative"] == story["narrative"]
    assert v3["evidence"] == [
        {
            "id": "https://notes.example/1",
            "type": ["Evidence"],
            "name": "Notes",
            "description": "Of twelve evenings.",
        },
        {"id": "http://photos.example/2", "type": ["Evidence"]},
    ]
    assert v3["validUntil"] == "2027-11-21T09:00:00Z"
    assert v3["awardedDate"] == v3["validFrom"] == "2026-11-21T09:00:00Z"
    v2 = done(standing.get(f"/ob2/assertions/{badge['id']}"), 200)
    assert v2["narrative"] == story["narrative"]
    assert [evidence["id"] for evidence in v2["evidence"]] == ["https://notes.example/1", "http://photos.example/2"]
    assert v2["expires"] == v3["validUntil"]


def test_an_achievement_says_how_long_its_badges_are_valid(guild: Guild, clock: SettableClock) -> None:
    yearly = guild.achievement(policy={"validity_days": 365})
    offer = guild.offer(yearly)
    clock.forward(days=10)
    accepted = done(guild.claim(offer, visibility="public"), 200)
    assert accepted["valid_until"] == "2027-12-01T09:00:00Z"  # from the acceptance, not from the offer
    own = guild.badge(yearly, recipient=guild.somebody(), valid_until="2027-01-01T00:00:00Z")
    assert own["valid_until"] == "2027-01-01T00:00:00Z"
    clock.forward(days=365)
    states = {
        each["id"]: each["state"] for each in done(guild.get(guild.in_guild("credentials"), token=ADMIN), 200)["items"]
    }
    assert states == {accepted["id"]: "expired", own["id"]: "expired"}


def test_a_badge_is_awarded_in_whole_seconds(guild: Guild, clock: SettableClock) -> None:
    clock.forward(milliseconds=700)
    badge = guild.badge(valid_until="2026-11-21T09:00:01.900Z")
    document = signed(guild, badge)
    assert (document["validFrom"], document["validUntil"]) == ("2026-11-21T09:00:00Z", "2026-11-21T09:00:01Z")
    assert guild.verdict(guild.get(path_of(badge["url"]) + ".json").content)["verdict"] == "valid"


@pytest.mark.parametrize("moment", ["2026-11-21T09:00:00Z", "2026-11-21T09:00:00.4Z", "2019-01-01T00:00:00Z"])
def test_nothing_is_awarded_that_is_over_before_it_begins(standing: Guild, host: dict[str, Any], moment: str) -> None:
    problem = refused(standing.award(host, standing.somebody(), valid_until=moment), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/valid_until"


BAD_AWARDS: list[tuple[dict[str, Any], str]] = [
    ({"recipient": {}}, "/recipient"),
    ({"recipient": {"email": "a@people.example", "did": "did:example:a"}}, "/recipient"),
    ({"recipient": {"member": "a", "email": "a@people.example"}}, "/recipient"),
    ({"recipient": {"email": "nobody"}}, "/recipient/email"),
    ({"recipient": {"email": "a@people.example\nBcc: b@people.example"}}, "/recipient/email"),
    ({"recipient": {"did": "https://not-a-did.example"}}, "/recipient/did"),
    ({"recipient": {"did": "did:example:a b"}}, "/recipient/did"),
    ({"recipient": "ana"}, "/recipient"),
    ({"achievement": 7}, "/achievement"),
    ({"achievement": None}, "/achievement"),
    ({"consent": "assumed"}, "/consent"),
    ({"visibility": "secret"}, "/visibility"),
    ({"visibility": None}, "/visibility"),
    ({"narrative": ""}, "/narrative"),
    ({"narrative": "x" * 10_001}, "/narrative"),
    ({"narrative": "turned \u202e round"}, "/narrative"),
    ({"narrative": ["a", "b"]}, "/narrative"),
    ({"external_id": "x" * 201}, "/external_id"),
    ({"external_id": 12}, "/external_id"),
    ({"evidence": {"url": "https://notes.example"}}, "/evidence"),
    ({"evidence": [{"name": "without a link"}]}, "/evidence/0/url"),
    ({"evidence": [{"url": "https://notes.example"}] * 51}, "/evidence"),
    ({"evidence": [{"url": "https://notes.example", "genre": "x"}]}, "/evidence/0/genre"),
    ({"valid_until": "tomorrow"}, "/valid_until"),
    ({"valid_until": 1_900_000_000}, "/valid_until"),
    ({"valid_until": "2030-01-01T00:00:00"}, "/valid_until"),
    ({"awarded_by": "me"}, "/awarded_by"),
    ({"state": "active"}, "/state"),
]


@pytest.mark.parametrize(("change", "pointer"), BAD_AWARDS, ids=[str(change)[:60] for change, _ in BAD_AWARDS])
def test_what_an_award_may_not_say_is_refused_by_name(
    standing: Guild, host: dict[str, Any], change: dict[str, Any], pointer: str
) -> None:
    body = {"achievement": host["id"], "recipient": standing.somebody()} | change
    problem = refused(standing.post(standing.in_guild("credentials"), body), 422, "invalid")
    assert pointer in {error["pointer"] for error in problem["errors"]}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "ftp://files.example/x",
        "//notes.example/x",
        "/notes",
        "https://user:secret@notes.example/",
        "https://notes.example/a b",
        'https://notes.example/"onmouseover="x',
        "https://notes.example/%zz",
        "https://",
        "java\nscript:alert(1)",
    ],
)
def test_evidence_is_a_web_address_and_nothing_that_acts(standing: Guild, host: dict[str, Any], url: str) -> None:
    answer = standing.award(host, standing.somebody(), evidence=[{"url": url}])
    assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/evidence/0/url"


def test_an_award_that_no_image_could_carry_is_refused_before_anybody_is_asked(
    standing: Guild, host: dict[str, Any]
) -> None:
    pages = [{"url": f"https://notes.example/{n}", "description": "é" * 9_000} for n in range(5)]
    refused(standing.award(host, standing.somebody(), evidence=pages), 422, "too-much-to-carry")
    badge = standing.badge(host, recipient=standing.somebody(), evidence=pages[:4])
    for form in (".json", ".jwt", ".png", ".svg"):
        answer = standing.get(path_of(badge["url"]) + form)
        assert standing.verdict(answer.content, answer.headers["content-type"])["verdict"] == "valid"


TEXTS = st.text(min_size=1, max_size=40)
STORIES = st.fixed_dictionaries(
    {"narrative": TEXTS},
    optional={
        "evidence": st.lists(
            st.fixed_dictionaries(
                {"url": TEXTS.map(lambda text: f"https://notes.example/{text}")},
                optional={"name": TEXTS, "description": TEXTS},
            ),
            max_size=3,
        ),
        "valid_until": st.datetimes(min_value=datetime(2026, 11, 22)).map(lambda at: f"{at.isoformat()}Z"),  # noqa: DTZ001
        "external_id": TEXTS,
    },
)
PEOPLE = st.one_of(
    st.uuids().map(lambda uuid: {"email": f"{uuid}@people.example"}),
    TEXTS.map(lambda text: {"did": f"did:example:{text}"}),
    st.tuples(st.uuids(), TEXTS).map(lambda both: {"email": f"{both[0]}@people.example", "name": both[1]}),
)


@settings(max_examples=40, deadline=None)
@given(STORIES, PEOPLE)
def test_whatever_is_offered_can_be_accepted_signed_and_verified(
    standing: Guild, host: dict[str, Any], story: dict[str, Any], recipient: dict[str, Any]
) -> None:
    """The recipient is not to find out that something was wrong with the offer."""
    answer = standing.award(host, recipient, **story)
    assert answer.status_code in {201, 400, 409, 422}, answer.text
    if answer.status_code == 201:
        accepted = done(standing.claim(answer.json()), 200)
        assert standing.verdict(accepted["signed"])["verdict"] == "valid"


def test_an_award_says_who_vouches_for_the_consent(guild: Guild) -> None:
    platform = guild.token(None, "platform", "awards:write", "awards:consented")
    badge = done(guild.award(guild.achievement(), guild.somebody(), consent="given", token=platform), 201)
    assert badge["state"] == "active"
    assert badge["claim_url"] is None
    consent = badge["consent"]
    assert (consent["given"], consent["achievement_version"]) == ("vouched", 1)
    assert consent["by"] == badge["awarded_by"] != "admin"
    assert datetime.fromisoformat(consent["at"]) == THEN


def test_to_vouch_for_consent_a_token_needs_that_scope(guild: Guild) -> None:
    guild.member("ana", role="steward")
    achievement = guild.achievement()
    for token in (guild.token("ana", "steward"), guild.token(None, "platform", "awards:write")):
        refused(guild.award(achievement, guild.somebody(), consent="given", token=token), 403, "forbidden")
        assert guild.offer(achievement, token=token)["state"] == "offered"
    by_name = guild.token("ana", "steward", "awards:write", "awards:consented")
    assert done(guild.award(achievement, guild.somebody(), consent="given", token=by_name), 201)["state"] == "active"


def test_who_may_award_and_what(guild: Guild) -> None:
    other = Guild(guild.client, slug="other").found()
    guild.member("ana")
    achievement, foreign = guild.achievement(), other.achievement()
    somebody = guild.somebody()
    refused(guild.award(achievement, somebody, token=None), 401, "unauthenticated")
    refused(guild.award(achievement, somebody, token="lrl_nobody"), 401, "unauthenticated")
    refused(guild.award(achievement, somebody, token=guild.token("ana")), 403, "forbidden")
    theirs = other.token(None, "platform", "awards:write")
    refused(guild.award(achievement, somebody, token=theirs), 403, "another-community")
    refused(guild.award(foreign, somebody), 404, "no-such-achievement")
    refused(guild.award({"id": "nonsense"}, somebody), 404, "no-such-achievement")
    other.member("olga")
    refused(guild.award(achievement, {"member": "olga"}), 404, "no-such-member")
    nowhere = guild.post("/v1/communities/nowhere/credentials", {"achievement": "x", "recipient": somebody})
    refused(nowhere, 404, "no-such-community")
    assert done(guild.get(guild.in_guild("credentials"), token=ADMIN), 200)["items"] == []


def test_a_credential_is_shown_to_who_looks_after_it_and_does_not_exist_for_others(guild: Guild) -> None:
    other = Guild(guild.client, slug="other").found()
    for handle in ("ana", "bo", "cleo"):
        guild.member(handle, role="steward" if handle == "ana" else "member")
    awarder, bystander = (guild.token(None, "platform", "awards:write") for _ in range(2))
    offer = guild.offer(guild.achievement(), {"member": "bo"}, token=awarder)
    address = f"/v1/credentials/{offer['id']}"
    for token in (awarder, guild.token("ana", "steward"), guild.token("bo"), ADMIN):
        assert done(guild.get(address, token=token), 200)["state"] == "offered"
    for token in (bystander, guild.token("cleo"), other.token(None, "platform", "awards:write")):
        refused(guild.get(address, token=token), 404, "no-such-credential")
    refused(guild.get(address), 401, "unauthenticated")
    listed = [
        done(guild.get(guild.in_guild("credentials"), token=token), 200)["items"] for token in (awarder, bystander)
    ]
    assert [[item["id"] for item in items] for items in listed] == [[offer["id"]], []]
    assert badges.parse(guild.get(guild.in_guild(f"credentials/{offer['id']}"), token=awarder).content) == listed[0][0]


@pytest.mark.parametrize("sign", ["a", "é", "😀"])
def test_the_largest_award_that_is_taken_fits_into_its_image(client: TestClient, sign: str) -> None:
    guild = Guild(client)
    home = f"https://guild.example/{'a' * 1_900}"
    founded = {"slug": SLUG, "name": sign * 200, "description": sign * 1_000, "url": home, "email": "g@guild.example"}
    done(guild.post("/v1/communities", founded), 201)
    alignments = [{"target_name": "a", "target_url": "https://skills.example/"}] * 50
    achievement = guild.achievement(name=sign * 200, alignments=alignments)

    def awarded(size: int) -> httpx2.Response:
        pages = [{"url": "https://notes.example/", "description": "b" * 10_000} for _ in range(size // 10_000)]
        pages.append({"url": "https://notes.example/", "description": "b" * (size % 10_000 + 1)})
        options: dict[str, Any] = {"consent": "given", "visibility": "public", "evidence": pages}
        return guild.award(achievement, guild.somebody(), **options)

    taken, refused_from = 0, 300_000
    while refused_from - taken > 500:
        size = (taken + refused_from) // 2
        answer = awarded(size)
        taken, refused_from = (size, refused_from) if answer.status_code == 201 else (taken, size)
    largest = done(awarded(taken), 201)
    assert taken > 150_000
    assert guild.get(path_of(largest["url"]) + ".png").status_code == 200
