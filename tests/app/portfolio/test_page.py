"""A portfolio as one page: whole without the network, and nothing that anybody wrote acts in it."""

import hashlib
import re
from base64 import b64decode, b64encode

import pytest

from tests.app.guild import Guild, done
from tests.app.pages.test_hostile_text import HOSTILE, MARKDOWN
from tests.app.pages.test_pages import Page


@pytest.fixture(scope="module")
def ana(standing: Guild) -> str:
    """The path of a portfolio with every hostile text in it, two badges of one achievement, and a private one."""
    words = "\n\n".join(HOSTILE + MARKDOWN)
    member = standing.member("ana", name='Ana "><script>alert(1)</script>', affiliation=HOSTILE[2])
    hostile = standing.achievement(name=HOSTILE[0], description=words, policy={"stackable": True, "period": "year"})
    for visibility in ("public", "public", "private"):
        standing.badge(hostile, recipient={"member": "ana"}, visibility=visibility, narrative=words)
    path = f"/v1/members/{member['id']}/portfolio"
    standing.tokens["ana"] = standing.token("ana")
    choice = {"title": HOSTILE[1], "summary": words, "reveal": ["name", "affiliation"]}
    done(standing.call("PUT", f"{path}/choice", choice, token=standing.tokens["ana"]), 200)
    return path


def test_nothing_in_the_page_acts_or_is_asked_of_anybody(standing: Guild, ana: str) -> None:
    answer = standing.get(f"{ana}?format=html")
    assert answer.status_code == 200
    found = Page(answer.text)
    acting = {"script", "iframe", "form", "base", "img", "link", "object", "embed", "foreignobject"}
    assert not acting & {tag for tag, _ in found.elements}
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert all(each["href"].startswith("data:image/png;base64,") for each in found.all("image"))
    schemes = {each["href"].partition(":")[0] for each in found.all("a")}
    assert schemes <= {"http", "https", "data"}
    [style] = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [answer.headers["content-security-policy"], found.all("meta")[2]["content"]]
    assert all(f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'" in each for each in policies)


def test_each_badge_is_in_it_with_its_image_once(standing: Guild, ana: str) -> None:
    found = Page(standing.get(f"{ana}?format=html").text)
    assert len(found.all("article")) == 2
    assert len(found.all("image")) == len(found.all("use")) == 1
    assert found.all("use")[0]["href"] == f"#{found.all('image')[0]['id']}"


def test_what_others_could_not_fetch_comes_along(standing: Guild, ana: str) -> None:
    found = Page(standing.get(f"{ana}?format=html", token=standing.tokens["ana"]).text)
    [file] = [each for each in found.all("a") if "download" in each]
    assert standing.verdict(b64decode(file["href"].partition(",")[2]))["verdict"] == "valid"


def test_search_engines_list_it_only_if_its_owner_says_so(standing: Guild, ana: str) -> None:
    answer = standing.get(f"{ana}?format=html")
    assert (answer.headers["x-robots-tag"], '<meta name="robots" content="noindex">' in answer.text) == (
        "noindex",
        True,
    )
    member = standing.member("ida")["id"]
    standing.badge(recipient={"member": "ida"})
    path, token = f"/v1/members/{member}/portfolio", standing.token("ida")
    done(standing.call("PUT", f"{path}/choice", {"indexed": True}, token=token), 200)
    shown = standing.get(f"{path}?format=html")
    assert "x-robots-tag" not in shown.headers
    assert "noindex" not in shown.text


def test_a_member_with_nothing_has_a_page_that_says_so(standing: Guild) -> None:
    member = standing.member("nil")["id"]
    answer = standing.get(f"/v1/members/{member}/portfolio?format=html", token=standing.token("nil"))
    assert "There is no badge to show here yet." in answer.text
