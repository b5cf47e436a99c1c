"""Links in mails to members: each opens one thing of theirs, and answers it, without a token.

Nothing of such a link is kept. Its secret is the thing's id, with a keyed hash of that and of the address to which it
is mailed: so nobody can make one from the database, and it ends when its member is written to elsewhere, or has left.
"""

import hmac
from uuid import UUID

from sqlmodel import Session

from app.kit.ids import id_in
from app.kit.installation import Installation
from app.members.addresses import reached_at
from app.members.tables import Member

_ID = 36
"""Characters of an id."""


def secret_of(session: Session, member: UUID, thing: UUID, *, of: str, at: Installation) -> str | None:
    """The secret of a member's link to a thing, `of` which kind it is; None where they are written to nowhere."""
    row = session.get_one(Member, member)
    to = reached_at(session, row) if row.left_at is None else None
    if to is None:
        return None
    return f"{thing}-{at.vault.fingerprint(f'{thing} {member} {to}', bound_to=f'mailed/{of}')}"


def thing_in(secret: str) -> UUID | None:
    """To what a link leads, if it is one of these."""
    return id_in(secret[:_ID])


def is_genuine(session: Session, member: UUID, secret: str, *, of: str, at: Installation) -> bool:
    """Whether it is this member's own link to what it leads to, and goes where they are written to today."""
    thing = thing_in(secret)
    theirs = secret_of(session, member, thing, of=of, at=at) if thing is not None else None
    return theirs is not None and hmac.compare_digest(theirs.encode(), secret.encode("utf-8", "surrogatepass"))
