"""The letters that wait to be sent, as they stand before they leave."""

import json
import re

import httpx2
from sqlmodel import col, select

from app.kit.database import read_session
from app.notifications.service import letter_context
from app.notifications.tables import Mail
from app.privacy.asking import answer
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of


def waiting(guild: Guild, to: str) -> list[dict[str, str]]:
    """Those to an address, newest first."""
    runtime = runtime_of(guild)
    with read_session(runtime.engine) as session:
        rows = session.exec(select(Mail).where(col(Mail.sealed).is_not(None)).order_by(col(Mail.id).desc())).all()
        vault = runtime.installation.vault
        opened = [json.loads(vault.open(row.sealed or b"", bound_to=letter_context(row.id))) for row in rows]
    return [letter for letter in opened if letter["to"] == to]


def ask(guild: Guild, email: str) -> httpx2.Response:
    """Asks for the letter about what is kept of whoever has an address; the worker has seen to it when this returns."""
    answered, runtime = guild.post(guild.in_guild("data-requests"), {"email": email}, token=None), runtime_of(guild)
    answer(runtime, runtime.clock())
    return answered


def token_link(guild: Guild, to: str) -> str:
    """The secret in the newest letter by which a member gets a token of their own."""
    found = next(re.search(r"/own-token/(\S+)", letter["body"]) for letter in waiting(guild, to))
    assert found
    return found[1]


def data_link(guild: Guild, to: str) -> str:
    """The secret in the newest letter by which somebody reaches what is kept of them."""
    found = next(re.search(r"/data/(\S+)", letter["body"]) for letter in waiting(guild, to))
    assert found
    return found[1]
