"""Open Badges 2.0: what an assertion links to, and the two ways of proving it (OB 2.0 §HostedBadge, §SignedBadge).

Hosted: the assertion is what its own address answers. The copy in hand only tells where to look. Signed: the assertion
is a JWS by a key that the issuer links to. Either way the issuer is the one that the BadgeClass names, as its own
address describes it, and nothing that stands in the badge itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from badges import ob2
from badges.checks import revocations
from badges.checks.questions import Question, brief, first
from badges.checks.reading import Badge
from badges.checks.revocations import STATUS_OB2 as STATUS
from badges.documents import Document, as_list, id_of, parse_object, pointer_to, types
from badges.errors import BadgeError, NotConformant, Unreachable, Unreadable
from badges.models import Model
from badges.proofs import jws
from badges.reports import Check, Deviation
from badges.resolving import JSON_LD, Fetch, Fetched, document_at, fetched, linked_key

CONFORMS = Question("conforms", "OB 2.0 §Verification, data validation")
HOSTED = Question("proof", "OB 2.0 §HostedBadge")
SIGNED = Question("proof", "OB 2.0 §SignedBadge")
ISSUER = Question("issuer", "OB 2.0 §Verification, issuer")
ENDORSEMENTS = Question("endorsements", "OB 2.0 §Verification, endorsements")

CLAIMS = ("recipient", "badge", "issuedOn", "expires")
"""Who, what and when: a copy that differs here is another badge than the one that is hosted."""


@dataclass(frozen=True)
class Links:
    """An assertion and what it links to, as far as the links hold."""

    assertion: Document
    """The one that counts: as hosted, or as signed."""
    badge_class: Document | None = None
    issuer: Document | None = None
    issuer_url: str = ""
    """Where the BadgeClass says that the issuer is."""
    broken: BadgeError | None = None
    """Why the next link could not be followed."""


def look_up(badge: Badge, *, fetch: Fetch) -> Links | Check:
    """The assertion that its own address serves, with its links; or the one answer that ends the matter."""
    url = id_of(badge.document) or ""
    # (1) Ask its address, whatever the copy says.
    try:
        answer = fetched(url, fetch=fetch, accept=JSON_LD)
    except NotConformant as error:
        return CONFORMS.failed("not-conformant", error.detail, errors=[Deviation("/id", error.detail)])
    except BadgeError as error:
        return HOSTED.refused(error, whose="badge")
    # (2) Gone, or said to be revoked: it was revoked, and what it said no longer matters.
    body = _body(answer)
    if answer.status == 410 or (answer.status == 200 and body.get("revoked") is True):
        return revocations.revoked(STATUS, body)
    # (3) An issuer that does not know it has not awarded it.
    if answer.status == 404:
        return HOSTED.failed("not-hosted", f"{brief(url)} answers that there is no such badge.")
    # (4) Anything else that is no assertion says nothing about it.
    if answer.status != 200 or not body:
        detail = f"{brief(url)} answers with status {answer.status} and without an assertion."
        return HOSTED.refused(Unreachable(detail), whose="badge")
    return follow(body, fetch=fetch)


def follow(assertion: Document, *, fetch: Fetch) -> Links:
    """From an assertion to its BadgeClass and on to its issuer, each as its own address answers."""
    links = Links(assertion)
    try:
        badge_class = document_at(_link(assertion, "badge"), fetch=fetch)
        links = Links(assertion, badge_class)
        url = _link(badge_class, "issuer")
        return Links(assertion, badge_class, document_at(url, fetch=fetch), url)
    except BadgeError as error:
        return Links(assertion, links.badge_class, broken=error)


def conforms(links: Links) -> Check:
    """Whether assertion, BadgeClass and issuer are as OB 2.0 defines them."""
    errors = [
        *_deviations(ob2.Assertion, links.assertion),
        *_deviations(ob2.BadgeClass, links.badge_class, "/badge"),
        *_deviations(ob2.Profile, links.issuer, "/badge/issuer"),
    ]
    if isinstance(links.broken, NotConformant):
        errors.append(Deviation(links.broken.pointer or "", links.broken.detail))
    if errors:
        return CONFORMS.failed("not-conformant", errors[0].detail, errors=errors)
    if links.broken:
        return CONFORMS.refused(links.broken, whose="badge")
    return CONFORMS.passed("conforms", "Assertion, BadgeClass and issuer are as Open Badges 2.0 asks.")


def hosted_proof(copy: Document, links: Links) -> Check:
    """Whether the assertion is hosted where its issuer hosts assertions, and the copy in hand agrees with it."""
    url = id_of(copy) or ""
    # (1) It is the assertion of that address, and says that hosting is its proof.
    if links.assertion.get("id") != url:
        return HOSTED.failed("not-hosted", f"{brief(url)} answers with another assertion than its own.")
    if not _is_hosted(links.assertion):
        return HOSTED.failed(
            "no-proof", "The assertion does not say that it is hosted, so being hosted proves nothing."
        )
    # (2) The address is one that the issuer hosts assertions at; anybody can host anything in anybody's name.
    if links.issuer is None:
        return HOSTED.unknown("issuer-unreachable", f"Whose the address is cannot be told. {links.broken}")
    if not in_scope(url, links.issuer):
        return HOSTED.failed("out-of-scope", f"{brief(url)} is not where {brief(id_of(links.issuer))} hosts badges.")
    # (3) The copy makes the same claims.
    differing = list(_differences(copy, links.assertion))
    told = "The copy in hand differs from the hosted badge, which is the one that counts."
    warnings = [HOSTED.warning("copy-differs", told, pointer) for pointer in differing]
    claims = [pointer for pointer in differing if pointer.split("/")[1] in CLAIMS]
    if claims:
        detail = f"The badge in hand says something else at {brief(claims[0])} than the one that its issuer hosts."
        return HOSTED.failed("copy-differs", detail, warnings=warnings)
    return HOSTED.passed("hosted", f"The issuer hosts this badge at {brief(url)}.", warnings=warnings)


def signed_proof(badge: Badge, links: Links, *, fetch: Fetch) -> Check:
    """Whether the assertion is signed by a key that its issuer links to, and that links back."""
    if badge.jws is None:
        return SIGNED.failed("no-proof", "The assertion says that it is signed, but came without its signature.")
    if links.issuer is None:
        return SIGNED.unknown("issuer-unreachable", f"Whose key it should be cannot be told. {links.broken}")
    verification = links.assertion.get("verification")
    creator = verification.get("creator") if isinstance(verification, dict) else None
    try:
        jws.verify(badge.jws, linked_key(links.issuer, id_of(creator), fetch=fetch))
    except BadgeError as error:
        return SIGNED.refused(error, whose="issuer")
    return SIGNED.passed("signature-valid", f"Signed with a key of {brief(links.issuer_url)}.")


def issuer(links: Links) -> Check:
    """Whether the issuer's Profile is that of the address where it was found."""
    if links.issuer is None:
        return ISSUER.unknown("issuer-unreachable", f"The issuer could not be asked. {links.broken}")
    declared = id_of(links.issuer)
    if declared == links.issuer_url:
        return ISSUER.passed("hosted-profile", f"The issuer is {brief(declared)}.")
    if declared is None or _authority(declared) != _authority(links.issuer_url):
        return ISSUER.failed(
            "foreign-profile", f"{brief(links.issuer_url)} describes another issuer than itself: {brief(declared)}."
        )
    told = f"{brief(links.issuer_url)} calls itself {brief(declared)}."
    warnings = [ISSUER.warning("issuer-id-differs", told, "/badge/issuer")]
    return ISSUER.passed("hosted-profile", f"The issuer is {brief(links.issuer_url)}.", warnings=warnings)


