"""What is for members alone stands beside a report, and not in what strangers may see of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_inside_reports"
down_revision = "20261122_figures_beginning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("support_report", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("inside", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("support_report", schema=None) as batch_op:
        batch_op.drop_column("inside")
