"""A week in words: headings and lines, which every form of it says alike; and these as Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.kit.wording import visible
from app.metrics import periods
from app.metrics.periods import Kind
from app.metrics.publishing import SETTLING
from app.reports.digest.recognised import Recognised
from app.reports.digest.rules import STAGNANT, Prompts
from app.reports.digest.service import Thing, Told

_READ = ("/v1/", "/credentials/")
"""Below these is what programs read; a page that is there ends with `_PAGE`."""
_PAGE = ".html"
QUIET = "It was a quiet week: there is nothing to tell of it."
_CLOSING = str.maketrans({"<": "%3C", ">": "%3E"})
_SIGNS = re.compile(r"([\\`*_\[\]<>~|&])")
_AT_THE_START = re.compile(r"^([0-9]*)([-+#.)])")
"""What begins a list or a heading, with or without a number."""


@dataclass(frozen=True)
class Line:
    """One thing that is said: what it is about, with where that is, and what is said of it."""

    text: str
    url: str | None = None
    """Where more of it is: a page, or what is read with a token."""
    strong: str | None = None
    """What comes before the text: a name."""
    call: str | None = None
    """What to ask with a token, where it is read so; else `url` is a page."""


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it."""

    heading: str
    lines: Sequence[Line]
    is_for_you: bool = False
    """Whether it says what the reader could do."""


def title(told: Told) -> str:
    """What a week is called."""
    year, _, week = told.digest.week.partition("-W")
    return f"{told.community.name}: week {int(week)} of {year}"


def days(told: Told) -> str:
    """From when to when it was."""
    first, last = told.digest.starts_at, told.digest.ends_at - timedelta(days=1)
    month = "" if first.month == last.month else f" {first:%B}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day}{month}{year} to {last.day} {last:%B %Y}"


def in_short(told: Told) -> str:
    """The week in a sentence."""
    counts = (
        (len(told.recognised), "recognition"),
        (len(told.stories), "story"),
        (len(told.gatherings), "gathering"),
        (len(told.asked), "question"),
        (len(told.answered), "answer"),
    )
    said = [f"{count} {noun if count == 1 else _many(noun)}" for count, noun in counts if count]
    return f"{', '.join(said)}." if said else QUIET


def is_quiet(told: Told) -> bool:
    """Whether nothing happened that this reader could be told; what has waited before is no news."""
    happened = (told.recognised, told.stories, told.gatherings, told.asked, told.answered, told.newcomers)
    return not (any(happened) or told.contents.joined or told.contents.returned)


def sections(told: Told) -> list[Section]:
    """All that is said of a week; what stewards alone are told comes last."""
    contents = told.contents
    found = [
        Section(
            "Recognised", [_recognised(told, each) for each in told.recognised] + _more(contents.recognitions.more)
        ),
        Section("Stories", [_thing(told, each) for each in told.stories] + _more(contents.stories.more)),
        Section("Gatherings", [_gathering(told, each) for each in told.gatherings]),
        Section("Asked", [_thing(told, each) for each in told.asked]),
        Section("Answered", [_thing(told, each) for each in told.answered]),
        Section("Who came", list(_who_came(told))),
        Section("What you can do", list(_open(told)), is_for_you=True),
        Section("For stewards", list(_prompted(told, told.prompts)) if told.prompts else [], is_for_you=True),
    ]
    return [section for section in found if section.lines]


def markdown(told: Told) -> str:
    """The week as CommonMark: people's words are words, not signs of it."""
    parts = [f"# {escaped(title(told))}", days(told)]
    for section in sections(told):
        parts += [f"## {section.heading}", "\n".join(f"- {_marked(line)}" for line in section.lines)]
    if len(parts) == 2:
        parts.append(QUIET)
    return "\n\n".join(parts) + "\n"


def plain(told: Told) -> str:
    """The same for a mail: signs are shown as they are, and calls by their paths, which no browser opens."""
    parts = [
        "\n".join([f"{section.heading}:", *(f"- {_bare(line)}" for line in section.lines)])
        for section in sections(told)
    ]
    return "\n\n".join(parts) or QUIET


def _line(told: Told, text: str, url: str | None, strong: str | None = None) -> Line:
    """With what is asked instead of a page, where the address is one for programs."""
    ours = url.removeprefix(told.public_url) if url is not None and url.startswith(told.public_url) else ""
    is_asked = ours.startswith(_READ) and not ours.endswith(_PAGE)
    return Line(text, url, strong, f"GET {ours}" if is_asked else None)


def _recognised(told: Told, one: Recognised) -> Line:
    return _line(told, one.achievement, one.url, strong=one.whom or "Somebody")


def _thing(told: Told, one: Thing) -> Line:
    return _line(told, f"{one.title}{f', by {one.by}' if one.by else ''}", one.url)


def _gathering(told: Told, one: Thing) -> Line:
    return _line(told, f"{one.title}, {one.at:%A}", one.url)


def _more(count: int) -> list[Line]:
    return [Line(f"… and {count} more")] if count else []


def _who_came(told: Told) -> Iterator[Line]:
    joined, returned = told.contents.joined, told.contents.returned
    if joined:
        yield Line(f"At least {joined} people joined.")
    if told.newcomers:
        yield Line(f"Say hello to {', '.join(told.newcomers)}.")
    if returned:
        yield Line(f"At least {returned} people who had been away for long are back.")


def _open(told: Told) -> Iterator[Line]:
    address = f"{told.public_url}/v1/communities/{told.community.slug}"
    if told.to_second:
        many = told.to_second > 1
        what = f"{told.to_second} nominations wait" if many else "A nomination waits"
        yield _line(told, f"{what} for somebody to stand behind {'them' if many else 'it'}.", f"{address}/nominations")
    if told.open_needs:
        what = "questions and topics are" if told.open_needs > 1 else "question or topic is"
        yield _line(told, f"{told.open_needs} {what} open on the board.", f"{address}/needs?state=open")


def _prompted(told: Told, prompts: Prompts) -> Iterator[Line]:
    month = periods.last(Kind.month, now=told.digest.made_at - SETTLING)
    notes = f"{told.public_url}/v1/communities/{told.community.slug}/metrics/notes?period={periods.name_of(month)}"
    if prompts.unsung:
        done = f"At least {prompts.unsung} people did far more in the quarter of a year up to then than was recognised."
        yield _line(told, f"{done} Consider nominating.", f"{notes}&purpose=nominating")
    for code in prompts.new:
        yield _line(told, STAGNANT[code], f"{notes}&purpose=planning")


def _many(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _marked(line: Line) -> str:
    """A link leads to a page; what is read with a token is said as a call, since no browser opens it."""
    said = escaped(line.text)
    if line.call:
        said = f"{said} `{line.call}`"
    elif line.url:
        said = f"[{said}](<{line.url.translate(_CLOSING)}>)"
    return f"**{escaped(line.strong)}**: {said}" if line.strong else said


def _bare(line: Line) -> str:
    said = _in_one_line(f"{line.strong}: {line.text}" if line.strong else line.text)
    where = line.call or line.url
    return f"{said}\n  {where}" if where else said


def escaped(text: str) -> str:
    """People's words in one line of Markdown, every sign of it being a sign of theirs."""
    return _AT_THE_START.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", _in_one_line(text)))


def _in_one_line(text: str) -> str:
    """Platforms tell titles of several lines."""
    return " ".join(visible(text).split())
