"""Use-cases: tokens, by which whoever calls is known."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from app.kit.errors import Forbidden, Invalid, NotFound
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import PreparedRows
from app.members.people import require_present
from app.members.rules import GRANTED, Role, Scope, beyond, digest
from app.members.tables import Community, Member, Token

TOKEN_PREFIX = "lrl_"  # noqa: S105  a prefix by which secret scanners know our tokens


class BeyondOwnRights(Forbidden):
    """Nobody can grant more than they hold, nor more than the role allows."""

    code = "beyond-own-rights"
    fix = "Ask for fewer scopes, or ask somebody who holds them."


# This runs with almost every request.
_BY_DIGEST = PreparedRows(Token, select(Token).where(Token.digest == bindparam("digest")))


def create_token(
    session: Session,
    community: Community | None,
    *,
    owner: Member | None,
    role: Role,
    scopes: Sequence[Scope] | None,
    expires_at: datetime | None,
    granter: frozenset[Scope],
    own: bool,
    on: Occasion,
) -> tuple[Token, str]:
    """A new token and its secret, which nobody can read again. `granter` is what the creator holds; `own` says whether
    they are its owner, with a token of their own, or whoever runs the installation.

    Raises `BeyondOwnRights`, `MemberLeft`, and `Invalid` for a role that the owner does not have.
    """
    _fits(role, owner, scopes)
    if owner is not None:
        require_present(owner)
    wanted = (GRANTED[role] & granter) if scopes is None else frozenset(scopes)
    if excess := beyond(role, wanted, held=granter):
        raise BeyondOwnRights(f"Not to be granted here to a {role}: {', '.join(sorted(excess))}.")
    if expires_at is not None and expires_at <= on.now:
        raise Invalid(errors=[{"pointer": "/expires_at", "message": "lies in the past"}])
    secret = TOKEN_PREFIX + on.ids.secret()
    token = Token(
        id=on.ids.row(),
        community_id=community.id if community else None,
        owner_id=owner.id if owner else None,
        role=role,
        scopes=sorted(scope.value for scope in wanted),
        digest=digest(secret),
        made_by=on.actor,
        own=own,
        created_at=on.now,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    if community:
        data: dict[str, Datum] = {"role": role.value, "scopes": token.scopes, "owner": str(owner.id) if owner else None}
        on.record(session, community.id, "token.created", token.id, data)
    return token, secret


def token_by_id(session: Session, community: Community, id: UUID) -> Token:
    """A token of a community. Raises `NotFound`."""
    token = session.get(Token, id)
    if token is None or token.community_id != community.id:
        raise NotFound(f"{community.slug} has no token {id}.")
    return token


def revoke_token(session: Session, community: Community, id: UUID, *, on: Occasion) -> Token:
    """Ends a token at once. Raises `NotFound`."""
    token = token_by_id(session, community, id)
    _end(session, token, community.id, on=on)
    return token


def token_of(session: Session, secret: str, *, now: datetime) -> Token | None:
    """The token whose secret this is, while it holds."""
    token = _BY_DIGEST.first(session, {"digest": digest(secret)})
    if token is None or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        return None
    return token


def has_token(session: Session, member: UUID, *, now: datetime) -> bool:
    """Whether a member can answer for themself: holds a token that is valid."""
    held = select(Token.id).where(
        Token.owner_id == member,
        Token.role != Role.platform,
        col(Token.revoked_at).is_(None),
        or_(col(Token.expires_at).is_(None), col(Token.expires_at) > now),
    )
    return session.exec(held.limit(1)).first() is not None


def end_tokens(session: Session, member: Member, *roles: Role, on: Occasion) -> None:
    """Ends a member's tokens of these roles at once."""
    theirs = select(Token).where(Token.owner_id == member.id, col(Token.role).in_(roles))
    for token in session.exec(theirs.order_by(col(Token.id)).with_for_update()).all():
        _end(session, token, member.community_id, on=on)


def first_admin_token(session: Session, *, on: Occasion) -> str | None:
    """The secret of a new admin token at an installation's first start; None if there ever was one."""
    if session.exec(select(Token.id).where(Token.role == Role.admin).limit(1)).first() is not None:
        return None
    _, secret = create_token(
        session,
        None,
        owner=None,
        role=Role.admin,
        scopes=None,
        expires_at=None,
        granter=GRANTED[Role.admin],
        own=True,
        on=on,
    )
    return secret


def _end(session: Session, token: Token, community: UUID, *, on: Occasion) -> None:
    if token.revoked_at is None:
        token.revoked_at = on.now
        session.add(token)
        on.record(session, community, "token.revoked", token.id)


def _fits(role: Role, owner: Member | None, scopes: Sequence[Scope] | None) -> None:
    if role is Role.member and owner is None:
        raise Invalid(errors=[{"pointer": "/owner", "message": "a member's token needs its owner's handle"}])
    if role is Role.steward and owner is not None and owner.role != Role.steward:
        raise Invalid(errors=[{"pointer": "/owner", "message": f"{owner.handle} is not a steward"}])
    if role is Role.platform and not scopes:
        raise Invalid(errors=[{"pointer": "/scopes", "message": f"name at least one of {', '.join(Scope)}"}])
