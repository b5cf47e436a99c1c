"""The one guarded way out: what is connected to, what is taken, and how long it may take."""

import gzip
import json
import logging
import os
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.fetching import Fetcher
from app.kit.networks import Resolve
from app.kit.pacing import Limits
from badges import Fetched, Unreachable
from tests.app.kit.hostile_urls import ADDRESSES, PUBLIC_ADDRESSES, URLS
from tests.certificates import Authority, authority
from tests.far_end import PUBLIC, Answer, FarEnd, Internet, Send, always, listening, response
from tests.stand_ins import THEN, SettableClock

PATIENT = Limits(total=60.0, connect=30.0, floor=0.0)
"""Where the clock is not to decide: the machine may be busy with other things."""

SHORT = Limits(total=0.6, connect=0.3, floor=0.0)
LONG = 8.0
"""Seconds: longer than a short fetch takes on any machine, and shorter than far ends here can go on."""


@pytest.fixture
def internet() -> Internet:
    return Internet()


@pytest.fixture
def until() -> Iterator[ExitStack]:
    with ExitStack() as until:
        yield until


@pytest.fixture
def far(internet: Internet, until: ExitStack) -> Callable[..., FarEnd]:
    """Puts a server behind `https://far.example`, or another name."""

    def put(answer: Answer | bytes, name: str = "far.example", **where: Any) -> FarEnd:
        far_end = until.enter_context(listening(answer, tls=authority().certifying(name)))
        internet.serve(name, far_end, **where)
        return far_end

    return put


@pytest.fixture
def fetch(internet: Internet, clock: SettableClock) -> Fetcher:
    return fetcher(internet, clock)


def fetcher(
    internet: Internet,
    clock: SettableClock | None = None,
    *,
    limits: Limits = PATIENT,
    resolve: Resolve | None = None,
    network: httpcore.NetworkBackend | None = None,
    allow_loopback: bool = False,
) -> Fetcher:
    return Fetcher(
        user_agent="Laurels/test (+https://badges.example)",
        clock=clock or SettableClock(),
        allow_loopback=allow_loopback,
        limits=limits,
        resolve=resolve or internet.resolve,
        network=network or internet,
        tls=authority().trusting(),
    )


def ask(fetch: Fetcher, url: str = "https://far.example/") -> Fetched:
    return fetch(url, accept="application/json")


def refused(fetch: Fetcher, url: str = "https://far.example/") -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        ask(fetch, url)
    return caught.value


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


# How much is taken


