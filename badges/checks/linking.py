"""Whether an assertion of Open Badges 2.0 and what it links to are what the standard says, and the issuer itself."""

from collections.abc import Iterator
from itertools import islice

from badges import ob2, reports
from badges.checks.copies import differences
from badges.checks.following import Links, is_at_home
from badges.checks.questions import Question, brief, named
from badges.documents import Document, id_of, types
from badges.errors import NotConformant
from badges.models import Model
from badges.reports import Check, Deviation

CONFORMS = Question("conforms", "OB 2.0 §Verification, data validation")
ISSUER = Question("issuer", "OB 2.0 §Verification, issuer")

MOST_DIFFERENCES = 8
"""Differences of one embedded copy that are told."""


def conforms(links: Links) -> Check:
    """Whether assertion, BadgeClass and issuer (of an Endorsement: it and its issuer) are as OB 2.0 defines them."""
    is_endorsement = "Endorsement" in types(links.assertion)
    errors = [
        *_deviations(ob2.Endorsement if is_endorsement else ob2.Assertion, links.assertion),
        *_deviations(ob2.BadgeClass, links.badge_class, "/badge"),
        *_deviations(ob2.Profile, links.issuer, "/issuer" if is_endorsement else "/badge/issuer"),
    ]
    if isinstance(links.broken, NotConformant):
        errors.append(Deviation(links.broken.pointer or "", links.broken.detail))
    if errors:
        return CONFORMS.failed("not-conformant", errors[0].detail, errors=errors)
    if links.broken:
        return CONFORMS.refused(links.broken, whose="badge")
    told = "Endorsement and issuer" if is_endorsement else "Assertion, BadgeClass and issuer"
    return CONFORMS.passed("conforms", f"{told} are as Open Badges 2.0 asks.", warnings=_outdated(links))


def issuer(links: Links) -> Check:
    """Whether the issuer's Profile is that of the address where it was found."""
    if links.issuer is None:
        return ISSUER.unknown("issuer-unreachable", f"The issuer could not be asked. {links.broken}")
    declared, linked = id_of(links.issuer) or "", links.alias or links.issuer_url
    if declared == linked:
        return ISSUER.passed("hosted-profile", f"The issuer is {named(declared)}.")
    if not is_at_home(declared, links.issuer_url):
        told = f"{brief(links.issuer_url)} describes another issuer than itself: {named(declared)}."
        return ISSUER.failed("foreign-profile", told)
    told = f"{brief(linked)} calls itself {named(declared)}."
    warnings = [ISSUER.warning("issuer-id-differs", told, "/badge/issuer")]
    return ISSUER.passed("hosted-profile", f"The issuer is {named(declared)}.", warnings=warnings)


def _deviations(model: type[Model], document: Document | None, pointer: str = "") -> Iterator[Deviation]:
    if document is None:
        return
    try:
        model.from_document(document)
    except NotConformant as error:
        yield Deviation(f"{pointer}{error.pointer or ''}", error.detail)


def _outdated(links: Links) -> Iterator[reports.Warning]:
    """Where the copies of BadgeClass and issuer that stand in the assertion differ from those at their addresses."""
    embedded = links.assertion.get("badge")
    holder = embedded if isinstance(embedded, dict) and "issuer" in embedded else links.badge_class or links.assertion
    profile = holder.get("issuer")
    copies = [
        (embedded, links.badge_class, "/badge", "issuer"),
        (profile, links.issuer, "/badge/issuer" if links.badge_class else "/issuer", ""),
    ]
    told = "What stands here differs from what its own address says, which is what counts."
    for copy, itself, pointer, left_out in copies:
        if isinstance(copy, dict) and itself is not None:
            said = {name: value for name, value in copy.items() if name != left_out}
            for where in islice(differences(said, itself, pointer), MOST_DIFFERENCES):
                yield CONFORMS.warning("embedded-differs", told, where)
