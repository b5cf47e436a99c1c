"""The letters to addresses of members, as they stand before they leave."""

from sqlmodel import col, select

from app.kit.database import read_session
from app.members.address_letters import opened
from app.members.letters import Letter
from app.members.tables import AddressLetter
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of


def letters(guild: Guild) -> list[Letter]:
    """Those that have yet to leave, newest first."""
    runtime = runtime_of(guild)
    with read_session(runtime.engine) as session:
        waiting = select(AddressLetter).where(col(AddressLetter.sealed).is_not(None))
        rows = session.exec(waiting.order_by(col(AddressLetter.id).desc())).all()
        return [opened(row, at=runtime.installation) for row in rows]


def address_link(guild: Guild, to: str | None = None) -> str:
    """The secret in the newest letter, or in the newest to this address."""
    return next(letter.secret for letter in letters(guild) if letter.secret and to in {None, letter.to})
