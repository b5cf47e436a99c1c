"""What somebody consented to who was asked about a direct award, word for word."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_award_receipts"
down_revision = "20261123_own_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_receipt",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_award_receipt_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_award_receipt")),
    )


def downgrade() -> None:
    op.drop_table("award_receipt")
