"""Roles and scopes: who may do what, as plain values."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who is calling: the installation's admin, a person in a community, or a platform's API client."""

    admin = "admin"
    steward = "steward"
    member = "member"
    platform = "platform"


class Scope(StrEnum):
    """What a token may do. The admin's holds every one."""

    members_write = "members:write"
    achievements_write = "achievements:write"
    awards_write = "awards:write"
    awards_consented = "awards:consented"
    credentials_revoke = "credentials:revoke"
    nominations_write = "nominations:write"
    contributions_write = "contributions:write"
    webhooks_manage = "webhooks:manage"
    metrics_read = "metrics:read"
    audit_read = "audit:read"
    keys_manage = "keys:manage"


EVERY_SCOPE = frozenset(Scope)

GRANTED: dict[Role, frozenset[Scope]] = {
    Role.admin: EVERY_SCOPE,
    # To vouch for somebody else's consent, or to touch keys, has to be asked for by name.
    Role.steward: EVERY_SCOPE - {Scope.awards_consented, Scope.keys_manage},
    Role.member: frozenset({Scope.nominations_write}),
    Role.platform: frozenset(),
}
"""What a token of each role may do when no scopes are named."""

GRANTABLE: dict[Role, frozenset[Scope]] = {
    Role.admin: EVERY_SCOPE,
    Role.steward: EVERY_SCOPE,
    Role.member: frozenset({Scope.nominations_write, Scope.contributions_write}),
    Role.platform: EVERY_SCOPE - {Scope.keys_manage, Scope.members_write, Scope.audit_read},
}
"""The most that a token of each role can be given."""


def beyond(role: Role, wanted: Iterable[Scope], *, held: frozenset[Scope]) -> frozenset[Scope]:
    """Those of `wanted` that may not be granted: not to that role, or not by somebody who holds only `held`."""
    return frozenset(wanted) - (GRANTABLE[role] & held)


@dataclass(frozen=True)
class Onlooker:
    """What whoever looks is to what is a member's, in their community; a stranger is nothing of it."""

    in_person: bool = False
    """It is theirs."""
    steward: bool = False
    """They look after the community."""
    fellow: bool = False
    """They are a member of it."""

    @property
    def in_full(self) -> bool:
        """Whether nothing is kept from them."""
        return self.in_person or self.steward


STRANGER = Onlooker()


_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def handle_like(text: str) -> bool:
    """Whether `text` can be a member's handle: 1 to 64 of a-z, 0-9, `_` and `-`, no sign at either end, and no id."""
    return bool(_HANDLE.fullmatch(text)) and not id_like(text)


def id_like(text: str) -> bool:
    """Whether `text` has the form of a member's id. Ids and handles name members alike, so that nothing may be both."""
    return bool(_ID.fullmatch(text))


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
