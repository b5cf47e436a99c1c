"""Platforms act as themselves, and no longer as who owns their tokens.

What a member's id stood for until now, the member or a platform of theirs, nobody can tell any more where both may have
been it. A source that either added is looked after by stewards alone from now on, and proves nobody's account; to have
it prove some, a steward adds it anew. A webhook that a platform made stays its own where only one can have made it;
else it ends.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "20261122_own_hand"
down_revision = "20261122_first_said"
branch_labels = None
depends_on = None

_TOKEN = sa.table(
    "token", sa.column("id", sa.Uuid()), sa.column("owner_id", sa.Uuid()), sa.column("role"), sa.column("created_at")
)
_SOURCE = sa.table("source", sa.column("added_by"), sa.column("added_at"))
_WEBHOOK = sa.table(
    "webhook",
    sa.column("id", sa.Uuid()),
    sa.column("owner_id", sa.Uuid()),
    sa.column("made_by"),
    sa.column("created_at"),
)


def upgrade() -> None:
    bind = op.get_bind()
    owned = sa.select(_TOKEN.c.id, _TOKEN.c.owner_id, _TOKEN.c.created_at)
    owned = owned.where(_TOKEN.c.role == "platform", _TOKEN.c.owner_id.is_not(None))
    made_by = defaultdict(set)
    for token, owner, since in bind.execute(owned).all():
        added = sa.and_(_SOURCE.c.added_by == str(owner), _SOURCE.c.added_at >= since)
        bind.execute(sa.update(_SOURCE).where(added).values(added_by=None))
        theirs = sa.and_(_WEBHOOK.c.made_by == str(owner), _WEBHOOK.c.created_at >= since)
        webhooks = sa.select(_WEBHOOK.c.id).where(_WEBHOOK.c.owner_id.is_(None), theirs)
        for webhook in bind.execute(webhooks).scalars():
            made_by[webhook].add(token)
    for webhook, tokens in made_by.items():
        if len(tokens) == 1:
            bind.execute(sa.update(_WEBHOOK).where(_WEBHOOK.c.id == webhook).values(made_by=str(*tokens)))


def downgrade() -> None:
    """Who was whom is not known any more."""
