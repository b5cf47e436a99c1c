"""From when on the figures of a community are published, where its stewards said so."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_figures_beginning"
down_revision = "20261122_readmitted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figures_beginning",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_figures_beginning_community_id_community")
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_figures_beginning")),
    )


def downgrade() -> None:
    op.drop_table("figures_beginning")
