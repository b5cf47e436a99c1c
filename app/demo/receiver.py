"""A small receiver of webhooks, which says what arrives: what another system would do with it is its own affair."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from standardwebhooks import Webhook, WebhookVerificationError

from app.kit.access import public
from app.kit.strict import router
from app.webhooks.rules import LARGEST

PATH = "/demo/receiver"


def receiver(secret: str, say: Callable[[str], None]) -> APIRouter:
    """A door for what is signed with `secret` (Standard Webhooks), which says each in one line; 401 for all else."""
    webhook, doors = Webhook(secret), router(tags=["demo"], dependencies=[public])

    @doors.post(PATH, status_code=204, max_body_size=LARGEST)
    async def receive(request: Request) -> Response:
        """Take what is told, if it is signed."""
        try:
            event = webhook.verify(await request.body(), dict(request.headers.items()))
        except (WebhookVerificationError, ValueError):  # a signature of another form is no signature either
            return Response(status_code=401)
        say(_line(event))
        return Response(status_code=204)

    return doors


def _line(event: dict[str, Any]) -> str:
    return f"Received, signature verified: {event['type']} {orjson.dumps(event['data']).decode()}"
