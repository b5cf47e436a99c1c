"""What stewards are told of a period in private, whom it names, and who looked at whom, and what for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_looks"
down_revision = "20261122_participation"
branch_labels = None
depends_on = None

KINDS = (
    "unsung",
    "circle",
    "quick_pair",
    "burst",
    "nobody_new",
    "leans_on_one",
    "dominant_affiliation",
    "unserved",
)
PURPOSES = ("nominating", "caring", "fairness", "planning", "asked")


def upgrade() -> None:
    op.create_table(
        "steward_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="promptkind", native_enum=False, length=32), nullable=False),
        sa.Column(
            "values",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_steward_note_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steward_note")),
    )
    op.create_index(op.f("ix_steward_note_community_id_period_id"), "steward_note", ["community_id", "period", "id"])
    op.create_table(
        "named_in_note",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_named_in_note_member_id_member")),
        sa.ForeignKeyConstraint(["note_id"], ["steward_note.id"], name=op.f("fk_named_in_note_note_id_steward_note")),
        sa.PrimaryKeyConstraint("note_id", "place", name=op.f("pk_named_in_note")),
    )
    op.create_index(op.f("ix_named_in_note_member_id"), "named_in_note", ["member_id"])
    op.create_table(
        "steward_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.Enum(*PURPOSES, name="purpose", native_enum=False, length=32), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="promptkind", native_enum=False, length=32), nullable=True),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_steward_look_community_id_community")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_steward_look_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steward_look")),
    )
    op.create_index(op.f("ix_steward_look_member_id"), "steward_look", ["member_id"])


def downgrade() -> None:
    op.drop_table("steward_look")
    op.drop_table("named_in_note")
    op.drop_table("steward_note")
