"""What a badge says of itself, for the report: to be believed as far as the checks say."""

from typing import Any

from badges.checks.data_models import data_model_of
from badges.checks.following import Links
from badges.checks.questions import first
from badges.checks.verdicts import Claims
from badges.documents import Document, types

NOTHING = Claims({}, {}, {})


def of_credential(document: Document) -> Claims:
    """What an OpenBadgeCredential, an EndorsementCredential or a ClrCredential says."""
    subject = node(document.get("credentialSubject"))
    achievement = node(subject.get("achievement"))
    if "ClrCredential" in types(document):  # whose subject lists what others awarded
        achievement = document
    awarded = document.get("awardedDate", document.get(data_model_of(document).begins))
    return Claims(
        issuer=_picked(document.get("issuer"), "id", "name"),
        recipient=_picked(subject, "id"),
        achievement=_picked(achievement, "id", "name"),
        awarded=str(awarded),
        document=document,
    )


def of_assertion(links: Links) -> Claims:
    """What an Assertion says, with what it links to."""
    recipient = _picked(links.assertion.get("recipient"), "type", "identity", "hashed")
    return Claims(
        issuer=_picked(links.issuer, "id", "name"),
        recipient=recipient,
        achievement=_picked(links.badge_class or links.assertion.get("badge"), "id", "name"),
        awarded=str(links.assertion.get("issuedOn")),
        document=_with_what_it_links_to(links),
    )


def _with_what_it_links_to(links: Links) -> Document:
    """The assertion with its BadgeClass in place of the link to it, and the issuer's Profile in that, where found."""
    issuer = {"issuer": links.issuer} if links.issuer else {}
    if links.badge_class:
        return links.assertion | {"badge": links.badge_class | issuer}
    return links.assertion | issuer


def _picked(node: Any, *members: str) -> Document:
    """Some members of a node, which may be a bare id; only what is text, a number or a truth value."""
    if isinstance(node, str):
        return {"id": node}
    return {name: node[name] for name in members if isinstance(node, dict) and isinstance(node.get(name), str | bool)}


def node(value: Any) -> Document:
    """An object that may stand in an array of one; empty where there is none."""
    one = first(value)
    return one if isinstance(one, dict) else {}
