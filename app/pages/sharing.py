"""What other places need to show a badge that everybody may see: previews, embedding, LinkedIn, search engines."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.achievements.tables import AchievementVersion
from app.credentials import signing
from app.credentials.tables import Credential
from app.members.tables import Community

CARD_WIDTH, CARD_HEIGHT = 400, 220
"""Of the embedded card, in CSS pixels."""
PROFILE = "https://www.linkedin.com/profile/add"


@dataclass(frozen=True)
class Shared:
    """A public badge, and where this service is reached."""

    credential: Credential
    version: AchievementVersion
    community: Community
    recipient: str | None
    public_url: str

    @property
    def url(self) -> str:
        """The badge's id."""
        return signing.credential_url(self.public_url, self.credential)

    @property
    def page(self) -> str:
        """For people."""
        return f"{self.url}.html"

    @property
    def card(self) -> str:
        """The small page that others embed; with `.png` the picture of a preview."""
        return f"{self.public_url}/cards/{self.credential.id}"

    @property
    def title(self) -> str:
        """In one line."""
        return f"{self.version.name} – {self.recipient}" if self.recipient else self.version.name


def shown(badge: Shared) -> dict[str, Any]:
    """Everything about sharing that the page of a badge shows."""
    picture = f"{badge.public_url}/badge/{badge.credential.id}/shield.svg"
    return {
        "title": badge.title,
        "page": badge.page,
        "picture": f"{badge.card}.png",
        "linkedin": linkedin(badge),
        "oembed": f"{badge.public_url}/oembed?{urlencode({'url': badge.page})}",
        "frame": frame(badge),
        "shield": f"[![{_plain(badge.version.name)}]({picture})]({badge.page})",
        "schema": schema(badge),
    }


def linkedin(badge: Shared) -> str:
    """The link with which its recipient adds the badge to their LinkedIn profile."""
    awarded, until = badge.credential.awarded_at, badge.credential.valid_until
    given = {
        "startTask": "CERTIFICATION_NAME",
        "name": badge.version.name,
        "organizationName": badge.community.name,
        "issueYear": awarded and awarded.year,
        "issueMonth": awarded and awarded.month,
        "expirationYear": until and until.year,
        "expirationMonth": until and until.month,
        "certUrl": badge.page,
        "certId": badge.credential.id,
    }
    return f"{PROFILE}?{urlencode({name: value for name, value in given.items() if value is not None})}"


def oembed(badge: Shared, *, width: int | None, height: int | None) -> dict[str, Any]:
    """The answer for programs that embed a link by its address (oEmbed 1.0 §2.3.4.4)."""
    across, high = min(width or CARD_WIDTH, CARD_WIDTH), min(height or CARD_HEIGHT, CARD_HEIGHT)
    return {
        "type": "rich",
        "version": "1.0",
        "title": badge.title,
        "author_name": badge.community.name,
        "author_url": f"{badge.public_url}/issuers/{badge.community.slug}",
        "provider_name": "Laurels",
        "provider_url": badge.public_url,
        "cache_age": 300,
        "html": frame(badge, width=across, height=high),
        "width": across,
        "height": high,
    }


def frame(badge: Shared, *, width: int = CARD_WIDTH, height: int = CARD_HEIGHT) -> str:
    """The card as an element of other pages. It may open links, and nothing else: there is no script in it."""
    return (
        f'<iframe src="{badge.card}" width="{width}" height="{height}" title="Open Badge" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" style="border:0"></iframe>'
    )


def schema(badge: Shared) -> dict[str, Any]:
    """What search engines read (schema.org EducationalOccupationalCredential)."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "EducationalOccupationalCredential",
        "name": badge.version.name,
        "description": badge.version.description,
        "credentialCategory": "badge",
        "url": badge.page,
        "image": f"{badge.card}.png",
        "recognizedBy": {"@type": "Organization", "name": badge.community.name, "url": badge.community.url},
    }
    if badge.version.alignments:
        said["competencyRequired"] = [each["target_name"] for each in badge.version.alignments]
    if badge.credential.awarded_at:
        said["dateCreated"] = badge.credential.awarded_at.date().isoformat()
    if badge.credential.valid_until:
        said["expires"] = badge.credential.valid_until.date().isoformat()
    return said


def _plain(text: str) -> str:
    """As the text of a Markdown image: without what would end it."""
    return "".join(" " if sign in "[]\\`<>" else sign for sign in text)
