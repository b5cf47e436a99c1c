"""Waves of surveys that those who may answer have been told of once more."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_reminders"
down_revision = "20261122_published_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("survey_wave") as batch_op:
        batch_op.add_column(sa.Column("reminded", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("survey_wave") as batch_op:
        batch_op.alter_column("reminded", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("survey_wave") as batch_op:
        batch_op.drop_column("reminded")
