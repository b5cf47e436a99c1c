"""At which stage of its life a community was in each quarter, and what its stewards say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_maturity"
down_revision = "20261122_own_figures"
branch_labels = None
depends_on = None

STAGES = ("potential", "forming", "maturing", "self_sustaining", "transformation")


def upgrade() -> None:
    op.create_table(
        "maturity_quarter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Enum(*STAGES, name="stage", native_enum=False, length=32), nullable=False),
        sa.Column("looks_like", sa.Enum(*STAGES, name="stage", native_enum=False, length=32), nullable=False),
        sa.Column("seen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_maturity_quarter_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maturity_quarter")),
        sa.UniqueConstraint("community_id", "period", name=op.f("uq_maturity_quarter_community_id_period")),
    )
    op.create_index(op.f("ix_maturity_quarter_community_id_ends_at"), "maturity_quarter", ["community_id", "ends_at"])
    op.create_table(
        "maturity_override",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Enum(*STAGES, name="stage", native_enum=False, length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_maturity_override_community_id_community")
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_maturity_override")),
    )


def downgrade() -> None:
    op.drop_table("maturity_override")
    op.drop_table("maturity_quarter")
