"""Open Badges 2.0: the way from an assertion to its BadgeClass and issuer, each as its own address answers.

The issuer is the one that the BadgeClass names, as its own address describes it, and nothing that stands in the badge
itself.
"""

from dataclasses import dataclass

from badges.checks.questions import brief, named
from badges.documents import Document, id_of, types
from badges.errors import BadgeError, NotConformant, Unreachable
from badges.resolving import Fetch, authority_of, document_at


@dataclass(frozen=True)
class Links:
    """An assertion and what it links to, as far as the links hold; or an Endorsement, which has no BadgeClass."""

    assertion: Document
    """The one that counts: as hosted, or as signed."""
    badge_class: Document | None = None
    issuer: Document | None = None
    issuer_url: str = ""
    """Where the issuer's Profile was found."""
    alias: str | None = None
    """What the BadgeClass calls the issuer, where the issuer calls itself otherwise."""
    broken: BadgeError | None = None
    """Why the next link could not be followed."""


def follow(assertion: Document, *, fetch: Fetch) -> Links:
    """From an assertion to its BadgeClass and on to its issuer (from an Endorsement at once), each as its own address
    answers.

    Only a BadgeClass that has no address on the web (its id is a `urn:`) is taken as it stands in the assertion, which
    the issuer that it names has to have hosted or signed. An issuer always has an address of its own.
    """
    links, holder = Links(assertion), assertion
    try:
        if "Endorsement" not in types(assertion):
            holder = _badge_class(assertion, fetch=fetch)
            links = Links(assertion, holder)
        url = _link(holder, "issuer")
        profile, found_at = _profile(url, fetch=fetch)
        return Links(assertion, links.badge_class, profile, found_at, None if found_at == url else url)
    except BadgeError as error:
        return Links(assertion, links.badge_class, broken=error)


def is_at_home(declared: str, url: str) -> bool:
    """Whether the id that a Profile declares is one of the site at `url`, where it was found."""
    return authority_of(declared) is not None and authority_of(declared) == authority_of(url)


def _is_meant_as(document: Document, *kinds: str, at: str) -> bool:
    """Whether a document is meant as one of `kinds`: by its type, or having an id of the site `at` which it should be.
    A page about an error is not, nor that of a site for sale.
    """
    return is_at_home(id_of(document) or "", at) or not set(kinds).isdisjoint(types(document))


def _badge_class(assertion: Document, *, fetch: Fetch) -> Document:
    url, node = _link(assertion, "badge"), assertion.get("badge")
    is_on_the_web = url.lower().startswith(("https://", "http://"))
    if isinstance(node, dict) and "issuer" in node and not is_on_the_web:
        return node
    document = document_at(url, fetch=fetch)
    if not _is_meant_as(document, "BadgeClass", at=url):
        raise Unreachable(f"{brief(url)} answers without a BadgeClass.")
    return document


def _profile(url: str, *, fetch: Fetch) -> tuple[Document, str]:
    """The issuer's Profile, and the address at which it is found under its own id.

    On a site of many issuers each page may call itself by another's id; what counts is what stands at that id. Of one
    that calls itself by the id of another site, or of none, the rest is not asked for. Raises `Unreachable` or
    `NotConformant`.
    """
    profile = document_at(url, fetch=fetch)
    declared = id_of(profile)
    # (1) An error page with status 200, or a parked site: nobody has said who the issuer is.
    if declared is None or not _is_meant_as(profile, "Profile", "Issuer", at=url):
        raise Unreachable(f"{brief(url)} answers without saying whose Profile it is.")
    # (2) It is the Profile of this very address; of which https says more than http could.
    is_plain = declared.startswith("http://") and url == f"https{declared.removeprefix('http')}"
    if declared == url or is_plain or not is_at_home(declared, url):
        return profile, url
    # (3) It is that of another address here: what that says counts, in its place and throughout.
    itself = document_at(declared, fetch=fetch) if declared.startswith(("https://", "http://")) else {}
    if id_of(itself) != declared:
        raise Unreachable(f"{brief(url)} calls itself {named(declared)}, where no such Profile is.")
    return itself, declared


def _link(document: Document, member: str) -> str:
    """The address behind a link; an embedded object does not count for more than its id does."""
    url = id_of(document.get(member))
    if url is None:
        raise NotConformant(f"{member} is no link: it has no id to look it up by.", pointer=f"/{member}")
    return url
