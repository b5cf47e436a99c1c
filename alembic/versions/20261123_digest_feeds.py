"""Addresses by which members have their community's weeks told to their feed readers."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_digest_feeds"
down_revision = "20261123_award_receipts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_feed",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_digest_feed_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_digest_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_digest_feed_digest")),
    )


def downgrade() -> None:
    op.drop_table("digest_feed")
