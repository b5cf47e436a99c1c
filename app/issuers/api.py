"""Doors: founding a community."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field

from app.issuers import service
from app.kit.addresses import Email, WebUrl
from app.kit.deps import NowDep, RuntimeDep, SessionDep
from app.kit.idempotency import once
from app.kit.schemas import In, Name, Slug, Text
from app.kit.strict import router as strict_router
from app.members.auth import Admin, Caller, occasion
from app.members.communities.api import CommunityOut, community_shown
from app.members.phases import Phase

router = strict_router(tags=["issuers"])

Founder = Annotated[Caller, Depends(Admin())]


class CommunityIn(In):
    """A community to found."""

    slug: Slug = Field(examples=["data-commons-guild"])
    name: Name = Field(examples=["Data Commons Guild"])
    description: Annotated[Text, Field(min_length=1)] = Field(examples=["People who look after shared data."])
    url: WebUrl = Field(examples=["https://guild.example.org"])
    email: Email = Field(description="Public: an Open Badges 2.0 issuer has one.", examples=["hello@guild.example.org"])
    phase: Literal["potential", "active"] = Field(
        default="active", description="A `potential` community begins when its stewards launch it."
    )


@router.post("/v1/communities", status_code=201)
@once
def found_community(
    body: CommunityIn, caller: Founder, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CommunityOut:
    """Found a community; it becomes an issuer with keys of its own."""
    community = service.found(
        session,
        slug=body.slug,
        name=body.name,
        description=body.description,
        url=body.url,
        email=body.email,
        phase=Phase(body.phase),
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return community_shown(community, now)
