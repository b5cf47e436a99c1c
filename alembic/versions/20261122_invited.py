"""Who brought a member is kept from their joining on."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_invited"
down_revision = "20261122_participation_offered"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_invited",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("inviter_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inviter_id"], ["member.id"], name=op.f("fk_member_invited_inviter_id_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_invited_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_invited")),
    )
    with op.batch_alter_table("member_invited", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_invited_inviter_id"), ["inviter_id"], unique=False)


def downgrade() -> None:
    op.drop_table("member_invited")
