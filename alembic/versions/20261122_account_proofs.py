"""Accounts that members prove to be theirs."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_account_proofs"
down_revision = "20261122_told_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("canonical", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("inbound_id", sa.Uuid(), nullable=True),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_account_proof_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_account_proof_member_id_member")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_account_proof_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_proof")),
    )
    with op.batch_alter_table("account_proof", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_proof_member_id_asked_at"), ["member_id", "asked_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_account_proof_community_id_platform_canonical"),
            ["community_id", "platform", "canonical"],
            unique=False,
        )


def downgrade() -> None:
    op.drop_table("account_proof")
