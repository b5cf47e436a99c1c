"""What people are said when their community ends."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_farewells"
down_revision = "20261122_effort"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "farewell",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.String(length=500), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_farewell_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_farewell_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farewell")),
        sa.UniqueConstraint("community_id", "member_id", name=op.f("uq_farewell_community_id_member_id")),
    )
    op.create_index(op.f("ix_farewell_member_id"), "farewell", ["member_id"])


def downgrade() -> None:
    op.drop_table("farewell")
