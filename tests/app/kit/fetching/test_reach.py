"""The one guarded way out: who is asked, and who is believed to answer."""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from app.kit.fetching import Fetcher
from tests.app.kit.fetching.asking import PATIENT, SHORT, ask, fetcher, refused
from tests.app.kit.hostile_urls import ADDRESSES, PUBLIC_ADDRESSES, URLS
from tests.certificates import Authority, authority
from tests.far_end import PUBLIC, Answer, FarEnd, Internet, Send, listening, response
from tests.stand_ins import SettableClock

# What is connected to


@pytest.mark.parametrize("url", URLS)
def test_a_hostile_url_connects_nowhere(internet: Internet, url: str) -> None:
    refused(fetcher(internet), url)
    assert internet.tried == []
    assert internet.asked == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_for_an_address_within_reach_connects_nowhere(internet: Internet, address: str) -> None:
    internet.host("far.example", [address])
    refused(fetcher(internet))
    internet.host("far.example", [PUBLIC, address])
    refused(fetcher(internet))
    assert internet.asked == ["far.example"] * 2
    assert internet.tried == []


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_name_for_a_public_address_is_connected_to_there(internet: Internet, address: str) -> None:
    internet.host("far.example", [address])
    refused(fetcher(internet))
    assert internet.tried == [(address, 443)]


def test_nothing_reaches_a_socket_either() -> None:
    """The same with the system's own resolver and sockets, as the interpreter itself sees them used."""
    probe = """
import sys
from app.kit.fetching import Fetcher
from app.kit.networks import Resolve
from app.kit.pacing import Limits
from badges import Unreachable
from tests.app.kit.hostile_urls import ADDRESSES, URLS
from tests.stand_ins import SettableClock

seen = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "subprocess.Popen"):
        seen.append((event, arguments))
        raise RuntimeError(f"{event} {arguments}")

sys.addaudithook(watch)
turn = iter(ADDRESSES)
urls = [*URLS, *(f"https://far{i}.example/" for i, _ in enumerate(ADDRESSES))]
fetch = Fetcher(user_agent="x", clock=SettableClock(), limits=Limits(floor=0), resolve=lambda name: [next(turn)])
for url in urls:
    try:
        fetch(url, accept="*/*")
    except Unreachable:
        continue
    raise SystemExit(f"fetched {url!r}")
print(len(urls), len(seen))
try:
    Fetcher(user_agent="x", clock=SettableClock())("https://far.example/", accept="*/*")
except RuntimeError:
    print(*(arguments[0] for _, arguments in seen))
"""
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    vetted, asked = done.stdout.splitlines()
    assert vetted == f"{len(URLS) + len(ADDRESSES)} 0"
    assert asked == "far.example."  # from the root: no search domain makes another name of it


def test_a_name_that_resolves_otherwise_the_second_time_is_looked_up_once(
    internet: Internet, far: Callable[..., FarEnd], fetch: Fetcher
) -> None:
    far(response(b"good"))
    internet.host("far.example", [PUBLIC], ["127.0.0.1"], ["169.254.169.254"])
    assert ask(fetch).body == b"good"
    assert (internet.asked, internet.tried) == (["far.example"], [(PUBLIC, 443)])
    refused(fetch)
    refused(fetch)
    assert internet.tried == [(PUBLIC, 443)]


