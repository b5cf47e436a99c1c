"""What several doors of this floor take."""

from typing import Annotated

from pydantic import StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9_.:-]{0,62}[a-z0-9])?$")]
"""A word that a community chooses for a kind of thing: 1 to 64 of a to z, 0 to 9, and `_`, `.`, `:`, `-` between."""

Named = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""A member, by handle or id."""
