"""Open Badges 2.0: the proof and the status of a hosted assertion (OB 2.0 §HostedBadge).

The assertion is what its own address answers, where its issuer hosts assertions. The copy in hand only tells where to
look.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from badges.checks import recognising, revocations
from badges.checks.copies import unsaid
from badges.checks.following import Links, follow, is_at_home
from badges.checks.linking import CONFORMS
from badges.checks.questions import Question, brief, first, named
from badges.checks.reading import Badge
from badges.checks.revocations import STATUS_OB2 as STATUS
from badges.documents import Document, as_list, id_of, types
from badges.errors import BadgeError, NotConformant, OpenBadges1, Unreachable, Unreadable
from badges.reports import Check, Deviation
from badges.resolving import ANY_BADGE, JSON_LD, Fetch, Fetched, fetched, is_own_answer, usual

LEGACY = Question("readable", "OB 2.0 Baking §Legacy PNGs")
HOSTED = Question("proof", "OB 2.0 §HostedBadge")

CLAIMS = ("issuedOn", "expires", "claim")
"""When, and what an Endorsement says: a copy that differs here is another badge than the hosted one."""
WHOSE = ("recipient", "type", "identity", "hashed", "salt")
"""And whose: all that tells it (OB 2.0 §IdentityObject), and no member that anybody else has put beside it."""
NAMES = ("badge", "issuer", "id", "name")
"""What else BadgeClass and issuer say may have been put better since; not which ones they are."""
HOUSEKEEPING = ("type", "verification")
"""What nobody reads in a copy: what is hosted counts."""
MOST_DIFFERENCES = 8
"""Differences of a copy that are told."""


def look_up(badge: Badge, *, fetch: Fetch, is_led: bool = False) -> tuple[Links, Check | None]:
    """The assertion that its own address serves, with its links; and the answer, if there is one that ends the matter.

    `badge` may also be an Endorsement, which is hosted in the same way; `is_led`, whether another address of the site
    said that this is its own.
    """
    copy, url = Links(badge.document), id_of(badge.document) or ""
    # (1) Ask its address, whatever the copy says.
    try:
        answer = fetched(url, fetch=fetch, accept=ANY_BADGE if badge.is_address else JSON_LD)
    except NotConformant as error:
        return copy, CONFORMS.failed("not-conformant", error.detail, errors=[Deviation("/id", error.detail)])
    except BadgeError as error:
        return copy, HOSTED.refused(error, whose="badge")
    # (2) Gone, or said to be revoked: it was revoked, and what it said no longer matters.
    body, says_so = _body(answer), says_revoked(url, answer)
    if answer.status == 410 or (answer.status == 200 and says_so):
        return _taken_back(badge.document, url, answer, body if says_so else {}, fetch=fetch)
    # (3) Nobody knows it there.
    if answer.status == 404 and is_own_answer(url, answer):
        return copy, _not_there(url, is_led=is_led)
    # (4) An address alone, as the oldest pictures carry it, may lead to a badge of those days.
    older = recognising.document_of(body) if badge.is_address and body else None
    if isinstance(older, OpenBadges1):
        return copy, LEGACY.refused(older, whose="badge")
    # (5) Anything else that is no assertion says nothing about it.
    if answer.status != 200 or not _is_assertion(body):
        detail = f"{brief(url)} answers with status {answer.status} and without an assertion."
        return copy, HOSTED.refused(Unreachable(detail), whose="badge")
    # (6) Of an assertion that goes by another address of the site, that address has the last word.
    itself = id_of(body) or url
    is_itself = _is_address_of(url, itself)
    is_as_safe = itself.startswith("https:") or url.startswith("http:")
    if not is_itself and not is_led and is_as_safe and is_at_home(itself, url):
        return look_up(replace(badge, document=badge.document | {"id": itself}), fetch=fetch, is_led=True)
    if not is_itself:
        return copy, HOSTED.failed("not-hosted", f"{brief(url)} answers with another assertion than its own.")
    # (7) Nor does what somebody else answers, unless the issuer hosts badges there too.
    links = follow(body, fetch=fetch)
    if not _speaks(url, answer, links):
        return copy, _led_astray(url, answer)
    return links, None


def _not_there(url: str, *, is_led: bool) -> Check:
    """What it means that nobody knows an assertion at its address: it was never awarded, or its issuer has moved and
    left it behind. That proves nothing; but an address that says that it is another, which is nowhere, has answered.
    """
    if is_led:
        return HOSTED.failed("not-hosted", f"Its address says that it is {brief(url)}, which is not there.")
    return HOSTED.unknown("not-hosted", f"{brief(url)} answers that there is no such badge, or no longer.")


def _is_address_of(url: str, itself: str) -> bool:
    """Whether `url` is the id of an assertion in other letters; by https more is said than by http."""
    return usual(itself) in {usual(url), f"http{usual(url).removeprefix('https')}"}


def _is_assertion(body: Document) -> bool:
    """Whether a document is meant as an assertion or an Endorsement; a page about an error is not, whatever its id."""
    meant = {"Assertion", "Endorsement"}.intersection(types(body)) or {
        "recipient",
        "badge",
        "claim",
        "revoked",
    } & body.keys()
    return bool(meant) and id_of(body) is not None


def says_revoked(url: str, answer: Fetched) -> bool:
    """Whether an answer says in so many words that there was a badge at `url`, and that it was revoked."""
    body = _body(answer)
    says_so = body.get("revoked") is True or (answer.status == 410 and "revocationReason" in body)
    return says_so and _is_address_of(url, id_of(body) or url)


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


def hosted_proof(copy: Document, links: Links) -> Check:
    """Whether the assertion is hosted where its issuer hosts assertions, and the copy in hand agrees with it."""
    url, itself = id_of(copy) or "", id_of(links.assertion) or ""
    url = url if _is_address_of(url, itself) else itself
    # (1) It says that hosting is its proof.
    if not {"hosted", "HostedBadge"}.intersection(types(links.assertion.get("verification"))):
        return HOSTED.failed(
            "no-proof", "The assertion does not say that it is hosted, so being hosted proves nothing."
        )
    # (2) The address is one that the issuer hosts assertions at; anybody can host anything in anybody's name.
    if links.issuer is None:
        return HOSTED.unknown("issuer-unreachable", f"Whose the address is cannot be told. {links.broken}")
    if not in_scope(url, links.issuer):
        return _out_of_scope(url, links.issuer)
    # (3) The copy says nothing that its issuer does not say.
    differing = unsaid(copy, links)
    told = "The copy in hand differs from the hosted badge, which is the one that counts."
    warnings = [HOSTED.warning("copy-differs", told, pointer) for pointer in differing[:MOST_DIFFERENCES]]
    # With another salt the same identity has another hash: whose the badge is, nobody can compare.
    incomparable = {"/recipient/salt", "/recipient/identity"} if "/recipient/salt" in differing else set()
    for pointer in (each for each in differing if _is_claim(each) and each not in incomparable):
        told = f"The badge in hand says something else at {brief(pointer)} than the one that its issuer hosts."
        return HOSTED.failed("copy-differs", told, warnings=warnings)
    for pointer in (each for each in differing if each.split("/")[1] not in HOUSEKEEPING):
        told = f"The badge in hand says something at {brief(pointer)} that the hosted one does not, or no longer, say."
        return HOSTED.unknown("copy-differs", told, warnings=warnings)
    return HOSTED.passed("hosted", f"The issuer hosts this badge at {brief(url)}.", warnings=warnings)


def _is_claim(pointer: str) -> bool:
    """Whether a copy that differs there claims something else than the hosted badge."""
    member, *steps = pointer.split("/")[1:]
    last = steps[-1] if steps else member
    if member not in {"recipient", "badge", "issuer"}:
        return member in CLAIMS
    # One of several, as a whole, is one more recipient, or one more BadgeClass.
    is_one_of_several = len(steps) == 1 and last.isdecimal()
    return is_one_of_several or last in (WHOSE if member == "recipient" else NAMES)


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
    url, authority = usual(url), _authority(usual(url))
    prefixes = [usual(prefix) for prefix in as_list(scope.get("startsWith")) if isinstance(prefix, str)]
    if authority == "":
        return False
    if prefixes:
        return not _climbs(url) and any(
            url.startswith(prefix) and authority == _authority(prefix) for prefix in prefixes
        )
    origins = as_list(scope.get("allowedOrigins")) or [_authority(usual(id_of(profile) or ""))]
    return any(isinstance(origin, str) and _is_of_origin(url, origin) for origin in origins)


def _is_of_origin(url: str, origin: str) -> bool:
    """Whether a web address is one of an origin: host and port alone, or with the scheme (RFC 6454 §6.2)."""
    scheme = urlsplit(url).scheme
    full = usual(origin if "://" in origin else f"{scheme}://{origin}")
    return _authority(url) == _authority(full) != "" and full.startswith(f"{scheme}://")


def _out_of_scope(url: str, profile: Document) -> Check:
    return HOSTED.failed("out-of-scope", f"{brief(url)} is not where {named(id_of(profile))} hosts badges.")


def _authority(url: str) -> str:
    """The host of an address with the port and whatever else stands beside it; empty where none can be read."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _climbs(url: str) -> bool:
    """Whether steps in the path of `url` lead up again, however they are written."""
    return ".." in unquote(unquote(urlsplit(url).path)).replace("\\", "/").split("/")


def _body(answer: Fetched) -> Document:
    try:
        return answer.document()
    except Unreadable:
        return {}
