"""Tenures: who is in which role, for what, from when to when."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_tenures"
down_revision = "20261122_thanks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tenure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_tenure_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_tenure_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenure")),
    )
    op.create_index(op.f("ix_tenure_community_id_member_id"), "tenure", ["community_id", "member_id"])
    op.create_index(op.f("ix_tenure_community_id_role"), "tenure", ["community_id", "role"])


def downgrade() -> None:
    op.drop_table("tenure")
