"""Endorsements that their endorsers signed themselves."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_own_signed"
down_revision = "20261122_portfolio"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_column("ends_at")
        batch_op.drop_column("given")
