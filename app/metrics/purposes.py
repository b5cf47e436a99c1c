"""What stewards may look at single people for."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody looks; they have to say it, and whom they look at is told."""

    nominating = "nominating"
    """Whom to consider nominating."""
    caring = "caring"
    """Who may want help, company or a rest."""
    fairness = "fairness"
    """Whether recognition is shared out fairly, and given in good faith."""
    planning = "planning"
    """What the community lacks, and who could take something over or learn it."""
    asked = "asked"
    """The person asked for it."""
