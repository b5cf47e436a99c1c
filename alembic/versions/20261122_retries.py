"""When a nomination is next tried again: with reviewers to find, or a badge to sign."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_retries"
down_revision = "20261122_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_nomination_retry_at"), ["retry_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_retry_at"))
        batch_op.drop_column("retry_at")