def chunked(*pieces: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def endless(start: bytes, piece: bytes) -> Answer:
    def answer(_: str, send: Send) -> None:
        send(start)
        for _turn in range(100_000):
            send(piece)

    return answer


MIB = 1_048_576
OK = b"HTTP/1.1 200 OK\r\n"
TOO_MUCH = {
    "a body one byte too long": always(response(b"a" * (MIB + 1))),
    "a long body without a length": always(OK + b"\r\n" + b"a" * (MIB + 1)),
    "a body without an end": endless(OK + b"\r\n", b"a" * 65_536),
    "chunks without an end": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"a" * 32_768 + b"\r\n"),
    "chunks of a byte": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1000),
    "a gzip bomb": always(response(gzip.compress(bytes(50 * MIB)), content_encoding="gzip")),
    "a gzip of one byte too many": always(response(gzip.compress(bytes(MIB + 1)), content_encoding="gzip")),
    "a bomb within a bomb": always(
        response(gzip.compress(gzip.compress(bytes(50 * MIB))), content_encoding="gzip, gzip")
    ),
    "a header without an end": endless(OK + b"X: ", b"a" * 65_536),
    "headers without an end": endless(OK, b"X: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000),
    "more headers than are read": always(OK + b"X: y\r\n" * 101 + b"Content-Length: 0\r\n\r\n"),
    "longer headers than are read": always(OK + b"X: " + b"y" * 65_536 + b"\r\nContent-Length: 0\r\n\r\n"),
    "preliminaries without an end": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000),
    "trailers without an end": endless(
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000
    ),
}
NOT_UNDERSTOOD = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no answer": b"",
    "half an answer": b"HTTP/1.1 200 OK\r\nContent-Le",
    "half a body": OK + b"Content-Length: 10\r\n\r\n{}",
    "half the chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello",
    "a coding nobody asked for": response(b"\x0b\x00\x80a\x03", content_encoding="br"),
    "deflate": response(zlib.compress(b"{}"), content_encoding="deflate"),
    "two codings": response(gzip.compress(b"{}"), content_encoding="gzip, br"),
    "gzip that is none": response(b"{}", content_encoding="gzip"),
    "half a gzip": response(gzip.compress(b"{}" * 99)[:-9], content_encoding="gzip"),
    "a gzip with more behind": response(gzip.compress(b"{}") + b"more", content_encoding="gzip"),
    "a header with a line break": OK + b"X: a\rb\r\n\r\n",
    "a header that is no header": OK + b"no header\r\n\r\n",
    "a status that is none": b"HTTP/1.1 abc OK\r\n\r\n",
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_not_taken(far: Callable[..., FarEnd], internet: Internet, name: str) -> None:
    far(TOO_MUCH[name])
    began = time.monotonic()
    refused(fetcher(internet))
    assert time.monotonic() - began < LONG


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_not_taken(far: Callable[..., FarEnd], fetch: Fetcher, name: str) -> None:
    far(NOT_UNDERSTOOD[name])
    refused(fetch)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (response(b"a" * MIB), b"a" * MIB),
        (response(gzip.compress(bytes(MIB)), content_encoding="gzip"), bytes(MIB)),
        (response(gzip.compress(b"{}"), content_encoding=" X-GZip "), b"{}"),
        (response(b"{}", content_encoding="identity"), b"{}"),
        (response(b"", "404 Not Found", content_encoding="gzip"), b""),
        (chunked(b"a" * 1000, b"b"), b"a" * 1000 + b"b"),
        (OK + b"\r\nuntil it closes", b"until it closes"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + response(b"late"), b"late"),
    ],
    ids=["1 MiB", "1 MiB when unpacked", "gzip", "identity", "nothing", "chunks", "no length", "early hints"],
)
def test_what_is_within_bounds_is_taken(far: Callable[..., FarEnd], fetch: Fetcher, answer: bytes, body: bytes) -> None:
    far(answer)
    assert ask(fetch).body == body


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "404 Not Found", "410 Gone", "500 Oh", "304 Same"])
def test_every_status_is_an_answer(far: Callable[..., FarEnd], fetch: Fetcher, status: str) -> None:
    far(response(b"" if "304" in status else b"words", status, content_type="text/plain"))
    found = ask(fetch)
    assert f"{found.status}" == status[:3]
    assert (found.content_type, found.url) == ("text/plain", "https://far.example/")


@given(st.lists(st.binary(max_size=60) | st.sampled_from([OK, b"\r\n\r\n", chunked(b"a"), response()]), max_size=6))
def test_whatever_comes_back_is_an_answer_or_none(pieces: list[bytes]) -> None:
    internet = Internet()
    internet.host("far.example", [PUBLIC])
    fetch = fetcher(internet, network=httpcore.MockBackend([piece for piece in pieces if piece]))
    with suppress(Unreachable):
        assert ask(fetch).status >= 200


# How long it may take


def slowly(start: bytes, piece: bytes) -> Answer:
    def answer(_: str, send: Send) -> None:
        send(start)
        for _turn in range(240):
            time.sleep(0.05)
            send(piece)

    return answer


def never(_: str, __: Send) -> None:
    Event().wait(12)


@pytest.mark.parametrize(
    "answer",
    [slowly(OK + b"\r\n", b"a"), slowly(OK + b"X: ", b"a"), slowly(b"", b"H"), never],
    ids=["a body in drops", "a header in drops", "a line in drops", "silence"],
)
def test_the_deadline_holds_however_slowly_it_comes(
    internet: Internet, far: Callable[..., FarEnd], answer: Answer
) -> None:
    far(answer)
    began = time.monotonic()
    refused(fetcher(internet, limits=replace(SHORT, connect=SHORT.total)))
    assert SHORT.total <= time.monotonic() - began < LONG


def test_the_deadline_holds_over_all_redirects(internet: Internet, far: Callable[..., FarEnd]) -> None:
    def answer(_: str, send: Send) -> None:
        time.sleep(1)
        send(response(b"", "302 Found", location="/"))

    server = far(answer)
    refused(fetcher(internet, limits=replace(PATIENT, total=1.5)))
    assert len(server.heads) <= 2


def test_who_accepts_and_says_no_more_is_not_waited_for(internet: Internet, until: ExitStack) -> None:
    """A server that waits for words, while TLS waits for its."""
    internet.serve("far.example", until.enter_context(listening(never)))
    began = time.monotonic()
    refused(fetcher(internet, limits=replace(SHORT, total=60.0)))
    assert time.monotonic() - began < LONG


