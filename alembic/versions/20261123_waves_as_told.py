"""Of waves of surveys only what is told is kept: not who drew a slip, nor how many answered where few did."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_waves_as_told"
down_revision = "20261123_digest_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    wave = sa.table("survey_wave", sa.column("id", sa.Uuid()), sa.column("results", kind))
    counted = sa.select(wave.c.id, wave.c.results).where(wave.c.results.is_not(None))
    for id, results in op.get_bind().execute(counted).all():
        told = {name: value for name, value in results.items() if name != "drawn"}
        if told["n"] is not None and told["n"] < told["k"]:
            told |= {"n": None, "response_rate": None}
        op.execute(sa.update(wave).where(wave.c.id == id).values(results=told))


def downgrade() -> None:
    """What was never told is not to be had again; nothing needs it."""
