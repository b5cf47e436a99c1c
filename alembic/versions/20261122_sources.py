"""Platforms that are listened to, and what they sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_sources"
down_revision = "20261122_milestones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("accounts", sa.String(length=64), nullable=False),
        sa.Column("achievements", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_source_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("row", name=op.f("uq_source_row")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_community_id_row"), ["community_id", "row"], unique=False)

    op.create_table(
        "inbound",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage", sa.Enum("waiting", "done", "given_up", name="stage", native_enum=False, length=32), nullable=False
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("delivery_id", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("drop_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_to", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_inbound_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_inbound_source_id_key")),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbound_drop_at"), ["drop_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_source_id_id"), ["source_id", "id"], unique=False)

    op.create_table(
        "remembered",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("drop_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_remembered_source_id_source")),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_remembered")),
    )
    with op.batch_alter_table("remembered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remembered_drop_at"), ["drop_at"], unique=False)

    op.create_table(
        "word",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_word_source_id_source")),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_word")),
    )
    op.create_table(
        "gathered",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("inbound_id", sa.Uuid(), nullable=False),
        sa.Column("is_end", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_gathered_inbound_id_inbound")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_gathered_source_id_source")),
        sa.PrimaryKeyConstraint("source_id", "key", "inbound_id", name=op.f("pk_gathered")),
    )


def downgrade() -> None:
    op.drop_table("gathered")
    op.drop_table("word")
    with op.batch_alter_table("remembered", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remembered_drop_at"))

    op.drop_table("remembered")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_source_id_id"))
        batch_op.drop_index(batch_op.f("ix_inbound_ended_at"))
        batch_op.drop_index(batch_op.f("ix_inbound_due_at"))
        batch_op.drop_index(batch_op.f("ix_inbound_drop_at"))

    op.drop_table("inbound")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_community_id_row"))

    op.drop_table("source")
