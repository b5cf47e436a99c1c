"""What came of a report, for who made it."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_outcomes"
down_revision = "20261122_erased"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nomination_report", schema=None) as batch_op:
        outcomes = sa.Enum("went_on", "withdrawn", name="outcome", native_enum=False, length=32)
        batch_op.add_column(sa.Column("outcome", outcomes, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("nomination_report", schema=None) as batch_op:
        batch_op.drop_column("outcome")
