"""Endorsements: who vouches for what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_endorsements"
down_revision = "20261122_causes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "endorsement",
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
        sa.Column(
            "endorser",
            sa.Enum("member", "community", "outsider", name="endorser", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("endorser_key", sa.String(length=80), nullable=False),
        sa.Column("standing", sa.String(length=160), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("signing_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("skills", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "accepted",
                "declined",
                "taken_down",
                "withdrawn",
                "lapsed",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "signed_by", sa.Enum("community", "endorser", name="signer", native_enum=False, length=32), nullable=False
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_endorsement_community_id_community")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_endorsement_member_id_member")),
        sa.ForeignKeyConstraint(["signing_id"], ["community.id"], name=op.f("fk_endorsement_signing_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint("row", name=op.f("uq_endorsement_row")),
        sa.UniqueConstraint("standing", name=op.f("uq_endorsement_standing")),
    )
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endorsement_community_id"), ["community_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_endorsement_endorser_key_offered_at"), ["endorser_key", "offered_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_endorsement_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_endorsement_subject_id_state"), ["subject_id", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endorsement_subject_id_state"))
        batch_op.drop_index(batch_op.f("ix_endorsement_member_id"))
        batch_op.drop_index(batch_op.f("ix_endorsement_endorser_key_offered_at"))
        batch_op.drop_index(batch_op.f("ix_endorsement_community_id"))

    op.drop_table("endorsement")
