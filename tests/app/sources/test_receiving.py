"""Whoever has the secret is believed, for these very bytes and at this time; nobody else is."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import MalformedJson, TooLarge
from app.sources.receiving import PLATFORMS
from app.sources.receiving.calls import Call, StaleDelivery, WrongSignature
from app.sources.receiving.proofs import hmac_hex, signature_parameters
from app.sources.receiving.standards import statement_id
from tests.app.sources import signing, told
from tests.app.sources.signing import SECRETS, signed

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TOKEN = "t0ken-of-a-source-in-a-test"

PUBLISHED = [
    ("github", "Hello, World!", None, "x-hub-signature-256",
     "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
    ("discourse", '{"ping":"OK"}', None, "x-discourse-event-signature",
     "sha256=162f107f6b5022353274eb1a7197885cfd35744d8d08e5bcea025d309386b7d6"),
    ("slack", "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
     "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url="
     "https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id="
     "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c", "1531420618", "x-slack-signature",
     "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    ("zoom", '{"payload":{"object": {"id": "123", "uuid": "abc", "topic": "test meeting"}},"event":"meeting.started"}',
     "1700000000", "x-zm-signature", "v0=90fcc8e49a8ab13bcc8465f962c2b2f61565223155b267d6612398001dcf5bf7"),
]  # fmt: skip
"""Signatures that the platforms themselves publish: of the raw body, with `SECRETS`."""
TIMES = {"slack": "x-slack-request-timestamp", "zoom": "x-zm-request-timestamp"}


@pytest.mark.parametrize(("platform", "raw", "at", "header", "expected"), PUBLISHED)
def test_what_the_platforms_publish_is_believed_and_one_flipped_bit_is_not(
    platform: str, raw: str, at: str | None, header: str, expected: str
) -> None:
    headers = {header: expected} | ({TIMES[platform]: at} if at else {})
    now = datetime.fromtimestamp(int(at), UTC) if at else NOW
    proof, secrets = PLATFORMS[platform].proof, [SECRETS[platform]]
    proof.check(Call(raw.encode(), headers), secrets, now)
    for position in range(len(raw)):
        flipped = bytearray(raw.encode())
        flipped[position] ^= 1
        with pytest.raises(WrongSignature):
            proof.check(Call(bytes(flipped), headers), secrets, now)
    with pytest.raises(WrongSignature):
        proof.check(Call(raw.encode(), headers | {header: expected[:-1]}), secrets, now)
    with pytest.raises(WrongSignature):
        proof.check(Call(raw.encode(), {}), secrets, now)


def test_json_that_was_written_anew_is_not_what_was_signed() -> None:
    raw = b'{"a": 1,  "b": [2]}'
    proof = PLATFORMS["github"].proof
    headers = signed("github", raw, SECRETS["github"], NOW)
    proof.check(Call(raw, headers), [SECRETS["github"]], NOW)
    with pytest.raises(WrongSignature):
        proof.check(Call(json.dumps(json.loads(raw)).encode(), headers), [SECRETS["github"]], NOW)


def secret_of(platform: str) -> str:
    return signing.RELAY_KEY if platform == "discord" else SECRETS.get(platform, TOKEN)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_is_believed_by_its_secret_alone(platform: str) -> None:
    proof, raw = PLATFORMS[platform].proof, signing.body_of({"type": "x"})
    other = ed25519.Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw().hex()
    wrong = {"discord": other, "generic": "whsec_" + base64.b64encode(b"o" * 32).decode()}.get(platform, "o" * 30)
    headers = signed(platform, raw, secret_of(platform), NOW)
    proof.check(Call(raw, headers), [secret_of(platform)], NOW)
    proof.check(Call(raw, headers), [wrong, secret_of(platform)], NOW)
    for secrets in ([wrong], []):
        with pytest.raises(WrongSignature):
            proof.check(Call(raw, headers), secrets, NOW)
    for nothing in ({}, dict.fromkeys(headers, ""), dict.fromkeys(headers, "\udcff é")):
        with pytest.raises((WrongSignature, StaleDelivery)):
            proof.check(Call(raw, nothing), [secret_of(platform)], NOW)


@pytest.mark.parametrize("platform", ["slack", "zoom", "discord", "generic"])
@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_too_long_ago_or_ahead_is_stale(platform: str, minutes: int) -> None:
    raw = signing.body_of({"type": "x"})
    headers = signed(platform, raw, secret_of(platform), NOW)
    PLATFORMS[platform].proof.check(Call(raw, headers), [secret_of(platform)], NOW + timedelta(minutes=minutes * 4 / 5))
    with pytest.raises(StaleDelivery):
        PLATFORMS[platform].proof.check(Call(raw, headers), [secret_of(platform)], NOW + timedelta(minutes=minutes))


@given(st.binary(max_size=60), st.dictionaries(st.sampled_from([
    "x-hub-signature-256", "x-slack-signature", "x-slack-request-timestamp", "x-signature-ed25519", "webhook-id",
    "x-signature-timestamp", "webhook-timestamp", "webhook-signature", "authorization", "signature", "date", "digest",
]), st.text(max_size=60)))  # fmt: skip
def test_whatever_is_sent_is_not_believed(raw: bytes, headers: dict[str, str]) -> None:
    for name, platform in PLATFORMS.items():
        with pytest.raises((WrongSignature, StaleDelivery)):
            platform.proof.check(Call(raw, headers), [secret_of(name), signing.ACTOR_PEM], NOW)


def test_a_standard_webhook_may_be_signed_with_a_private_key() -> None:
    raw, seconds = b'{"type":"x"}', str(int(NOW.timestamp()))
    signature = base64.b64encode(signing.RELAY.sign(f"msg_1.{seconds}.".encode() + raw)).decode()
    public = "whpk_" + base64.b64encode(bytes.fromhex(signing.RELAY_KEY)).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": seconds, "webhook-signature": f"v1,xx v1a,{signature}"}
    PLATFORMS["generic"].proof.check(Call(raw, headers), [public], NOW)
    with pytest.raises(WrongSignature):
        PLATFORMS["generic"].proof.check(Call(raw, headers | {"webhook-id": "msg_2"}), [public], NOW)


def test_a_standard_webhook_that_is_no_text_is_not_said_to_be_late() -> None:
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(NOW.timestamp())), "webhook-signature": "v1,xx"}
    with pytest.raises(WrongSignature, match="UTF-8") as refusal:
        PLATFORMS["generic"].proof.check(Call(b"\xff", headers), [secret_of("generic")], NOW)
    assert "UTF-8" in refusal.value.fix


def test_an_actor_of_the_fediverse_signs_the_request() -> None:
    raw, path = b'{"type":"Like"}', "/hooks/1"
    proof, headers = PLATFORMS["activitystreams"].proof, signing.http_signed(raw, path, NOW)
    proof.check(Call(raw, headers, "POST", path), [signing.ACTOR_PEM], NOW)
    for other in (
        Call(raw, headers, "POST", "/hooks/2"),
        Call(raw, headers, "PUT", path),
        Call(b"{}", headers, path=path),
    ):
        with pytest.raises(WrongSignature):
            proof.check(other, [signing.ACTOR_PEM], NOW)
    unsigned_digest = headers | {"signature": headers["signature"].replace(" digest", "")}
    with pytest.raises(WrongSignature):
        proof.check(Call(raw, unsigned_digest, "POST", path), [signing.ACTOR_PEM], NOW)
    with pytest.raises(StaleDelivery):
        proof.check(Call(raw, headers, "POST", path), [signing.ACTOR_PEM], NOW + timedelta(minutes=6))
    proof.check(Call(raw, {"authorization": f"Bearer {TOKEN}"}), [signing.ACTOR_PEM, TOKEN], NOW)


WORDS = st.from_regex(r"[A-Za-z]{1,20}", fullmatch=True)
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"'), max_size=50)
BLANKS = st.text(" \t", max_size=3)


@given(st.dictionaries(WORDS.map(str.lower), TEXTS | st.integers(0, 10**12), min_size=1), BLANKS, BLANKS)
def test_what_a_signature_header_says_is_read(said: dict[str, str | int], before: str, after: str) -> None:
    written = [f'{name}="{value}"' if isinstance(value, str) else f"{name}={value}" for name, value in said.items()]
    header = ",".join(f"{before}{one}{after}" for one in written)
    assert signature_parameters(header) == {name: str(value) for name, value in said.items()}


@pytest.mark.parametrize("header", [
    "", ",", "a", "a" * 4_000, " " * 4_000, 'a="b', 'a="b",', 'a="b" c="d"', "a=b", 'a="b",A="c"', "a=1,a=1",
    f'a="{"b" * 4_000}"',
])  # fmt: skip
def test_a_signature_header_that_says_anything_else_is_refused(header: str) -> None:
    with pytest.raises(WrongSignature):
        signature_parameters(header)


def test_attributes_in_headers_count_with_a_token_only() -> None:
    events = PLATFORMS["cloudevents"]
    ours = {"ce-type": "award.requested", "ce-id": "1", "webhook-id": "m"}
    assert events.kept_of(ours) == {}
    assert set(events.kept_of(ours | {"authorization": "Bearer t"})) == {"ce-type", "ce-id"}
    assert PLATFORMS["generic"].kept_of(ours | {"authorization": "Bearer t"}) == {}


def test_handshakes_are_answered_as_each_platform_waits_for_it() -> None:
    challenge = {"type": "url_verification", "challenge": "valid_challenge_token", "token": "x"}
    answer = PLATFORMS["slack"].answer(Call(b""), challenge, ["s"])
    assert answer is not None
    assert (answer.status, answer.body) == (200, {"challenge": "valid_challenge_token"})
    validation = {"event": "endpoint.url_validation", "payload": {"plainToken": "Kn5a3Wv7SP6YP5b4BWfZpg"}}
    answer = PLATFORMS["zoom"].answer(Call(b""), validation, [SECRETS["zoom"]])
    assert answer is not None
    assert answer.body == {
        "plainToken": "Kn5a3Wv7SP6YP5b4BWfZpg",
        "encryptedToken": "2a41c3138d2187a756c51428f78d192e9b88dcf44dd62d1b081ace4ec2241e0a",
    }
    assert hmac_hex(SECRETS["zoom"], b"Kn5a3Wv7SP6YP5b4BWfZpg") == answer.body["encryptedToken"]
    ping = PLATFORMS["discord"].answer(Call(b""), {"type": 1}, ["s"])
    assert ping is not None
    assert ping.body == {"type": 1}
    others: list[Any] = [None, [], {"type": "event_callback"}, {"event": "meeting.ended"}, {"t": "X", "type": 1}]
    for platform in PLATFORMS.values():
        for body in others:
            assert platform.answer(Call(b""), body, ["s"]) is None


@pytest.mark.parametrize(("platform", "headers", "body", "expected"), [
    ("github", {"x-github-delivery": "72d3162e"}, {}, "72d3162e"),
    ("discourse", {"x-discourse-instance": "https://f.example", "x-discourse-event-id": "9"}, {}, "https://f.example#9"),
    ("slack", {}, {"event_id": "Ev1"}, "Ev1"),
    ("generic", {"webhook-id": "msg_1"}, {"id": "other"}, "msg_1"),
    ("cloudevents", {}, {"id": "1", "source": "/s"}, "/s#1"),
    ("cloudevents", {"ce-id": "1", "ce-source": "/s", "ce-type": "t", "authorization": "Bearer t"}, {}, "/s#1"),
    ("activitystreams", {}, {"id": "https://s.example/1"}, "https://s.example/1"),
    ("fedora", {}, {"id": "2026-x"}, "2026-x"),
])  # fmt: skip
def test_a_delivery_is_known_again_by_what_its_platform_calls_it(
    platform: str, headers: dict[str, str], body: dict[str, str], expected: str
) -> None:
    assert PLATFORMS[platform].delivery_id(Call(b"{}", headers), body) == expected


def test_a_delivery_without_a_name_is_known_by_its_bytes() -> None:
    for platform in PLATFORMS.values():
        one, other = (platform.delivery_id(Call(raw), {}) for raw in (b"1", b"2"))
        assert one != other
    assert PLATFORMS["matrix"].delivery_id(Call(b"1", transaction="txn7"), {}) == "txn7"


def test_a_statement_without_an_id_is_known_by_what_it_says() -> None:
    one = told.statement(told.ATTENDED)
    assert statement_id(one) == statement_id(dict(reversed(one.items())))
    assert statement_id(one) != statement_id(one | {"timestamp": "2026-07-10T17:00:00Z"})
    assert PLATFORMS["moodle"].taken([one, one | {"id": "given"}], "d").body == [statement_id(one), "given"]


def test_github_sends_a_form_unless_it_is_told_to_send_json() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert PLATFORMS["github"].read(Call(b"payload=%7B%22zen%22%3A+1%7D", form)) == {"zen": 1}
    for raw in (b"", b"other=1", b"payload=%7B", b"payload=1&payload=2", b"\xff=1", b"&" * 50):
        with pytest.raises(MalformedJson):
            PLATFORMS["github"].read(Call(raw, form))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_json_that_would_burst_is_refused(platform: str) -> None:
    read = PLATFORMS[platform].read
    for raw in (b"[" * 100_000, b'{"a":' * 70 + b"1" + b"}" * 70, b"", b"\xff", b"[NaN]"):
        with pytest.raises((MalformedJson, TooLarge)):
            read(Call(raw))
    for raw in (b"[" + b"1," * 6_000 + b"1]", b'{"a":[' + b"1," * 250_000 + b"1]}", b" " * 5_000_000):
        with pytest.raises((MalformedJson, TooLarge)):
            read(Call(raw))


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_secret_that_could_not_be_one_is_not_taken(name: str) -> None:
    platform = PLATFORMS[name]
    for wrong in ("", "short", "x" * 5_000, "line\nend" * 4, "é" * 20, "whsec_!", "-----BEGIN PUBLIC KEY-----"):
        if name in {"github", "discourse", "slack", "zoom"} and wrong.startswith(("whsec", "-----")):
            continue
        if wrong in {"whsec_!", "-----BEGIN PUBLIC KEY-----"} and name not in {"generic", "activitystreams", "discord"}:
            continue
        if name == "activitystreams" and wrong == "whsec_!":
            continue
        with pytest.raises(ValueError, match=r"needed|secret|PEM"):
            platform.checked(wrong)
    if not platform.secret_is_given:
        assert platform.checked(platform.made("random-text-of-enough-length"))
    assert PLATFORMS["discord"].checked(signing.RELAY_KEY.upper()) == signing.RELAY_KEY
    assert PLATFORMS["activitystreams"].checked(signing.ACTOR_PEM)
