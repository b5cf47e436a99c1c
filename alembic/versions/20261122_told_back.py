"""Awards that platforms asked for are found by their badge, and sources know who added them."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "20261122_told_back"
down_revision = "20261122_data_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_platform_award_credential_id"), ["credential_id"], unique=False)
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("added_by", sa.String(length=500), nullable=True))
    source = sa.table("source", sa.column("id", sa.Uuid()), sa.column("added_by", sa.String()))
    event = sa.table("event", *map(sa.column, ("type", "subject", "actor")))
    added = sa.select(event.c.subject, event.c.actor).where(event.c.type == "source.added")
    for subject, actor in op.get_bind().execute(added).all():
        op.execute(sa.update(source).where(source.c.id == UUID(subject)).values(added_by=actor))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("added_by")
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_platform_award_credential_id"))
