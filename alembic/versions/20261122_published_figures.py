"""Figures of communities, as they were published."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_published_figures"
down_revision = "20261122_asked_by"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column(
            "family",
            sa.Enum(
                "participation", "recognition", "influence", "belonging", name="family", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_published_figures_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figures")),
        sa.UniqueConstraint(
            "community_id", "family", "period", name=op.f("uq_published_figures_community_id_family_period")
        ),
    )
    op.create_index(op.f("ix_published_figures_community_id_ends_at"), "published_figures", ["community_id", "ends_at"])


def downgrade() -> None:
    op.drop_table("published_figures")
