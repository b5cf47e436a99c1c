"""A public badge is shown elsewhere: in previews, embedded, in a README, in a feed; and who vouches for it is seen."""

import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.app.guild import PUBLIC_URL, Guild, done, path_of, refused
from tests.app.pages.test_hostile_text import HOSTILE
from tests.app.pages.test_pages import Page, page

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def badge(standing: Guild) -> dict[str, Any]:
    """Public, of Bo; Cy is a fellow member, Ste a steward."""
    for handle, role in (("bo", "member"), ("cy", "member"), ("ste", "steward")):
        standing.member(handle, role=role)
        standing.tokens[handle] = standing.token(handle, role)
    alignments = [{"target_name": "Facilitation", "target_url": "https://skills.example/1"}]
    return standing.badge(
        standing.achievement(alignments=alignments), recipient={"member": "bo"}, valid_until="2030-03-01T00:00:00Z"
    )


@pytest.fixture(scope="module")
def hidden(standing: Guild, badge: dict[str, Any]) -> dict[str, Any]:
    return standing.badge(recipient={"member": "cy"}, visibility="community")


def vouch(guild: Guild, subject: str, id: str, by: str, owner: str, comment: str) -> dict[str, Any]:
    """An accepted endorsement."""
    body = {"subject": subject, "id": id, "comment": comment}
    offered = done(guild.post("/v1/endorsements", body, token=guild.tokens[by]), 201)
    answer = {"response": "accept"}
    return done(guild.post(f"/v1/endorsements/{offered['id']}/response", answer, token=guild.tokens[owner]), 200)


def meta(found: Page) -> dict[str, str]:
    named = (each for each in found.all("meta") if "content" in each)
    return {each.get("property") or each["name"]: each["content"] for each in named}


def test_a_page_shows_who_vouches_and_on_whose_word_it_rests(standing: Guild, badge: dict[str, Any]) -> None:
    before = page(standing.get(f"/credentials/{badge['id']}.html"))
    assert "the community trusts, awarded it." in before.text
    given = vouch(standing, "credential", badge["id"], "cy", "bo", "I saw *every* one.\n\n<script>alert(1)</script>")
    found = page(standing.get(f"/credentials/{badge['id']}.html"))
    for words in ("Who vouches for it", "I saw every one.", "— Cy", "on their behalf", "others vouch for it, signed"):
        assert words in found.text
    there = f"/endorsements/{given['id']}.html"
    assert there in [link.get("href") for link in found.all("a")]
    shown = page(standing.get(there))
    for words in ("Cy vouches for “Session Host”", "I saw every one.", "In force", "signed by The guild of makers"):
        assert words in shown.text
    for link in shown.all("a"):
        if link["href"].startswith("/"):
            assert standing.get(link["href"]).status_code == 200, link
    done(standing.post(f"/v1/endorsements/{given['id']}/withdraw", token=standing.tokens["cy"]), 200)
    assert "take" in page(standing.get(there)).text
    assert "Withdrawn" in page(standing.get(there)).text
    assert "Who vouches for it" not in page(standing.get(f"/credentials/{badge['id']}.html")).text


def test_so_do_the_pages_of_an_achievement_and_of_an_issuer(standing: Guild, badge: dict[str, Any]) -> None:
    achievement = standing.achievement(name="Tea Keeper")
    vouch(standing, "achievement", achievement["id"], "cy", "ste", "Worth earning, and hard to earn.")
    vouch(standing, "issuer", standing.slug, "cy", "ste", "They look closely before they award.")
    assert "Worth earning" in page(standing.get(f"/achievements/{achievement['id']}.html")).text
    assert "They look closely" in page(standing.get(f"/issuers/{standing.slug}")).text


def test_a_public_badge_says_what_previews_show(standing: Guild, badge: dict[str, Any], hidden: dict[str, Any]) -> None:
    answer = standing.get(f"/credentials/{badge['id']}.html")
    told = meta(page(answer))
    assert (told["og:title"], told["twitter:card"]) == ("Session Host – Bo", "summary_large_image")
    assert told["og:image"] == f"{PUBLIC_URL}/cards/{badge['id']}.png"
    picture = standing.get(path_of(told["og:image"]))
    with Image.open(io.BytesIO(picture.content)) as image:
        assert (image.format, *map(str, image.size)) == ("PNG", told["og:image:width"], told["og:image:height"])
    assert (len(picture.content) < 300_000, picture.headers["cache-control"]) == (True, "public, max-age=300")
    again = standing.get(path_of(told["og:image"]), if_none_match=picture.headers["etag"])
    assert again.status_code == 304
    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    schema = json.loads(said)
    assert (schema["@type"], schema["credentialCategory"]) == ("EducationalOccupationalCredential", "badge")
    assert (schema["competencyRequired"], schema["expires"]) == (["Facilitation"], "2030-03-01")
    private = standing.get(f"/credentials/{hidden['id']}.html", token=standing.tokens["bo"])
    assert "og:title" not in meta(page(private))


