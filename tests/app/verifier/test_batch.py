"""Many badges at once: each is judged by itself, and none of them fails the call."""

import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

import badges
from app.main import create_app
from app.settings import Settings
from tests.app.guild import done, refused
from tests.client import Client
from tests.far_issuer import NOW, FarIssuer
from tests.stand_ins import SettableClock


@pytest.fixture
def client(listening: TestClient) -> TestClient:
    return listening


def batch(client: TestClient, body: Any, **query: str) -> list[dict[str, Any]]:
    """The reports on a batch: of JSON, or of text that may be none."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    answer = done(client.post("/v1/verify/batch", content=content, headers=headers, params=query), 200)
    items: list[dict[str, Any]] = answer["items"]
    return items


def verdicts(client: TestClient, body: Any, **query: str) -> list[str]:
    return [report["verdict"] for report in batch(client, body, **query)]


def as_item(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text


def test_each_gets_the_report_that_it_gets_alone_in_the_order_of_the_items(
    client: TestClient, texts: dict[str, str]
) -> None:
    items = [as_item(text) for text in texts.values()]
    reports = batch(client, {"items": items})
    assert [report["format"] for report in reports] == [
        *("data-integrity", "data-integrity", "vc-jwt", "ob2-hosted", "ob2-signed")
    ]
    for report, text in zip(reports, texts.values(), strict=True):
        assert report["verdict"] == "valid"
        assert report == done(client.post("/v1/verify", content=text), 200)
    assert verdicts(client, items) == ["valid"] * 5  # the array alone


def test_two_hundred_are_judged_and_one_more_is_refused(client: TestClient, texts: dict[str, str]) -> None:
    forged = texts["eddsa-jcs-2022"].replace("The Far Hill", "The Near Hill")
    items = [texts["vc-jwt"], forged] * 100
    assert verdicts(client, {"items": items}) == ["valid", "forged"] * 100
    for body in ({"items": [*items, "x"]}, [*items, "x"]):
        refused(client.post("/v1/verify/batch", json=body), 422, "invalid")
    assert verdicts(client, {"items": []}) == []


def test_what_cannot_be_read_is_a_report_among_the_others(client: TestClient, texts: dict[str, str]) -> None:
    jwt = json.dumps(texts["vc-jwt"]).encode()
    unreadable = [
        *(b'{"a": 1, "a": 2}', b'{"id": NaN}', b"null", b"7", b"tru", b'""', b'"\\ud800"', b'"\xff"', b"[]", b"{}"),
        *(b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"url": 7}', b'{"url": "file:///etc/passwd"}', b'{"badge": null}'),
        *(
            b'"data:image/png;base64,AAAA"',
            b'"data:,"',
            b'"data:image/png;base64,A"',
            b"'",
            b'{"badge": {"badge": {}}}',
        ),
    ]
    found = verdicts(client, b"[" + b",".join(part for each in unreadable for part in (each, jwt)) + b"]")
    assert found[1::2] == ["valid"] * len(unreadable)
    assert set(found[::2]) <= {"not_a_badge", "unknown"}  # unknown: too large to be read, or not understood


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "nothing-to-verify"),
        (b"x", 400, "malformed-json"),
        (b'{"items": [', 400, "malformed-json"),
        (b'{"items": [], "items": []}', 400, "malformed-json"),
        (b"{}", 422, "invalid"),
        (b'{"items": {}}', 422, "invalid"),
        (b'{"items": [], "recipient": 7}', 422, "invalid"),
        (b'{"items": [], "more": 7}', 422, "invalid"),
        (b"[" + b'"' + b"x" * 8 * 1024 * 1024 + b'"]', 413, "too-large"),
    ],
    ids=["nothing", "no JSON", "half", "twice", "no items", "an object", "a number", "more", "too large"],
)
def test_what_is_no_batch_is_refused(client: TestClient, body: bytes, status: int, code: str) -> None:
    refused(client.post("/v1/verify/batch", content=body), status, code)


def test_pictures_come_as_data_urls_or_as_files(client: TestClient, texts: dict[str, str]) -> None:
    drawn = badges.artwork.draw(title="A", community="B", contribution_type=None, seed="1")
    png, svg = (badges.bake(image, texts["vc-jwt"]) for image in (drawn.png, drawn.svg))
    items = [f"data:image/png;base64,{b64encode(png).decode()}", f"data:image/svg+xml;base64,{b64encode(svg).decode()}"]
    assert [report["container"] for report in batch(client, items)] == ["png", "svg"]
    files = [("file", ("a.png", png)), ("file", ("b.svg", svg)), ("file", ("c.txt", b"nothing"))]
    reports = done(client.post("/v1/verify/batch", files=files), 200)["items"]
    assert [report["verdict"] for report in reports] == ["valid", "valid", "not_a_badge"]
    many = [("file", ("a", b"x"))] * 201
    assert 400 <= client.post("/v1/verify/batch", files=many).status_code < 500


def test_addresses_are_looked_up(client: TestClient, issuer: FarIssuer, texts: dict[str, str]) -> None:
    issuer.answer("https://far.example/a-badge", texts["vc-jwt"])
    urls = ["https://far.example/a-badge", {"url": "https://far.example/a-badge"}, "https://far.example/none"]
    reports = batch(client, urls)
    assert [report["verdict"] for report in reports] == ["valid", "valid", "not_a_badge"]
    for report, item in zip(reports, urls, strict=True):
        assert report == done(client.post("/v1/verify", json=item if isinstance(item, dict) else {"url": item}), 200)
        assert report["fetched"][0]["url"].startswith("https://far.example/")


def test_a_recipient_is_said_for_all_or_for_one(client: TestClient, texts: dict[str, str]) -> None:
    jwt, document = texts["vc-jwt"], json.loads(texts["eddsa-jcs-2022"])
    holder = document["credentialSubject"]["id"]
    items = [jwt, {"badge": jwt, "recipient": "did:example:eve"}, {"badge": document, "recipient": holder}]
    for body, query, verified in (
        ({"items": items}, {}, [True, False, True]),
        ({"items": items, "recipient": "did:example:eve"}, {}, [False, False, True]),
        (items, {"recipient": "did:example:eve"}, [False, False, True]),
    ):
        assert [report["verified"] for report in batch(client, body, **query)] == verified


def test_an_issuer_is_asked_once_for_all_its_badges(client: TestClient, issuer: FarIssuer) -> None:
    texts = [issuer.award().text for _ in range(20)]
    issuer.asked.clear()
    assert verdicts(client, texts) == ["valid"] * 20
    assert len(issuer.asked) == len(set(issuer.asked))
    issuer.unreachable.add("https://far.example/issuers/hill/did.json")
    issuer.asked.clear()
    assert verdicts(client, texts) == ["unknown"] * 20
    issuer.unreachable.clear()
    assert len(issuer.asked) == len(set(issuer.asked))


def test_a_full_house_says_when_to_come_back_and_all_else_goes_on(settings: Settings) -> None:
    text, ended = FarIssuer().award().text, Event()

    def silent(url: str, *, accept: str) -> badges.Fetched:
        ended.wait(60)
        raise badges.Unreachable(f"{url}: nobody answered.")

    app = create_app(settings, clock=SettableClock(NOW), fetch=silent)
    with Client(app) as client, ThreadPoolExecutor(12) as crowd:
        asked = [crowd.submit(client.post, "/v1/verify/batch", json=[text] * 3) for _ in range(12)]
        while sum(answer.done() for answer in asked) < 12 - 2:
            assert client.get("/health/live").status_code == 200
        ended.set()
        answers = [answer.result() for answer in asked]
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(503)) == (2, 10)
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers if answer.status_code == 503)


def test_no_file_is_left_behind(client: TestClient, tmp_path: Path) -> None:
    before = set(Path("/tmp").iterdir())  # noqa: S108
    done(client.post("/v1/verify/batch", files=[("file", ("a", b"x" * 2_000_000))] * 3), 200)
    assert {path for path in Path("/tmp").iterdir() if path not in before and path.is_file()} == set()  # noqa: S108
