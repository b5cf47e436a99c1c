"""Any badge in, a report out: for everyone, about anything, and never a failure of ours."""

import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import badges
from app.main import create_app
from app.settings import Settings
from tests.app.guild import Guild, done, refused
from tests.client import Client
from tests.far_issuer import FarIssuer
from tests.stand_ins import SettableClock

MIB = 1024 * 1024
FORMS = {
    "/credentials/{}.json": ("OB30", "data-integrity", None),
    "/credentials/{}.jwt": ("OB30", "vc-jwt", None),
    "/credentials/{}.png": ("OB30", "data-integrity", "png"),
    "/credentials/{}.svg": ("OB30", "data-integrity", "svg"),
    "/ob2/assertions/{}": ("OB20", "ob2-hosted", None),
    "/ob2/assertions/{}.jws": ("OB20", "ob2-signed", None),
    "/ob2/assertions/{}.png": ("OB20", "ob2-hosted", "png"),
    "/ob2/assertions/{}.svg": ("OB20", "ob2-hosted", "svg"),
}

FORMS_OF_STRANGERS = ("eddsa-rdfc-2022", "vc-jwt", "ob2-hosted", "ob2-signed")


@pytest.fixture(scope="module")
def badge(standing: Guild) -> dict[str, Any]:
    return standing.badge(recipient={"did": "did:example:bo", "name": "Bo"})


@pytest.fixture(scope="module")
def copies(standing: Guild, badge: dict[str, Any]) -> dict[str, bytes]:
    """The badge in every form."""
    return {form: standing.get(form.format(badge["id"])).content for form in FORMS}


def verify(guild: Guild, data: bytes | str, media_type: str | None = None, **query: str) -> Any:
    headers = {} if media_type is None else {"Content-Type": media_type}
    return guild.client.post("/v1/verify", content=data, headers=headers, params=query)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_badge_is_genuine_and_known_for_what_it_is(
    standing: Guild, copies: dict[str, bytes], form: str
) -> None:
    report = standing.verdict(copies[form])
    assert (report["verified"], report["verdict"], report["outcome"]) == (True, "valid", "passed")
    assert (report["version"], report["format"], report["container"]) == FORMS[form]
    assert report["checked_at"] == "2026-11-21T09:00:00Z"
    assert report["achievement"]["name"] == "Session Host"
    assert "Session Host" in report["summary"]
    outcomes = {check["check"]: check["outcome"] for check in report["checks"]}
    assert {outcomes[check] for check in ("readable", "conforms", "proof", "issuer", "status", "valid_from")} == {
        "passed"
    }
    assert all(check["detail"] and check["spec"] for check in report["checks"])


def test_the_content_type_decides_nothing(standing: Guild, copies: dict[str, bytes]) -> None:
    for media_type in (
        None,
        "",
        "application/octet-stream",
        "text/html",
        "nonsense",
        "application/json; charset=utf-7",
    ):
        for copy in copies.values():
            assert done(verify(standing, copy, media_type), 200)["verdict"] == "valid"


@pytest.mark.parametrize("suffix", ["", ".json", ".jwt", ".png", ".svg", ".html", ".html?from=mail#top"])
def test_an_address_of_this_service_stands_for_its_badge(standing: Guild, badge: dict[str, Any], suffix: str) -> None:
    url = badge["url"] + suffix
    for answer in (
        verify(standing, json.dumps({"url": url}), "application/json"),
        verify(standing, f" {url}\n", "text/plain"),
        standing.client.post("/v1/verify", data={"text": url}),
    ):
        assert done(answer, 200)["verdict"] == "valid"
    for other in (
        f"http://127.0.0.1:8000/editions/{badge['id']}/1.json",
        f"http://127.0.0.1:8000/ob2/assertions/{badge['id']}",
    ):
        assert done(verify(standing, json.dumps({"url": other})), 200)["verdict"] == "valid"