def test_a_name_that_takes_long_to_look_up_is_not_waited_for(internet: Internet) -> None:
    ended = Event()

    def slow(_: str) -> list[str]:
        ended.wait(12)
        return [PUBLIC]

    began = time.monotonic()
    refused(fetcher(internet, resolve=slow, limits=SHORT))
    assert time.monotonic() - began < LONG
    ended.set()


def test_one_host_is_asked_by_a_few_at_once(far: Callable[..., FarEnd], internet: Internet) -> None:
    at_work, most = [0], [0]

    def answer(_: str, send: Send) -> None:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        time.sleep(0.05)
        at_work[0] -= 1
        send(response())

    server = far(answer)
    fetch = fetcher(internet, limits=replace(PATIENT, per_host=2))
    threads = [Thread(target=ask, args=(fetch, f"https://far.example/{i}")) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.heads) == 8
    assert most[0] <= 2


# What is said about it


def test_all_that_fails_fails_alike(
    internet: Internet, far: Callable[..., FarEnd], caplog: pytest.LogCaptureFixture
) -> None:
    far(response(b"a" * (MIB + 1)), "large.example", address="93.184.215.20")
    internet.host("silent.example", [PUBLIC])
    internet.host("inside.example", ["10.0.0.1"])
    fetch = fetcher(internet)
    with caplog.at_level(logging.WARNING, logger="app.kit.fetching"):
        details = [
            refused(fetch, f"https://{name}.example/secret?token=x").detail.replace(name, "name")
            for name in ("large", "silent", "inside", "missing")
        ]
    assert len(set(details)) == 1
    reasons = [record.getMessage() for record in caplog.records if record.name == "app.kit.fetching"]
    assert "private use" in reasons[2]
    assert len(set(reasons)) == 4
    assert not any(part in reason for reason in reasons for part in ("example", "secret", "token"))


@pytest.mark.parametrize(
    "url", ["https://far\nexample\x1b[31m/", "https://ada:word@far.example/", "https://far.example/"]
)
def test_the_log_says_nothing_of_the_address(internet: Internet, caplog: pytest.LogCaptureFixture, url: str) -> None:
    with caplog.at_level(logging.WARNING):
        refused(fetcher(internet), url)
    assert "far" not in caplog.text
    assert "word" not in caplog.text
    assert len(caplog.records) == 1


def test_what_is_refused_takes_as_long_as_what_is_not_there(internet: Internet) -> None:
    """The quickest of names that lead inside and of names that lead nowhere, taken in turn."""
    internet.host("inside.example", ["10.0.0.1"])
    fetch = fetcher(internet, limits=replace(PATIENT, floor=0.03))
    took: dict[str, list[float]] = {"inside": [], "missing": []}
    for _ in range(12):
        for name, times in took.items():
            began = time.monotonic()
            refused(fetch, f"https://{name}.example/")
            times.append(time.monotonic() - began)
    inside, missing = (min(times) for times in took.values())
    assert min(inside, missing) >= 0.03
    assert abs(inside - missing) < 0.01


# What is kept


def test_an_answer_says_when_it_was_asked_for(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    far(response())
    assert ask(fetch).fetched_at == THEN


def test_an_answer_is_kept_for_as_long_as_it_says(
    far: Callable[..., FarEnd], fetch: Fetcher, clock: SettableClock
) -> None:
    server = far(response(cache_control="public, max-age=30"))
    first = ask(fetch)
    clock.forward(seconds=29)
    assert ask(fetch) == first
    assert ask(fetch).fetched_at == THEN
    clock.forward(seconds=1)
    assert ask(fetch).fetched_at == clock.now
    assert len(server.heads) == 2


def test_an_answer_is_never_kept_for_long(far: Callable[..., FarEnd], fetch: Fetcher, clock: SettableClock) -> None:
    server = far(response(cache_control="max-age=31536000"))
    ask(fetch)
    clock.forward(seconds=60)
    ask(fetch)
    assert len(server.heads) == 2


def test_an_answer_that_does_not_say_so_is_not_kept(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(response())
    ask(fetch)
    ask(fetch)
    assert len(server.heads) == 2


def test_an_answer_is_kept_for_those_who_ask_alike(far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    server = far(response(cache_control="max-age=30"))
    ask(fetch)
    fetch("https://far.example/", accept="image/png")
    ask(fetch, "https://far.example/?")
    assert len(server.heads) == 3


def test_silence_is_not_kept(internet: Internet, far: Callable[..., FarEnd], fetch: Fetcher) -> None:
    refused(fetch)
    far(response(b"good"))
    assert ask(fetch).body == b"good"


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
