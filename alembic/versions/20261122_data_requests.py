"""Who asks for what is kept of somebody who has left, until a job has found out whose address it is."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_data_requests"
down_revision = "20261122_platform_awards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_data_request_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    op.create_index(op.f("ix_data_request_community_id"), "data_request", ["community_id"])


def downgrade() -> None:
    op.drop_table("data_request")
