"""What a badge is to rest on is kept from its offer on, and signed when that is accepted."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_participation_offered"
down_revision = "20261122_landscape"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("participation_snapshot", schema=None) as batch_op:
        batch_op.alter_column("token", existing_type=sa.String(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM participation_snapshot WHERE token IS NULL")
    with op.batch_alter_table("participation_snapshot", schema=None) as batch_op:
        batch_op.alter_column("token", existing_type=sa.String(), nullable=False)
