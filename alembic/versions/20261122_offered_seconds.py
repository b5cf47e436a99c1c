"""Whose reasons are in the words that a nominee is offered: the ids of the seconds, beside the text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_offered_seconds"
down_revision = "20261122_emails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("offered_seconds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_column("offered_seconds")
