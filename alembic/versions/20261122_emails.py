"""Several addresses of a member, each proven or stated, and the letters that prove them."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_emails"
down_revision = "20261122_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("written", sa.String(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_member_address_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_address_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_address")),
        sa.UniqueConstraint("member_id", "email", name=op.f("uq_member_address_member_id_email")),
    )
    op.create_index(op.f("ix_member_address_community_id_key"), "member_address", ["community_id", "key"])
    op.create_index(
        "uq_member_address_valid",
        "member_address",
        ["community_id", "email"],
        unique=True,
        sqlite_where=sa.text("valid_since IS NOT NULL"),
        postgresql_where=sa.text("valid_since IS NOT NULL"),
    )
    op.create_table(
        "address_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_address_letter_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_address_letter_member_id_member")),
        sa.ForeignKeyConstraint(
            ["address_id"], ["member_address.id"], name=op.f("fk_address_letter_address_id_member_address")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_letter")),
        sa.UniqueConstraint("digest", name=op.f("uq_address_letter_digest")),
    )
    op.create_index(op.f("ix_address_letter_address_id"), "address_letter", ["address_id"])
    op.create_index(op.f("ix_address_letter_community_id_key_at"), "address_letter", ["community_id", "key", "at"])
    op.create_index(op.f("ix_address_letter_member_id_at"), "address_letter", ["member_id", "at"])
    # Each has been its member's all along; an address has the id of its member then, being the only one.
    op.execute(
        "INSERT INTO member_address (id, community_id, member_id, email, written, key, added_at, valid_since)"
        " SELECT id, community_id, id, email, email, address_key, joined_at, joined_at FROM member"
        " WHERE email IS NOT NULL"
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_community_id_address_key"))
        batch_op.drop_column("address_key")


def downgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address_key", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_member_community_id_address_key"), ["community_id", "address_key"])
    op.drop_table("address_letter")
    op.drop_table("member_address")
