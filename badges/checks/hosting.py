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
from badges.resolving import JSON_LD, Fetch, Fetched, authority_of, document_at, fetched, is_own_answer

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
    """Where the issuer's Profile was found."""
    alias: str | None = None
    """What the BadgeClass calls the issuer, where the issuer calls itself otherwise."""
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
    # (3) An issuer that does not know it has not awarded it. An endorser may fall silent without undoing the badge,
    # and a site that was closed, and leads elsewhere now, has fallen silent too.
    if answer.status == 404 and is_own_answer(url, answer) and "Endorsement" not in types(badge.document):
        return copy, HOSTED.failed("not-hosted", f"{brief(url)} answers that there is no such badge.")
    # (4) An address alone, as the oldest pictures carry it, may lead to a badge of those days.
    older = recognising.document_of(body) if badge.document.keys() == {"id"} and body else None
    if isinstance(older, OpenBadges1):
        return copy, LEGACY.refused(older, whose="badge")
    # (5) Anything else that is no assertion says nothing about it.
    if answer.status != 200 or not _describes(body, "Assertion", "Endorsement"):
        detail = f"{brief(url)} answers with status {answer.status} and without an assertion."
        return copy, HOSTED.refused(Unreachable(detail), whose="badge")
    # (6) Nor does what somebody else answers, unless the issuer hosts badges there too.
    links = follow(body, fetch=fetch)
    if not _speaks(url, answer, links):
        return copy, _led_astray(url, answer)
    return links, None


def _taken_back(copy: Document, url: str, answer: Fetched, said: Document, *, fetch: Fetch) -> tuple[Links, Check]:
    """What it means that the address of a hosted assertion answers that it is gone."""
    links = follow(copy, fetch=fetch) if {"badge", "issuer"} & copy.keys() else Links(copy)
    # (1) It is the address itself that says so: where a closed site leads to, everything is gone.
    if not _speaks(url, answer, links):
        return Links(copy), _led_astray(url, answer)
    # (2) It is where the issuer hosts badges that the copy names, as far as it names one: nobody else revokes them.
    if links.issuer is not None and not in_scope(url, links.issuer):
        return links, _out_of_scope(url, links.issuer)
    return links, revocations.revoked(STATUS, said)


def _speaks(url: str, answer: Fetched, links: Links) -> bool:
    """Whether an answer is that of `url` itself, or of where an issuer that hosts badges at `url` does so too."""
    issuer = links.issuer
    return is_own_answer(url, answer) or (issuer is not None and in_scope(url, issuer) and in_scope(answer.url, issuer))


def _led_astray(url: str, answer: Fetched) -> Check:
    detail = f"{brief(url)} leads to {brief(answer.url)}, and nobody there speaks for the issuer."
    return HOSTED.refused(Unreachable(detail), whose="badge")


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


def _badge_class(assertion: Document, *, fetch: Fetch) -> Document:
    url, node = _link(assertion, "badge"), assertion.get("badge")
    is_on_the_web = url.lower().startswith(("https://", "http://"))
    if isinstance(node, dict) and "issuer" in node and not is_on_the_web:
        return node
    document = document_at(url, fetch=fetch)
    if not _describes(document, "BadgeClass"):
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
    if declared is None:
        raise Unreachable(f"{brief(url)} answers without saying whose Profile it is.")
    # (2) It is the Profile of this very address; of which https says more than http could.
    is_plain = declared.startswith("http://") and url == f"https{declared.removeprefix('http')}"
    if declared == url or is_plain or not is_at_home(declared, url):
        return profile, url
    # (3) It is that of another address here: what that says counts, in its place and throughout.
    itself = document_at(declared, fetch=fetch) if declared.startswith(("https://", "http://")) else {}
    if id_of(itself) != declared:
        raise Unreachable(f"{brief(url)} calls itself {brief(declared)}, where no such Profile is.")
    return itself, declared


def is_at_home(declared: str, url: str) -> bool:
    """Whether the id that a Profile declares is one of the site at `url`, where it was found."""
    return authority_of(declared) is not None and authority_of(declared) == authority_of(url)


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
    if _authority(url) == "":
        return False
    if prefixes:
        return not _climbs(url) and any(
            url.startswith(prefix) and _authority(url) == _authority(prefix) for prefix in prefixes
        )
    origins = as_list(scope.get("allowedOrigins")) or [_authority(id_of(profile) or "")]
    return _authority(url) in origins


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


def _authority(url: str) -> str:
    """The host of an address with the port and whatever else stands beside it; empty where none can be read."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _climbs(url: str) -> bool:
    """Whether steps in the path of `url` lead up again, however they are written."""
    return ".." in unquote(unquote(urlsplit(url).path)).replace("\\", "/").split("/")


def _describes(document: Document, *kinds: str) -> bool:
    """Whether a document is meant as one of `kinds`: by its type, or having an id at least. `{"error": …}` is not."""
    return id_of(document) is not None or not set(kinds).isdisjoint(types(document))


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
