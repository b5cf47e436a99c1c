"""Who agrees to be named among those who joined."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_introduction"
down_revision = "20261122_farewells"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "introduction",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_introduction_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_introduction")),
    )


def downgrade() -> None:
    op.drop_table("introduction")
