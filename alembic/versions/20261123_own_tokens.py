"""Who made a token, whether its owner alone has it, and the links by which members get tokens of their own."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "20261123_own_tokens"
down_revision = "20261122_offered_participation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("token") as batch_op:
        batch_op.add_column(sa.Column("made_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("token") as batch_op:
        batch_op.alter_column("own", existing_type=sa.Boolean(), server_default=None)
    _fill_in()
    op.create_table(
        "token_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_token_link_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_token_link_digest")),
    )
    with op.batch_alter_table("token_link") as batch_op:
        batch_op.create_index(batch_op.f("ix_token_link_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("token_link")
    with op.batch_alter_table("token") as batch_op:
        batch_op.drop_column("own")
        batch_op.drop_column("made_by")


def _fill_in() -> None:
    """Journals say who made a token; one whose secret a steward saw is nobody's own."""
    token = sa.table("token", sa.column("id", sa.Uuid()), sa.column("made_by"), sa.column("own", sa.Boolean()))
    event = sa.table("event", sa.column("type"), sa.column("subject"), sa.column("actor"))
    connection = op.get_bind()
    made = connection.execute(sa.select(event.c.subject, event.c.actor).where(event.c.type == "token.created")).all()
    for subject, actor in made:
        values = {"made_by": actor, "own": actor == "admin"}
        connection.execute(sa.update(token).where(token.c.id == UUID(subject)).values(**values))
