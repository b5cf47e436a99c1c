"""A portfolio as a VerifiablePresentation (VC Data Model 2.0 §4.13): its holder signs it, or nobody does."""

from collections.abc import Iterator

import badges
from app.credentials.rules import State
from app.portfolio.elsewhere import in_force
from app.portfolio.shelf import Shelf

_ENVELOPE: badges.Document = {
    "@context": badges.ob3.CREDENTIALS_CONTEXT,
    "id": None,
    "type": "EnvelopedVerifiableCredential",
}


def written(shelf: Shelf) -> Iterator[bytes]:
    """The badges in force, unsigned."""
    return of_holder(shelf, None)


def of_holder(shelf: Shelf, holder: str | None) -> Iterator[bytes]:
    """The badges in force, as somebody would sign them who is known by the DID `holder`."""
    head: badges.Document = {"@context": [badges.ob3.CREDENTIALS_CONTEXT], "type": ["VerifiablePresentation"]}
    yield badges.serialize(head | ({"holder": holder} if holder else {}))[:-1].encode()
    between, end = b',"verifiableCredential":[', b"}"
    for text in _credentials(shelf):
        yield between + text.encode()
        between, end = b",", b"]}"
    yield end


def _credentials(shelf: Shelf) -> Iterator[str]:
    """What was signed goes in as it is, not as somebody would write it again; a token in an envelope (§4.12.2)."""
    for entry in shelf.entries():
        if entry.state is State.active:
            yield entry.edition.data_integrity
    for _, text in in_force(shelf):
        yield text if text.startswith("{") else badges.serialize(_ENVELOPE | {"id": f"data:application/vc+jwt,{text}"})
