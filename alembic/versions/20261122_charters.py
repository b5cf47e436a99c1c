"""Charters of communities, and what they are about."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_charters"
down_revision = "20261122_portions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "charter",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("principles", sa.String(), nullable=False),
        sa.Column("participants", sa.String(), nullable=False),
        sa.Column("structure", sa.String(), nullable=False),
        sa.Column("practices", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_charter_community_id_community")),
        sa.PrimaryKeyConstraint("community_id", "number", name=op.f("pk_charter")),
    )
    op.create_table(
        "community_profile",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("community", sa.String(), nullable=True),
        sa.Column("practice", sa.String(), nullable=True),
        sa.Column("rhythm", sa.String(), nullable=True),
        sa.Column("rhythm_days", sa.Integer(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_community_profile_community_id_community")
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_community_profile")),
    )


def downgrade() -> None:
    op.drop_table("community_profile")
    op.drop_table("charter")
