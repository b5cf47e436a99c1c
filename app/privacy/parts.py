"""The parts of all capabilities, put together."""

from app.achievements import personal as achievements
from app.contributions import personal as contributions
from app.credentials import personal as credentials
from app.endorsements import personal as endorsements
from app.kit.personal import Part
from app.members import personal as members
from app.metrics import personal as metrics
from app.milestones import personal as milestones
from app.nominations import personal as nominations
from app.notifications import personal as notifications
from app.portfolio import personal as portfolio
from app.privacy import personal as privacy
from app.reports.digest import personal as digests
from app.sources import personal as sources
from app.stories import personal as stories
from app.surveys import personal as surveys
from app.webhooks import personal as webhooks

PARTS: tuple[Part, ...] = (
    privacy.PART,
    webhooks.PART,
    notifications.PART,
    portfolio.PART,
    digests.PART,
    metrics.PART,
    surveys.PART,
    stories.PART,
    milestones.PART,
    sources.PART,
    nominations.PART,
    endorsements.PART,
    credentials.PART,
    contributions.PART,
    achievements.PART,
    members.PART,
)
"""From the highest floor to the lowest, which is the order of erasing: who somebody was goes last."""
