"""What signs: secrets that change without a gap, keys for who is to know no secret, and why a receiver doubts."""

import json
from typing import Any

import pytest

from tests.app.guild import done
from tests.app.webhooks.post import Office
from tests.receiver import Receiver
from tests.service import ADMIN_TOKEN


def rotated(office: Office, made: dict[str, Any], **how: Any) -> dict[str, Any]:
    return done(office.guild.post(office.at(f"/{made['id']}/rotate"), how), 200)


def test_a_secret_is_shown_once_and_kept_sealed(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    assert "secret" not in office.hook(made)
    with office.runtime.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM webhook").fetchall()
    assert made["secret"].removeprefix("whsec_") not in str(kept)


def test_during_a_rotation_both_secrets_sign_and_then_one(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    new = rotated(office, made, overlap_hours=2)
    assert new["secret"] != made["secret"]
    assert new["previous_keys_until"] == "2026-11-21T11:00:00Z"
    office.people(1)
    office.work()
    assert receiver.got[0].signed_by(made["secret"])
    assert receiver.got[0].signed_by(new["secret"])
    assert len(receiver.got[0].signature.split()) == 2
    office.clock.forward(hours=2)
    office.people(1, 1)
    office.work()
    assert not receiver.got[1].signed_by(made["secret"])
    assert receiver.got[1].signed_by(new["secret"])
    assert office.hook(made)["previous_keys_until"] is None


def test_an_overlap_may_be_none_at_all(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    new = rotated(office, made, overlap_hours=0)
    office.people(1)
    office.work()
    assert not receiver.got[0].signed_by(made["secret"])
    assert receiver.got[0].signed_by(new["secret"])


def test_what_waits_is_signed_with_what_is_valid_when_it_is_sent(office: Office, receiver: Receiver) -> None:
    receiver.answers = lambda _got, before: (500, {}, b"") if before == 0 else (200, {}, b"")
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    new = rotated(office, made, overlap_hours=0)
    office.later(seconds=10)
    assert receiver.got[0].signed_by(made["secret"])
    assert receiver.got[1].signed_by(new["secret"])
    assert not receiver.got[1].signed_by(made["secret"])


def test_a_receiver_needs_no_secret_where_a_key_signs_as_well(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url, asymmetric=True)
    assert made["public_key"].startswith("whpk_")
    office.people(1)
    office.work()
    new = rotated(office, made)
    office.people(1, 1)
    office.work()
    rotated(office, made, asymmetric=False, overlap_hours=0)
    office.people(1, 2)
    office.work()
    one, both, none = receiver.got
    assert one.signed_by(made["secret"])
    assert one.signed_with(made["public_key"])
    assert both.signed_with(made["public_key"])
    assert both.signed_with(new["public_key"])
    assert "v1a," not in none.signature


# Trying it


def test_a_test_arrives_like_anything_else(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url, "credential.revoked")
    sent = done(office.guild.post(office.at(f"/{made['id']}/test")), 201)
    office.work()
    [got] = receiver.got
    assert (got.id, got.type, got.said["sequence"]) == (sent["id"], "webhook.test", None)
    assert got.signed_by(made["secret"])
    assert office.deliveries(made)[0]["state"] == "arrived"


def test_one_delivery_can_be_sent_again_though_it_arrived(office: Office, receiver: Receiver) -> None:
    made = office.subscribe(receiver.url)
    office.people(1)
    office.work()
    [delivery] = office.deliveries(made)
    again = done(office.guild.post(office.at(f"/{made['id']}/deliveries/{delivery['id']}/replay")), 200)
    assert (again["state"], again["ended_at"]) == ("waiting", None)
    office.work()
    assert receiver.ids == [delivery["id"]] * 2
    assert len(office.attempts(made, delivery["id"])) == 2


# Finding out why a receiver doubts


@pytest.fixture
def came(office: Office, receiver: Receiver) -> tuple[Office, dict[str, Any], dict[str, str], str]:
    made = office.subscribe(receiver.url, asymmetric=True)
    office.people(1)
    office.work()
    [got] = receiver.got
    headers = {"Webhook-Id": got.id, "webhook-timestamp": got.stamp, "webhook-signature": got.signature}
    return office, made, headers, got.body


Came = tuple[Office, dict[str, Any], dict[str, str], str]


def looked_at(came: Came, body: str | None = None, **changed: str | None) -> tuple[bool, dict[str, tuple[Any, str]]]:
    office, made, headers, sent = came
    given = {name.lower(): value for name, value in headers.items()}
    given |= {f"webhook-{name}": value for name, value in changed.items() if value is not None}
    given = {name: value for name, value in given.items() if changed.get(name.removeprefix("webhook-"), "") is not None}
    asked = {"headers": given, "body": sent if body is None else body}
    found = done(office.guild.post(office.at(f"/{made['id']}/debug"), asked, token=ADMIN_TOKEN), 200)
    return found["verified"], {each["part"]: (each["right"], each["said"]) for each in found["findings"]}


def test_what_came_as_it_was_sent_is_all_right(came: Came) -> None:
    verified, parts = looked_at(came)
    assert verified
    assert [right for right, _ in parts.values()] == [True] * 4
    assert "present" in parts["webhook-signature"][1]


def test_the_key_alone_is_enough(came: Came) -> None:
    of_key = next(each for each in came[2]["webhook-signature"].split() if each.startswith("v1a,"))
    verified, parts = looked_at(came, signature=of_key)
    assert verified
    assert parts["webhook-signature"][1].endswith(": v1a fits.")


def test_of_several_signatures_it_is_said_which_fits(came: Came) -> None:
    by_secret, by_key = sorted(came[2]["webhook-signature"].split())
    assert looked_at(came)[1]["webhook-signature"][1].count(" fits") == 2
    other = f"{by_key[:-6]}AAAA=="
    verified, parts = looked_at(came, signature=f"{by_secret} {other}")
    assert verified
    assert parts["webhook-signature"][1].endswith(": v1 fits, v1a does not fit.")


def test_a_body_that_was_written_anew_is_told_from_another_body(came: Came) -> None:
    verified, parts = looked_at(came, body=json.dumps(json.loads(came[3]), indent=1))
    assert not verified
    right, said = parts["body"]
    assert right is False
    assert said.startswith("It says the same in other bytes")
    assert parts["webhook-signature"] == (False, "It was made with the present secret over another body: see above.")
    assert looked_at(came, body=came[3] + "\n")[1]["body"][1].startswith("It has blanks or line ends")
    assert looked_at(came, body="{}")[1]["body"][1] == "It is not what was sent."


def test_a_wrong_time_or_id_is_named(came: Came) -> None:
    verified, parts = looked_at(came, timestamp="1763715601")
    assert (verified, parts["webhook-timestamp"][0]) == (False, False)
    assert parts["webhook-signature"][1] == "It was made with the present secret over another time: see above."
    assert looked_at(came, timestamp="yesterday")[1]["webhook-timestamp"][0] is False
    verified, parts = looked_at(came, id="msg_other")
    assert (verified, parts["webhook-id"][0], parts["body"][0]) == (False, False, None)


def test_an_old_message_is_right_but_late(came: Came) -> None:
    came[0].clock.forward(minutes=6)
    verified, parts = looked_at(came)
    assert (verified, parts["webhook-timestamp"][0]) == (True, None)


@pytest.mark.parametrize("signature", ["v1,AAAA", "AAAA", "v1,", "v1a,not-base64!", "v2,AAAA v1,é", "v1,AAAA,BBBB"])
def test_a_signature_of_another_is_nobodys(came: Came, signature: str) -> None:
    verified, parts = looked_at(came, signature=signature)
    assert (verified, parts["webhook-signature"][0]) == (False, False)


def test_what_is_missing_is_named(came: Came) -> None:
    for name in ("id", "timestamp", "signature"):
        verified, parts = looked_at(came, **{name: None})
        assert not verified
        assert parts[f"webhook-{name}"] == (False, f"The header webhook-{name} is missing" + (
            ": pass all headers on as they came." if name == "id" else "."
        ))  # fmt: skip


def test_a_secret_of_before_is_known_while_it_signs(came: Came) -> None:
    office, made, _, _ = came
    rotated(office, made)
    assert "former" in looked_at(came)[1]["webhook-signature"][1]
    office.clock.forward(days=2)
    assert looked_at(came)[1]["webhook-signature"][0] is False
