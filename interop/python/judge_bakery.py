"""openbadges-bakery 2.0.0, the reference baker of Open Badges 2.0: it finds in an image what was baked there."""

import io
import json

from judging import accepted, judge, rejected

from openbadges_bakery import unbake  # isort: skip


def verdict(exhibit, raw):
    image = io.BytesIO(raw)
    image.name = exhibit["name"]
    found = unbake(image)
    if not found:
        return rejected("nothing-baked", "")
    return accepted() if same(found, exhibit["baked"]) else rejected("other-text", found)


def same(found, baked):
    """Equal as text, or as JSON."""
    return found == baked or (found.lstrip().startswith("{") and json.loads(found) == json.loads(baked))


judge(verdict)
