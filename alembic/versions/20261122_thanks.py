"""Thanks, and the nominations that they suggest."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_thanks"
down_revision = "20261122_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thanks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_type", sa.String(length=64), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_in", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_thanks_community_id_community")),
        sa.ForeignKeyConstraint(["counted_in"], ["thanks.id"], name=op.f("fk_thanks_counted_in_thanks")),
        sa.ForeignKeyConstraint(["giver_id"], ["member.id"], name=op.f("fk_thanks_giver_id_member")),
        sa.ForeignKeyConstraint(["receiver_id"], ["member.id"], name=op.f("fk_thanks_receiver_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("giver_id", "receiver_id", "about", name=op.f("uq_thanks_giver_id_receiver_id_about")),
    )
    op.create_index(op.f("ix_thanks_community_id"), "thanks", ["community_id"])
    op.create_index(op.f("ix_thanks_counted_in"), "thanks", ["counted_in"])
    op.create_index(op.f("ix_thanks_receiver_id"), "thanks", ["receiver_id"])
    op.create_table(
        "nomination_suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thanks_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("nominee_id", sa.Uuid(), nullable=False),
        sa.Column("contribution_type", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nomination_suggestion_member_id_member")),
        sa.ForeignKeyConstraint(["nominee_id"], ["member.id"], name=op.f("fk_nomination_suggestion_nominee_id_member")),
        sa.ForeignKeyConstraint(["thanks_id"], ["thanks.id"], name=op.f("fk_nomination_suggestion_thanks_id_thanks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_suggestion")),
        sa.UniqueConstraint("thanks_id", "member_id", name=op.f("uq_nomination_suggestion_thanks_id_member_id")),
    )
    op.create_index(op.f("ix_nomination_suggestion_member_id"), "nomination_suggestion", ["member_id"])


def downgrade() -> None:
    op.drop_table("nomination_suggestion")
    op.drop_table("thanks")
