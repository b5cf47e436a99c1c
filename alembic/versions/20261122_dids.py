"""DIDs that members have proven to control."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_dids"
down_revision = "20261122_barred"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_did",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("did", sa.String(length=450), nullable=False),
        sa.Column("holding", sa.String(length=500), nullable=True),
        sa.Column("challenge", sa.String(length=100), nullable=True),
        sa.Column("challenge_ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_member_did_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_did_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_did")),
        sa.UniqueConstraint("holding", name=op.f("uq_member_did_holding")),
        sa.UniqueConstraint("member_id", "did", name=op.f("uq_member_did_member_id_did")),
    )


def downgrade() -> None:
    op.drop_table("member_did")
