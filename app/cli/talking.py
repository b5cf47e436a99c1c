"""How a command ends, and what it says besides its data."""

import sys
from enum import IntEnum

from app.kit.wording import visible


class Status(IntEnum):
    """Exit statuses. The first three are verdicts and nothing else; the others are those of sysexits.h."""

    verified = 0
    not_verified = 1
    could_not_tell = 2
    wrong_usage = 64
    unusable_data = 65
    no_input = 66
    refused = 69
    wrong_settings = 78


class Unread(Exception):
    """A file that cannot be read. Says which, and why."""


def say(text: str) -> None:
    """Talks to whoever typed the command."""
    print(visible(text), file=sys.stderr)
