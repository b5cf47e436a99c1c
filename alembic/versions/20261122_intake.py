"""Sources take turns at having their deliveries looked into."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_intake"
down_revision = "20261122_weighed_again"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_source_id_due_at"), ["source_id", "due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_source_id_due_at"))
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("looked_at")
