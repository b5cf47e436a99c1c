"""Requests for endorsements."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_requests"
down_revision = "20261122_presentations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "endorsement_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("credential", "achievement", "issuer", name="subject", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=True),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("standing", sa.String(length=160), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "answered", "declined", "withdrawn", "lapsed", name="requeststate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsement_id", sa.Uuid(), nullable=True),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("link_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], name=op.f("fk_endorsement_request_asker_id_member")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_endorsement_request_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_endorsement_request_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement_request")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_endorsement_request_link_digest")),
        sa.UniqueConstraint("row", name=op.f("uq_endorsement_request_row")),
        sa.UniqueConstraint("standing", name=op.f("uq_endorsement_request_standing")),
    )
    with op.batch_alter_table("endorsement_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_endorsement_request_asker_id_asked_at"), ["asker_id", "asked_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_endorsement_request_community_id_fingerprint"), ["community_id", "fingerprint"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_endorsement_request_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_endorsement_request_remind_at"), ["remind_at"], unique=False)
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watch_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_endorsement_watch_at"), ["watch_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endorsement_watch_at"))
        batch_op.drop_column("watch_at")
    with op.batch_alter_table("endorsement_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endorsement_request_remind_at"))
        batch_op.drop_index(batch_op.f("ix_endorsement_request_member_id"))
        batch_op.drop_index(batch_op.f("ix_endorsement_request_community_id_fingerprint"))
        batch_op.drop_index(batch_op.f("ix_endorsement_request_asker_id_asked_at"))

    op.drop_table("endorsement_request")
