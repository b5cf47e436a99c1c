"""How much of a kind of work one verification may take, whatever is inside what."""


class Allowance:
    """A number of things that is used up, so that badges within badges cannot multiply the work."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, wanted: int) -> int:
        """How many of as many as are `wanted` may be looked at."""
        granted = min(wanted, self._left)
        self._left -= granted
        return granted
