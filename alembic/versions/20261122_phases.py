"""How communities begin and end, and who would come to one."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_phases"
down_revision = "20261122_charters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_interest_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_interest_community_id_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_interest_digest")),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_community_id_at"), ["community_id", "at"], unique=False)

    with op.batch_alter_table("chain", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_to", sa.String(), nullable=True))

    with op.batch_alter_table("community", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "phase",
                sa.String(length=32),
                server_default="active",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("community", schema=None) as batch_op:
        batch_op.drop_column("archived_at")
        batch_op.drop_column("ends_at")
        batch_op.drop_column("launched_at")
        batch_op.drop_column("phase")

    with op.batch_alter_table("chain", schema=None) as batch_op:
        batch_op.drop_column("closed_to")
        batch_op.drop_column("closes_at")

    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_community_id_at"))

    op.drop_table("interest")
