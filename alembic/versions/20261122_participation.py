"""What somebody took part in, signed, as their badge rests on it; the journal is found by what it tells of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_participation"
down_revision = "20261122_support_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participation_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_participation_snapshot_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation_snapshot")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_participation_snapshot_credential_id")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("participation", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )
    op.create_index(op.f("ix_event_subject"), "event", ["subject"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_event_subject"), table_name="event")
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.drop_column("participation")
    op.drop_table("participation_snapshot")
