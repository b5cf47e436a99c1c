"""Nominations: who proposes whom, who stands behind it, who weighs it, and what was consented to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_nominations"
down_revision = "20261122_achievement_values"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "never_add",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_never_add")),
    )
    op.create_table(
        "nomination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_version", sa.Integer(), nullable=False),
        sa.Column("nominator_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "seconded",
                "under_review",
                "needs_info",
                "held",
                "approved",
                "not_yet",
                "declined",
                "offered",
                "accepted",
                "issued",
                "refused",
                "withdrawn",
                "expired",
                "merged",
                "appealed",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("narrative", sa.String(), nullable=True),
        sa.Column("narrative_proposed", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("clock_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "held_from",
            sa.Enum(
                "draft",
                "submitted",
                "seconded",
                "under_review",
                "needs_info",
                "held",
                "approved",
                "not_yet",
                "declined",
                "offered",
                "accepted",
                "issued",
                "refused",
                "withdrawn",
                "expired",
                "merged",
                "appealed",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("held_left", sa.Integer(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("panel", sa.Integer(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=True),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name=op.f("fk_nomination_achievement_id_achievement")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_nomination_community_id_community")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["nomination.id"], name=op.f("fk_nomination_merged_into_id_nomination")
        ),
        sa.ForeignKeyConstraint(["nominator_id"], ["member.id"], name=op.f("fk_nomination_nominator_id_member")),
        sa.ForeignKeyConstraint(["previous_id"], ["nomination.id"], name=op.f("fk_nomination_previous_id_nomination")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("row", name=op.f("uq_nomination_row")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_achievement_id"), ["achievement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_deadline"), ["deadline"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_nominator_id"), ["nominator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nomination_remind_at"), ["remind_at"], unique=False)

    op.create_table(
        "nominator_block",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blocked_id"], ["member.id"], name=op.f("fk_nominator_block_blocked_id_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nominator_block_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "blocked_id", name=op.f("pk_nominator_block")),
    )
    op.create_table(
        "evidence_snapshot",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_evidence_snapshot_nomination_id_nomination")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "position", name=op.f("pk_evidence_snapshot")),
    )
    op.create_table(
        "nomination_invitation",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invited_by"], ["member.id"], name=op.f("fk_nomination_invitation_invited_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nomination_invitation_member_id_member")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_invitation_nomination_id_nomination")
        ),
        sa.PrimaryKeyConstraint("nomination_id", "member_id", name=op.f("pk_nomination_invitation")),
    )
    with op.batch_alter_table("nomination_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_invitation_member_id"), ["member_id"], unique=False)

    op.create_table(
        "nomination_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_report_nomination_id_nomination")
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["member.id"], name=op.f("fk_nomination_report_reporter_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_report")),
    )
    with op.batch_alter_table("nomination_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_report_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "open_nomination",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_open_nomination_nomination_id_nomination")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_open_nomination")),
    )
    with op.batch_alter_table("open_nomination", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_nomination_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "reviewer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("panel", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("disclosed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "seat",
            sa.Enum("assigned", "voted", "recused", "replaced", name="seat", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum("approve", "not_yet", "decline", name="verdict", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("rubric", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("feedback", sa.String(), nullable=True),
        sa.Column("checked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_reviewer_member_id_member")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_reviewer_nomination_id_nomination")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint(
            "nomination_id", "panel", "member_id", name=op.f("uq_reviewer_nomination_id_panel_member_id")
        ),
    )
    with op.batch_alter_table("reviewer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviewer_member_id"), ["member_id"], unique=False)

    op.create_table(
        "second",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("affiliation", sa.String(), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_second_member_id_member")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_second_nomination_id_nomination")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second")),
        sa.UniqueConstraint("nomination_id", "member_id", name=op.f("uq_second_nomination_id_member_id")),
    )
    with op.batch_alter_table("second", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_second_member_id"), ["member_id"], unique=False)

    op.create_table(
        "nominee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "seconded",
                "under_review",
                "needs_info",
                "held",
                "approved",
                "not_yet",
                "declined",
                "offered",
                "accepted",
                "issued",
                "refused",
                "withdrawn",
                "expired",
                "merged",
                "appealed",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum("private", "community", "public", name="visibility", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("claim_digest", sa.String(length=64), nullable=True),
        sa.Column("claim_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("claim_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["credential_id"], ["credential.id"], name=op.f("fk_nominee_credential_id_credential")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nominee_member_id_member")),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"], name=op.f("fk_nominee_nomination_id_nomination")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee")),
        sa.UniqueConstraint("claim_digest", name=op.f("uq_nominee_claim_digest")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_nominee_credential_id")),
        sa.UniqueConstraint("nomination_id", "fingerprint", name=op.f("uq_nominee_nomination_id_fingerprint")),
        sa.UniqueConstraint("nomination_id", "member_id", name=op.f("uq_nominee_nomination_id_member_id")),
    )
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nominee_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominee_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "review_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_review_objection_answered_by_member")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_review_objection_nomination_id_nomination")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_review_objection_reviewer_id_reviewer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_objection")),
    )
    with op.batch_alter_table("review_objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_objection_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "review_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_review_question_answered_by_member")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_review_question_nomination_id_nomination")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_review_question_reviewer_id_reviewer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_question")),
    )
    with op.batch_alter_table("review_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_question_nomination_id"), ["nomination_id"], unique=False)

    op.create_table(
        "consent_receipt",
        sa.Column("nominee_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["nominee_id"], ["nominee.id"], name=op.f("fk_consent_receipt_nominee_id_nominee")),
        sa.PrimaryKeyConstraint("nominee_id", name=op.f("pk_consent_receipt")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nomination_id", sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_credential_nomination_id_recipient_id"), ["nomination_id", "recipient_id"]
        )


def downgrade() -> None:

    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_credential_nomination_id_recipient_id"), type_="unique")
        batch_op.drop_column("nomination_id")

    op.drop_table("consent_receipt")
    with op.batch_alter_table("review_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_question_nomination_id"))

    op.drop_table("review_question")
    with op.batch_alter_table("review_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_objection_nomination_id"))

    op.drop_table("review_objection")
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nominee_nomination_id"))
        batch_op.drop_index(batch_op.f("ix_nominee_member_id"))

    op.drop_table("nominee")
    with op.batch_alter_table("second", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_second_member_id"))

    op.drop_table("second")
    with op.batch_alter_table("reviewer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviewer_member_id"))

    op.drop_table("reviewer")
    with op.batch_alter_table("open_nomination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_nomination_nomination_id"))

    op.drop_table("open_nomination")
    with op.batch_alter_table("nomination_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_report_nomination_id"))

    op.drop_table("nomination_report")
    with op.batch_alter_table("nomination_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_invitation_member_id"))

    op.drop_table("nomination_invitation")
    op.drop_table("evidence_snapshot")
    op.drop_table("nominator_block")
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_remind_at"))
        batch_op.drop_index(batch_op.f("ix_nomination_nominator_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_deadline"))
        batch_op.drop_index(batch_op.f("ix_nomination_community_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_achievement_id"))

    op.drop_table("nomination")
    op.drop_table("never_add")
