"""Doors: members and tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field, Strict, StringConstraints
from sqlmodel import select

from app.kit.addresses import Did, Email
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden, Invalid
from app.kit.etags import IfMatch
from app.kit.idempotency import once
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import Id, In, Instant, Name, Out, Stays
from app.kit.strict import router as strict_router
from app.members import bringing, service, tokens
from app.members.addresses_api import router as addresses
from app.members.auth import Caller, FellowOf, HoldingIn, occasion
from app.members.communities.api import router as communities
from app.members.dids_api import router as dids
from app.members.forms import Named
from app.members.linking_api import router as linking
from app.members.profiles import MemberOut, profile, profiles
from app.members.rules import Role, Scope, handle_like
from app.members.standing_api import router as standing
from app.members.tables import Member, Token
from app.members.tenures_api import router as tenures

router = strict_router(tags=["communities and members"])

MemberAdder = Annotated[Caller, Depends(HoldingIn(Scope.members_write))]
Fellow = Annotated[Caller, Depends(FellowOf())]

Handle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class MemberIn(In):
    """Somebody who joins."""

    handle: Handle = Field(examples=["ana"], description="a to z, 0 to 9, `_` and `-`")
    name: Name = Field(examples=["Ana Fictional"])
    email: Email | None = None
    did: Did | None = None
    affiliation: Name | None = None
    joined_at: Instant | None = Field(default=None, description="Left out, it is now; a day to come is refused.")
    role: Annotated[Role, Strict(False)] = Role.member
    minor: bool = Field(default=False, description="Not of age: nothing of theirs gets a public page.")
    guardian_agreed: bool = Field(default=False, description="Whether who cares for a minor agreed to awards.")
    invited_by: Named | None = Field(
        default=None, description="Handle or id of the member who brought them, who is told so.", examples=["bo"]
    )


class MemberChange(In):
    """What is to change; what is left out stays, and null takes away what there need not be."""

    name: Annotated[Name | None, Stays] = None
    email: Email | None = Field(
        default=None,
        description="It counts as theirs once they have followed the link that it is sent; the old is told.",
    )
    did: Did | None = None
    affiliation: Name | None = None
    role: Annotated[Role | None, Strict(False), Stays] = None
    minor: Annotated[bool | None, Stays] = None
    guardian_agreed: Annotated[bool | None, Stays] = None
    invited_by: None = Field(default=None, description="null: it is not said any more who brought them.")


class TokenIn(In):
    """A token to make."""

    owner: str | None = Field(default=None, max_length=100, description="Handle or id of whose token it is.")
    role: Annotated[Role, Strict(False)]
    scopes: list[Annotated[Scope, Strict(False)]] | None = Field(
        default=None, description="Left out, the usual ones of the role."
    )
    expires_at: Instant | None = None


class TokenOut(Out):
    """A token, without its secret."""

    id: UUID
    owner: UUID | None
    role: Role
    scopes: list[str]
    made_by: str | None = Field(description="Who made it: a member's id, a token's, or `admin`; null of old ones.")
    own: bool = Field(
        description="Whether it opens what is for its owner alone: who runs the installation made it, or the owner did."
    )
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewToken(TokenOut):
    """A token with its secret, which is shown this once."""

    token: str


@router.post("/v1/communities/{c}/members", status_code=201)
@once
def add_member(
    c: str, body: MemberIn, caller: MemberAdder, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> MemberOut:
    """Add a member."""
    if not handle_like(body.handle):
        reason = "use a to z, 0 to 9, and _ or - in between, not the form of an id"
        raise Invalid(errors=[{"pointer": "/handle", "message": reason}])
    _ordinary(body.role, caller)
    community = service.community_by_slug(session, c)
    inviter = None if body.invited_by is None else service.member_named(session, community, body.invited_by, lock=True)
    member = service.join(
        session,
        community,
        handle=body.handle,
        name=body.name,
        email=body.email,
        did=body.did,
        affiliation=body.affiliation,
        role=body.role,
        joined_at=body.joined_at,
        minor=body.minor,
        guardian_agreed=body.guardian_agreed,
        inviter=inviter,
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return profile(session, member, caller, now=now)


@router.get("/v1/communities/{c}/members")
def list_members(c: str, caller: Fellow, session: ReadSessionDep, pages: PageDep, now: NowDep) -> Listing[MemberOut]:
    """List the members of a community, for its members."""
    community = service.community_by_slug(session, c)
    rows = select(Member).where(Member.community_id == community.id)
    found = page(session, rows, pages.window, by=[Member.id])  # type: ignore[list-item]
    shown = {each.id: each for each in profiles(session, found.items, caller, now=now)}
    return pages.show(found, lambda member: shown[member.id])


@router.get("/v1/communities/{c}/members/{m}")
def read_member(c: str, m: str, caller: Fellow, session: ReadSessionDep, now: NowDep, if_match: IfMatch) -> MemberOut:
    """One member, by handle or id."""
    member = service.member_named(session, service.community_by_slug(session, c), m)
    if_match.changed_to(member.version)
    return profile(session, member, caller, now=now)


@router.patch("/v1/communities/{c}/members/{m}")
def change_member(
    c: str,
    m: str,
    body: MemberChange,
    caller: MemberAdder,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
    if_match: IfMatch,
) -> MemberOut:
    """Change what is known of a member."""
    if body.role is not None:
        _ordinary(body.role, caller)
    member = service.member_named(session, service.community_by_slug(session, c), m, lock=True)
    before = member.version
    changes, on = body.model_dump(exclude_unset=True, exclude={"invited_by"}), occasion(caller, runtime, now)
    service.change_member(session, member, changes, at=runtime.installation, on=on)
    if "invited_by" in body.model_fields_set:
        bringing.take_away(session, member, on=on)
    if_match.require(before)
    if_match.changed_to(member.version)
    return profile(session, member, caller, now=now)


@router.post("/v1/communities/{c}/tokens", status_code=201)
@once
def create_token(
    c: str, body: TokenIn, caller: MemberAdder, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> NewToken:
    """Make a token; its secret is shown this once. One that you make for another member is told to them, and does not
    open what is for them alone: for that they get one of their own with `POST /v1/me/tokens`."""
    if body.role is Role.admin:
        raise Forbidden("There is one admin token, and it is set where the service is started.")
    if body.role is Role.steward and body.owner is None and caller.member is not None:
        # Nobody's token has no stake in anything: with it a steward would look after what is about themself.
        raise Invalid(errors=[{"pointer": "/owner", "message": "a steward's token says whose it is"}])
    community = service.community_by_slug(session, c)
    owner = None if body.owner is None else service.member_named(session, community, body.owner, lock=True)
    token, secret = tokens.create_token(
        session,
        community,
        owner=owner,
        role=body.role,
        scopes=body.scopes,
        expires_at=body.expires_at,
        granter=caller.scopes,
        own=caller.role is Role.admin or (caller.own and owner is not None and caller.member == owner.id),
        on=occasion(caller, runtime, now),
    )
    return NewToken(token=secret, **shown_token(token).model_dump())


@router.get("/v1/communities/{c}/tokens")
def list_tokens(c: str, caller: MemberAdder, session: ReadSessionDep, pages: PageDep) -> Listing[TokenOut]:
    """List the tokens of a community, without their secrets."""
    community = service.community_by_slug(session, c)
    rows = select(Token).where(Token.community_id == community.id)
    return pages.show(page(session, rows, pages.window, by=[Token.id]), shown_token)  # type: ignore[list-item]


@router.get("/v1/communities/{c}/tokens/{token_id}")
def read_token(c: str, token_id: Id, caller: MemberAdder, session: ReadSessionDep) -> TokenOut:
    """One token, without its secret."""
    return shown_token(tokens.token_by_id(session, service.community_by_slug(session, c), token_id))


@router.delete("/v1/communities/{c}/tokens/{token_id}")
def revoke_token(
    c: str, token_id: Id, caller: MemberAdder, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> TokenOut:
    """End a token at once."""
    community = service.community_by_slug(session, c)
    return shown_token(tokens.revoke_token(session, community, token_id, on=occasion(caller, runtime, now)))


def _ordinary(role: Role, caller: Caller) -> None:
    """People are members or stewards; only who looks after a community makes a steward."""
    if role not in {Role.member, Role.steward}:
        raise Invalid(errors=[{"pointer": "/role", "message": "a person is a member or a steward"}])
    if role is Role.steward and caller.role not in {Role.admin, Role.steward}:
        raise Forbidden("Stewards are made by stewards.")


def shown_token(token: Token) -> TokenOut:
    """A token as it is shown."""
    return TokenOut(
        id=token.id,
        owner=token.owner_id,
        role=token.role,
        scopes=token.scopes,
        made_by=token.made_by,
        own=token.own,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
    )


for part in (communities, addresses, standing, linking, tenures, dids):
    router.include_router(part)
