"""Badges from elsewhere, for the formats that show nothing else than what is proven and the member's."""

from collections.abc import Iterator
from typing import NamedTuple

import badges
from app.portfolio.import_rules import is_genuine
from app.portfolio.shelf import Shelf
from app.portfolio.tables import ImportedBadge

_VERIFIABLE = frozenset({"data-integrity", "vc-jwt"})
"""Formats of Open Badges 3.0, whose badges are verifiable credentials."""


class Signed(NamedTuple):
    """A badge from elsewhere, and what its issuer signed."""

    badge: ImportedBadge
    text: str
    """JSON, or a compact JWS; as it lay in a picture, if it came in one."""


def genuine(shelf: Shelf) -> Iterator[ImportedBadge]:
    """Those that are proven and the member's; its owner has others on the shelf, too."""
    return (badge for badge in shelf.imports() if is_genuine(badge.verdict, badge.recipient))


def in_force(shelf: Shelf) -> Iterator[Signed]:
    """Of these, the verifiable credentials that stood when they were last looked at and have not ended since."""
    for badge in genuine(shelf):
        ended = badge.valid_until is not None and badge.valid_until <= shelf.made_at
        if badge.verdict is badges.Verdict.valid and badge.format in _VERIFIABLE and not ended:
            original = shelf.original(badge)
            if original is not None:
                yield Signed(badge, badges.signed_text(original))
