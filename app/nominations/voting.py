"""How single verdicts become a decision. Plain values, no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.nominations.tables import Verdict


@dataclass(frozen=True)
class Vote:
    """What one seat of a panel says so far."""

    verdict: Verdict | None
    objects: bool = False
    """Whether they object, and nobody has answered that yet."""


def outcome(votes: Sequence[Vote], *, size: int, quorum: int) -> Verdict | None:
    """What a panel of `size` seats has decided; None while it can still go either way.

    It approves with as many approvals as the quorum, unless an objection is open. Once so many cannot come any more it
    says `decline` if most of those against it do, and else `not_yet`, also where they are even.
    """
    given = [vote.verdict for vote in votes if vote.verdict is not None]
    approvals = given.count(Verdict.approve)
    if approvals >= quorum:
        return Verdict.approve if outvoted(votes, size=size) else None
    if approvals + size - len(given) >= quorum:
        return None
    return Verdict.decline if given.count(Verdict.decline) > given.count(Verdict.not_yet) else Verdict.not_yet


def outvoted(votes: Sequence[Vote], *, size: int) -> bool:
    """Whether no objection is open, or two thirds of the panel without the objectors approve all the same."""
    objectors = sum(vote.objects for vote in votes)
    others = sum(vote.verdict is Verdict.approve and not vote.objects for vote in votes)
    return objectors == 0 or (size > objectors and 3 * others >= 2 * (size - objectors))
