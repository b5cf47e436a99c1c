"""Links by which people who have left reach what is kept of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_data_links"
down_revision = "20261122_contributions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_data_link_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_data_link_digest")),
    )
    op.create_index(op.f("ix_data_link_member_id"), "data_link", ["member_id"])


def downgrade() -> None:
    op.drop_table("data_link")
