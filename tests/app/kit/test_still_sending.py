"""Who is refused while they are still sending hears why, over a real connection; who never ends is not heard out."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from app.kit.strict import MIB
from tests.live import Live, serving

pytestmark = pytest.mark.xdist_group("still-sending")

BATCH = "/v1/verify/batch"
"""Takes 8 MiB."""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("served")) as live:
        yield live


def address(live: Live) -> tuple[str, int]:
    parts = urlsplit(live.url)
    return str(parts.hostname), int(parts.port or 0)


def begun(live: Live, *headers: str) -> socket.socket:
    """A connection on which the head of a request has been sent, by a client that wants it closed afterwards."""
    connection = socket.create_connection(address(live), timeout=30)
    head = [f"POST {BATCH} HTTP/1.1", "Host: here", "Connection: close", "Content-Type: application/json", *headers]
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    return connection


def answered(connection: socket.socket) -> tuple[int, str]:
    """Status and code of the answer."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, json.loads(answer.read())["type"].rpartition("/")[2]


@pytest.mark.parametrize("length", ["Content-Length: 9437184", "Transfer-Encoding: chunked"])
def test_a_client_that_sends_too_much_before_it_listens_hears_so(live: Live, length: str) -> None:
    with begun(live, length) as connection:
        for _ in range(9):
            piece = b"x" * MIB
            connection.sendall(piece if length.startswith("Content") else b"%x\r\n%b\r\n" % (MIB, piece))
            time.sleep(0.02)  # so that an early end would be noticed
        if not length.startswith("Content"):
            connection.sendall(b"0\r\n\r\n")
        assert answered(connection) == (413, "too-large")


def test_a_client_that_sends_in_a_format_that_is_not_read_hears_so(live: Live) -> None:
    with begun(live, "Content-Length: 4194304", "Content-Encoding: gzip") as connection:
        for _ in range(4):
            connection.sendall(b"x" * MIB)
            time.sleep(0.02)
        assert answered(connection) == (415, "unsupported-media-type")


def test_a_client_that_asks_first_is_not_made_to_send(live: Live) -> None:
    with begun(live, "Content-Length: 9437184", "Expect: 100-continue") as connection:
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_a_client_that_stops_sending_is_answered_soon(live: Live) -> None:
    began = time.monotonic()
    with begun(live, "Content-Length: 104857600") as connection:
        connection.sendall(b"x")
        assert answered(connection) == (413, "too-large")
    assert time.monotonic() - began < 10  # a loaded machine is slow, and this is no wait for 100 MiB


def send_without_end(connection: socket.socket) -> Iterator[int]:
    """How many bytes have been sent, as long as somebody takes them."""
    sent = 0
    while True:
        connection.sendall(b"x" * MIB)
        sent += MIB
        yield sent


def test_a_client_that_never_ends_is_cut_off(live: Live) -> None:
    sent = 0
    with begun(live, "Content-Length: 1048576000") as connection, suppress(ConnectionError):
        for sent in send_without_end(connection):
            assert sent < 200 * MIB
    assert sent > 0
