"""members are told of what concerns them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_notifications"
down_revision = "20261122_tenures"
branch_labels = None
depends_on = None

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def upgrade() -> None:
    op.create_table(
        "journal_reading",
        sa.Column("community", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_journal_reading")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage", sa.Enum("waiting", "done", "given_up", name="stage", native_enum=False, length=32), nullable=False
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_mail_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mail_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index(op.f("ix_mail_due_at"), "mail", ["due_at"])
    op.create_index(op.f("ix_mail_ended_at"), "mail", ["ended_at"])

    op.create_table(
        "notification_choice",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mails", sa.Enum("each", "digest", "off", name="mails", native_enum=False, length=32), nullable=False
        ),
        sa.Column("digest_day", sa.Enum(*DAYS, name="weekday", native_enum=False, length=32), nullable=False),
        sa.Column("muted", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_notification_choice_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_notification_choice")),
    )
    op.create_index(op.f("ix_notification_choice_digest_at"), "notification_choice", ["digest_at"])

    op.create_table(
        "told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_told_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
        sa.UniqueConstraint("member_id", "community_id", "seq", name=op.f("uq_told_member_id_community_id_seq")),
    )
    op.create_index(op.f("ix_told_mail_id"), "told", ["mail_id"])


def downgrade() -> None:
    op.drop_table("told")
    op.drop_table("notification_choice")
    op.drop_table("mail")
    op.drop_table("journal_reading")
