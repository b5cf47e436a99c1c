"""Who vouches for it: the endorsements inside an OB 3.0 credential (OB 3.0 §9.1 step 6, §9.2).

Each is a credential of its own, judged like one. A forged or a misdirected one fails the badge that shows it off. One
that expired, was withdrawn or cannot be checked is only mentioned: no endorser can undo somebody else's badge.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from badges.checks.collecting import MOST_CREDENTIALS
from badges.checks.questions import Question, brief
from badges.checks.reading import Badge, Format, secured_in
from badges.documents import Document, as_list, id_of, walk
from badges.errors import BadgeError, NoCredential
from badges.reports import Check, Outcome, Report

ENDORSEMENTS = Question("endorsements", "OB 3.0 §9.1 step 6, §9.2")

MOST_ENDORSEMENTS = 32
"""Endorsements of one badge that are looked at."""
DEEPEST_ENDORSEMENT = 2
"""Endorsements inside endorsements that are looked at: each is part of the one around it, and read with it again."""
DEEPEST_TOKEN = 3
"""Tokens inside tokens in which endorsements are looked for."""


def _never(_: str | None) -> bool:
    return False


@dataclass(frozen=True)
class Embedded:
    """An endorsement as it stands in a credential: an object with its own proof, or a VC-JWT."""

    pointer: str
    """Where in the credential; behind a `#`, where in the token that stands there."""
    given: Any
    is_named_beside: Callable[[str | None], bool] = _never
    """Whether an id is that of anything else in the credential: what it may be about."""

    @property
    def is_near(self) -> bool:
        """Whether it is not too deep inside others."""
        return f"{self.pointer}/".count("/endorsement/") <= DEEPEST_ENDORSEMENT

    def read(self) -> Badge:
        """The endorsement. Raises `NoCredential`, `Unreadable` or `NotConformant` when it is none."""
        if isinstance(self.given, dict):
            badge = Badge(self.given)
        else:
            secured = secured_in(self.given if isinstance(self.given, str) else "")
            badge = Badge(**vars(secured), format=Format.vc_jwt)
        if not badge.is_endorsement:
            raise NoCredential("This is no EndorsementCredential.")
        return badge


@dataclass(frozen=True)
class Judged:
    """What came of one endorsement."""

    pointer: str
    about: str | None
    """Id of what it endorses."""
    is_misdirected: bool
    """Whether that is nothing in the badge."""
    report: Report

    @property
    def is_forged(self) -> bool:
        """Whether its endorser did not sign it, or nobody did."""
        found = (self.report.found(name) for name in ("readable", "proof"))
        return any(check.outcome is Outcome.failed for check in found if check)

    def to_dict(self) -> Document:
        """As in the JSON report."""
        return {
            "pointer": self.pointer,
            "about": self.about,
            "verified": self.report.verified and not self.is_misdirected,
            "verdict": self.report.verdict.value,
            "summary": self.report.summary,
            "issuer": self.report.issuer,
            "checks": [check.to_dict() for check in self.report.checks],
        }


def embedded_in(
    document: Document, at: str = "", is_outside: Callable[[str | None], bool] = _never
) -> Iterator[Embedded]:
    """Every `endorsement` and `endorsementJwt` at any depth of a credential, on achievements and profiles too.

    Those inside a token that stands `at` some place in another document may be about what `is_outside` as well.
    """
    inside = _Inside(document)
    for pointer, node in inside.objects:
        for name in ("endorsement", "endorsementJwt"):
            several = isinstance(node.get(name), list)
            for n, given in enumerate(as_list(node.get(name))):
                where = f"{pointer}/{name}/{n}" if several else f"{pointer}/{name}"
                is_named_beside = partial(_is_named_beside, inside, where, is_outside)
                yield Embedded(at + where, given, is_named_beside)
                if isinstance(given, str) and at.count("#") < DEEPEST_TOKEN:
                    yield from _embedded_in_token(given, f"{at}{where}#", is_named_beside)


def _embedded_in_token(token: str, at: str, is_outside: Callable[[str | None], bool]) -> Iterator[Embedded]:
    with suppress(BadgeError):  # what cannot be read is told where it is judged
        yield from embedded_in(secured_in(token).document, at, is_outside)


def _is_named_beside(inside: "_Inside", where: str, is_outside: Callable[[str | None], bool], id: str | None) -> bool:
    return inside.names_beside(where, id) or is_outside(id)


class _Inside:
    """The objects of a credential with their pointers, gone through once however many endorsements are among them.

    Definitions in its contexts are not of it.
    """

    def __init__(self, document: Document) -> None:
        self.objects = [
            (pointer, node)
            for pointer, node in walk(document)
            if isinstance(node, dict) and "/@context/" not in f"{pointer}/"
        ]
        # Parents come before children, so what is inside an object follows it without a gap.
        self._place = {pointer: n for n, (pointer, _) in enumerate(self.objects)}
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        for n, (pointer, node) in enumerate(self.objects):
            if (id := id_of(node)) is not None and not _is_said_to_be_endorsed(pointer):
                self._first.setdefault(id, n)
                self._last[id] = n

    def names_beside(self, where: str, id: str | None) -> bool:
        """Whether anything but what is inside the endorsement at `where` has this id."""
        if id is None or id not in self._first:
            return False
        begin = end = self._place.get(where, len(self.objects))
        within = f"{where}/"
        while end < len(self.objects) and f"{self.objects[end][0]}/".startswith(within):
            end += 1
        return self._first[id] < begin or self._last[id] >= end


def _is_said_to_be_endorsed(pointer: str) -> bool:
    """Whether this stands in the subject of an endorsement: that two are about the same does not make it part of the
    badge.
    """
    _, found, below = f"{pointer}/".partition("/endorsement/")
    return bool(found) and "/credentialSubject/" in f"/{below}"


def endorsements(found: Sequence[Judged], shown: int, question: Question = ENDORSEMENTS) -> Check:
    """Whether none of the endorsements that the badge shows, `shown` in number, is forged or about something else."""
    # Those that nobody looked at are not none: there may be a forged one among them.
    if not shown:
        return question.skipped("no-endorsements", "Nobody's endorsement is in this badge.")
    for each in found:
        if each.is_misdirected:
            detail = f"The endorsement at {each.pointer} is about {brief(each.about)}, which is nothing in this badge."
            return question.failed("endorsement-misdirected", detail)
        if each.is_forged:
            return question.failed(
                "endorsement-forged", f"The endorsement at {each.pointer} is not what it seems. {each.report.summary}"
            )
    if shown > len(found):
        told = (
            f"The badge shows more than the {len(found)} endorsements that were looked at: at most {MOST_ENDORSEMENTS},"
            f" {DEEPEST_ENDORSEMENT} inside each other, and with the credentials beside it {MOST_CREDENTIALS} in all."
        )
        return question.unknown("too-many-endorsements", told)
    doubtful = [each for each in found if not each.report.verified]
    warnings = [
        question.warning(f"endorsement-{each.report.verdict.value}", each.report.summary, each.pointer)
        for each in doubtful
    ]
    held = len(found) - len(doubtful)
    return question.passed("endorsements-seen", f"{held} of {len(found)} endorsements hold.", warnings=warnings)
