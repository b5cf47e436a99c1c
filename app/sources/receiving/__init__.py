"""Taking deliveries: each platform proves itself over the raw body, then is read, in its own way."""

from collections.abc import Mapping

from app.sources.receiving import platforms, standards
from app.sources.receiving.platforms import Platform

PLATFORMS: Mapping[str, Platform] = {
    platform.name: platform
    for platform in (
        platforms.github,
        platforms.discourse,
        platforms.slack,
        platforms.zoom,
        platforms.discord,
        standards.moodle,
        standards.xapi,
        standards.matrix,
        standards.activitystreams,
        standards.caliper,
        standards.fedora,
        standards.debian,
        standards.cloudevents,
        standards.generic,
    )
}
"""Every platform, by name."""
