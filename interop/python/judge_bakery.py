"""openbadges-bakery 2.0.0, the reference baker of Open Badges 2.0: it finds in an image what was baked there."""

import io

from judging import accepted, judge, rejected

from openbadges_bakery import unbake  # isort: skip


def verdict(exhibit, raw):
    image = io.BytesIO(raw)
    image.name = exhibit["name"]
    found = unbake(image)
    if not found:
        return rejected("nothing-baked", "")
    return accepted() if found == exhibit["baked"] else rejected("other-text", found)


judge(verdict)
