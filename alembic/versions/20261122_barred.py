"""Nominees to whom nothing may be offered: it looks like an offer that is never answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_barred"
down_revision = "20261122_endorsements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("barred", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.alter_column("barred", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_column("barred")
