"""Addresses of the web, of email, of DIDs: one form each, and nothing that a signature would leave out."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import badges
from app.kit.addresses import canonical_email, did, email, web_url
from badges.models import Model, Uri


@pytest.mark.parametrize(
    "url",
    [
        "https://guild.example",
        "HTTP://Guild.Example:8080/a/b;c?d=e&f#g",
        "https://xn--mnchen-3ya.example/%C3%BC?q=%20",
        "http://127.0.0.1:8000/",
        "https://[2001:db8::1]:8443/x",
        "https://guild.example/~ana/(a,b)!*'$+@:/",
        "https://guild.example?q#",
    ],
)
def test_a_url_of_the_web_stays_as_it_is(url: str) -> None:
    assert web_url(url) == url


def test_what_is_not_ascii_behind_the_host_is_percent_encoded() -> None:
    assert web_url("https://guild.example/é/日?ü#😀") == "https://guild.example/%C3%A9/%E6%97%A5?%C3%BC#%F0%9F%98%80"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "guild.example",
        "//guild.example",
        "ftp://guild.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:guild.example",
        "https:///path",
        "https://",
        "https://user@guild.example/",
        "https://user:secret@guild.example/",
        "https://guild.example@evil.example/",
        "https://münchen.example/",
        "https://guild.example:port/",
        "https://guild.example:123456/",
        "http://guild.example:99999/",
        "https://guild.example:65536/",
        "https://guild.example:0/",
        "https://-guild.example/",
        "https://[::1/",
        "https://[::::]/",
        "https://[1.2.3.4]/",
        "https://guild.example/a b",
        "https://guild.example/a\u00a0b",
        "https://guild.example/\u202egpj.exe",
        "https://guild.example/\u200b",
        "https://guild.example/\ufffe",
        "https://guild.example/a\tb",
        "https://guild.example/a\nb",
        "https://guild.example/%zz",
        "https://guild.example/%",
        "https://guild.example/[a]",
        "https://guild.example/{a}",
        "https://guild.example/a\\b",
        "https://guild.example/<script>",
        'https://guild.example/"',
        "https://guild.example/#a#b",
        "https://guild.example\\@evil.example/",
    ],
)
def test_what_is_no_url_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        web_url(url)


class Linked(Model):
    id: Uri


@given(st.text(max_size=30), st.sampled_from("/?#"))
def test_a_url_that_is_taken_can_be_issued_and_stays_the_same(rest: str, sign: str) -> None:
    try:
        url = web_url(f"https://guild.example{sign}{rest}")
    except ValueError:
        assume(False)
    assert url.isascii()
    assert web_url(url) == url
    assert Linked(id=url).id == url
    criteria = {"type": ["Achievement"], "id": "urn:x:y", "criteria": {"id": url, "narrative": "n"}}
    badges.refuse_unsignable({"@context": list(badges.ob3.CONTEXTS), **criteria})


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (" Ana@Guild.Example ", "ana@guild.example"),
        ("RENE\u0301@guild.example", "ren\u00e9@guild.example"),
        ("\u212aatja@guild.example", "katja@guild.example"),
        ("ana+badges@guild.example", "ana+badges@guild.example"),
        ("o'neill@guild.example", "o'neill@guild.example"),
    ],
)
def test_an_email_address_has_one_form(said: str, kept: str) -> None:
    assert email(said) == kept


def test_two_mailboxes_that_only_case_folding_confuses_stay_two() -> None:
    assert email("weiß@guild.example") != email("weiss@guild.example")


@given(st.text(max_size=20))
def test_the_one_form_of_an_address_is_its_own(text: str) -> None:
    once = canonical_email(text)
    assert canonical_email(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "ana@guild",
        "@guild.example",
        "ana@",
        "ana@@guild.example",
        "ana@guild..example",
        "ana@.example",
        "ana@guild.example.",
        "a b@guild.example",
        "ana@guild.example, bo@guild.example",
        "Ana <ana@guild.example>",
        "ana@guild.example\nBcc: all@guild.example",
        "a\u200bna@guild.example",
        "\u202eana@guild.example",
        "ana\u00a0@guild.example",
        "ana\x7f@guild.example",
        "ana\ufeff@guild.example",
        f"{'a' * 65}@guild.example",
        f"ana@{'a' * 250}.example",
    ],
)
def test_what_is_no_email_address_or_hides_something_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an email address"):
        email(text)


@pytest.mark.parametrize(
    "text", ["did:example:bo", "did:web:guild.example%3A8443:ana", "did:key:z6MkhaXgBZDvotDkL5257"]
)
def test_a_did_stays_as_it_is(text: str) -> None:
    assert did(text) == text


@pytest.mark.parametrize(
    "text", ["", "did:", "did:web", "did:web:", "DID:web:x", "did:Web:x", "did:web:x y", "did:web:%zz", "did:web:x#key",
             "did:web:é", "did:web:x/y", f"did:web:{'x' * 401}", "did:key:nonsense", "did:key:z", "did:key:z6MkO0"],
)  # fmt: skip
def test_what_is_no_did_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a DID looks like"):
        did(text)
