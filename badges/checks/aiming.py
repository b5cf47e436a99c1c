"""What the endorsements in a badge are about: the badge, its achievement, a profile in it, or something else.

They are there "to make specific claims about the credential, and the achievement and profiles in the credential" (OB
3.0 Appendix B, OpenBadgeCredential), or about an endorsement of these. That the badge has the id of something else in
it proves nothing: anybody can write down what somebody else was praised for. Nor does it that others praise the same.
"""

from collections.abc import Callable, Set
from enum import Enum, auto

from badges.checks.following import is_at_home
from badges.checks.vouching import Embedded, Shown
from badges.controllers import did_web_url
from badges.documents import id_of
from badges.errors import NotConformant


class Aim(Enum):
    """Whether what an endorsement is about is in the badge."""

    met = auto()
    """It is the credential, what that awards, somebody who has a part in it, or a proven endorsement of these."""
    aside = auto()
    """The badge names it, but as something else; or an endorsement that nobody proved."""
    unsure = auto()
    """Another endorsement goes by that id, and it cannot be told that it is not somebody else's id."""
    missed = auto()
    """It is nothing in the badge."""


def aims(shown: Shown, proven: Set[str]) -> dict[str, Aim]:
    """What each endorsement, by its pointer, is about; `proven` are the pointers of those whose own proof holds.

    Two that are about each other are about nothing. What is in an endorsement may be endorsed inside it.
    """

    # (1) What is in the badge and may be endorsed; and an endorsement that is, if its endorser did give it that id.
    def is_met(inner: Embedded, outer: Embedded) -> bool:
        if outer.pointer not in proven:
            return False
        is_inside = outer in inner.around and inner.about in outer.named.things
        return is_inside or (_is_about(inner, outer) and _is_its_own_id(outer, inner))

    # (2) What the badge names otherwise; and what an endorsement says that is not proven, or not yet. To call that
    # misdirected would leave it to an endorser, who may be silent, to undo somebody else's badge.
    def is_aside(inner: Embedded, outer: Embedded) -> bool:
        is_named = inner.about in outer.named.things or inner.about in outer.named.beside
        is_inside = outer in inner.around and is_named
        return is_inside or (_is_about(inner, outer) and _is_its_own_id(outer, inner))

    # (3) What may be an endorsement in the badge, or may be what somebody else calls by that id.
    named, passed_over = shown.named, shown.passed_over
    met = _reached(shown, named.things, is_met)
    aside = _reached(shown, named.things | named.beside, is_aside)
    unsure = _reached(shown, named.things | named.beside | passed_over, lambda *two: is_aside(*two) or _is_about(*two))
    order = ((Aim.met, met), (Aim.aside, aside), (Aim.unsure, unsure))
    return {
        each.pointer: next((aim for aim, reached in order if each.pointer in reached), Aim.missed)
        for each in shown.endorsements
    }


def _reached(shown: Shown, ids: Set[str], lends: Callable[[Embedded, Embedded], bool]) -> Set[str]:
    """The pointers of those that are about one of the `ids`, or about what one that is `lends` to them."""
    reached: dict[str, Embedded] = {}
    waiting = shown.endorsements
    while waiting:
        known = [each for each in waiting if each.about in ids or any(lends(each, other) for other in reached.values())]
        if not known:
            break
        reached |= {each.pointer: each for each in known}
        waiting = [each for each in waiting if each.pointer not in reached]
    return reached.keys()


def _is_about(inner: Embedded, outer: Embedded) -> bool:
    return inner.about is not None and inner.about == id_of(outer.document)


def _is_its_own_id(endorsement: Embedded, other: Embedded) -> bool:
    """Whether the id of an endorsement is its endorser's to give: it is of the endorser's site, or whoever speaks about
    it is the same endorser, who knows what is called so.
    """
    endorser = id_of(endorsement.document.get("issuer")) or ""
    try:
        site = did_web_url(endorser) if endorser.startswith("did:web:") else endorser
    except NotConformant:
        return False
    is_of_the_site = is_at_home(id_of(endorsement.document) or "", site)
    return is_of_the_site or (endorser != "" and endorser == id_of(other.document.get("issuer")))
