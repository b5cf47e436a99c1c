"""Milestones: what the evidence of a badge says, byte for byte as the badge pins it."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_evidence_texts"
down_revision = "20261122_parked_awards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_text",
        sa.Column("attainment_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attainment_id"], ["attainment.id"], name=op.f("fk_evidence_text_attainment_id_attainment")
        ),
        sa.PrimaryKeyConstraint("attainment_id", name=op.f("pk_evidence_text")),
    )


def downgrade() -> None:
    op.drop_table("evidence_text")
