"""Milestones: what is refused for now is tried again; who wants to be counted again is weighed."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_weighed_again"
down_revision = "20261122_turns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counted_again",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_counted_again_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_counted_again_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_counted_again")),
    )
    with op.batch_alter_table("counted_again", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counted_again_community_id"), ["community_id"], unique=False)
    with op.batch_alter_table("attainment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_attainment_stage_milestone_id_met_at"))
        batch_op.create_index(
            batch_op.f("ix_attainment_stage_series_met_at"), ["stage", "series", "met_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attainment_series_given_at"), ["series", "given_at"], unique=False)
    with op.batch_alter_table("attainment", schema=None) as batch_op:
        batch_op.alter_column("tries", server_default=None)
    # Who waited when a milestone was replaced was passed over for good: the one that took its place takes them up.
    op.execute(
        "UPDATE attainment SET stage = 'waiting', reason = NULL WHERE reason = 'milestone-retired'"
        " AND series IN (SELECT series FROM milestone WHERE state = 'active')"
    )


def downgrade() -> None:
    with op.batch_alter_table("attainment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attainment_series_given_at"))
        batch_op.drop_index(batch_op.f("ix_attainment_stage_series_met_at"))
        batch_op.create_index(
            batch_op.f("ix_attainment_stage_milestone_id_met_at"), ["stage", "milestone_id", "met_at"], unique=False
        )
        batch_op.drop_column("due_at")
        batch_op.drop_column("tries")
    with op.batch_alter_table("counted_again", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counted_again_community_id"))

    op.drop_table("counted_again")
