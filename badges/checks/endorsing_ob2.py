"""Who vouches for a badge of Open Badges 2.0: Endorsements of it, of its BadgeClass and of its issuer (OB 2.0
§Endorsement). Each is hosted or signed by its endorser, and judged like the assertion that shows it off.
"""

from collections.abc import Iterator
from typing import Any

from badges.checks.aiming import Aim
from badges.checks.following import Links
from badges.checks.questions import Question
from badges.checks.reading import Badge, Format, secured_in
from badges.checks.vouching import Embedded, Named
from badges.documents import Document, as_list, id_of, serialize, types, walk
from badges.errors import NoCredential
from badges.reports import Check, Outcome
from badges.versions import OB20

ENDORSEMENTS = Question("endorsements", "OB 2.0 §Endorsement; §Verification, endorsements")


def shown_by(links: Links) -> list[Embedded]:
    """Every `endorsement` in an assertion and what it links to, each once."""
    found: dict[tuple[str, str], Embedded] = {}
    for pointer, node in _nodes(links):
        for n, given in enumerate(as_list(node.get("endorsement"))):
            place = f"{pointer}/endorsement/{n}"
            found.setdefault((place, serialize({"": given})), Embedded(place, given))
    return list(found.values())


def read(given: Any) -> Badge:
    """An Endorsement as it stands in a badge: the address of a hosted one, a copy of that, or the JWS of a signed one.

    Raises `NoCredential`, `Unreadable` or `NotConformant` when it is none, and no assertion either.
    """
    if isinstance(given, str) and given.startswith(("https://", "http://")):
        return Badge({"id": given, "type": "Endorsement"}, version=OB20, format=Format.ob2_hosted)
    if isinstance(given, str):
        badge = Badge(**vars(secured_in(given)), version=OB20, format=Format.ob2_signed)
    elif isinstance(given, dict) and id_of(given) is not None:
        signed = {"signed", "SignedBadge"}.intersection(types(given.get("verification")))
        format = Format.ob2_signed if signed else Format.ob2_hosted
        badge = Badge({"type": "Endorsement"} | given, version=OB20, format=format)
    else:
        raise NoCredential("This has neither an address nor a signature: anybody could have written it.")
    if "Endorsement" not in types(badge.document):
        raise NoCredential("This is no Endorsement.")
    return badge


def claimed(endorsement: Document) -> str | None:
    """Id of what it endorses."""
    return id_of(endorsement.get("claim"))


def aim_of(endorsement: Document, proof: Check | None, named: Named) -> Aim | None:
    """Whether what an Endorsement claims something about is in the badge."""
    about = claimed(endorsement)
    if about in named.things:
        return Aim.met
    if about in named.beside:
        return Aim.aside
    # What was never seen, because its address does not answer, is not known to be about something else.
    was_seen = about is not None or (proof is not None and proof.outcome is Outcome.passed)
    return Aim.missed if was_seen else None


def named_in(links: Links) -> Named:
    """The ids in an assertion and what it links to but those in endorsements: what these may be about.

    Assertion, BadgeClass and issuer have a member for endorsements; what else has an id is beside them, and what proves
    them is nothing to endorse.
    """
    named = Named({id for id in (id_of(links.assertion.get("badge")), links.issuer_url, links.alias) if id})
    for pointer, node in _nodes(links):
        steps, id = pointer.split("/")[1:], id_of(node)
        if id and not _UNENDORSED.intersection(steps):
            (named.things if "/".join(steps) in _THINGS else named.beside).add(id)
    return named


_THINGS = {"", "issuer", "badge", "badge/issuer"}
_UNENDORSED = {"endorsement", "verification", "publicKey", "revocationList"}


def _nodes(links: Links) -> Iterator[tuple[str, Document]]:
    documents = (("", links.assertion), ("/badge", links.badge_class), ("/badge/issuer", links.issuer))
    for base, document in documents:
        for pointer, node in walk(document or {}):
            if isinstance(node, dict) and "/@context/" not in f"{pointer}/":
                yield f"{base}{pointer}", node
