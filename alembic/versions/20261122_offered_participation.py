"""What people took part in, and have not agreed to have told, is found without reading what is signed."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_offered_participation"
down_revision = "20261122_inside_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_participation_snapshot_unsigned",
        "participation_snapshot",
        ["credential_id"],
        sqlite_where=sa.text("token IS NULL"),
        postgresql_where=sa.text("token IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_participation_snapshot_unsigned", table_name="participation_snapshot")
