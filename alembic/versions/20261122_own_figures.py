"""What is found of single people in a period, for them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_own_figures"
down_revision = "20261122_reminders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_figures",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_own_figures_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_own_figures_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "period", name=op.f("pk_own_figures")),
    )
    op.create_index(op.f("ix_own_figures_community_id_ends_at"), "own_figures", ["community_id", "ends_at"])


def downgrade() -> None:
    op.drop_table("own_figures")