def test_who_turns_out_to_be_a_minor_has_no_public_page_from_then_on(standing: Guild, badge: Any) -> None:
    member = standing.member("kit", name="Kit")
    kit, there = standing.token("kit"), standing.in_guild("members/kit")
    given = standing.badge(standing.achievement(), recipient={"member": "kit"})
    page_of = f"/credentials/{given['id']}"
    public = [f"{page_of}.json", f"{page_of}.html", f"/cards/{given['id']}", f"/cards/{given['id']}.png",
              f"/badge/{given['id']}/shield.svg", f"/ob2/assertions/{given['id']}", f"/editions/{given['id']}/1.json",
              f"/oembed?url={quote(PUBLIC_URL + page_of)}"]  # fmt: skip
    assert {standing.get(each).status_code for each in public} == {200}
    feed = f"/feeds/{standing.slug}.atom"
    assert given["id"] in standing.get(feed).text
    etag = standing.call("GET", there).headers["etag"]
    done(standing.call("PATCH", there, {"minor": True}, If_Match=etag), 200)
    assert {standing.get(each).status_code for each in public} == {404}
    assert standing.get(f"{page_of}.json", token=standing.tokens["cy"]).status_code == 404
    assert given["id"] not in standing.get(feed).text
    own = standing.get(f"{page_of}.html", token=kit)
    assert (own.status_code, "public" in own.headers["cache-control"], "/oembed" in own.text) == (200, False, False)
    assert standing.get(f"/v1/members/{member['id']}/portfolio").status_code == 404
    [told] = done(standing.get("/v1/credentials", token=kit), 200)["items"]
    [listed] = done(standing.get("/v1/members/me/portfolio", token=kit), 200)["items"]
    assert (told["visibility"], listed["visibility"]) == ("private", "private")


def test_search_engines_list_a_badge_only_where_its_recipient_wants_that(
    standing: Guild, badge: dict[str, Any]
) -> None:
    address = f"/credentials/{badge['id']}.html"
    assert meta(page(standing.get(address)))["robots"] == "noindex"
    bo = done(standing.get(standing.in_guild("members/bo"), token=standing.tokens["bo"]), 200)["id"]
    choice = f"/v1/members/{bo}/portfolio/choice"
    done(standing.call("PUT", choice, {"indexed": True}, token=standing.tokens["bo"]), 200)
    assert "robots" not in meta(page(standing.get(address)))


def test_its_recipient_adds_it_to_linkedin(standing: Guild, badge: dict[str, Any]) -> None:
    found = page(standing.get(f"/credentials/{badge['id']}.html"))
    [link] = [each["href"] for each in found.all("a") if "linkedin" in each.get("href", "")]
    assert link.startswith("https://www.linkedin.com/profile/add?")
    assert {name: value for name, [value] in parse_qs(urlsplit(link).query).items()} == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Session Host",
        "organizationName": "The guild of makers",
        "issueYear": "2026",
        "issueMonth": "11",
        "expirationYear": "2030",
        "expirationMonth": "3",
        "certUrl": f"{badge['url']}.html",
        "certId": badge["id"],
    }


def test_a_pasted_address_becomes_a_card(standing: Guild, badge: dict[str, Any], hidden: dict[str, Any]) -> None:
    found = page(standing.get(f"/credentials/{badge['id']}.html"))
    [link] = [each for each in found.all("link") if each.get("type") == "application/json+oembed"]
    told = done(standing.get(path_of(link["href"])), 200)
    assert (told["type"], told["version"], told["width"], told["height"]) == ("rich", "1.0", 400, 220)
    frame = Page(told["html"])
    [attributes] = frame.all("iframe")
    assert [tag for tag, _ in frame.elements] == ["iframe"]
    assert attributes["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    card = standing.get(path_of(attributes["src"]))
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "x-frame-options" not in card.headers
    shown = Page(card.text)
    assert all(word in shown.text for word in ("Session Host", "Bo", "The guild of makers", "In force"))
    assert not shown.all("script")
    for form in ("", ".html", ".json", ".png"):
        assert done(standing.get(f"/oembed?url={quote(badge['url'] + form)}"), 200)["html"] == told["html"]
    assert done(standing.get(f"/oembed?url={quote(badge['url'])}&maxwidth=300"), 200)["width"] == 300
    for other in (hidden["url"], "https://elsewhere.example/credentials/1", "no address", f"{PUBLIC_URL}/issuers/guild",
                  "http://[", f"{PUBLIC_URL}/credentials/"):  # fmt: skip
        refused(standing.get(f"/oembed?url={quote(other)}"), 404, "nothing-to-embed")


def test_a_line_in_a_readme_says_whether_it_holds(standing: Guild) -> None:
    badge = standing.badge(standing.achievement(name="Kind & <Careful>"))
    address = f"/badge/{badge['id']}/shield.svg"
    shown = ElementTree.fromstring(standing.get(address).content)  # noqa: S314  our own
    assert shown.attrib["aria-label"] == "The guild of makers: Kind & <Careful>"
    assert f"({badge['url']}.html)" in page(standing.get(f"/credentials/{badge['id']}.html")).text
    done(standing.post(f"/v1/credentials/{badge['id']}/revoke", {"reason": "r"}), 200)
    assert b"(revoked)" in standing.get(address).content


def test_a_feed_tells_whom_a_community_recognised(standing: Guild, badge: dict[str, Any], hidden: Any) -> None:
    for text in HOSTILE[:4]:
        standing.badge(standing.achievement(name=text, description=text))
    answer = standing.get(f"/feeds/{standing.slug}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314  our own
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.findall(f"{ATOM}entry")):  # RFC 4287 §4.1.1, §4.1.2
        assert [len(holder.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", holder.findtext(f"{ATOM}updated") or "")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The guild of makers"
    assert root.findtext(f"{ATOM}id") == f"{PUBLIC_URL}/feeds/guild.atom"
    ids = [each.findtext(f"{ATOM}id") for each in root.findall(f"{ATOM}entry")]
    assert badge["url"] in ids
    assert hidden["url"] not in ids
    assert len(ids) == len(set(ids))
    titles = [each.findtext(f"{ATOM}title") or "" for each in root.findall(f"{ATOM}entry")]
    assert any(HOSTILE[0] in title for title in titles)
    refused(standing.get("/feeds/nobody.atom"), 404, "no-such-community")
