"""Contributions keep when they began and ended as they were first recorded, for the digests of badges."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_first_said"
down_revision = "20261122_tries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_occurred_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("first_ends_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_column("first_ends_at")
        batch_op.drop_column("first_occurred_at")
