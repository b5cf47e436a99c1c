"""What a badge is judged by: others' documents as they are fetched, and this service's own, which are at hand."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import badges
from app.achievements.published import publication as achievements
from app.credentials.participation_published import publication as participation
from app.credentials.published import publication as credentials
from app.endorsements.published import publication as endorsements
from app.issuers.published import publication as issuers
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.kit.errors import Gone, NotFound
from app.kit.publishing import Place, Publication, read
from app.milestones.published import publication as milestones

PUBLICATIONS: Sequence[Publication] = (issuers, achievements, credentials, participation, endorsements, milestones)


def documents(runtime: Runtime, now: datetime, *, strangers: badges.Fetch | None = None) -> badges.Fetch:
    """What others publish, as `strangers` or the runtime fetches it; what this service publishes, from what is stored,
    as a stranger would be answered, though a page by the document that it shows.

    Each answer has a short transaction of its own: none is held while anybody is waited for.
    """

    def fetch(url: str, *, accept: str) -> badges.Fetched:
        if not url.startswith(f"{runtime.settings.public_url}/"):
            return (strangers or runtime.fetch)(url, accept=accept)
        with read_session(runtime.engine) as session:
            place = Place(session=session, at=runtime.installation, now=now, accept=accept)
            try:
                found = read(PUBLICATIONS, place, urlsplit(url).path.removesuffix(".html"))
            except (NotFound, Gone) as error:
                status = 404 if isinstance(error, NotFound) else 410
                return badges.Fetched(status, "text/plain", error.detail.encode(), url, now)
            return badges.Fetched(found.status, found.media_type, found.body, url, now)

    return fetch
