"""Members who had what is kept of them erased."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_erased"
down_revision = "20261122_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index(op.f("ix_member_erased_at"), ["erased_at"])


def downgrade() -> None:
    with op.batch_alter_table("member") as batch:
        batch.drop_index(op.f("ix_member_erased_at"))
        batch.drop_column("erased_at")
