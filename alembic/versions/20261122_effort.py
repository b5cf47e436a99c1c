"""Hours that members state, and the sums that are told of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_effort"
down_revision = "20261122_drawings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "effort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sponsor", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_effort_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_effort_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effort")),
    )
    op.create_index(op.f("ix_effort_community_id_quarter"), "effort", ["community_id", "quarter"])
    op.create_index(op.f("ix_effort_member_id_id"), "effort", ["member_id", "id"])
    op.create_table(
        "effort_sum",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_effort_sum_community_id_community")),
        sa.PrimaryKeyConstraint("community_id", "quarter", name=op.f("pk_effort_sum")),
    )


def downgrade() -> None:
    op.drop_table("effort_sum")
    op.drop_table("effort")