def test_an_address_is_answered_as_a_stranger_is(standing: Guild) -> None:
    """Also to a steward: what is private, offered or not there at all is the same to the verifier."""
    hidden = standing.badge(standing.achievement(), recipient=standing.somebody(), visibility="private")
    offered = standing.offer(standing.achievement())
    never = "0f7f1c5e-6a3b-4b8e-9d57-2f0e4c1b9a66"
    reports = []
    for id in (hidden["id"], offered["id"], never):
        answer = standing.post("/v1/verify", {"url": f"http://127.0.0.1:8000/credentials/{id}"})
        reports.append(answer.text.replace(id, "ID"))
    assert len(set(reports)) == 1
    assert json.loads(reports[0])["verdict"] == "not_a_badge"


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/credentials/1",
        "http://127.0.0.1:8000.elsewhere.example/credentials/1",
        "http://127.0.0.1:8000@elsewhere.example/",
        "http://127.0.0.1:80001/credentials/1",
        "http://127.0.0.1/credentials/1",
        "http://127.0.0.1:8000",
    ],
)
def test_an_address_that_cannot_be_had_is_no_verdict(standing: Guild, url: str) -> None:
    """Also one that only looks like ours: it is somebody else's."""
    report = done(verify(standing, json.dumps({"url": url})), 200)
    assert (report["verdict"], report["outcome"]) == ("unknown", "unknown")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "//127.0.0.1:8000/", "a.b.c", '{"type": "Assertion"}'])
def test_what_is_no_address_on_the_web_is_refused(standing: Guild, url: str) -> None:
    refused(verify(standing, json.dumps({"url": url})), 422, "invalid")


@pytest.mark.parametrize(
    "body", [{"url": 7}, {"url": None}, {"url": ["http://127.0.0.1:8000/"]}, {"url": "x", "recipient": 5}]
)
def test_an_address_is_text(standing: Guild, body: Any) -> None:
    refused(verify(standing, json.dumps(body)), 422, "invalid")


def test_whose_badge_it_should_be(standing: Guild, badge: dict[str, Any], copies: dict[str, bytes]) -> None:
    verdicts = {"did:example:bo": "valid", "did:example:eve": "wrong_recipient", "bo@people.example": "unknown"}
    for recipient, verdict in verdicts.items():
        for form, copy in copies.items():
            assert standing.verdict(copy, recipient=recipient)["verdict"] == verdict, form
        by_address = {"url": badge["url"], "recipient": recipient}
        assert done(verify(standing, json.dumps(by_address)), 200)["verdict"] == verdict
        form_data = {"text": badge["url"], "recipient": recipient}
        assert done(standing.client.post("/v1/verify", data=form_data), 200)["verdict"] == verdict


def test_a_form_carries_a_file_or_a_text(standing: Guild, copies: dict[str, bytes]) -> None:
    png, jwt = copies["/credentials/{}.png"], copies["/credentials/{}.jwt"].decode()
    for sent in (
        {"files": {"file": ("badge.png", png, "image/png")}},
        {"files": {"file": ("badge.png", png)}, "data": {"recipient": "did:example:bo", "text": ""}},
        {"files": {"file": ("", b"")}, "data": {"text": jwt}},
        {"data": {"text": jwt, "recipient": ""}},
    ):
        assert done(standing.client.post("/v1/verify", **sent), 200)["verdict"] == "valid"


def test_json_may_hold_the_text_of_a_badge_and_whose_it_should_be(standing: Guild, copies: dict[str, bytes]) -> None:
    jwt, document = copies["/credentials/{}.jwt"].decode(), json.loads(copies["/credentials/{}.json"])
    image = f"data:image/png;base64,{b64encode(copies['/credentials/{}.png']).decode()}"
    for badge in (jwt, document, image, json.dumps(document)):
        for body in (badge, {"badge": badge}, {"badge": badge, "recipient": "did:example:bo"}):
            assert standing.post("/v1/verify", body).json()["verdict"] == "valid"
        theirs = standing.post("/v1/verify", {"badge": badge, "recipient": "did:example:eve"}).json()
        assert theirs["verified"] is False


def test_a_file_may_have_any_name(standing: Guild, copies: dict[str, bytes]) -> None:
    for name in ("file", "badge", "image"):
        files = {name: ("badge.png", copies["/credentials/{}.png"])}
        assert done(standing.client.post("/v1/verify", files=files), 200)["verdict"] == "valid"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b""),
        ("application/json", b" \n\t"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="badge"\r\n\r\n{}\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded", b"text=&recipient=a"),
    ],
)
def test_a_request_without_a_badge_is_told_so(standing: Guild, media_type: str, body: bytes) -> None:
    refused(verify(standing, body, media_type), 400, "nothing-to-verify")


def part(disposition: bytes, content: bytes) -> bytes:
    return b"--x\r\nContent-Disposition: form-data" + disposition + b"\r\n\r\n" + content + b"\r\n"


