"""Badges from elsewhere in portfolios."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_imports"
down_revision = "20261122_portfolio_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "imported_badge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage", sa.Enum("waiting", "done", "given_up", name="stage", native_enum=False, length=32), nullable=False
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("credential_key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("standard", sa.String(length=16), nullable=True),
        sa.Column("format", sa.String(length=32), nullable=True),
        sa.Column("container", sa.String(length=8), nullable=True),
        sa.Column("source_url", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("issuer_id", sa.String(), nullable=True),
        sa.Column("issuer_name", sa.String(), nullable=True),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recipient",
            sa.Enum("matched", "unmatched", "cannot_tell", name="match", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("private", "community", "public", name="visibility", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "valid",
                "expired",
                "not_yet_valid",
                "revoked",
                "suspended",
                "forged",
                "not_conformant",
                "wrong_recipient",
                "unknown",
                "not_a_badge",
                name="verdict",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_imported_badge_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_imported_badge_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_badge")),
        sa.UniqueConstraint("member_id", "credential_key", name=op.f("uq_imported_badge_member_id_credential_key")),
        sa.UniqueConstraint("member_id", "sha256", name=op.f("uq_imported_badge_member_id_sha256")),
        sa.UniqueConstraint("row", name=op.f("uq_imported_badge_row")),
    )
    with op.batch_alter_table("imported_badge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_badge_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_badge_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_badge_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_imported_badge_member_id"), ["member_id"], unique=False)

    op.create_table(
        "imported_original",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imported_badge.id"], name=op.f("fk_imported_original_import_id_imported_badge")
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imported_original")),
    )


def downgrade() -> None:
    op.drop_table("imported_original")
    with op.batch_alter_table("imported_badge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_badge_member_id"))
        batch_op.drop_index(batch_op.f("ix_imported_badge_ended_at"))
        batch_op.drop_index(batch_op.f("ix_imported_badge_due_at"))
        batch_op.drop_index(batch_op.f("ix_imported_badge_community_id"))

    op.drop_table("imported_badge")
