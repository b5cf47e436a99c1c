"""By what the address of a member is found again, and who was nominated by an address."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_addresses"
down_revision = "20261122_offered_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address_key", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_member_community_id_address_key"), ["community_id", "address_key"])
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_address", sa.Boolean(), nullable=False, server_default=sa.false()))
    nominee = sa.table("nominee", sa.column("by_address", sa.Boolean()), sa.column("member_id", sa.Uuid()))
    op.execute(nominee.update().where(nominee.c.member_id.is_(None)).values(by_address=True))
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.alter_column("by_address", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_column("by_address")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_community_id_address_key"))
        batch_op.drop_column("address_key")
