"""Presentations that members signed for somebody."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_presentations"
down_revision = "20261122_outcomes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presentation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("challenge", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("credentials", sa.Integer(), nullable=False),
        sa.Column("signed", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_presentation_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presentation")),
        sa.UniqueConstraint("row", name=op.f("uq_presentation_row")),
    )
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presentation_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("presentation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presentation_member_id"))

    op.drop_table("presentation")
