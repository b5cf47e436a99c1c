"""The verifier's page: what it tells somebody who has to decide, and what where it was given nothing to judge."""

import json
import time
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

import badges
from app.pages.forms import MEGABYTES, Given, with_scheme
from app.pages.rendering import page as rendered
from app.pages.verdicts import headline, plainly, shown
from tests.app.guild import Guild, path_of
from tests.app.pages.test_hostile_text import assert_harmless
from tests.app.pages.test_pages import BROWSER, Page, assert_complete_in_itself, page
from tests.badges.checks.collected import learner_record
from tests.far_issuer import NOW, FarIssuer

PNG = badges.artwork.draw(title="Patient Teacher", community="The Hill", contribution_type=None, seed="1").png


@pytest.fixture(scope="module")
def client(standing: Guild) -> TestClient:
    return standing.client


@pytest.fixture(scope="module")
def badge(standing: Guild) -> dict[str, Any]:
    return standing.badge(
        recipient={"did": "did:example:bo", "name": "Bo"},
        narrative="Opened the *table* twelve times.",
        evidence=[{"url": "https://notes.example/1", "name": "The notes"}],
        valid_until="2030-01-01T00:00:00Z",
    )


def verified(client: TestClient, status: int = 200, **sent: Any) -> Page:
    return page(client.post("/verify", headers={"Accept": BROWSER}, **sent), status)


def test_the_answer_shows_what_the_badge_stands_for(standing: Guild, client: TestClient, badge: dict[str, Any]) -> None:
    picture = standing.get(path_of(badge["url"]) + ".png").content
    found = verified(client, files={"file": ("badge.png", picture)})
    for words in ("Checked on", "21 November 2026, 09:00 UTC", "Session Host", "did:example:bo", "The guild of makers",
                  "Opens a space to learn in.", "Hosted at least three sessions.", "twelve times", "The notes",
                  "Awarded on", "Valid until", "1 January 2030", "Why", "What was not checked"):  # fmt: skip
        assert words in found.text, words
    assert "https://notes.example/1" in [link.get("href") for link in found.all("a")]
    assert [image["src"][:22] for image in found.all("img")] == ["data:image/png;base64,"]
    assert badges.unbake(_decoded(found.all("img")[0]["src"])).text == badges.unbake(picture).text


def _decoded(address: str) -> bytes:
    return b64decode(address.partition(",")[2])


def test_a_picture_is_shown_only_if_it_was_given(standing: Guild, client: TestClient, badge: dict[str, Any]) -> None:
    for sent in (
        {"data": {"text": badge["url"]}},
        {"files": {"file": ("b.json", standing.get(path_of(badge["url"]) + ".json").content)}},
        {"files": {"file": ("b.png", PNG)}},  # a picture without a badge
    ):
        assert verified(client, **sent).all("img") == []
    svg = standing.get(path_of(badge["url"]) + ".svg").content
    [image] = verified(client, files={"file": ("b.svg", svg)}).all("img")
    assert image["src"].startswith("data:image/svg+xml;base64,")


def test_of_what_is_not_proven_only_the_name_is_shown(
    standing: Guild, client: TestClient, badge: dict[str, Any]
) -> None:
    text = standing.get(path_of(badge["url"]) + ".json").text
    for forged in (text.replace("twelve", "twenty"), json.dumps(json.loads(text) | {"proof": []})):
        found = verified(client, data={"text": forged})
        assert "which nothing confirms" in found.text
        assert "Session Host" in found.text
        assert "table" not in found.text
        assert found.all("img") == []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"data": {}}, "Choose a file first"),
        ({"files": {"file": ("", b"")}, "data": {"text": " ", "recipient": ""}}, "Choose a file first"),
        ({"files": {"file": ("badge.png", b"")}}, "“badge.png” is empty"),
        ({"files": {"file": ("badge.png", PNG)}, "data": {"text": "{}"}}, "only one of them can be meant"),
        ({"files": [("file", ("a.png", PNG)), ("file", ("b.png", PNG))]}, "one file at a time"),
        ({"data": {"text": "{}", "recipient": "x" * 9000}}, "Nobody is named by so many letters"),
        ({"data": {"text": '{"url": 5}'}}, "not as it should be"),
    ],
)
def test_what_cannot_be_judged_brings_the_form_again_with_a_sentence(
    client: TestClient, sent: dict[str, Any], told: str
) -> None:
    found = verified(client, 400, **sent)
    assert told in found.text
    assert "alert" in [problem.get("role") for problem in found.all("p")]
    assert len(found.all("form")) == 1
    assert "What to do" not in found.text


