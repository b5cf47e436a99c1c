"""Status entries of whatever is signed, and endorsements as they were signed."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_endorsed"
down_revision = "20261122_addresses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("status_entry", schema=None) as batch_op:
        batch_op.drop_constraint("fk_status_entry_credential_id_credential", type_="foreignkey")
        batch_op.drop_constraint("uq_status_entry_credential_id", type_="unique")
        batch_op.alter_column("credential_id", new_column_name="holder_id", existing_type=sa.Uuid())
    with op.batch_alter_table("status_entry", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_status_entry_holder_id", ["holder_id"])
    op.create_table(
        "signed_endorsement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("data_integrity", sa.String(), nullable=True),
        sa.Column("vc_jwt", sa.String(), nullable=True),
        sa.Column("ob2_hosted", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_endorsement")),
    )
    op.create_index(op.f("ix_signed_endorsement_about"), "signed_endorsement", ["about"])


def downgrade() -> None:
    op.drop_index(op.f("ix_signed_endorsement_about"), table_name="signed_endorsement")
    op.drop_table("signed_endorsement")
    credentials = sa.table("credential", sa.column("id", sa.Uuid()))
    entries = sa.table("status_entry", sa.column("holder_id", sa.Uuid()))
    op.execute(entries.delete().where(entries.c.holder_id.not_in(sa.select(credentials.c.id))))
    with op.batch_alter_table("status_entry", schema=None) as batch_op:
        batch_op.drop_constraint("uq_status_entry_holder_id", type_="unique")
        batch_op.alter_column("holder_id", new_column_name="credential_id", existing_type=sa.Uuid())
    with op.batch_alter_table("status_entry", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_status_entry_credential_id", ["credential_id"])
        batch_op.create_foreign_key("fk_status_entry_credential_id_credential", "credential", ["credential_id"], ["id"])
