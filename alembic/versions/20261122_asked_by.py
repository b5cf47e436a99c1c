"""When what a badge is for was done, and by which delivery a platform asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_asked_by"
down_revision = "20261122_stories"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.add_column(sa.Column("activity_end_date", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delivery", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.drop_column("delivery")
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_column("activity_end_date")
