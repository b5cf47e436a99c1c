"""Awards of platforms that wait for whoever has the account, or were refused; and by whom each was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_parked_awards"
down_revision = "20261122_intake"
branch_labels = None
depends_on = None

_INDEXED = (["source_id", "state"], ["community_id", "platform", "account"], ["address"])


def upgrade() -> None:
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.add_column(sa.Column("community_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("named", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("state", sa.String(length=32), nullable=False, server_default="awarded"))
        batch_op.add_column(sa.Column("reason", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("platform", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("account", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("asked", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE platform_award SET as_of = asked_at, community_id = "
        "(SELECT community_id FROM source WHERE source.id = platform_award.source_id)"
    )
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        batch_op.alter_column("community_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("as_of", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("named", existing_type=sa.String(length=64), server_default=None)
        batch_op.alter_column("state", existing_type=sa.String(length=32), server_default=None)
        batch_op.alter_column("achievement_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_platform_award_community_id_community"), "community", ["community_id"], ["id"]
        )
        for columns in _INDEXED:
            batch_op.create_index(batch_op.f(f"ix_platform_award_{'_'.join(columns)}"), columns, unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM platform_award WHERE achievement_id IS NULL")
    with op.batch_alter_table("platform_award", schema=None) as batch_op:
        for columns in _INDEXED:
            batch_op.drop_index(batch_op.f(f"ix_platform_award_{'_'.join(columns)}"))
        batch_op.drop_constraint(batch_op.f("fk_platform_award_community_id_community"), type_="foreignkey")
        batch_op.alter_column("achievement_id", existing_type=sa.Uuid(), nullable=False)
        for name in ("community_id", "named", "state", "reason", "as_of", "platform", "account", "address", "asked"):
            batch_op.drop_column(name)
