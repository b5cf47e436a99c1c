"""Rows: charts that were drawn."""

from datetime import datetime

from sqlmodel import Field

from app.kit.database import Row


class Drawing(Row, table=True):
    """A drawing, kept by what it depends on. No name of anybody, and no word of a story, is in a picture."""

    __tablename__ = "chart_drawing"

    chart: str = Field(primary_key=True, max_length=64)
    """The digest of the chart."""
    svg: str
    """Empty where it could not be drawn."""
    drawn_at: datetime = Field(index=True)
