"""How quick the receivers of webhooks are, and when each was last sent to."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_turns"
down_revision = "20261122_source_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("webhook") as batch_op:
        batch_op.add_column(sa.Column("answers_in_ms", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("webhook") as batch_op:
        batch_op.alter_column("answers_in_ms", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("webhook") as batch_op:
        batch_op.drop_column("served_at")
        batch_op.drop_column("answers_in_ms")
