"""Of which reports the charts are drawn ahead."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_drawn_reports"
down_revision = "20261122_introduction"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("support_report") as batch:
        batch.add_column(sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("support_report") as batch:
        batch.alter_column("looks", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("support_report") as batch:
        batch.drop_column("looks")
