"""Offers that nobody answered and that are made again, each once."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_reoffers"
down_revision = "20261122_retries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nomination_reoffer",
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_reoffer_nomination_id_nomination")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["nomination.id"], name=op.f("fk_nomination_reoffer_original_id_nomination")
        ),
        sa.PrimaryKeyConstraint("original_id", name=op.f("pk_nomination_reoffer")),
        sa.UniqueConstraint("nomination_id", name=op.f("uq_nomination_reoffer_nomination_id")),
    )


def downgrade() -> None:
    op.drop_table("nomination_reoffer")