def test_what_was_written_is_still_there(client: TestClient) -> None:
    sent = {"text": '{"url":\r\n5}', "recipient": 'bo@people.example"><b>'}
    answer = client.post("/verify", data=sent, headers={"Accept": BROWSER})
    found = page(answer, 400)
    assert '{"url":\n5}' in found.text
    assert sent["recipient"] in [field.get("value") for field in found.all("input")]


def test_too_large_a_file_brings_the_form_again(client: TestClient) -> None:
    too_much = b"\x89PNG" + bytes(MEGABYTES * 1_048_576)
    found = verified(client, 413, files={"file": ("photo.png", too_much)})
    assert "larger than 3 MB" in found.text
    assert len(found.all("form")) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("www.example.org/badge/12", "https://www.example.org/badge/12"),
        ("Badges.example.org", "https://Badges.example.org"),
        ("example.org:8443/a?b=c#d", "https://example.org:8443/a?b=c#d"),
        ("https://example.org/1", "https://example.org/1"),
        ("did:example:bo", "did:example:bo"),
        ("bo@example.org", "bo@example.org"),
        ('{"a.b": 1}', '{"a.b": 1}'),
        ("eyJhbGciOiJFUzI1NiJ9." + "e" * 90 + "." + "c" * 86, "eyJhbGciOiJFUzI1NiJ9." + "e" * 90 + "." + "c" * 86),
        ("a badge.of mine", "a badge.of mine"),
    ],
)
def test_an_address_may_be_written_as_people_say_it(written: str, meant: str) -> None:
    assert with_scheme(written) == meant


def test_an_address_without_its_scheme_is_asked_by_https(client: TestClient) -> None:
    found = verified(client, data={"text": "www.elsewhere.example/badge/12"})
    assert "https://www.elsewhere.example/badge/12" in found.text


def test_a_link_fills_in_the_form_and_asks_nobody(standing: Guild, badge: dict[str, Any]) -> None:
    found = page(standing.client.get("/verify", params={"url": badge["url"], "recipient": "did:example:bo"}))
    assert badge["url"] in found.text
    assert "did:example:bo" in [field.get("value") for field in found.all("input")]
    assert "genuine" not in found.text


def test_the_title_says_how_it_went(standing: Guild, client: TestClient, badge: dict[str, Any]) -> None:
    assert verified(client, data={"text": badge["url"]}).titled.startswith("This badge is genuine")
    assert verified(client, data={"text": "nonsense"}).titled.startswith("There is no badge in this.")
    assert verified(client, 400, data={}).titled.startswith("Not verified yet")


def test_the_guide_is_at_hand(client: TestClient) -> None:
    found = page(client.get("/verify/guide"))
    assert "not_conformant" in found.text
    assert len(found.all("table")) > 5
    for there in (client.get("/verify"), client.post("/verify", data={"text": "nonsense"})):
        assert "/verify/guide" in [link.get("href") for link in page(there).all("a")]


def test_the_sign_of_the_service_is_there(client: TestClient) -> None:
    for address in ("/favicon.ico", "/static/laurels.svg"):
        assert client.get(address).headers["content-type"].startswith("image/svg+xml")


ISSUER = FarIssuer()
NEAR = FarIssuer(mode="did:key")


def judged(text: str, recipient: str | None = None, issuer: badges.Fetch = ISSUER) -> badges.Report:
    return badges.verify(text, fetch=issuer, now=NOW, recipient=recipient)


def test_the_headline_says_what_the_verdict_cannot() -> None:
    assert headline(judged(ISSUER.award().text)) == "This badge is genuine."
    assert "known only by a key" in headline(judged(NEAR.award().text, issuer=NEAR))
    assert headline(judged(badges.serialize(ISSUER.award().document))) == "Nobody signed this badge."
    assert headline(judged(ISSUER.award().text, "did:example:bo")) == "Genuine, but we could not tell whose."
    assert headline(judged(ISSUER.award().text, issuer=badges.no_fetch)) == "We could not tell."


def test_what_is_not_signed_is_not_called_signed() -> None:
    assert shown(judged(badges.serialize(ISSUER.award().document)))["kind"] == "Open Badges 3.0, not signed"
    assert shown(judged(ISSUER.award("vc-jwt").text))["kind"] == "Open Badges 3.0, signed as a token (VC-JWT)"


