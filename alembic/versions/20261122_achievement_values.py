"""achievements say what they are worth, and where they are debated."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_achievement_values"
down_revision = "20261122_people"
branch_labels = None
depends_on = None

COLUMNS = ("value_to_member", "value_to_community", "discussion")


def upgrade() -> None:
    with op.batch_alter_table("achievement_version", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("achievement_version", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
