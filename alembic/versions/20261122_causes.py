"""Why a credential was revoked, in a word."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_causes"
down_revision = "20261122_endorsed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cause",
                sa.Enum("mistaken", "untrue", "purchased", name="cause", native_enum=False, length=32),
                nullable=True,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_column("cause")