def test_a_learner_record_says_what_it_is_and_not_what_one_achievement_in_it_is() -> None:
    inside = badges.parse(ISSUER.award().text)
    found = shown(judged(ISSUER.sign(learner_record(ISSUER, inside))))
    assert (found["headline"], found["says"]["name"]) == ("Everything in this is genuine.", "A year")
    assert found["says"]["criteria"] is None
    assert found["kind"] == "learner record (CLR 2.0), signed inside (Data Integrity)"


def test_what_was_not_checked_says_why_each() -> None:
    document = NEAR.credential()
    del document["credentialStatus"]
    told = dict(shown(judged(NEAR.sign(document), issuer=NEAR))["not_asked"])
    assert "cannot take it back" in told["Revocation"]
    assert "Nobody asked" in told["Recipient"]
    [(names, why)] = shown(judged(ISSUER.award().text, issuer=badges.no_fetch))["not_asked"]
    assert names.startswith("Issuer, Revocation, Begin")
    assert "earlier answer" in why


@pytest.mark.parametrize("form", ["eddsa-rdfc-2022", "ob2-hosted"])
def test_a_hashed_recipient_is_named_once_they_are_known(form: str) -> None:
    text = ISSUER.award(form).text
    hashed = "somebody whose email address it does not show; enter it below to compare"
    assert hashed in shown(judged(text))["whose"]
    known = "ada@people.example"
    report = judged(text, known)
    expected = [known] if report.found("recipient").code == "match" else shown(report)["whose"]  # type: ignore[union-attr]
    assert shown(report, recipient=known)["whose"] == expected


def test_sentences_have_dates_for_people_and_no_endless_keys() -> None:
    key = "did:key:z6MkiQiDjzehBgAp5v5toNyVQJFW6eJV2q2qewtMgQSmw29Q"
    assert (
        plainly(f"Signed by {key} with its key {key}#z6MkiQiD.")
        == "Signed by did:key:z6MkiQiD… with its key did:key:z6MkiQiD…"
    )
    assert plainly("It holds since 2026-11-21T09:00:00Z.") == "It holds since 21 November 2026, 09:00 UTC."
    assert plainly("by “X” on 2026-01-02; not revoked") == "by “X” on 2 January 2026; not revoked"
    assert plainly("on 2026-13-40, 2026-99-99T99:99:99Z") == "on 2026-13-40, 2026-99-99T99:99:99Z"


NONSENSE: list[Any] = [
    None, 5, True, "text", "\u202e<script>", [], {}, [[]], [{}], {"id": 5}, {"id": "javascript:alert(1)"}, [{"id": "https://ok.example"}],
    {"narrative": {"@value": "x"}}, {"@value": 5}, {"hashed": True}, {"identity": []}, ["https://ok.example", None],
]  # fmt: skip


NAMES = (
    *(
        "achievement",
        "badge",
        "recipient",
        "credentialSubject",
        "evidence",
        "narrative",
        "criteria",
        "identifier",
        "id",
    ),
    *(
        "description",
        "awardedDate",
        "validUntil",
        "expires",
        "issuedOn",
        "claim",
        "name",
        "identity",
        "identityHash",
        "genre",
    ),
)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_whatever_stands_in_a_proven_badge_is_shown_as_words_or_passed_over(nonsense: Any) -> None:
    everywhere = dict.fromkeys(NAMES, nonsense)
    for document in (everywhere, everywhere | {"credentialSubject": everywhere | {"achievement": everywhere}}):
        report = replace(judged(ISSUER.award().text), document=document)
        html = rendered("verify.html", given=Given(), problem=None, most=1, **shown(report)).body
        found = Page(bytes(html).decode())
        assert_complete_in_itself(found)
        assert_harmless(found)
        assert "\u202e" not in found.text


@pytest.mark.parametrize("text", ["![" * 500_000, "[[a]" * 200_000, "*a_" * 300_000, "|a\n" * 300_000])
def test_no_badge_takes_long_to_show(text: str) -> None:
    evidence = {"narrative": f"{text[1]}{text}", "description": f"{text[1]}{text}"}  # not in the words above
    achievement = {"criteria": {"narrative": text}, "description": text}
    subject = {"achievement": achievement, "narrative": text, "identifier": [{"identityHash": text}] * 5_000}
    document = {"credentialSubject": subject, "evidence": [evidence] * 5_000}
    report = replace(judged(ISSUER.award().text), document=document)
    started = time.process_time()
    html = rendered("verify.html", given=Given(), problem=None, most=1, **shown(report)).body
    assert time.process_time() - started < 1.5
    assert len(html) < 500_000
    assert b"And 4980 more." in bytes(html)