TEXT = b'; name="text"'
BROKEN_FORMS = [
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b"no boundary at all"),
    ("multipart/form-data; boundary=x", part(b"", b"1") + b"--x--"),
    ("multipart/form-data; boundary=x", part(b'; name="file"; filename="a"', b"") * 9),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x"),
    ("multipart/form-data; boundary=x; charset=none-such", part(TEXT, b"\xff") + b"--x--\r\n"),
    ("multipart/form-data; boundary=x", part(TEXT, b"\xff\xfe") + b"--x--\r\n"),
    ("application/x-www-form-urlencoded", b"%ff=%fe&text=%C3%28"),
    ("application/x-www-form-urlencoded", b"&".join([b"text=1"] * 50)),
]


@pytest.mark.parametrize(("media_type", "body"), BROKEN_FORMS)
def test_a_broken_form_is_a_refusal_or_no_badge(standing: Guild, media_type: str, body: bytes) -> None:
    answer = verify(standing, body, media_type)
    if answer.status_code == 200:
        assert answer.json()["verdict"] == "not_a_badge"
    else:
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["fix"]


def test_a_body_that_is_too_large_is_not_read(standing: Guild) -> None:
    for data in (b"x" * (3 * MIB + 1), b"[" * (4 * MIB)):
        refused(verify(standing, data), 413, "too-large")
    packed = {"Content-Encoding": "gzip"}
    refused(standing.client.post("/v1/verify", content=b"\x1f\x8b", headers=packed), 415, "unsupported-media-type")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes) -> bytes:
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
    return start + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


BOMB = zlib.compress(b" " * 60 * MIB, 9)
NO_BADGES: dict[str, bytes] = {
    "a word": b"hello",
    "a number": b"7",
    "null": b"null",
    "an empty object": b"{}",
    "an empty list": b"[]",
    "other JSON": b'{"hello": "world"}',
    "other JSON-LD": b'{"@context": "https://schema.org", "@type": "Person"}',
    "half a JSON": b'{"@context": ["https://www.w3.org/ns/credentials/v2"',
    "duplicate members": b'{"type": "a", "type": "b"}',
    "NaN": b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "id": NaN}',
    "a number of 5,000 digits": b'{"id": ' + b"9" * 5000 + b"}",
    "half a surrogate pair": b'{"id": "\\ud800"}',
    "U+0000": b'{"id": "\\u0000"}',
    "not UTF-8": b'{"id": "\xff\xfe"}',
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "deep": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "wide": b"[" + b"1," * 200_000 + b"1]",
    "a JWT of nothing": b"e30.e30.e30",
    "three dots": b"...",
    "a JWT with a huge header": b"A" * 100_000 + b".e30.e30",
    "HTML": b"<!doctype html><html><body>Badge</body></html>",
    "zeros": bytes(1000),
    "PNG, plain": png_with(),
    "PNG, signature only": b"\x89PNG\r\n\x1a\n",
    "PNG, cut off": png_with()[:40],
    "PNG, wrong checksum": png_with().replace(b"IEND\xaeB`\x82", b"IEND\x00\x00\x00\x00"),
    "PNG, chunk of 2 GiB": b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31 - 1) + b"iTXt",
    "PNG, bomb in zTXt": png_with(chunk(b"zTXt", b"openbadges\0\0" + BOMB)),
    "PNG, bomb in iTXt": png_with(chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + BOMB)),
    "PNG, empty text": png_with(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0")),
    "JPEG": b"\xff\xd8\xff\xe0" + bytes(100),
    "SVG, plain": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "SVG, cut off": b'<svg xmlns="http://www.w3.org/2000/svg"><g>',
    "SVG, entities": b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
    "SVG, a file": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>',
    "SVG, deep": b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 20_000 + b"</g>" * 20_000 + b"</svg>",
}  # fmt: skip


@pytest.mark.parametrize("data", NO_BADGES.values(), ids=NO_BADGES.keys())
def test_what_is_no_badge_is_called_so(standing: Guild, data: bytes) -> None:
    for answer in (verify(standing, data), standing.client.post("/v1/verify", files={"file": ("badge", data)})):
        report = done(answer, 200)
        assert report["verdict"] in {"not_a_badge", "not_conformant", "unknown"}  # unknown: too large to be read
        assert report["verified"] is False
        assert "passwd" not in answer.text
        assert "root:" not in answer.text


