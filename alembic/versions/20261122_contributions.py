"""What people did, who is credited with it, and types of it that communities have of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_contributions"
down_revision = "20261122_offered_seconds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=True),
        sa.Column("holding", sa.String(length=64), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("evidence_digest", sa.String(length=64), nullable=True),
        sa.Column("loop", sa.Enum("inner", "outer", name="loop", native_enum=False, length=32), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_contribution_community_id_community")
        ),
        sa.ForeignKeyConstraint(["corrects"], ["contribution.id"], name=op.f("fk_contribution_corrects_contribution")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("corrects", name=op.f("uq_contribution_corrects")),
        sa.UniqueConstraint("holding", name=op.f("uq_contribution_holding")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contribution_community_id_occurred_at_id"),
            ["community_id", "occurred_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contribution_community_id_type_occurred_at"),
            ["community_id", "type", "occurred_at"],
            unique=False,
        )

    op.create_table(
        "contribution_type",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "consume",
                "contribute",
                "collaborate",
                "co_create",
                "champion",
                name="mode",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cycles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "potential",
            sa.Enum(
                "connect",
                "context",
                "dialogue",
                "learning",
                "capture",
                "collaborate",
                "action",
                "knowledge",
                name="potential",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("care_areas", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("loop", sa.Enum("inner", "outer", name="loop", native_enum=False, length=32), nullable=False),
        sa.Column("all_contributors", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.Column("evidence_hint", sa.String(), nullable=True),
        sa.Column("value_to_member", sa.String(), nullable=True),
        sa.Column("value_to_community", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("deprecated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_contribution_type_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_type")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_contribution_type_community_id_key")),
    )
    op.create_table(
        "credit",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Enum("by", "for", name="side", native_enum=False, length=32), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("platform", sa.String(length=64), nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(member_id IS NULL) <> (account IS NULL)", name=op.f("ck_credit_names_one")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_credit_community_id_community")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_credit_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_credit_member_id_member")),
        sa.PrimaryKeyConstraint("contribution_id", "position", name=op.f("pk_credit")),
    )
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_community_id_platform_account_type_occurred_at"),
            ["community_id", "platform", "account", "type", "occurred_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_credit_member_id_type_occurred_at"), ["member_id", "type", "occurred_at"], unique=False
        )

    op.create_table(
        "uncounted",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_uncounted_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_uncounted")),
    )


def downgrade() -> None:
    op.drop_table("uncounted")
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_member_id_type_occurred_at"))
        batch_op.drop_index(batch_op.f("ix_credit_community_id_platform_account_type_occurred_at"))

    op.drop_table("credit")
    op.drop_table("contribution_type")
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_community_id_type_occurred_at"))
        batch_op.drop_index(batch_op.f("ix_contribution_community_id_occurred_at_id"))

    op.drop_table("contribution")
