"""Links by which members show badges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_portfolio_links"
down_revision = "20261122_own_signed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "portfolio_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("items", json, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_portfolio_link_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_portfolio_link_digest")),
    )
    op.create_index(op.f("ix_portfolio_link_member_id"), "portfolio_link", ["member_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_portfolio_link_member_id"), table_name="portfolio_link")
    op.drop_table("portfolio_link")
