"""A copy beside the document itself: what it says that is not said there (OB 2.0 §HostedBadge)."""

from collections.abc import Iterator
from typing import Any

from badges.checks.following import Links
from badges.documents import Document, as_list, id_of, instant, pointer_to
from badges.errors import NotConformant

_NOT_SAID: tuple[Any, ...] = (None, False, "", [], {})


def unsaid(copy: Document, links: Links) -> list[str]:
    """Pointers to what a copy of an assertion (or Endorsement) says, besides its id, and its issuer does not say.

    BadgeClass and issuer may stand in the copy as objects where the assertion has links: they are to be what their own
    addresses answered, or what the issuer put into the assertion.
    """
    linked = {"badge": _badge_classes, "issuer": _profiles}
    plain = {name: value for name, value in copy.items() if name != "id" and name not in linked}
    found = list(differences(plain, links.assertion))
    for name, versions in linked.items():
        if copy.get(name) is not None:
            said = versions(copy[name], links.assertion.get(name), links)
            differing = [list(differences(copy[name], each, f"/{name}")) for each in said]
            found += [] if [] in differing else differing[-1]
    return found


def _badge_classes(copy: Any, given: Any, links: Links) -> Iterator[Any]:
    """A BadgeClass as it stands in the assertion, and as its own address answers; each with its issuer in full."""
    yield given
    for badge_class in (given, _by_name_of(copy, links.badge_class, id_of(given))):
        if isinstance(badge_class, dict) and isinstance(copy, dict):
            for profile in _profiles(copy.get("issuer"), badge_class.get("issuer"), links):
                yield badge_class | {"issuer": profile}


def _profiles(copy: Any, given: Any, links: Links) -> Iterator[Any]:
    """An issuer as it stands in the assertion, and as its own address answers."""
    yield given
    yield _by_name_of(copy, links.issuer, links.issuer_url, links.alias)


def _by_name_of(copy: Any, document: Document | None, *names: str | None) -> Document:
    """A document under the id that the copy has for it, if that is one of the `names` that lead to the document."""
    id = id_of(copy)
    return (document or {}) | ({"id": id} if id in names else {})


def differences(copy: Any, itself: Any, pointer: str = "") -> Iterator[str]:
    """Pointers to what a copy says and the document itself does not say as well; it may say less.

    A link is as good as an object of that id. An object says more than a link does, if there is more in it.
    """
    if copy is None or (itself is None and copy in _NOT_SAID):
        return
    if isinstance(copy, list) or isinstance(itself, list):
        yield from _differences_of_lists(as_list(copy), as_list(itself), pointer)
    elif isinstance(copy, dict) and (isinstance(itself, dict) or (itself is not None and id_of(copy) == itself)):
        there = itself if isinstance(itself, dict) else {"id": itself, "type": copy.get("type")}
        for name in copy:
            if name != "@context":
                yield from differences(copy[name], there.get(name), pointer + pointer_to(name))
    elif copy != itself and not _is_same(copy, itself):
        yield pointer


def _differences_of_lists(copy: list[Any], itself: list[Any], pointer: str) -> Iterator[str]:
    """One by one where there are as many; else each of the copy has to be there, in the same order."""
    if len(copy) == len(itself):
        for n, (mine, its) in enumerate(zip(copy, itself, strict=True)):
            yield from differences(mine, its, f"{pointer}/{n}")
        return
    rest = iter(itself)
    for n, mine in enumerate(copy):
        if not any(next(differences(mine, its), None) is None for its in rest):
            yield f"{pointer}/{n}"
            return


def _is_same(one: Any, other: Any) -> bool:
    """Whether these are links to the same, or the same instant in other words."""
    try:
        return (id_of(one) is not None and id_of(one) == id_of(other)) or instant(one) == instant(other)
    except NotConformant:
        return False
