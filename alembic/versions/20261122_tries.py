"""How often what came of sending a delivery was seen."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_tries"
down_revision = "20261122_evidence_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("webhook_delivery") as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE webhook_delivery SET tries = attempts")
    with op.batch_alter_table("webhook_delivery") as batch_op:
        batch_op.alter_column("tries", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("webhook_delivery") as batch_op:
        batch_op.drop_column("tries")
