"""What members got out of it, in their own words."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_stories"
down_revision = "20261122_phases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("cycles", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("what_happened", sa.String(), nullable=True),
        sa.Column("what_i_got", sa.String(), nullable=True),
        sa.Column("applied_where", sa.String(), nullable=True),
        sa.Column("difference", sa.String(), nullable=True),
        sa.Column("reframed_what", sa.String(), nullable=True),
        sa.Column("strategic", sa.String(), nullable=True),
        sa.Column("enabling", sa.String(), nullable=True),
        sa.Column(
            "audience",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_story_author_id_member")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_story_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("row", name=op.f("uq_story_row")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_community_id_row"), ["community_id", "row"], unique=False)

    op.create_table(
        "story_link",
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=True),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("to_story_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END + CASE WHEN credential_id IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN to_story_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_story_link_names_one"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_story_link_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_story_link_credential_id_credential")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_link_story_id_story")),
        sa.ForeignKeyConstraint(["to_story_id"], ["story.id"], name=op.f("fk_story_link_to_story_id_story")),
        sa.PrimaryKeyConstraint("story_id", "position", name=op.f("pk_story_link")),
        sa.UniqueConstraint("story_id", "contribution_id", name=op.f("uq_story_link_story_id_contribution_id")),
        sa.UniqueConstraint("story_id", "credential_id", name=op.f("uq_story_link_story_id_credential_id")),
        sa.UniqueConstraint("story_id", "to_story_id", name=op.f("uq_story_link_story_id_to_story_id")),
    )
    with op.batch_alter_table("story_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_link_contribution_id"), ["contribution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_link_credential_id"), ["credential_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_link_to_story_id"), ["to_story_id"], unique=False)
    op.create_table(
        "artefact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("licence", sa.String(length=100), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("added_by", sa.String(length=500), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "review",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("reviewed_by", sa.String(length=500), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.String(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_artefact_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact")),
    )
    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artefact_community_id_id"), ["community_id", "id"], unique=False)

    op.create_table(
        "artefact_base",
        sa.Column("artefact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.CheckConstraint("(base_id IS NULL) <> (url IS NULL)", name=op.f("ck_artefact_base_names_one")),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_artefact_base_artefact_id_artefact")),
        sa.ForeignKeyConstraint(["base_id"], ["artefact.id"], name=op.f("fk_artefact_base_base_id_artefact")),
        sa.PrimaryKeyConstraint("artefact_id", "position", name=op.f("pk_artefact_base")),
    )
    with op.batch_alter_table("artefact_base", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artefact_base_base_id"), ["base_id"], unique=False)

    op.create_table(
        "artefact_contributor",
        sa.Column("artefact_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["artefact_id"], ["artefact.id"], name=op.f("fk_artefact_contributor_artefact_id_artefact")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_artefact_contributor_member_id_member")),
        sa.PrimaryKeyConstraint("artefact_id", "position", name=op.f("pk_artefact_contributor")),
        sa.UniqueConstraint(
            "artefact_id", "member_id", "role", name=op.f("uq_artefact_contributor_artefact_id_member_id_role")
        ),
    )
    with op.batch_alter_table("artefact_contributor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_artefact_contributor_member_id"), ["member_id"], unique=False)

    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer_url", sa.String(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("captured_by", sa.Uuid(), nullable=True),
        sa.Column("capture_url", sa.String(), nullable=True),
        sa.Column("capture_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["contribution.id"], name=op.f("fk_need_answer_id_contribution")),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_need_answered_by_member")),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], name=op.f("fk_need_asker_id_member")),
        sa.ForeignKeyConstraint(["capture_id"], ["contribution.id"], name=op.f("fk_need_capture_id_contribution")),
        sa.ForeignKeyConstraint(["captured_by"], ["member.id"], name=op.f("fk_need_captured_by_member")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_need_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_answered_by"), ["answered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_captured_by"), ["captured_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_need_community_id_state_id"), ["community_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_need_community_id_votes_id"), ["community_id", "votes", "id"], unique=False
        )

    op.create_table(
        "need_vote",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_need_vote_member_id_member")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_vote_need_id_need")),
        sa.PrimaryKeyConstraint("need_id", "member_id", name=op.f("pk_need_vote")),
    )
    with op.batch_alter_table("need_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_vote_member_id"), ["member_id"], unique=False)

    op.create_table(
        "uptake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=True),
        sa.Column("taker", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column(
            "place_kind",
            sa.String(length=32),
            nullable=False,
        ),
        sa.Column("place_community_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("organisational_change", sa.String(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=True),
        sa.Column("contribution_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_url", sa.String(), nullable=True),
        sa.Column("evidence_digest", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.String(length=500), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_uptake_community_id_community")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_uptake_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["place_community_id"], ["community.id"], name=op.f("fk_uptake_place_community_id_community")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_uptake_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uptake")),
    )
    with op.batch_alter_table("uptake", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_uptake_community_id_happened_at"), ["community_id", "happened_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_uptake_community_id_id"), ["community_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_uptake_place_community_id"), ["place_community_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("uptake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uptake_place_community_id"))
        batch_op.drop_index(batch_op.f("ix_uptake_community_id_id"))
        batch_op.drop_index(batch_op.f("ix_uptake_community_id_happened_at"))

    op.drop_table("uptake")
    with op.batch_alter_table("need_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_vote_member_id"))

    op.drop_table("need_vote")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_community_id_votes_id"))
        batch_op.drop_index(batch_op.f("ix_need_community_id_state_id"))
        batch_op.drop_index(batch_op.f("ix_need_captured_by"))
        batch_op.drop_index(batch_op.f("ix_need_asker_id"))
        batch_op.drop_index(batch_op.f("ix_need_answered_by"))

    op.drop_table("need")
    with op.batch_alter_table("artefact_contributor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artefact_contributor_member_id"))

    op.drop_table("artefact_contributor")
    with op.batch_alter_table("artefact_base", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artefact_base_base_id"))

    op.drop_table("artefact_base")
    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artefact_community_id_id"))

    op.drop_table("artefact")
    with op.batch_alter_table("story_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_link_to_story_id"))
        batch_op.drop_index(batch_op.f("ix_story_link_credential_id"))
        batch_op.drop_index(batch_op.f("ix_story_link_contribution_id"))

    op.drop_table("story_link")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_community_id_row"))
        batch_op.drop_index(batch_op.f("ix_story_author_id"))

    op.drop_table("story")
