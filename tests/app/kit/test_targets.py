"""Which URLs are asked at all."""

from contextlib import suppress

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.networks import Refused
from app.kit.targets import target_of
from tests.app.kit.hostile_urls import OTHER_SCHEMES, URLS

LOOPBACK = (
    "http://127.0.0.1/",
    "http://127.0.0.1:8000/",
    "http://127.8.8.8:22/",
    "https://localhost:8443/x",
    "http://localhost/",
    "http://[::1]:8000/",
)


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_url_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        target_of(url, allow_loopback=False)


@pytest.mark.parametrize("url", [url for url in URLS if "127.0.0.1" not in url and "local" not in url.lower()])
def test_letting_this_machine_be_reached_lets_nothing_else_be_reached(url: str) -> None:
    with suppress(Refused):
        assert target_of(url, allow_loopback=True).is_loopback


@pytest.mark.parametrize("url", LOOPBACK)
def test_this_machine_is_asked_only_where_that_is_allowed(url: str) -> None:
    assert target_of(url, allow_loopback=True).is_loopback
    with pytest.raises(Refused):
        target_of(url, allow_loopback=False)


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("https://far.example", "https://far.example/"),
        ("HTTPS://Far.Example/A?b=C#d", "https://far.example/A?b=C"),
        ("https://far.example?x", "https://far.example/?x"),
        ("https://far.example:443/", "https://far.example/"),
        ("https://far.example:8443/did.json", "https://far.example:8443/did.json"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://far.xn--p1ai/", "https://far.xn--p1ai/"),
        ("https://1.2.far.example/%2e%2e/ü", "https://1.2.far.example/%2e%2e/ü"),
        ("https://far.example/@user:x/[1]", "https://far.example/@user:x/[1]"),
    ],
)
def test_a_public_address_by_https_is_asked(url: str, meant: str) -> None:
    assert target_of(url, allow_loopback=False).url == meant


@pytest.mark.parametrize(
    ("location", "meant"),
    [
        ("/elsewhere", "https://far.example/elsewhere"),
        ("elsewhere?x#y", "https://far.example/a/elsewhere?x"),
        ("//other.example/", "https://other.example/"),
        ("https://other.example:8443/", "https://other.example:8443/"),
        ("", "https://far.example/a/b"),
    ],
)
def test_a_redirect_is_followed_by_the_same_rules(location: str, meant: str) -> None:
    target = target_of("https://far.example/a/b", allow_loopback=False)
    assert target.redirected(location, allow_loopback=False).url == meant


@pytest.mark.parametrize(
    "location", [*OTHER_SCHEMES, "http://far.example/", "//127.0.0.1/", "https://[", "http://[::1]/"]
)
def test_a_redirect_out_of_bounds_is_refused(location: str) -> None:
    target = target_of("https://far.example/", allow_loopback=True)
    with pytest.raises(Refused):
        target.redirected(location, allow_loopback=True)


def test_nobody_elsewhere_redirects_to_this_machine() -> None:
    far = target_of("https://far.example/", allow_loopback=True)
    with pytest.raises(Refused):
        far.redirected("https://localhost:8443/", allow_loopback=True)
    near = target_of("http://localhost:8000/", allow_loopback=True)
    assert near.redirected("https://localhost:8443/", allow_loopback=True).port == 8443


# What makes URLs odd, in any order and number.
ODD = st.lists(
    st.sampled_from(
        [
            *(
                "https://",
                "http://",
                "//",
                "/",
                "\\",
                "@",
                ":",
                "#",
                "?",
                ".",
                "%",
                "[",
                "]",
                "::1",
                "127.0.0.1",
                "0x7f",
            ),
            *("far.example", "localhost", "443", "8443", "22", "%2e", "%00", " ", "\t", "\n", "。", "①", "é", "\u200d"),
            *("xn--", "-", "_", ";", ",", "&", "=", "\ud800", "a", "B", "2130706433"),
        ]
    ),
    max_size=9,
).map("".join)


@given(st.one_of(ODD, ODD.map("https://far.example".__add__), ODD.map("https://".__add__), st.text(max_size=60)))
def test_what_is_asked_is_a_public_name_whoever_reads_the_url(url: str) -> None:
    try:
        target = target_of(url, allow_loopback=False)
    except Refused:
        return
    read = httpx2.URL(target.url)
    assert (read.scheme, read.raw_host.decode(), read.port or 443) == ("https", target.host, target.port)
    assert not read.userinfo
    assert target.host.rpartition(".")[2].replace("-", "").isalnum()
    assert not target.host.rpartition(".")[2].isdigit()
