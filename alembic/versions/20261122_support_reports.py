"""Reports: the case for support of each period."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_support_reports"
down_revision = "20261122_digest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_support_report_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_report")),
        sa.UniqueConstraint("community_id", "period", name=op.f("uq_support_report_community_id_period")),
        sa.UniqueConstraint("row", name=op.f("uq_support_report_row")),
    )
    with op.batch_alter_table("support_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_report_community_id_row"), ["community_id", "row"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("support_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_report_community_id_row"))

    op.drop_table("support_report")
