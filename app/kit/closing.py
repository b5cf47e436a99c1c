"""What has come to its end takes nothing new: which types of events those are, whoever closes a journal says."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from app.kit.errors import Conflict


class CommunityArchived(Conflict):
    """This community has come to its end: what there is stays, and nothing new begins."""

    code = "community-archived"
    fix = "Read, verify and take along whatever you like. The installation's admin can reopen it: POST …/reopen."


def refuse(closed_to: str, types: Iterable[str]) -> None:
    """Raises `CommunityArchived` where one of these types fits a pattern of `closed_to`."""
    patterns = closed_to.split()
    for type in types:
        if any(fnmatchcase(type, pattern) for pattern in patterns):
            raise CommunityArchived(f"In an archived community there is no {type}.")
