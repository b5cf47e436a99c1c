"""What a running service tells others: deliveries as they came, verified as JavaScript receivers do."""

import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from interop.community import Community
from interop.environments import Node
from interop.expected import Finding
from interop.places import NODE
from tests.receiver import Got, Receiver, receiving

JUDGE = "standardwebhooks (npm)"
OF_KEYS = "Ed25519 of Node.js"
"""Judges `v1a`, which the library does not know."""
_WITHIN = 30.0  # seconds for a delivery


class NotTold(Exception):
    """The service sent nothing."""


@dataclass(frozen=True)
class Message:
    """A delivery as a receiver hands it to the library, and whether that has to believe it."""

    name: str
    key: str
    """`whsec_…` or `whpk_…`."""
    headers: dict[str, str]
    body: str
    genuine: bool


def told(mode: str, node: Node, community: Community) -> list[Finding]:
    """Subscribes, rotates, and has each delivery judged; and what was changed on the way. Raises `NotTold`."""
    with receiving() as receiver:
        made = community.webhook(receiver.url)
        first = _next(community, made["id"], receiver, 0)
        rotated = community.rotated_webhook(made["id"])
        second = _next(community, made["id"], receiver, 1)
    messages = [
        *_messages("told", first, second, made["secret"], rotated["secret"]),
        *_messages("told-by-key", first, second, made["public_key"], rotated["public_key"]),
    ]
    verdicts = _judged(node, messages)
    return [_finding(mode, message, verdicts[message.name]) for message in messages]


def _messages(told: str, first: Got, second: Got, old: str, new: str) -> Iterator[Message]:
    for case, got, key, genuine in (
        (told, first, old, True),
        (f"{told}-during-rotation", second, new, True),
        (f"{told}-during-rotation-to-the-former", second, old, True),
        (f"{told}-with-another", first, new, False),
    ):
        yield Message(case, key, _headers(got), got.body, genuine)
    yield Message(f"{told}-and-changed", old, _headers(first), first.body.replace("test", "best", 1), False)
    yield Message(f"{told}-as-another", old, _headers(first) | {"webhook-id": second.id}, first.body, False)


def _headers(got: Got) -> dict[str, str]:
    return {"webhook-id": got.id, "webhook-timestamp": got.stamp, "webhook-signature": got.signature}


def _next(community: Community, webhook: str, receiver: Receiver, before: int) -> Got:
    community.test_webhook(webhook)
    until = time.monotonic() + _WITHIN
    while len(receiver.got) <= before:
        if time.monotonic() > until:
            raise NotTold(f"Within {_WITHIN:.0f} seconds nothing came.")
        time.sleep(0.1)
    return receiver.got[before]


def _judged(node: Node, messages: list[Message]) -> dict[str, Any]:
    exhibits = [{"name": each.name, "key": each.key, "headers": each.headers, "body": each.body} for each in messages]
    done = subprocess.run(
        (str(node.program), "receiver.mjs"),
        cwd=NODE,
        input=json.dumps({"exhibits": exhibits}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return {verdict["name"]: verdict for verdict in map(json.loads, done.stdout.splitlines())}


def _finding(mode: str, message: Message, verdict: dict[str, Any]) -> Finding:
    right = verdict["accepted"] == message.genuine
    says = "accepts" if verdict["accepted"] else verdict["said"]
    note = "" if right else f"{'accepted' if message.genuine else 'refused'} is right; says {says}"
    judge = JUDGE if message.key.startswith("whsec_") else OF_KEYS
    return Finding(mode, judge, message.name, "webhook", "ok" if right else "MISMATCH", says, note)
