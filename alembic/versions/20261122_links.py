"""Accounts of members, by which some are found to be one person, and ties between them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_links"
down_revision = "20261122_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("canonical", sa.String(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_identity_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_identity_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "community_id",
            "platform",
            "canonical",
            "member_id",
            name=op.f("uq_identity_community_id_platform_canonical_member_id"),
        ),
    )
    op.create_index(op.f("ix_identity_community_id_member_id"), "identity", ["community_id", "member_id"])
    op.create_table(
        "tie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("household", "manager", "paid_by", "close", name="tiekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("declared_by", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_tie_community_id_community")),
        sa.ForeignKeyConstraint(["declared_by"], ["member.id"], name=op.f("fk_tie_declared_by_member")),
        sa.ForeignKeyConstraint(["first_id"], ["member.id"], name=op.f("fk_tie_first_id_member")),
        sa.ForeignKeyConstraint(["second_id"], ["member.id"], name=op.f("fk_tie_second_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    op.create_index(op.f("ix_tie_community_id_second_id"), "tie", ["community_id", "second_id"])
    op.create_index(
        "uq_tie_in_force",
        "tie",
        ["community_id", "first_id", "second_id", "kind"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("tie")
    op.drop_table("identity")
