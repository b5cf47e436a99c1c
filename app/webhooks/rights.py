"""Whether somebody may still be told: asked whenever something is written down for them, and whenever it is sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.kit.ids import id_in
from app.members.rules import Role, Scope
from app.members.tables import Member, Token
from app.webhooks.rules import Reason
from app.webhooks.tables import Subscription


def why_not(session: Session, subscription: Subscription, now: datetime) -> Reason | None:
    """Why whoever made a subscription may be told nothing any more; None while they may.

    A steward may while they look after the community; a platform while the token by which it made it holds. Another
    token is another platform's, also where both are one person's.
    """
    if subscription.owner_id is not None:
        owner = session.get_one(Member, subscription.owner_id)
        return None if owner.left_at is None and owner.role == Role.steward else Reason.owner_left
    if subscription.made_by == Role.admin:
        return None
    its = select(Token.scopes).where(
        Token.community_id == subscription.community_id,
        Token.id == id_in(subscription.made_by),
        col(Token.revoked_at).is_(None),
        sa.or_(col(Token.expires_at).is_(None), col(Token.expires_at) > now),
    )
    scopes = session.exec(its).one_or_none()
    return None if scopes is not None and Scope.webhooks_manage in scopes else Reason.right_ended
