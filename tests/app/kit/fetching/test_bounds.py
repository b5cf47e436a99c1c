"""The one guarded way out: how much is taken, and how long it may take."""

import gzip
import time
import zlib
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from threading import Event, Thread

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.fetching import Fetcher
from badges import Unreachable
from tests.app.kit.fetching.asking import (
    LONG,
    MIB,
    PATIENT,
    SHORT,
    ask,
    fetcher,
    refused,
)
from tests.far_end import PUBLIC, Answer, FarEnd, Internet, Send, always, listening, response

OK = b"HTTP/1.1 200 OK\r\n"

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


TOO_MUCH = {
    "a body one byte too long": always(response(b"a" * (MIB + 1))),
    "a long body without a length": always(OK + b"\r\n" + b"a" * (MIB + 1)),
    "a body without an end": endless(OK + b"\r\n", b"a" * 65_536),
    "chunks without an end": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"a" * 32_768 + b"\r\n"),
    "chunks of a byte": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1000),
    "a short body in many chunks": always(chunked(*[b"a"] * 5_000)),
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
