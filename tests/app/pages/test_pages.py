"""Pages for people: complete in themselves, readable by everybody, and the same truth as the documents."""

import base64
import itertools
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from app.kit.problems import all_problems
from app.pages.rendering import CONTENT_SECURITY_POLICY
from tests.app.guild import Guild, done, path_of, refused
from tests.app.verifier.test_verify import NO_BADGES
from tests.stand_ins import SettableClock

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """What a browser makes of a page, as far as tests want to know: its elements, in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = self.titled = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], "not every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"]:
            self.titled += data
        elif self._open[-1:] not in (["script"], ["style"]):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def loads(self) -> Iterator[str]:
        """Every address that a browser fetches by itself, or sends a form to."""
        for tag, attributes in self.elements:
            for name in ("src", "srcset", "action", "formaction", "data", "poster", "background"):
                if name in attributes:
                    yield attributes[name]
            if tag == "link" and attributes.get("rel") == "stylesheet":
                yield attributes["href"]


def page(answer: Any, status: int = 200) -> Page:
    """The page of an answer that has to be one, and holds to what every page has to."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Accept" in answer.headers["vary"]
    found = Page(answer.text)
    assert_complete_in_itself(found)
    assert_for_everybody(found)
    return found


def assert_complete_in_itself(found: Page) -> None:
    """Nothing is loaded from elsewhere: nobody else learns who reads what, and it works offline."""
    for address in found.loads():
        assert re.match(r"/(?!/)|data:image/(?:png|svg\+xml);base64,", address), address
    running = [each for each in found.all("script") if each.get("type") != "application/ld+json"]
    assert {attributes["src"] for attributes in running} <= {"/static/verify.js"}
    assert not [
        tag for tag, _ in found.elements if tag in {"style", "iframe", "object", "embed", "base", "svg", "math"}
    ]
    for tag, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        if "href" in attributes and tag == "a":
            assert re.match(r"https?://|mailto:|/(?!/)|#|data:(?:image/png|application/vc);base64,", attributes["href"])


def assert_for_everybody(found: Page) -> None:
    """What a screen reader, a keyboard and a phone need (WCAG 2.2: 1.1.1, 1.3.1, 2.4.1, 2.4.2, 3.1.1, 3.3.2)."""
    tags = [tag for tag, _ in found.elements]
    assert found.all("html")[0]["lang"] == "en"
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert all("alt" in image for image in found.all("img"))
    assert found.all("a")[0] == {"class": "skip", "href": "#main"}
    assert any(meta.get("name") == "viewport" for meta in found.all("meta"))
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    labelled = {label.get("for") for label in found.all("label")}
    fields = [
        field for field in found.all("input") + found.all("textarea") if field.get("type") not in {"hidden", "radio"}
    ]
    assert all(field.get("id") in labelled for field in fields)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def badge(standing: Guild) -> dict[str, Any]:
    story: dict[str, Any] = {
        "narrative": "Opened the *table* twelve times.",
        "evidence": [{"url": "https://notes.example/1"}],
    }
    return standing.badge(
        recipient={"did": "did:example:bo", "name": "Bo"}, valid_until="2030-01-01T00:00:00Z", **story
    )


def test_the_front_page_names_the_communities(standing: Guild) -> None:
    found = page(standing.get("/"))
    assert {"href": "/issuers/guild"} in found.all("a")
    assert "The guild of makers" in found.text


def test_the_page_of_a_badge_says_what_who_why_and_when(standing: Guild, badge: dict[str, Any]) -> None:
    found = page(standing.get(path_of(badge["url"]) + ".html"))
    for words in ("Session Host", "Bo", "The guild of makers", "In force", "21 November 2026", "1 January 2030",
                  "Hosted at least three sessions.", "twelve times"):  # fmt: skip
        assert words in found.text
    links = [link["href"] for link in found.all("a") if "href" in link]
    here = path_of(badge["url"])
    assert {f"{here}.png", f"{here}.svg", f"{here}.json", f"{here}.jwt", "https://notes.example/1"} <= set(links)
    for link in links:
        if link.startswith("/"):
            assert standing.get(link).status_code == 200, link
    [form] = found.all("form")
    assert (form["method"], form["action"]) == ("post", "/verify")
    assert "twelve times" in page(standing.get(here, accept=BROWSER)).text


def test_every_link_of_every_page_leads_somewhere(standing: Guild, badge: dict[str, Any]) -> None:
    seen, ahead = set(), ["/", path_of(badge["url"]) + ".html", "/verify"]
    while ahead:
        address = ahead.pop()
        seen.add(address)
        answer = standing.get(address)
        assert answer.status_code == 200, address
        if answer.headers["content-type"].startswith("text/html") and address != "/docs":
            found = page(answer)
            there = [
                attributes["href"] for _, attributes in found.elements if attributes.get("href", "").startswith("/")
            ]
            there += [address for address in found.loads() if address.startswith("/")]
            ahead += [link for link in there if link not in seen]
    assert len(seen) > 15


