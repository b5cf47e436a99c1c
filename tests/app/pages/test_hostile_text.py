"""Whatever people write, a page shows it as words: nothing runs, nothing loads, nothing pretends to be a link."""

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.markup import prose, web_link
from tests.app.guild import Guild, done, path_of
from tests.app.pages.test_pages import Page, page

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//evil.example>",
    "<!-- <b>",
    "]]><b>",
    "{{ 7919 * 7907 }} {% include 'base.html' %}",
    "${alert(1)} `alert(1)`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<ScRiPt >alert(1)</sCrIpT >",
    "<p onclick='alert(1)'>x</p>",
]
MARKDOWN = [
    "![x](https://evil.example/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    '[x](https://ok.example/"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    '[x](https://ok.example "title\\" onclick=alert(1)")',
    "<img src=x onerror=alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    "# A heading\n\n<h1>Another</h1>",
    "<div><form action=//evil.example><input></form></div>",
    "![x][1]\n\n[1]: data:image/svg+xml;base64,PHN2Zz4=",
]


def assert_harmless(found: Page, *, forms: int = 1) -> None:
    """Beyond what every page holds to: hostile text made no element of its own."""
    assert len(found.all("form")) <= forms
    assert all(image["src"].startswith(("/", "data:image/png")) for image in found.all("img"))
    assert not [link for link in found.all("a") if "evil.example" in link.get("href", "").partition("?")[0]]
    assert "62615533" not in found.text


@pytest.mark.parametrize("some", range(0, len(HOSTILE + MARKDOWN), 4))
def test_every_text_of_a_badge_is_shown_as_words(standing: Guild, some: int) -> None:
    """Hostile texts in every field that people fill in, on every page that shows it."""
    texts = (HOSTILE + MARKDOWN)[some : some + 4]
    text, line = "\n\n".join(texts), _line(" ".join(texts))[:200]
    hostile = Guild(standing.client, slug=f"hostile-{some}")
    community = {"slug": hostile.slug, "name": line, "description": text, "email": "a@guild.example"}
    done(standing.post("/v1/communities", community | {"url": "https://guild.example/?q='x'"}), 201)
    achievement = hostile.achievement(
        name=line,
        description=text,
        criteria={"narrative": text},
        tags=[line],
        alignments=[{"target_name": line, "target_url": "https://skills.example/'x'", "target_description": text}],
    )
    evidence = [{"url": "https://notes.example/'x'", "name": line, "description": text}]
    badge = hostile.badge(
        achievement, recipient={"did": "did:example:bo", "name": line}, narrative=text, evidence=evidence
    )
    done(hostile.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": text[:500]}), 200)
    eve = {"email": "eve@people.example", "name": line}
    offer = hostile.offer(achievement, eve, narrative=text, evidence=evidence)
    answers = [
        standing.get("/"),
        standing.get(f"/issuers/{hostile.slug}"),
        standing.get(f"/achievements/{achievement['id']}.html"),
        standing.get(f"/credentials/{badge['id']}.html"),
        standing.get(path_of(offer["claim_url"]), accept="text/html"),
        standing.client.post("/verify", data={"text": standing.get(f"/credentials/{badge['id']}.json").text}),
        standing.client.post(f"/claims/{offer['claim_url'].rpartition('/')[2]}", data={"response": "accept"}),
    ]
    for answer in answers:
        assert_harmless(page(answer))


def _line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


@pytest.mark.parametrize("text", HOSTILE + MARKDOWN + ["\x1b]0;title\x07", "\u202egnp.exe", "\x00", "a" * 5000])
def test_a_report_on_a_strangers_badge_shows_their_text_as_words(
    standing: Guild, genuine: dict[str, Any], text: str
) -> None:
    """Here nobody looked at the text before: it comes from whoever made the badge."""
    badge = copy.deepcopy(genuine)
    badge["name"] = badge["issuer"]["name"] = badge["credentialSubject"]["achievement"]["name"] = text
    badge["issuer"]["id"] = badge["id"] = text
    badge["credentialSubject"]["id"] = text
    for document in (badge, {"@context": badge["@context"], "type": text, "id": text}):
        found = page(standing.client.post("/verify", data={"text": json.dumps(document), "recipient": text}))
        assert_harmless(found)
        assert not set(found.text) & set("\x00\x1b\x07\u202e")
    odd_names = {text: text, "@context": badge["@context"], "type": ["VerifiableCredential", "OpenBadgeCredential"]}
    assert_harmless(page(standing.client.post("/verify", data={"text": json.dumps(odd_names)})))


@pytest.fixture(scope="module")
def genuine(standing: Guild) -> dict[str, Any]:
    return done(standing.get(path_of(standing.badge()["url"]) + ".json"), 200)


@pytest.mark.parametrize("accept", ["text/html", "text/html,*/*;q=0.8"])
def test_what_a_refusal_repeats_is_shown_as_words(standing: Guild, accept: str) -> None:
    for text in HOSTILE:
        quoted = text.replace("/", "%2F").replace("?", "%3F").replace("#", "%23")
        for address in (
            f"/credentials/{quoted}.html",
            f"/issuers/{quoted}",
            f"/v1/claims/{quoted}",
            f"/problems/{quoted}",
        ):
            answer = standing.get(address, accept=accept)
            assert answer.status_code == 404
            assert_harmless(page(answer, 404))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>\"'&/=[]()!`*_#-:;\\ \n\tabjavscriptonx1h"), max_size=120))
def test_prose_has_harmless_elements_only(text: str) -> None:
    found = Page(f"<main>{prose(text)}</main>")
    allowed = {"main", "p", "br", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "hr"}
    for tag, attributes in found.elements:
        assert tag in allowed
        assert set(attributes) <= {"href", "rel"}
        assert attributes.get("href", "https:").partition(":")[0] in {"http", "https", "mailto"}


def test_prose_keeps_what_people_mean_by_it() -> None:
    html = prose("Some *words* and **more**\n\n- [a link](https://ok.example)\n- `code`")
    assert html == (
        "<p>Some <em>words</em> and <strong>more</strong></p>\n<ul>\n"
        '<li><a href="https://ok.example" rel="nofollow ugc noopener noreferrer">a link</a></li>\n'
        "<li><code>code</code></li>\n</ul>\n"
    )


@pytest.mark.parametrize(
    "text", ["*" * 10_000, "[" * 10_000, "![" * 5_000, "> " * 5_000, "`" * 10_000, "- " * 5_000, "<" * 10_000,
             "[a](" * 2_500, "*a_" * 3_333, "&" * 10_000, "\n" * 10_000, "[x]: y\n" * 1_400]
)  # fmt: skip
def test_no_text_takes_long_to_show(text: str) -> None:
    started = time.process_time()
    prose(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://ok.example", "https://ok.example"),
        ("http://ok.example/?a=b", "http://ok.example/?a=b"),
        ("javascript:alert(1)", None),
        (" https://ok.example", None),
        ("//evil.example", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, link: str | None) -> None:
    assert web_link(url) == link


def test_signs_that_hide_or_turn_are_not_taken(standing: Guild) -> None:
    achievement = standing.achievement()
    for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c":
        recipient = {"did": "did:example:bo", "name": f"a{sign}b"}
        assert standing.award(achievement, recipient).status_code == 422
