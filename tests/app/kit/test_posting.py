"""The way out for what is told to others: as guarded as the one by which strangers' documents are fetched."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from app.kit.pacing import Limits
from app.kit.posting import LIMITS, Answered, NotAnswered, Poster
from tests.app.kit.hostile_urls import URLS
from tests.certificates import authority
from tests.far_end import PUBLIC, Answer, FarEnd, Internet, Send, always, listening, response
from tests.receiver import Receiver, receiving

PATIENT = replace(LIMITS, total=60.0, connect=30.0)
SHORT = replace(LIMITS, total=0.6, connect=0.3)
BODY = b'{"type": "member.joined"}'


def poster(internet: Internet, limits: Limits = PATIENT, *, allow_loopback: bool = False) -> Poster:
    return Poster(
        user_agent="Laurels/test",
        allow_loopback=allow_loopback,
        limits=limits,
        resolve=internet.resolve,
        network=internet,
        tls=authority().trusting(),
    )


@pytest.fixture
def internet() -> Internet:
    return Internet()


@pytest.fixture
def far(internet: Internet) -> Iterator[Callable[..., FarEnd]]:
    with ExitStack() as until:

        def put(answer: Answer | bytes, name: str = "far.example", **where: Any) -> FarEnd:
            far_end = until.enter_context(listening(answer, tls=authority().certifying(name)))
            internet.serve(name, far_end, **where)
            return far_end

        yield put


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def posted(poster: Poster, url: str = "https://far.example/hook?x=1") -> Answered:
    line = poster.line(url)
    try:
        return line.post(BODY, {"webhook-id": "1"})
    finally:
        line.close()


def silent(poster: Poster, url: str = "https://far.example/hook") -> str:
    with pytest.raises(NotAnswered) as caught:
        posted(poster, url)
    return caught.value.code


def test_it_says_what_it_was_given_and_hears_how_the_answer_begins(
    internet: Internet, far: Callable[..., FarEnd]
) -> None:
    there = far(response(b"Thank you! " * 100, "202 Accepted", retry_after="7"))
    assert posted(poster(internet)) == Answered(202, (b"Thank you! " * 100)[:500], "7")
    [head] = there.heads
    assert head.startswith("POST /hook?x=1 HTTP/1.1\r\nHost: far.example\r\n")
    assert "webhook-id: 1\r\n" in head
    assert f"Content-Length: {len(BODY)}\r\n" in head
    assert "Cookie" not in head
    assert "Authorization" not in head


@pytest.mark.parametrize("url", URLS)
def test_nothing_is_sent_where_nothing_is_asked(internet: Internet, url: str) -> None:
    line = poster(internet).line(url)
    with pytest.raises(NotAnswered):
        line.post(BODY, {})
    assert internet.tried == []


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["127.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"], [PUBLIC, "192.168.1.1"], []],
)
def test_a_name_that_leads_inside_is_not_followed(internet: Internet, addresses: list[str]) -> None:
    internet.host("far.example", addresses)
    assert silent(poster(internet)) == "unreachable"
    assert internet.tried == []


def test_a_name_that_changes_is_looked_at_for_every_connection(internet: Internet, far: Callable[..., FarEnd]) -> None:
    far(response())
    internet.host("far.example", [PUBLIC], ["127.0.0.1"])
    line = poster(internet).line("https://far.example/")
    assert line.post(BODY, {}).status == 200  # which closes the connection
    with pytest.raises(NotAnswered):
        line.post(BODY, {})
    assert {address for address, _ in internet.tried} == {PUBLIC}


def test_a_redirect_is_an_answer_and_not_followed(internet: Internet, far: Callable[..., FarEnd]) -> None:
    elsewhere = far(response(), "elsewhere.example", address="93.184.215.15")
    far(response(b"", "307 Temporary Redirect", location="https://elsewhere.example/"))
    assert posted(poster(internet)).status == 307
    assert elsewhere.heads == []


def test_whose_certificate_is_anothers_is_not_told(internet: Internet, far: Callable[..., FarEnd]) -> None:
    there = far(response(), "other.example")
    internet.host("far.example", [PUBLIC])
    assert silent(poster(internet)) == "unreachable"
    assert not any("POST" in head for head in there.heads)


def dripping(_: str, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    for _turn in range(1000):
        send(b"X: y\r\n")
        time.sleep(0.02)


def hanging(_: str, send: Send) -> None:
    Event().wait(3)


def endless(_: str, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n\r\n")
    for _turn in range(100_000):
        send(b"a" * 65_536)


@pytest.mark.parametrize("answer", [dripping, hanging])
def test_whoever_takes_too_long_is_not_waited_for(
    internet: Internet, far: Callable[..., FarEnd], answer: Answer
) -> None:
    far(answer)
    began = time.monotonic()
    assert silent(poster(internet, SHORT)) in {"timeout", "unreachable"}
    assert time.monotonic() - began < 2.5


def test_who_has_said_yes_may_go_on_for_ever_but_is_not_heard(internet: Internet, far: Callable[..., FarEnd]) -> None:
    far(endless)
    answered = posted(poster(internet))
    assert (answered.status, answered.first_words) == (200, b"a" * 500)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 100_000])
def test_what_is_no_answer_is_none(internet: Internet, far: Callable[..., FarEnd], answer: bytes) -> None:
    far(always(answer))
    assert silent(poster(internet)) == "unreachable"


def test_a_connection_is_kept_for_the_next(internet: Internet, receiver: Receiver) -> None:
    line = Poster(user_agent="Laurels/test", allow_loopback=True).line(receiver.url)
    for number in range(20):
        assert line.post(BODY, {"webhook-id": str(number)}).status == 204
    line.close()
    assert receiver.connections == 1
    assert receiver.ids == [str(number) for number in range(20)]


def test_one_that_was_closed_meanwhile_is_opened_anew(internet: Internet, far: Callable[..., FarEnd]) -> None:
    def keeps_and_closes(_: str, send: Send) -> None:
        send(b"HTTP/1.1 204 No Content\r\n\r\n")  # says nothing of closing, and closes

    there = far(keeps_and_closes)
    line = poster(internet).line("https://far.example/")
    for _ in range(5):
        assert line.post(BODY, {}).status == 204
    assert len(there.heads) == 5


def test_this_machine_is_told_only_where_that_is_allowed(internet: Internet, receiver: Receiver) -> None:
    assert silent(Poster(user_agent="Laurels/test"), receiver.url) == "unreachable"
    assert Poster(user_agent="x").refuses(receiver.url)
    assert Poster(user_agent="x", allow_loopback=True).refuses(receiver.url) is None
    assert receiver.got == []