def test_a_badge_that_was_changed_is_forged(standing: Guild, copies: dict[str, bytes]) -> None:
    json_text, jwt = copies["/credentials/{}.json"].decode(), copies["/credentials/{}.jwt"].decode()
    document = badges.parse(json_text)
    forgeries = [
        json_text.replace("did:example:bo", "did:example:eve"),
        json_text.replace("Session Host", "Session Hosts", 1),
        json_text.replace("2026-11-21T09:00:00Z", "2026-11-20T09:00:00Z", 1),
        badges.serialize({name: value for name, value in document.items() if name != "credentialStatus"}),
        badges.serialize(document | {"validUntil": "2099-01-01T00:00:00Z"}),
        badges.serialize(document | {"evidence": [{"id": "https://e.example", "type": ["Evidence"]}]}),
        jwt[:-8] + ("A" * 8 if jwt[-8:] != "A" * 8 else "B" * 8),
    ]
    png = copies["/credentials/{}.png"]
    for forged in forgeries[:1]:
        assert standing.verdict(badges.bake(png, forged), "image/png")["verdict"] == "forged"
    for forged in forgeries:
        report = standing.verdict(forged)
        assert (report["verified"], report["verdict"]) == (False, "forged"), report["summary"]
    unsigned = badges.serialize({name: value for name, value in document.items() if name != "proof"})
    assert standing.verdict(unsigned)["verified"] is False


def test_a_copy_that_differs_from_the_hosted_assertion_is_not_genuine(
    standing: Guild, copies: dict[str, bytes]
) -> None:
    changed = copies["/ob2/assertions/{}"].decode().replace("did:example:bo", "did:example:eve")
    assert standing.verdict(changed)["verified"] is False


@examples(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_badge_on_its_way_is_answered(
    standing: Guild, copies: dict[str, bytes], data: st.DataObject
) -> None:
    original = data.draw(st.sampled_from(list(copies.values())))
    start = data.draw(st.integers(0, len(original) - 1))
    end = data.draw(st.integers(start, min(len(original), start + 400)))
    changed = original[:start] + data.draw(st.binary(max_size=40)) + original[end:]
    answer = verify(standing, changed)
    assert answer.status_code in {200, 400, 422}, answer.text


@examples(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_anything_can_be_sent(standing: Guild, data: bytes) -> None:
    assert verify(standing, data).status_code in {200, 400, 422}


@pytest.fixture
def far(settings: Settings, clock: SettableClock) -> Iterator[tuple[FarIssuer, Guild]]:
    """An issuer of whom this service knows nothing but what its fetcher brings."""
    issuer = FarIssuer()
    with Client(create_app(settings, clock=clock, fetch=issuer)) as client:
        yield issuer, Guild(client)


@pytest.mark.parametrize("form", FORMS_OF_STRANGERS)
def test_a_badge_of_an_issuer_we_never_heard_of_is_judged_by_what_the_issuer_says(
    far: tuple[FarIssuer, Guild], form: str
) -> None:
    issuer, guild = far
    text = issuer.award(form=form).text
    assert guild.verdict(text)["verdict"] == "valid"
    issuer.go_down()
    report = guild.verdict(text)
    assert (report["verdict"], report["verified"]) == ("unknown", False)


def test_what_strangers_do_not_answer_stays_unknown(standing: Guild) -> None:
    report = standing.verdict(FarIssuer().award(form="eddsa-rdfc-2022").text)
    assert (report["verdict"], report["outcome"]) == ("unknown", "unknown")
    by_name_alone = FarIssuer(mode="did:key").award(form="eddsa-rdfc-2022").text
    report = standing.verdict(by_name_alone)
    outcomes = {check["check"]: check["outcome"] for check in report["checks"]}
    assert (outcomes["proof"], outcomes["status"], report["verified"]) == ("passed", "unknown", False)


def test_no_transaction_is_open_while_a_stranger_is_waited_for(settings: Settings, clock: SettableClock) -> None:
    """Else a slow issuer would keep others from reading and writing."""
    issuer = FarIssuer()
    held: list[int] = []

    def slowly(url: str, *, accept: str) -> badges.Fetched:
        held.append(app.state.runtime.engine.pool.checkedout())
        return issuer(url, accept=accept)

    app = create_app(settings, clock=clock, fetch=slowly)
    with Client(app) as client:
        assert Guild(client).verdict(issuer.award(form="ob2-signed").text)["verdict"] == "valid"
    assert held
    assert set(held) == {0}


def test_nothing_of_what_is_verified_is_kept(standing: Guild, copies: dict[str, bytes]) -> None:
    engine = standing.client.app.state.runtime.engine  # type: ignore[attr-defined]
    with engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT total_changes(), (SELECT count(*) FROM kept_answer)").one()
        for copy in copies.values():
            standing.verdict(copy)
        after = connection.exec_driver_sql("SELECT total_changes(), (SELECT count(*) FROM kept_answer)").one()
        connection.rollback()
    assert before == after
