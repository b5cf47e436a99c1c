"""Charts that were drawn."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_drawings"
down_revision = "20261122_looks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chart_drawing",
        sa.Column("chart", sa.String(length=64), nullable=False),
        sa.Column("svg", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chart", name=op.f("pk_chart_drawing")),
    )
    op.create_index(op.f("ix_chart_drawing_drawn_at"), "chart_drawing", ["drawn_at"], unique=False)


def downgrade() -> None:
    op.drop_table("chart_drawing")
