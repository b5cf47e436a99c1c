"""Who may do what with a source: nobody has a platform do what they may not do themselves."""

from app.kit.errors import Forbidden
from app.members.auth import Caller
from app.members.rules import Scope
from app.sources.tables import Source


def check_policy(caller: Caller, *, awards: bool, vouches: bool) -> None:
    """Whoever lets a platform report, or award, has to be somebody who may do so. Raises `Forbidden`."""
    needed = {Scope.contributions_write}
    needed |= ({Scope.awards_write} if awards else set()) | ({Scope.awards_consented} if vouches else set())
    for scope in sorted(needed - caller.scopes):
        raise Forbidden(f"To let it do this needs a token with the scope {scope}.", scope=scope.value)


def keeps(caller: Caller, source: Source) -> bool:
    """Whether a source is theirs to look after: as stewards, or as who added it."""
    return caller.stewards(source.community_id) or caller.actor == source.added_by


def check_keeper(caller: Caller, source: Source) -> None:
    """Whoever has a source's secret speaks for it, and whoever says what counts of it reports and awards by it.

    So that is for stewards and for who added it, and takes the scopes that adding it takes. Raises `Forbidden`.
    """
    if not keeps(caller, source):
        raise Forbidden("A source is looked after by stewards, and by who added it.")
    check_policy(caller, awards=bool(source.achievements), vouches=source.vouches)
