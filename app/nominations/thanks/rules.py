"""Who may thank whom, and how often: pure decisions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.kit import rates
from app.kit.errors import Conflict, Forbidden, TooMany
from app.members.person import Person, Standing, linked
from app.nominations.refusals import BotsMayNot, Departed, LinkedIdentity

MOST, PER = 10, timedelta(seconds=60)
"""So many may be given in so long, as in MediaWiki."""


class SelfThanks(Forbidden):
    """Nobody thanks themself."""

    code = "self-thanks"
    fix = "Thank somebody else."


class ThanksToBot(Forbidden):
    """Bots are not thanked."""

    code = "thanks-to-bot"
    fix = "Thank whoever runs it."


class AlreadyThanked(Conflict):
    """You have thanked this person for this."""

    code = "already-thanked"
    fix = "Thank them for something else: name another url, or say what it is for."


class TooManyThanks(TooMany):
    """You have given as many thanks as one person may give within a minute."""

    code = "too-many-thanks"


def check(giver: Person, receiver: Person) -> None:
    """Raises `SelfThanks`, `LinkedIdentity`, `BotsMayNot`, `ThanksToBot`, `Departed`."""
    if giver.id == receiver.id:
        raise SelfThanks(f"{giver.handle} is you.")
    if linked(giver, receiver):
        raise LinkedIdentity("You and this member are known to be one person.")
    if giver.is_bot:
        raise BotsMayNot(f"{giver.handle} is a bot.")
    if receiver.is_bot:
        raise ThanksToBot(f"{receiver.handle} is a bot.")
    if gone := next((person for person in (giver, receiver) if person.standing is Standing.left), None):
        raise Departed(
            f"{gone.handle} has left the community.", fix="Thank people who are here; GET …/members lists them."
        )


def check_pace(recent: Sequence[datetime], now: datetime) -> None:
    """Whether one more may be given after the `recent` ones. Raises `TooManyThanks`."""
    if wait := rates.wait(recent, most=MOST, within=PER, now=now):
        raise TooManyThanks(f"At most {MOST} within {PER.seconds} seconds.", retry_after=wait)
