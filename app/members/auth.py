"""Who is calling: bearer tokens, and the gates that routes stand behind."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from app.kit.access import Gate
from app.kit.database import read_session
from app.kit.deps import Runtime, now_of, runtime_of
from app.kit.errors import Forbidden, Unauthenticated
from app.kit.occasions import Occasion
from app.members.rules import EVERY_SCOPE, STRANGER, Onlooker, Role, Scope
from app.members.service import id_of_community, id_of_member
from app.members.tokens import token_of

_bearer = HTTPBearer(
    auto_error=False, description="A token that starts with `lrl_`, or the installation's admin token."
)
Authorization = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class AnotherCommunity(Forbidden):
    """The token belongs to another community."""

    code = "another-community"
    fix = "Use a token of this community."


class AnothersToken(Forbidden):
    """Somebody else made this token, and has seen it: it does not open what is for its owner alone."""

    code = "token-made-by-another"
    fix = "POST /v1/me/tokens has a link sent to your address, by which you get a token of your own."


@dataclass(frozen=True)
class Caller:
    """Whoever holds the token of this request."""

    actor: str
    """How the journal names them, and by what they know again what they made: a person's id, a token's, or `admin`."""
    role: Role
    community: UUID | None
    """None for the admin, who may act in every community."""
    member: UUID | None
    scopes: frozenset[Scope]
    owner: UUID | None = None
    """Whose a platform's token is: it acts as itself all the same, and has none of what its owner has."""
    own: bool = True
    """Whether nobody has seen the token but its owner and whoever runs the installation."""

    @property
    def borrowed(self) -> bool:
        """Whether the token speaks for a member and another has seen it: what is for them alone is not told to it."""
        return self.member is not None and not self.own

    def within(self, community: UUID) -> bool:
        """Whether the token is good for a community."""
        return self.role is Role.admin or self.community == community

    def stewards(self, community: UUID) -> bool:
        """Whether the caller looks after a community."""
        return self.within(community) and self.role in {Role.admin, Role.steward}


ADMIN = Caller(actor="admin", role=Role.admin, community=None, member=None, scopes=EVERY_SCOPE)


class SignedIn(Gate):
    """Whoever holds a valid token; `who` names those of them whom the use-case behind lets pass."""

    def __init__(self, who: str = "anybody with a valid token") -> None:
        self.who = who

    def __call__(self, request: Request, authorization: Authorization) -> Caller:
        """Raises `Unauthenticated`, and what `admitted` raises."""
        runtime, now = runtime_of(request), now_of(request)
        with read_session(runtime.engine) as session:
            return self.admitted(session, runtime, now, authorization)

    def admitted(self, session: Session, runtime: Runtime, now: datetime, authorization: Authorization) -> Caller:
        """The caller, if they may pass. Raises `Unauthenticated`."""
        caller = _caller(session, runtime, now, authorization)
        if caller is None:
            raise Unauthenticated("This address needs a token; none was sent.", headers={"WWW-Authenticate": "Bearer"})
        return caller


class Visitor(Gate):
    """Everyone; whoever sends a token is known by it."""

    who = "everyone; a token shows what its holder may see"

    def __call__(self, request: Request, authorization: Authorization) -> Caller | None:
        """None without a token. Raises `Unauthenticated` for one that is not valid."""
        runtime, now = runtime_of(request), now_of(request)
        with read_session(runtime.engine) as session:
            return _caller(session, runtime, now, authorization)


class Admin(SignedIn):
    """The installation's admin."""

    def __init__(self) -> None:
        super().__init__("the installation's admin")

    def admitted(self, session: Session, runtime: Runtime, now: datetime, authorization: Authorization) -> Caller:
        """The admin. Raises `Unauthenticated`, `Forbidden`."""
        caller = super().admitted(session, runtime, now, authorization)
        if caller.role is not Role.admin:
            raise Forbidden("Only the installation's admin may do this.")
        return caller


class InPerson(SignedIn):
    """Somebody about what is for them alone: not with a token that another has seen."""

    def __init__(self) -> None:
        super().__init__("a member or steward, about themself, with a token that nobody else made for them")

    def admitted(self, session: Session, runtime: Runtime, now: datetime, authorization: Authorization) -> Caller:
        """The caller. Raises `Unauthenticated`, `AnothersToken`."""
        return _alone(super().admitted(session, runtime, now, authorization))


class Holding(SignedIn):
    """Whoever holds a token with a scope. What belongs to another community is checked where it is looked up."""

    def __init__(self, scope: Scope, who: str = "") -> None:
        super().__init__(f"{who}, with a token of the scope {scope}" if who else f"a token with the scope {scope}")
        self.scope = scope

    def admitted(self, session: Session, runtime: Runtime, now: datetime, authorization: Authorization) -> Caller:
        """Who holds the scope. Raises `Unauthenticated`, `Forbidden`."""
        caller = super().admitted(session, runtime, now, authorization)
        if self.scope not in caller.scopes:
            raise Forbidden(f"This needs a token with the scope {self.scope}.", scope=self.scope.value)
        return caller


