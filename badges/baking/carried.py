"""What a picture carries, of whichever kind it is."""

from typing import NamedTuple


class Carried(NamedTuple):
    """A badge's text as it lay in a picture."""

    text: str
    is_compressed: bool = False
    """Whether it was compressed, which the standards forbid and some bakers do."""
