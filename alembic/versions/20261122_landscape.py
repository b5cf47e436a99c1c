"""Beside which other communities one wants to be seen."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_landscape"
down_revision = "20261122_drawn_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("community_profile") as batch_op:
        batch_op.add_column(sa.Column("landscape", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("community_profile") as batch_op:
        batch_op.drop_column("landscape")
