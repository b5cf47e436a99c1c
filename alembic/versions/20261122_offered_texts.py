"""What each nominee is asked to consent to, word for word, from the offer on."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_offered_texts"
down_revision = "20261122_reoffers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered_text", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("offered_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("offered_version", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_column("offered_version")
        batch_op.drop_column("offered_digest")
        batch_op.drop_column("offered_text")
