"""What a community has published of itself, for its pages: what everyone may read already, and nothing else."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col

from app.kit.markup import prose
from app.members.communities import charters
from app.members.communities.charters import ProfileNotPublic
from app.members.communities.tables import Charter, CommunityProfile
from app.members.tables import Community
from app.metrics import periods
from app.pages.feeds import recognised
from app.pages.stated import day
from app.reports.charts.saying import spoken
from app.reports.support.service import reports
from app.reports.support.tables import Report

MOST_REPORTS = 24

_PARTS = {
    "purpose": "Why it is there",
    "principles": "By which rules it goes",
    "participants": "Who takes part, and who should",
    "structure": "Who decides what, and how",
    "practices": "What it does, and how often",
}


def published(session: Session, community: Community) -> dict[str, Any]:
    """What the page of a community leads to, or says itself: its profile, charter and reports, as far as they are."""
    here = f"/issuers/{community.slug}"
    chosen = reports(community).where(col(Report.published_at).is_not(None))
    rows = session.exec(chosen.order_by(col(Report.ends_at).desc(), col(Report.row)).limit(MOST_REPORTS)).all()
    has_charter = session.exec(charters.versions(community).limit(1)).first() is not None
    return {
        "profile": _profile(session, community),
        "charter": f"{here}/charter" if has_charter else None,
        "badges": f"{here}/badges",
        "reports": [{"name": _named(row), "page": f"/reports/{row.id}"} for row in rows],
    }


def charter(community: Community, newest: Charter) -> dict[str, Any]:
    """The charter as it is now."""
    return {
        "community": community,
        "number": newest.number,
        "note": newest.note,
        "adopted": day(newest.adopted_at),
        "parts": [(heading, prose(getattr(newest, part))) for part, heading in _PARTS.items()],
    }


def public_badges(session: Session, community: Community, public_url: str, now: datetime) -> dict[str, Any]:
    """The newest of the badges that are public and in force: the same as in the feed."""
    found = recognised(session, community, public_url, now)
    return {
        "community": community,
        "feed": f"/feeds/{community.slug}.atom",
        "badges": [
            {
                "name": each.version.name,
                "whom": each.recipient,
                "on": day(each.credential.awarded_at) if each.credential.awarded_at else None,
                "page": each.page.removeprefix(public_url),
            }
            for each in found
        ],
    }


def _profile(session: Session, community: Community) -> list[tuple[str, str]]:
    try:
        profile: CommunityProfile = charters.public_profile(session, community)
    except ProfileNotPublic:
        return []
    said = (
        ("What it is about", profile.domain),
        ("Who it is for", profile.community),
        ("What its members do", profile.practice),
        ("How often it meets", profile.rhythm),
        ("Seen beside others as", profile.landscape),
    )
    return [(heading, prose(text)) for heading, text in said if text]


def _named(report: Report) -> str:
    return spoken(periods.parse(report.period))