class HoldingIn(Gate):
    """Whoever holds a token of the community in the path, with a scope if one is named."""

    def __init__(self, scope: Scope | None = None, who: str = "a token of the community") -> None:
        self.scope = scope
        self.who = f"{who}{f' with the scope {scope}' if scope else ''}"
        self._signed_in = Holding(scope) if scope else SignedIn()

    def __call__(self, c: str, request: Request, authorization: Authorization) -> Caller:
        """Raises `Unauthenticated`, `Forbidden`, `NoSuchCommunity`, `AnotherCommunity`."""
        runtime, now = runtime_of(request), now_of(request)
        with read_session(runtime.engine) as session:
            caller = self._signed_in.admitted(session, runtime, now, authorization)
            if not caller.within(id_of_community(session, c)):
                raise AnotherCommunity(f"This token is not one of {c}.")
        return caller


class FellowOf(HoldingIn):
    """A person of the community in the path: platforms do not see who its members are."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__(scope, "a member or steward of the community")

    def __call__(self, c: str, request: Request, authorization: Authorization) -> Caller:
        """Raises `Unauthenticated`, `Forbidden`, `NoSuchCommunity`, `AnotherCommunity`."""
        caller = super().__call__(c, request, authorization)
        if caller.role is Role.platform:
            raise Forbidden("This is for members and stewards; a platform's token does not reach it.")
        return caller


class FellowInPerson(FellowOf):
    """A person of the community in the path, in what is for them alone: not with a token that another has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.who = "a member or steward of the community, with a token that nobody else made for them"

    def __call__(self, c: str, request: Request, authorization: Authorization) -> Caller:
        """Raises `Unauthenticated`, `Forbidden`, `NoSuchCommunity`, `AnotherCommunity`, `AnothersToken`."""
        return _alone(super().__call__(c, request, authorization))


class OneselfOr(FellowOf):
    """The member in the path, in person, or whoever holds a token of the community with a scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.who = f"the member in person, or a token of the community with the scope {scope}"
        self._instead = scope

    def __call__(self, c: str, m: str, request: Request, authorization: Authorization) -> Caller:  # type: ignore[override]
        """Raises `Unauthenticated`, `Forbidden`, `NoSuchCommunity`, `AnotherCommunity`, `NoSuchMember`."""
        caller = super().__call__(c, request, authorization)
        with read_session(runtime_of(request).engine) as session:
            member = id_of_member(session, id_of_community(session, c), m)
        if not is_recipient(caller, member) and self._instead not in caller.scopes:
            raise Forbidden(f"This is for the member in person, and for tokens with the scope {self._instead}.")
        return caller


def occasion(caller: Caller, runtime: Runtime, now: datetime) -> Occasion:
    """What the caller does in this request, as use-cases want to know it."""
    return Occasion(actor=caller.actor, now=now, ids=runtime.ids)


def person_in(caller: Caller) -> UUID:
    """The member who is calling: what they say is theirs. Raises `Forbidden` where it is nobody in person."""
    if caller.member is None:
        raise Forbidden("This is for members in person.", fix="Use a member's own token.")
    return caller.member


def is_recipient(caller: Caller | None, member: UUID | None) -> bool:
    """Whether the caller is this member, in person."""
    return caller is not None and member is not None and caller.member == member


def is_alone(caller: Caller | None, member: UUID | None) -> bool:
    """Whether the caller is this member, and nobody else has seen their token."""
    return caller is not None and is_recipient(caller, member) and not caller.borrowed


def onlooker(caller: Caller | None, member: UUID | None, community: UUID) -> Onlooker:
    """What the caller is to what is this member's, or a stranger's, in a community."""
    if caller is None:
        return STRANGER
    fellow = caller.member is not None and caller.within(community)
    return Onlooker(is_recipient(caller, member), steward=caller.stewards(community), fellow=fellow)


def require_own(caller: Caller) -> None:
    """That nobody else has seen the token by which a member calls. Raises `AnothersToken`."""
    if caller.borrowed:
        raise AnothersToken("It was made by a steward, or with a token that was.")


def _alone(caller: Caller) -> Caller:
    require_own(caller)
    return caller


def _caller(
    session: Session, runtime: Runtime, now: datetime, authorization: HTTPAuthorizationCredentials | None
) -> Caller | None:
    if authorization is None:
        return None
    secret = authorization.credentials
    if _is_admin(runtime, secret):
        return ADMIN
    token = token_of(session, secret, now=now)
    if token is None:
        raise Unauthenticated(
            "The token is unknown, has expired or was revoked.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    person = token.owner_id if token.role in {Role.member, Role.steward} else None
    return Caller(
        actor=str(person or token.id) if token.role is not Role.admin else "admin",
        role=token.role,
        community=token.community_id,
        member=person,
        scopes=frozenset(Scope(scope) for scope in token.scopes),
        owner=token.owner_id if token.role is Role.platform else None,
        own=token.own,
    )


def _is_admin(runtime: Runtime, secret: str) -> bool:
    """Compared in constant time, as bytes: text with other than ASCII in it would raise."""
    configured = runtime.settings.admin_token
    if configured is None:
        return False
    given = secret.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, configured.get_secret_value().encode())
