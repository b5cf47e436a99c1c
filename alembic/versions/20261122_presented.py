"""Which badges are in a presentation, and who could see them when it was taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_presented"
down_revision = "20261122_data_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown", json, nullable=False, server_default=sa.text("'{}'")))
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.alter_column("shown", existing_type=json, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.drop_column("shown")