def hosted_status() -> Check:
    """The status of an assertion that its address serves."""
    return STATUS.passed("not-revoked", "The issuer still hosts the badge and has not revoked it.")


def listed_status(links: Links, *, fetch: Fetch) -> Check:
    """Whether a signed assertion is on its issuer's RevocationList."""
    profile = links.issuer or {}
    url = id_of(profile.get("revocationList"))
    if url is None:
        return STATUS.skipped("no-status", "The issuer keeps no list of revoked badges.")
    ids = [links.assertion[name] for name in ("id", "uid") if isinstance(links.assertion.get(name), str)]
    return revocations.listed(STATUS, url, ids, id_of(profile), fetch=fetch)


def endorsements(links: Links) -> Check:
    """Endorsements of OB 2.0 are named, and not judged."""
    places = {"": links.assertion, "/badge": links.badge_class, "/badge/issuer": links.issuer}
    shown = [f"{pointer}/endorsement" for pointer, node in places.items() if node and "endorsement" in node]
    told = "This endorsement was not judged: those of Open Badges 2.0 are not."
    warnings = [ENDORSEMENTS.warning("endorsement-not-judged", told, pointer) for pointer in shown]
    return ENDORSEMENTS.skipped("no-endorsements", "No endorsement in this badge was judged.", warnings=warnings)


def in_scope(url: str, profile: Document) -> bool:
    """Whether an issuer hosts assertions at `url`: under its `startsWith`, else its `allowedOrigins`, else at the very
    authority of its id (OB 2.0 §VerificationObject).
    """
    scope: Any = first(profile.get("verification"))
    scope = scope if isinstance(scope, dict) else {}
    prefixes = [prefix for prefix in as_list(scope.get("startsWith")) if isinstance(prefix, str)]
    if prefixes:
        return any(url.startswith(prefix) for prefix in prefixes)
    origins = as_list(scope.get("allowedOrigins")) or [_authority(id_of(profile) or "")]
    return _authority(url) != "" and _authority(url) in origins


def _is_hosted(assertion: Document) -> bool:
    return bool({"hosted", "HostedBadge"}.intersection(types(assertion.get("verification"))))


def _authority(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _link(document: Document, member: str) -> str:
    """The address behind a link; an embedded object does not count for more than its id does."""
    url = id_of(document.get(member))
    if url is None:
        raise NotConformant(f"{member} is no link: it has no id to look it up by.", pointer=f"/{member}")
    return url


def _deviations(model: type[Model], document: Document | None, pointer: str = "") -> Iterator[Deviation]:
    if document is None:
        return
    try:
        model.from_document(document)
    except NotConformant as error:
        yield Deviation(f"{pointer}{error.pointer or ''}", error.detail)


def _differences(copy: Any, hosted: Any, pointer: str = "") -> Iterator[str]:
    """Pointers to what a copy says and the hosted assertion does not say as well; links by their ids."""
    if isinstance(copy, dict) and isinstance(hosted, dict):
        for name in copy:
            if name != "@context":
                yield from _differences(copy[name], hosted.get(name), pointer + pointer_to(name))
    elif isinstance(copy, list) or isinstance(hosted, list):
        ours, theirs = as_list(copy), as_list(hosted)
        if len(ours) != len(theirs):
            yield pointer
        for n, (mine, its) in enumerate(zip(ours, theirs, strict=False)):
            yield from _differences(mine, its, f"{pointer}/{n}")
    elif copy != hosted and (id_of(copy) is None or id_of(copy) != id_of(hosted)):
        yield pointer


def _body(answer: Fetched) -> Document:
    try:
        return parse_object(answer.body)
    except Unreadable:
        return {}
