"""Milestones: what has to add up, who met one, and how far the journal is read for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_milestones"
down_revision = "20261122_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_weighed",
        sa.Column("community", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_journal_weighed")),
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("discussion", sa.String(), nullable=False),
        sa.Column("rule", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "active", "retired", name="milestonestate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("series", sa.Uuid(), nullable=False),
        sa.Column("drawn_up_by", sa.String(length=500), nullable=False),
        sa.Column("approved_by", sa.String(length=500), nullable=True),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sweep_after", sa.Uuid(), nullable=True),
        sa.Column("sweeping", sa.Boolean(), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activated_by"], ["member.id"], name=op.f("fk_milestone_activated_by_member")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_milestone_community_id_community")),
        sa.ForeignKeyConstraint(["replaces"], ["milestone.id"], name=op.f("fk_milestone_replaces_milestone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_community_id_state"), ["community_id", "state"], unique=False)

    op.create_table(
        "attainment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contributions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("waiting", "given", "passed_over", name="stage", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("nomination_id", sa.Uuid(), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_attainment_community_id_community")),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_attainment_credential_id_credential")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_attainment_member_id_member")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_attainment_milestone_id_milestone")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_attainment_nomination_id_nomination")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attainment")),
        sa.UniqueConstraint("row", name=op.f("uq_attainment_row")),
        sa.UniqueConstraint("series", "member_id", "nth", name=op.f("uq_attainment_series_member_id_nth")),
    )
    with op.batch_alter_table("attainment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attainment_community_id_id"), ["community_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attainment_credential_id"), ["credential_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attainment_member_id"), ["member_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attainment_stage_milestone_id_met_at"), ["stage", "milestone_id", "met_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("attainment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attainment_stage_milestone_id_met_at"))
        batch_op.drop_index(batch_op.f("ix_attainment_member_id"))
        batch_op.drop_index(batch_op.f("ix_attainment_credential_id"))
        batch_op.drop_index(batch_op.f("ix_attainment_community_id_id"))

    op.drop_table("attainment")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_community_id_state"))

    op.drop_table("milestone")
    op.drop_table("journal_weighed")
