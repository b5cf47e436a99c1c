"""Letters to addresses of members: the links by which they are proven, and that one is nobody's first here any more.

What they say is said where mails are written; until a letter has left, address and secret are sealed.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.kit import rates
from app.kit.errors import TooMany
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.letters import Letter
from app.members.rules import digest
from app.members.tables import Address, AddressLetter

LINK_LASTS = timedelta(days=3)
DAY = timedelta(days=1)
MOST_BY_MEMBER = 5
MOST_TO_ADDRESS = 3
"""Links within a day, whoever asks for them: nobody's mailbox is filled by people who say that it is theirs."""


class TooManyProofs(TooMany):
    """As many letters have gone out to prove addresses as do in a day."""

    code = "too-many-proofs"
    fix = "Look for the letters that were sent, also among what was taken for spam, or wait until Retry-After."


def ask(session: Session, address: Address, *, at: Installation, on: Occasion) -> None:
    """Has a link sent by which whoever reads mail to this address proves that they do. Those before it stay good."""
    secret = on.ids.secret()
    letter = _letter(address, Letter(_known(address), secret), at=at, on=on)
    letter.digest, letter.ends_at = digest(secret), on.now + LINK_LASTS
    session.add(letter)


def tell(session: Session, address: Address, *, at: Installation, on: Occasion) -> None:
    """Has it told to an address that it is not the first of its member any more."""
    session.add(_letter(address, Letter(_known(address), None), at=at, on=on))


def check_rates(session: Session, address: Address, *, now: datetime) -> None:
    """Whether one more link may be sent; the member's row is locked. Raises `TooManyProofs`."""
    sent = select(AddressLetter.at).where(col(AddressLetter.digest).is_not(None), col(AddressLetter.at) > now - DAY)
    to = (AddressLetter.community_id == address.community_id, AddressLetter.key == address.key)
    for limit, whose in ((MOST_BY_MEMBER, (AddressLetter.member_id == address.member_id,)), (MOST_TO_ADDRESS, to)):
        recent = session.exec(sent.where(*whose).order_by(col(AddressLetter.at).desc()).limit(limit)).all()
        if wait := rates.wait(recent, most=limit, within=DAY, now=now):
            raise TooManyProofs(f"At most {limit} in a day.", retry_after=wait)


def due(session: Session, *, limit: int) -> list[AddressLetter]:
    """Those that have yet to be sent."""
    waiting = select(AddressLetter).where(col(AddressLetter.sealed).is_not(None)).order_by(col(AddressLetter.id))
    return list(session.exec(waiting.limit(limit).with_for_update(skip_locked=True)).all())


def opened(letter: AddressLetter, *, at: Installation) -> Letter:
    """What is to be written. Only of one that is due."""
    return Letter.opened(letter.sealed, at.vault, bound_to=_purpose(letter))


def sent(session: Session, letter: AddressLetter) -> None:
    """Forgets what it held: from now on it is in the letter alone."""
    letter.sealed = None
    session.add(letter)


def _letter(address: Address, letter: Letter, *, at: Installation, on: Occasion) -> AddressLetter:
    assert address.key is not None  # noqa: S101  every address has one from the start on
    row = AddressLetter(
        id=on.ids.row(),
        community_id=address.community_id,
        member_id=address.member_id,
        address_id=address.id,
        key=address.key,
        at=on.now,
    )
    row.sealed = letter.sealed(at.vault, bound_to=_purpose(row))
    return row


def _known(address: Address) -> str:
    assert address.email is not None  # noqa: S101  nobody writes to what was given up
    return address.email


def _purpose(letter: AddressLetter) -> str:
    return f"address-letter/{letter.id}"
