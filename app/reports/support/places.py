"""Parts of a figure in words, as a table of what is withheld names them. Where they stand is for programs. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.kit.wording import plain
from app.reports.charts.saying import listed

GROUPS: Final = "groups"
"""What stands between the name of a number and the names of groups."""
MOST: Final = 3
"""So many groups are named; of more the first and how many others."""

WORDS: Final[Mapping[str, str]] = {
    "start": "members at the beginning",
    "end": "members at the end",
    "rate": "growth",
    "acceleration": "how growth changed",
    "changes/joined": "how many joined",
    "changes/left": "how many left",
    "over_a_year/start": "members a year before",
    "over_a_year/rate": "growth over a year",
    "active": "how many did something",
    "share": "which share they are",
    "person_days": "on how many days somebody did something",
    "daily_mean": "how many on a day",
    "weekly_mean": "how many in a week",
    "channels": "by channel",
    "hours_utc": "by time of the day",
    "affiliations": "by affiliation",
    "tenure": "by how long they have been members",
    "members_needed_for": "how many members so many active ones would need",
    "gini": "how unequal it is",
    "corrected": "how unequal it is, corrected for few people",
    "among_contributors/gini": "how unequal it is among contributors",
    "among_contributors/corrected": "how unequal it is among contributors, corrected for few people",
    "contributions": "how many contributions",
    "lorenz/share": "which part the least busy made",
    "top_share/0.01": "which part the busiest hundredth made",
    "top_share/0.1": "which part the busiest tenth made",
    "top_tenth": "which part the first tenth has",
    "cohorts/size_at_least": "how many came together",
    "cohorts/kept": "which share of those that came together was there again",
    "converted": "which share contributed soon",
    "contributed_within_days": "which share had contributed after so many days",
    "still_waiting": "which share still waits",
    "median_days": "days that half of them waited",
    "median_seconds": "time to half of the answers",
    "p90_seconds": "time to nine of ten answers",
    "questions": "how many questions",
    "answered": "which share was answered",
    "returned": "which share came back",
    "kept": "which share did something again",
    "all": "of everything",
    "kinds": "by type",
    "paths": "by who began it",
    "accepted": "how many were accepted",
    "refused": "how many were refused",
    "issued": "how many were issued",
    "covered": "which share has been recognised",
    "unsung": "how many did far more than they were recognised for",
    "givers": "which share gave",
    "gini_of_giving": "how unequal giving is",
    "ratio": "how many times as much",
    "recognised": "which share gave or received one",
    "tied": "which share has such a tie",
    "helped": "how many were helped",
    "people_in_it": "how many are in the closest group",
    "credited": "how many were credited",
    "where": "by where it was",
    "": "by the furthest that people went",
    "not_counted": "how many are not counted",
    "lorenz": "which part the least busy made",
    "top_share": "which part the busiest made",
    "stickiness": "how often they were there",
    "active_days": "by days on which they were there",
    "from_none": "what those did next who had done nothing",
    "from_consume": "what those did next who had taken part",
    "from_respond": "what those did next who had answered",
    "from_create": "what those did next who had made something",
    "kinds/by_depth": "by how deep it was",
    "kinds/by_cycle": "by cycle of value creation",
    "kinds/by_care_area": "by area of care",
    "kinds/evenness": "how evenly it is over types",
    "kinds/care_share": "which share is care",
    "interval": "how sure that is",
    "matched": "how many have others like them",
    "unmatched": "how many have none like them",
    "raw_change": "how their activity changed",
    "difference": "how it changed beside that of people like them",
    "across": "which share of ties is across affiliations",
    "recognitions_across": "which share of recognitions is across affiliations",
    "density": "which share of all ties there are",
    "rho": "how much goes both ways beyond chance",
    "reciprocity": "how much goes both ways",
    "parity": "their part of the recognition by that of the work",
}
"""By the way to a number, without places in lists and names of groups."""


UNNAMED: Final = "none"
"""The group of those of whom nothing is known."""
OTHER, OTHERS = "other", "others"
"""What stands in the place of groups that are told together, and what they are called."""


def in_words(places: Iterable[str]) -> str:
    """JSON pointers to parts of a figure's value: what those are, each once."""
    found: dict[str, list[str]] = {}
    for place in places:
        way, group = _read(place)
        names = found.setdefault(way, [])
        if group is not None and group not in names:
            names.append(group)
    return "; ".join(_said(way, names) for way, names in found.items())


def _read(place: str) -> tuple[str, str | None]:
    """The way to a number, and the group that it is of."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in place.removeprefix("/").split("/")]
    if GROUPS in steps:
        at = steps.index(GROUPS)
        name, *parts = steps[at + 1 :] or [""]
        return "/".join(steps[:at]), ", ".join([name or UNNAMED, *parts]) if steps[at + 1 :] else None
    if OTHER in steps:
        at = steps.index(OTHER)
        return "/".join(steps[:at]), ", ".join([OTHERS, *steps[at + 1 :]])
    way = "/".join(step for step in steps if not step.isdecimal())
    above = "/".join(steps[:-1])
    return (above, steps[-1]) if way not in WORDS and above in WORDS else (way, None)


def _said(way: str, names: list[str]) -> str:
    what = WORDS.get(way) or plain(way.replace("/", ", "))
    if not names:
        return what
    first, *others = map(plain, names)
    groups = listed([first, *others] if len(names) <= MOST else [first, f"{len(others)} others"])
    return f"{what} ({groups})" if what else groups
