"""A portfolio as a VerifiablePresentation (VC Data Model 2.0 §4.13): its holder signs it, or nobody does."""

from collections.abc import Iterator

import badges
from app.credentials.rules import State
from app.portfolio.shelf import Shelf


def written(shelf: Shelf) -> Iterator[bytes]:
    """The badges in force, unsigned."""
    return of_holder(shelf, None)


def of_holder(shelf: Shelf, holder: str | None) -> Iterator[bytes]:
    """The badges in force, as somebody would sign them who is known by the DID `holder`."""
    head: badges.Document = {"@context": [badges.ob3.CREDENTIALS_CONTEXT], "type": ["VerifiablePresentation"]}
    yield badges.serialize(head | ({"holder": holder} if holder else {}))[:-1].encode()
    between, end = b',"verifiableCredential":[', b"}"
    for entry in shelf.entries():
        if entry.state is State.active:
            # What was signed goes in as it is, not as somebody would write it again.
            yield between + entry.edition.data_integrity.encode()
            between, end = b",", b"]}"
    yield end
