"""Surveys: what is asked, when, and what came of it; while a wave is open, who drew a slip and what was answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_surveys"
down_revision = "20261122_own_hand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qualitative_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("themes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_qualitative_note_community_id_community")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualitative_note")),
    )
    with op.batch_alter_table("qualitative_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_qualitative_note_community_id_id"), ["community_id", "id"], unique=False)

    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_community_id_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_community_id_id"), ["community_id", "id"], unique=False)

    op.create_table(
        "survey_wave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("anniversary_of", sa.Date(), nullable=True),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("by_affiliation", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "open", "closed", "cancelled", name="wavestate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("affiliations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("results", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_wave_community_id_community")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_wave_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_wave")),
    )
    with op.batch_alter_table("survey_wave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_wave_community_id_id"), ["community_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_wave_state_opens_on"), ["state", "opens_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_wave_survey_id_opens_on"), ["survey_id", "opens_on"], unique=False)

    op.create_table(
        "survey_invited",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_survey_invited_member_id_member")),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_invited_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("wave_id", "place", name=op.f("pk_survey_invited")),
        sa.UniqueConstraint("wave_id", "member_id", name=op.f("uq_survey_invited_wave_id_member_id")),
    )
    with op.batch_alter_table("survey_invited", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_invited_member_id"), ["member_id"], unique=False)

    op.create_table(
        "survey_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "quoted", "kept", name="remarkstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("quote", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_remark_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_remark")),
    )
    with op.batch_alter_table("survey_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_remark_wave_id_id"), ["wave_id", "id"], unique=False)

    op.create_table(
        "survey_roll",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("drawn", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_roll_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_survey_roll")),
    )
    op.create_table(
        "survey_spent",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_spent_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("wave_id", "digest", name=op.f("pk_survey_spent")),
    )
    op.create_table(
        "survey_urn",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["survey_wave.id"], name=op.f("fk_survey_urn_wave_id_survey_wave")),
        sa.PrimaryKeyConstraint("wave_id", "part", name=op.f("pk_survey_urn")),
    )


def downgrade() -> None:
    op.drop_table("survey_urn")
    op.drop_table("survey_spent")
    op.drop_table("survey_roll")
    with op.batch_alter_table("survey_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_remark_wave_id_id"))

    op.drop_table("survey_remark")
    with op.batch_alter_table("survey_invited", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_invited_member_id"))

    op.drop_table("survey_invited")
    with op.batch_alter_table("survey_wave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_wave_survey_id_opens_on"))
        batch_op.drop_index(batch_op.f("ix_survey_wave_state_opens_on"))
        batch_op.drop_index(batch_op.f("ix_survey_wave_community_id_id"))

    op.drop_table("survey_wave")
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_community_id_id"))

    op.drop_table("survey")
    with op.batch_alter_table("qualitative_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qualitative_note_community_id_id"))

    op.drop_table("qualitative_note")