def test_the_name_is_what_tls_and_the_server_are_told(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(response())
    ask(fetch, "https://far.example/a%20b?c=d#e")
    lines = server.heads[0].split("\r\n")
    assert lines[0] == "GET /a%20b?c=d HTTP/1.1"
    assert "Host: far.example" in lines
    assert "User-Agent: Laurels/test (+https://badges.example)" in lines
    assert {line.split(":")[0] for line in lines[1:] if line} == {
        *("Host", "User-Agent", "Accept", "Accept-Encoding", "Connection")
    }


def test_another_address_of_the_name_is_tried_when_one_does_not_answer(
    internet: Internet, far: Callable[..., FarEnd], fetch: Fetcher
) -> None:
    far(response(b"good"))
    internet.host("far.example", ["2606:4700::1", PUBLIC])
    assert ask(fetch).body == b"good"
    assert internet.tried == [("2606:4700::1", 443), (PUBLIC, 443)]


def test_a_name_with_many_addresses_is_not_tried_at_all_of_them(internet: Internet, fetch: Fetcher) -> None:
    internet.host("far.example", [f"93.184.215.{i}" for i in range(1, 200)])
    refused(fetch)
    assert len(internet.tried) == 3


def test_a_port_of_its_own_is_asked(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    far(response(b"good"), port=8443)
    assert ask(fetch, "https://far.example:8443/did.json").url == "https://far.example:8443/did.json"


def test_proxies_of_the_environment_are_not_used(
    internet: Internet, far: Callable[..., FarEnd], fetch: Fetcher
) -> None:
    far(response(b"good"))
    proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:9")
    before = dict(os.environ)
    os.environ.update(proxies)
    try:
        assert ask(fetch).body == b"good"
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert internet.tried == [(PUBLIC, 443)]


# Who answers


@pytest.mark.parametrize(
    "certified",
    [
        lambda: authority().certifying("other.example"),
        lambda: authority().certifying("*.example.org"),
        lambda: authority().certifying("far.example", ends=datetime(2021, 1, 1, tzinfo=UTC)),
        lambda: Authority("Nobody knows").certifying("far.example"),
    ],
    ids=["another name", "another wildcard", "expired", "nobody's word"],
)
def test_who_cannot_prove_the_name_is_not_listened_to(
    internet: Internet, until: ExitStack, fetch: Fetcher, certified: Callable[[], ssl.SSLContext]
) -> None:
    server = until.enter_context(listening(response(b"evil"), tls=certified()))
    internet.serve("far.example", server)
    refused(fetch)
    assert server.heads == []


def test_who_does_not_speak_tls_is_not_listened_to(internet: Internet, until: ExitStack) -> None:
    internet.serve("far.example", until.enter_context(listening(response(b"evil"))))
    refused(fetcher(internet, limits=SHORT))


def test_the_authorities_that_the_world_trusts_do_not_vouch_for_strangers(
    internet: Internet, far: Callable[..., FarEnd]
) -> None:
    far(response(b"evil"))
    usual = Fetcher(user_agent="x", clock=SettableClock(), limits=PATIENT, resolve=internet.resolve, network=internet)
    refused(usual)
    assert internet.tried == [(PUBLIC, 443)]


# Redirects


def redirecting(status: str, *locations: str) -> Answer:
    """Sends from `/` to the first, from `/1` to the second, and so on; at the end says where it came to."""

    def answer(head: str, send: Send) -> None:
        path = head.split(" ")[1]
        step = int(path[1:] or "0") if path[1:].isdigit() or path == "/" else len(locations)
        if step < len(locations):
            send(response(b"", status, location=locations[step]))
        else:
            send(response(path.encode()))

    return answer


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed(far: Callable[..., FarEnd], fetch: Fetcher, status: str) -> None:
    far(redirecting(status, "/elsewhere?x"))
    found = ask(fetch)
    assert (found.status, found.body, found.url) == (200, b"/elsewhere?x", "https://far.example/elsewhere?x")


def test_a_redirect_to_another_name_is_vetted_anew(
    internet: Internet, far: Callable[..., FarEnd], fetch: Fetcher
) -> None:
    far(redirecting("302 Found", "https://other.example/"))
    far(response(b"there"), "other.example", address="93.184.215.15")
    assert ask(fetch).url == "https://other.example/"
    assert internet.tried == [(PUBLIC, 443), ("93.184.215.15", 443)]


@pytest.mark.parametrize(
    "location",
    [
        *("https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/", "//10.0.0.1/"),
        *("http://far.example/", "http://127.0.0.1/", "https://inside.example/", "https://user@far.example/"),
        *("file:///etc/passwd", "https://far.example:22/", "gopher://far.example/", "https://0x7f.1/", "https://["),
    ],
)
def test_a_redirect_to_within_reach_is_not_followed(
    internet: Internet, far: Callable[..., FarEnd], location: str
) -> None:
    far(redirecting("302 Found", location))
    internet.host("inside.example", ["10.0.0.1"])
    refused(fetcher(internet, allow_loopback=True))
    assert internet.tried == [(PUBLIC, 443)]


def test_three_redirects_are_followed_and_no_fourth(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(redirecting("302 Found", "/1", "/2", "/3"))
    assert ask(fetch).body == b"/3"
    server = far(redirecting("302 Found", "/1", "/2", "/3", "/4"))
    refused(fetch)
    assert len(server.heads) == 4


def test_a_redirect_to_itself_ends(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(redirecting("302 Found", "/"))
    refused(fetch)
    assert len(server.heads) == 4


def test_cookies_are_not_carried_along(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    def answer(head: str, send: Send) -> None:
        target = {} if " /there " in head else {"location": "/there"}
        send(response(b"", "302 Found", set_cookie="a=b", **target))

    server = far(answer)
    assert ask(fetch).status == 302  # a redirect to nowhere is an answer
    assert [("Cookie" in head) for head in server.heads] == [False, False]


# This machine


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_asked_by_http_where_that_is_allowed(until: ExitStack, host: str) -> None:
    server = until.enter_context(listening(response(b"near")))
    near = Fetcher(user_agent="x", clock=SettableClock(), allow_loopback=True, limits=PATIENT)
    assert ask(near, f"http://{host}:{server.port}/").body == b"near"


def test_this_machine_is_not_asked_otherwise(until: ExitStack) -> None:
    server = until.enter_context(listening(response(b"near")))
    near = Fetcher(user_agent="x", clock=SettableClock(), limits=PATIENT)
    refused(near, server.url)
    refused(near, f"https://localhost:{server.port}/")
    assert server.heads == []


def test_no_name_leads_to_this_machine_even_where_it_is_allowed(internet: Internet, until: ExitStack) -> None:
    server = until.enter_context(listening(response(b"near"), tls=authority().certifying("far.example")))
    internet.host("far.example", ["127.0.0.1"])
    refused(fetcher(internet, allow_loopback=True), f"https://far.example:{server.port}/")
    assert internet.tried == []


def test_https_of_this_machine_may_be_without_tls(until: ExitStack) -> None:
    """As the address of a did:web is, which is always https."""
    server = until.enter_context(listening(response(json.dumps({"id": "did:web:localhost"}).encode())))
    near = Fetcher(user_agent="x", clock=SettableClock(), allow_loopback=True, limits=PATIENT)
    assert ask(near, f"https://localhost:{server.port}/did.json").status == 200
