"""What is known of people: affiliations with dates, who is a minor, when an address last changed."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_people"
down_revision = "6e822b9e3884"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "affiliation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_affiliation_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_affiliation_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    op.create_index(op.f("ix_affiliation_community_id_member_id"), "affiliation", ["community_id", "member_id"])
    # Each member has at most one so far, so their own id will do for its row.
    op.execute(
        "INSERT INTO affiliation (id, community_id, member_id, name, since) "
        "SELECT id, community_id, id, affiliation, joined_at FROM member WHERE affiliation IS NOT NULL"
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minor", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("guardian_agreed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("contact_changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("contact_changed_at")
        batch_op.drop_column("guardian_agreed")
        batch_op.drop_column("minor")
    op.drop_table("affiliation")
