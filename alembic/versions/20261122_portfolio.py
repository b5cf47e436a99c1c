"""Portfolios: what members show of their badges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_portfolio"
down_revision = "20261122_dids"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "portfolio_choice",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("reveal", json, nullable=False),
        sa.Column("items", json, nullable=True),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_portfolio_choice_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_portfolio_choice")),
    )


def downgrade() -> None:
    op.drop_table("portfolio_choice")
