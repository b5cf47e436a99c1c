"""Open Badges 2.0: what an assertion links to, and the proof of a hosted one (OB 2.0 §HostedBadge).

Hosted: the assertion is what its own address answers. The copy in hand only tells where to look. The issuer is the one
that the BadgeClass names, as its own address describes it, and nothing that stands in the badge itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from badges.checks import recognising, revocations
from badges.checks.questions import Question, brief, first
from badges.checks.reading import Badge
from badges.checks.revocations import STATUS_OB2 as STATUS
from badges.documents import Document, as_list, id_of, pointer_to, types
from badges.errors import BadgeError, NotConformant, OpenBadges1, Unreachable, Unreadable
from badges.reports import Check, Deviation
from badges.resolving import JSON_LD, Fetch, Fetched, document_at, fetched

CONFORMS = Question("conforms", "OB 2.0 §Verification, data validation")
LEGACY = Question("readable", "OB 2.0 Baking §Legacy PNGs")
HOSTED = Question("proof", "OB 2.0 §HostedBadge")

CLAIMS = ("recipient", "badge", "issuedOn", "expires", "claim", "issuer")
"""Who, what and when, of an Endorsement too: a copy that differs here is another badge than the one that is hosted."""


@dataclass(frozen=True)
class Links:
    """An assertion and what it links to, as far as the links hold; or an Endorsement, which has no BadgeClass."""

    assertion: Document
    """The one that counts: as hosted, or as signed."""
    badge_class: Document | None = None
    issuer: Document | None = None
    issuer_url: str = ""
    """Where the BadgeClass says that the issuer is."""
    broken: BadgeError | None = None
    """Why the next link could not be followed."""


def look_up(badge: Badge, *, fetch: Fetch) -> tuple[Links, Check | None]:
    """The assertion that its own address serves, with its links; and the answer, if there is one that ends the matter.

    `badge` may also be an Endorsement, which is hosted in the same way.
    """
    copy, url = Links(badge.document), id_of(badge.document) or ""
    # (1) Ask its address, whatever the copy says.
    try:
        answer = fetched(url, fetch=fetch, accept=JSON_LD)
    except NotConformant as error:
        return copy, CONFORMS.failed("not-conformant", error.detail, errors=[Deviation("/id", error.detail)])
    except BadgeError as error:
        return copy, HOSTED.refused(error, whose="badge")
    # (2) Gone, or said to be revoked: it was revoked, and what it said no longer matters.
    body = _body(answer)
    says_so = body.get("revoked") is True and body.get("id", url) == url
    if answer.status == 410 or (answer.status == 200 and says_so):
        return _taken_back(badge.document, url, answer, body if says_so else {}, fetch=fetch)
    # (3) An issuer that does not know it has not awarded it. An endorser may fall silent without undoing the badge.
    if answer.status == 404 and "Endorsement" not in types(badge.document):
        return copy, HOSTED.failed("not-hosted", f"{brief(url)} answers that there is no such badge.")
    # (4) An address alone, as the oldest pictures carry it, may lead to a badge of those days.
    older = recognising.document_of(body) if badge.document.keys() == {"id"} and body else None
    if isinstance(older, OpenBadges1):
        return copy, LEGACY.refused(older, whose="badge")
    # (5) Anything else that is no assertion says nothing about it.
    if answer.status != 200 or not body:
        detail = f"{brief(url)} answers with status {answer.status} and without an assertion."
        return copy, HOSTED.refused(Unreachable(detail), whose="badge")
    return follow(body, fetch=fetch), None


def _taken_back(copy: Document, url: str, answer: Fetched, said: Document, *, fetch: Fetch) -> tuple[Links, Check]:
    """What it means that the address of a hosted assertion answers that it is gone."""
    # (1) It is the address itself that says so: where a closed site leads to, everything is gone.
    if answer.status == 410 and _host(answer.url) != _host(url):
        detail = f"{brief(url)} leads to {brief(answer.url)}, where it is gone; nobody there speaks for the issuer."
        return Links(copy), HOSTED.refused(Unreachable(detail), whose="badge")
    # (2) It is where the issuer hosts badges that the copy names, as far as it names one: nobody else revokes them.
    links = follow(copy, fetch=fetch) if {"badge", "issuer"} & copy.keys() else Links(copy)
    if links.issuer is not None and not in_scope(url, links.issuer):
        return links, _out_of_scope(url, links.issuer)
    return links, revocations.revoked(STATUS, said)


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
        return Links(assertion, links.badge_class, document_at(url, fetch=fetch), url)
    except BadgeError as error:
        return Links(assertion, links.badge_class, broken=error)


def _badge_class(assertion: Document, *, fetch: Fetch) -> Document:
    url, node = _link(assertion, "badge"), assertion.get("badge")
    is_on_the_web = url.lower().startswith(("https://", "http://"))
    if isinstance(node, dict) and "issuer" in node and not is_on_the_web:
        return node
    return document_at(url, fetch=fetch)


def hosted_proof(copy: Document, links: Links) -> Check:
    """Whether the assertion is hosted where its issuer hosts assertions, and the copy in hand agrees with it."""
    url = id_of(copy) or ""
    # (1) It is the assertion of that address, and says that hosting is its proof.
    if links.assertion.get("id") != url:
        return HOSTED.failed("not-hosted", f"{brief(url)} answers with another assertion than its own.")
    if not {"hosted", "HostedBadge"}.intersection(types(links.assertion.get("verification"))):
        return HOSTED.failed(
            "no-proof", "The assertion does not say that it is hosted, so being hosted proves nothing."
        )
    # (2) The address is one that the issuer hosts assertions at; anybody can host anything in anybody's name.
    if links.issuer is None:
        return HOSTED.unknown("issuer-unreachable", f"Whose the address is cannot be told. {links.broken}")
    if not in_scope(url, links.issuer):
        return _out_of_scope(url, links.issuer)
    # (3) The copy makes the same claims.
    differing = list(differences(copy, links.assertion))
    told = "The copy in hand differs from the hosted badge, which is the one that counts."
    warnings = [HOSTED.warning("copy-differs", told, pointer) for pointer in differing]
    claims = [pointer for pointer in differing if pointer.split("/")[1] in CLAIMS]
    if claims:
        detail = f"The badge in hand says something else at {brief(claims[0])} than the one that its issuer hosts."
        return HOSTED.failed("copy-differs", detail, warnings=warnings)
    return HOSTED.passed("hosted", f"The issuer hosts this badge at {brief(url)}.", warnings=warnings)


def hosted_status() -> Check:
    """The status of an assertion that its address serves."""
    return STATUS.passed("not-revoked", "The issuer still hosts the badge and has not revoked it.")


def in_scope(url: str, profile: Document) -> bool:
    """Whether an issuer hosts assertions at `url`: under its `startsWith`, else its `allowedOrigins`, else at the very
    authority of its id (OB 2.0 §VerificationObject).

    A prefix is one of addresses, and not of letters: `https://far.example` is not the beginning of
    `https://far.example.org/`, and what climbs out of a folder again is not in it.
    """
    scope: Any = first(profile.get("verification"))
    scope = scope if isinstance(scope, dict) else {}
    prefixes = [prefix for prefix in as_list(scope.get("startsWith")) if isinstance(prefix, str)]
    if authority(url) == "":
        return False
    if prefixes:
        return not _climbs(url) and any(
            url.startswith(prefix) and authority(url) == authority(prefix) for prefix in prefixes
        )
    origins = as_list(scope.get("allowedOrigins")) or [authority(id_of(profile) or "")]
    return authority(url) in origins


def differences(copy: Any, hosted: Any, pointer: str = "") -> Iterator[str]:
    """Pointers to what a copy says and the document itself does not say as well; links by their ids."""
    if isinstance(copy, dict) and isinstance(hosted, dict):
        for name in copy:
            if name != "@context":
                yield from differences(copy[name], hosted.get(name), pointer + pointer_to(name))
    elif isinstance(copy, list) or isinstance(hosted, list):
        ours, theirs = as_list(copy), as_list(hosted)
        if len(ours) != len(theirs):
            yield pointer
        for n, (mine, its) in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(mine, its, f"{pointer}/{n}")
    elif copy != hosted and (id_of(copy) is None or id_of(copy) != id_of(hosted)):
        yield pointer


def _out_of_scope(url: str, profile: Document) -> Check:
    return HOSTED.failed("out-of-scope", f"{brief(url)} is not where {brief(id_of(profile))} hosts badges.")


def authority(url: str) -> str:
    """The host of an address with the port and whatever else stands beside it; empty where none can be read."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _host(url: str) -> str | None:
    """The host of a web address in lower case; that many a site leads on from http to https makes it no other."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _climbs(url: str) -> bool:
    """Whether steps in the path of `url` lead up again, however they are written."""
    steps = unquote(unquote(urlsplit(url).path)).replace("\\", "/").split("/")
    return ".." in steps


def _link(document: Document, member: str) -> str:
    """The address behind a link; an embedded object does not count for more than its id does."""
    url = id_of(document.get(member))
    if url is None:
        raise NotConformant(f"{member} is no link: it has no id to look it up by.", pointer=f"/{member}")
    return url


def _body(answer: Fetched) -> Document:
    try:
        return answer.document()
    except Unreadable:
        return {}