def test_the_page_of_an_achievement_says_what_it_takes(standing: Guild) -> None:
    achievement = standing.achievement(
        name="Mentor",
        tags=["kindness"],
        alignments=[{"target_name": "Mentoring", "target_url": "https://skills.example/mentoring"}],
    )
    words = ["Mentor", "Opens a space to learn in.", "Hosted at least three sessions.", "kindness", "Version 1"]
    addresses = [f"/achievements/{achievement['id']}{suffix}" for suffix in ("-v1.html", ".html", "")]
    for found in [page(standing.get(address, accept=BROWSER)) for address in addresses]:
        assert [word for word in words if word not in found.text] == []
        assert "https://skills.example/mentoring" in [link.get("href") for link in found.all("a")]


def test_the_page_of_an_issuer_says_who_it_is_and_what_can_be_earned(standing: Guild, badge: dict[str, Any]) -> None:
    found = page(standing.get("/issuers/guild"))
    for words in ("The guild of makers", "People who make things together.", "did:key:z6Mk", "Session Host"):
        assert words in found.text
    refused(standing.get("/issuers/nobody"), 404, "no-such-community")


@pytest.mark.parametrize(
    ("step", "words"),
    [("revoke", ["Revoked", "Awarded to another Bo."]), ("suspend", ["Suspended", "Awarded to another Bo."])],
)
def test_a_badge_that_is_out_of_force_says_so_and_why(guild: Guild, step: str, words: list[str]) -> None:
    badge = guild.badge(guild.achievement(policy={"status": "suspension"}))
    done(guild.post(f"/v1/credentials/{badge['id']}/{step}", {"reason": "Awarded to another Bo."}), 200)
    found = page(guild.get(f"/credentials/{badge['id']}.html"))
    assert all(word in found.text for word in words)
    assert "In force" not in found.text


def test_a_page_that_not_everyone_may_see_is_kept_by_nobody(standing: Guild) -> None:
    standing.member("cleo")
    hers = standing.badge(standing.achievement(), recipient={"member": "cleo"}, visibility="private")
    shown = standing.get(f"/credentials/{hers['id']}.html", token=standing.token("cleo"))
    page(shown)
    assert shown.headers["cache-control"] == "private, no-store"
    page(standing.get(f"/credentials/{hers['id']}.html", accept=BROWSER), 404)


def test_the_form_of_the_verifier_works_without_script(standing: Guild) -> None:
    found = page(standing.get("/verify"))
    [form] = found.all("form")
    assert (form["method"], form["action"], form["enctype"]) == ("post", "/verify", "multipart/form-data")
    assert {field["name"] for field in found.all("input") + found.all("textarea")} == {"file", "text", "recipient"}
    assert standing.get("/static/verify.js").headers["content-type"].startswith("text/javascript")
    assert standing.get("/static/laurels.css").headers["content-type"].startswith("text/css")
    refused(standing.get("/static/views.py"), 404, "not-found")
    refused(standing.get("/static/..%2frendering.py"), 404, "not-found")


def test_the_verifier_answers_on_a_page(standing: Guild, badge: dict[str, Any]) -> None:
    png = standing.get(path_of(badge["url"]) + ".png").content
    json_text = standing.get(path_of(badge["url"]) + ".json").text
    for sent in (
        {"files": {"file": ("badge.png", png)}, "data": {"text": "", "recipient": ""}},
        {"files": {"file": ("", b"")}, "data": {"text": json_text, "recipient": "did:example:bo"}},
        {"data": {"text": badge["url"] + ".html"}},
    ):
        found = page(standing.client.post("/verify", headers={"Accept": BROWSER}, **sent))
        assert "This badge is genuine" in found.text
        assert "Session Host" in found.text
        assert "✓ passed" in found.text
        assert "✗" not in found.text
    forged = page(
        standing.client.post("/verify", data={"text": json_text.replace("did:example:bo", "did:example:eve")})
    )
    assert "Do not believe this badge." in forged.text
    assert "✗ failed" in forged.text
    wrong = page(standing.client.post("/verify", data={"text": json_text, "recipient": "did:example:eve"}))
    assert "somebody else" in wrong.text
    shown = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}
    inside = json.dumps(shown | {"verifiableCredential": [json.loads(json_text)]})
    presented = page(standing.client.post("/verify", data={"text": inside}))
    assert "What is inside" in presented.text
    assert "Each of the credentials inside (1) is genuine." in presented.text


@pytest.mark.parametrize("data", NO_BADGES.values(), ids=NO_BADGES.keys())
def test_whatever_is_given_to_the_verifier_is_answered_on_a_page(standing: Guild, data: bytes) -> None:
    found = page(standing.client.post("/verify", files={"file": ("badge", data)}, headers={"Accept": BROWSER}))
    assert "genuine" not in found.text


