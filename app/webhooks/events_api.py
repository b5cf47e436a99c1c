"""What comes in each delivery, for the OpenAPI document; nothing here is served."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import Field

from app.kit.schemas import Out
from app.webhooks.rules import AWARDED, EVENTS, TEST, Kind

router = APIRouter(tags=["events"])


class EventOut(Out):
    """What is sent: ids, and what is no secret. The rest is there to be fetched by those who may see it."""

    type: str = Field(examples=["credential.issued"])
    timestamp: datetime
    """When it happened."""
    sequence: int | None
    """Its place in the community's journal, by which the order of deliveries can be told; null for a test."""
    community: str
    """Its slug, for addresses."""
    data: dict[str, Any]
    """`id` of what it happened to, and what the type says besides; `abridged` where lists were left out for length."""


Id = Annotated[str, Header(alias="webhook-id", description="The same however often it is sent.")]
Timestamp = Annotated[str, Header(alias="webhook-timestamp", description="Seconds since 1970, of this attempt.")]
Signature = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="Over `{id}.{timestamp}.{body}` (Standard Webhooks): `v1,…` by the secret, `v1a,…` by the key; "
        "during a rotation each twice. One that fits is enough.",
    ),
]


def _told(type: str, kind: Kind) -> Callable[..., None]:
    def event(body: EventOut, id: Id, timestamp: Timestamp, signature: Signature) -> None: ...

    event.__name__ = type.replace(".", "_")
    awarded = f"; of one that a source awarded also {', '.join(AWARDED)}, to stewards and to whoever added the source"
    told = ", ".join(["id", *kind.told, *(("achievement", *AWARDED) if kind.is_awards else ())]) + (
        awarded if kind.is_badges else ""
    )
    event.__doc__ = f"{kind.said} In `data`: {told}. Answer 2xx; 410 ends the webhook."
    return event


for _type, _kind in {**EVENTS, TEST: Kind("Somebody wants to see whether this arrives.")}.items():
    router.add_api_route(_type, _told(_type, _kind), methods=["POST"], summary=_kind.said.rstrip("."))
