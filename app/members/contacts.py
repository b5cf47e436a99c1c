"""How somebody is reached of whom there is an address alone, and the link in a letter to them, sealed while kept."""

import json
from dataclasses import dataclass

from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.rules import digest


@dataclass(frozen=True)
class Contact:
    """How somebody is reached who was named by an address."""

    email: str
    name: str | None


def sealed(contact: Contact, *, bound_to: str, at: Installation) -> bytes:
    """An address as it is kept, `bound_to` one row."""
    text = json.dumps({"email": contact.email, "name": contact.name})
    return at.vault.seal(text.encode(), bound_to=bound_to)


def opened(kept: bytes | None, *, bound_to: str, at: Installation) -> Contact | None:
    """The address again; None where nothing is kept any more."""
    if kept is None:
        return None
    said = json.loads(at.vault.open(kept, bound_to=bound_to))
    return Contact(said["email"], said["name"])


def new_link(*, bound_to: str, at: Installation, on: Occasion) -> tuple[str, bytes]:
    """The secret of a single-use link: its digest, by which it is found again, and itself until its letter has left."""
    secret = on.ids.secret()
    return digest(secret), at.vault.seal(secret.encode(), bound_to=bound_to)


def letter(
    contact: Contact | None, link: bytes | None, *, bound_to: str, at: Installation
) -> tuple[Contact, str] | None:
    """To whom, and the secret of the link; None where either is kept no more."""
    if contact is None or link is None:
        return None
    return contact, at.vault.open(link, bound_to=bound_to).decode()