def test_a_claim_page_asks_and_an_answer_hands_over_the_badge(guild: Guild) -> None:
    offer = guild.offer(guild.achievement(), {"email": "eve@people.example", "name": "Eve"}, narrative="For the soup.")
    address = path_of(offer["claim_url"])
    asked = guild.get(address, accept=BROWSER)
    found = page(asked)
    assert asked.headers["cache-control"] == "private, no-store"
    for words in ("Eve", "Session Host", "For the soup.", "20 January 2027", "Nothing about this is public"):
        assert words in found.text
    [form] = found.all("form")
    choices = {field["value"]: "checked" in field for field in found.all("input")}
    assert choices == {"private": True, "community": False, "public": False}
    assert {button["value"] for button in found.all("button")} == {"accept", "refuse"}

    answered = guild.client.post(form["action"], data={"response": "accept", "visibility": "private"})
    given = page(answered)
    assert answered.headers["cache-control"] == "private, no-store"
    assert "is yours" in given.text
    files = {link["download"]: link["href"] for link in given.all("a") if "download" in link}
    assert set(files) == {"session-host.png", "session-host.json"}
    for address in files.values():
        data = _decoded(address)
        assert guild.verdict(data)["verdict"] == "valid"
    # and once only
    again = guild.client.post(form["action"], data={"response": "accept"}, headers={"Accept": BROWSER})
    assert "What to do" in page(again, 410).text
    refused(guild.client.post(form["action"], data={"response": "accept"}), 410, "claim-used")


def _decoded(address: str) -> bytes:
    return base64.b64decode(address.partition(",")[2])


def test_a_public_badge_is_shown_where_it_is(guild: Guild) -> None:
    offer = guild.offer(guild.achievement())
    secret = offer["claim_url"].rpartition("/")[2]
    found = page(guild.client.post(f"/claims/{secret}", data={"response": "accept", "visibility": "public"}))
    assert f"/credentials/{offer['id']}.html" in [link.get("href") for link in found.all("a")]


def test_a_refusal_is_taken_on_a_page_and_nothing_is_handed_over(guild: Guild) -> None:
    offer = guild.offer(guild.achievement())
    found = page(guild.client.post(f"/claims/{offer['claim_url'].rpartition('/')[2]}", data={"response": "refuse"}))
    assert "The offer is closed" in found.text
    assert not [link for link in found.all("a") if "download" in link]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"response": "maybe"}, 422),
        ({"response": "accept", "visibility": "x"}, 422),
        ({"visibility": "public"}, 422),
    ],
)
def test_an_answer_that_is_none_changes_nothing(guild: Guild, data: dict[str, str], status: int) -> None:
    offer = guild.offer(guild.achievement())
    secret = offer["claim_url"].rpartition("/")[2]
    page(guild.client.post(f"/claims/{secret}", data=data, headers={"Accept": BROWSER}), status)
    json_body = guild.client.post(f"/claims/{secret}", json={"response": "accept"}, headers={"Accept": BROWSER})
    page(json_body, 415)
    assert done(guild.claim(offer), 200)["state"] == "active"


def test_a_lapsed_offer_is_a_page_that_says_what_to_do(guild: Guild, clock: SettableClock) -> None:
    offer = guild.offer(guild.achievement())
    clock.forward(days=60)
    found = page(guild.get(path_of(offer["claim_url"]), accept=BROWSER), 410)
    assert "ask the community for a new offer" in found.text


@pytest.mark.parametrize(
    "address",
    ["/nowhere", "/credentials/none.html", "/achievements/none.html", "/issuers/none", "/v1/communities/none"],
)
def test_a_refusal_is_a_page_for_browsers_and_a_document_for_machines(standing: Guild, address: str) -> None:
    assert "What to do:" in page(standing.get(address, accept=BROWSER), 404).text
    for accept in ("application/json", "*/*", "text/html;q=0.5, application/problem+json"):
        answer = standing.get(address, accept=accept)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_link_to_what_only_members_see_says_to_a_browser_that_it_is_no_page(standing: Guild) -> None:
    found = page(standing.get("/v1/me/feed", token=None, accept=BROWSER), 401)
    assert "This is an address for programs, not a page" in found.text
    assert "not a page" not in page(standing.get("/nowhere", accept=BROWSER), 404).text


def test_every_kind_of_problem_has_a_page(standing: Guild) -> None:
    kinds = all_problems()
    assert {"already-awarded", "claim-used", "cannot-suspend", "invalid-transition"} <= set(kinds)
    for code, kind in kinds.items():
        found = page(standing.get(f"/problems/{code}"))
        assert code in found.text
        assert kind.title in found.text
    page(standing.get("/problems/none-such", accept=BROWSER), 404)
