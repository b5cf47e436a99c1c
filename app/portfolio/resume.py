"""A portfolio as a JSON Resume (jsonresume.org, schema 1.0.0), which many editors of CVs take in."""

from collections.abc import Iterator
from typing import Any

import badges
from app.credentials import signing
from app.credentials.rules import State, Visibility
from app.portfolio.elsewhere import genuine
from app.portfolio.imports import original_path
from app.portfolio.shelf import Entry, Shelf
from app.portfolio.tables import ImportedBadge

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"

QUALIFICATIONS = frozenset(
    {
        "ApprenticeshipCertificate",
        "Assessment",
        "Assignment",
        "AssociateDegree",
        "BachelorDegree",
        "Certificate",
        "CertificateOfCompletion",
        "Certification",
        "Competency",
        "Course",
        "Degree",
        "Diploma",
        "DoctoralDegree",
        "GeneralEducationDevelopment",
        "JourneymanCertificate",
        "LearningProgram",
        "License",
        "MasterCertificate",
        "MasterDegree",
        "MicroCredential",
        "ProfessionalDoctorate",
        "QualityAssuranceCredential",
        "ResearchDoctorate",
        "SecondarySchoolDiploma",
    }
)
"""The achievement types of OB 3.0 that somebody learned or was examined for; all others are awards."""

_SHOWN = frozenset({State.active, State.expired})
_BROUGHT = frozenset({badges.Verdict.valid, badges.Verdict.expired})


def written(shelf: Shelf) -> Iterator[bytes]:
    """One JSON object. Of a badge it holds a few words, so that many need little memory."""
    certificates, awards = list[dict[str, Any]](), list[dict[str, Any]]()
    for entry in shelf.entries():
        if entry.state in _SHOWN:
            _place(entry, shelf, certificates, awards)
    certificates += (_brought(badge, shelf) for badge in genuine(shelf) if badge.verdict in _BROUGHT)
    owner, community = shelf.owner, shelf.community
    basics = {
        "name": owner.name,
        "label": shelf.wanted.title,
        "email": owner.email,
        "summary": shelf.wanted.summary,
        "profiles": [{"network": community.name, "url": community.url}],
    }
    document = {
        "$schema": SCHEMA,
        "basics": _said(basics),
        "certificates": certificates,
        "awards": awards,
        "meta": {"canonical": SCHEMA, "version": "v1.0.0", "lastModified": f"{shelf.made_at:%Y-%m-%dT%H:%M:%S}"},
    }
    yield badges.serialize(document).encode()


def _place(entry: Entry, shelf: Shelf, certificates: list[dict[str, Any]], awards: list[dict[str, Any]]) -> None:
    when = entry.credential.awarded_at
    date, issuer = f"{when:%Y-%m-%d}" if when else None, shelf.community.name
    url = f"{signing.credential_url(shelf.public_url, entry.credential)}.html"
    if entry.version.achievement_type in QUALIFICATIONS:
        certificates.append(_said({"name": entry.version.name, "date": date, "issuer": issuer, "url": url}))
        return
    # The schema knows no address of an award.
    summary = f"{entry.version.description}\n{url}"
    awards.append(_said({"title": entry.version.name, "date": date, "awarder": issuer, "summary": summary}))


def _brought(badge: ImportedBadge, shelf: Shelf) -> dict[str, Any]:
    """A badge from elsewhere; its address, where everybody may fetch the file there."""
    when = badge.awarded_at
    return _said(
        {
            "name": badge.name or "A badge",
            "date": f"{when:%Y-%m-%d}" if when else None,
            "issuer": badge.issuer_name or badge.issuer_id,
            "url": f"{shelf.public_url}{original_path(badge)}" if badge.visibility is Visibility.public else None,
        }
    )


def _said(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
