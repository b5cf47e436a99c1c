"""Awards that platforms ask for."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_platform_awards"
down_revision = "20261122_rule_sets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_platform_award_achievement_id_achievement")
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_platform_award_credential_id_credential")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_platform_award_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_award")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_platform_award_source_id_key")),
    )
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_platform_award_source_id_external_id"), ["source_id", "external_id"], unique=False
        )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vouches", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.alter_column("vouches", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("vouches")
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_platform_award_source_id_external_id"))

    op.drop_table("platform_award")
