"""`laurels verify` of an exported portfolio: every proof in it, by what is in it, without a network."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import badges
from app.cli.judged import GRAVEST, VERDICTS, Judged, one_line
from app.cli.talking import Status, Unread
from app.kit.wording import visible
from app.portfolio.offline.verify import (
    NO_BADGES,
    Badge,
    Fault,
    Portfolio,
    believed,
    is_endorsement,
    objects,
)
from app.portfolio.unpacking import MAGIC, Archive, HostileArchive, opened
from app.verifier.judging import judge

_BADGES = (".json", ".jwt", ".jws", ".png", ".svg")
_NO_BADGES = (".ob2.json", "/ob2/revoked.json")
"""Hosted documents that others have taken the place of: an earlier edition's, and what is left of a revoked badge."""


@dataclass(frozen=True)
class JudgedBadge:
    """A badge of an archive, in all its forms."""

    name: str
    status: Status
    """The gravest of its forms. Who endorses it with a key of their own takes nothing from it: their documents are not
    enclosed. Whether an endorsement is misdirected is part of the verdict on the badge that shows it."""
    summary: str
    wrong: list[str]
    """What is wrong with which form."""
    files: int
    reports: dict[str, Any] = field(repr=False)
    """By file; empty where nobody wants them."""

    @property
    def line(self) -> str:
        """All of it in one line."""
        return one_line(f"{VERDICTS[self.status]} {self.name}, {self.files} files: {self.summary}")


@dataclass(frozen=True)
class JudgedArchive:
    """An exported portfolio, and what came of it."""

    name: str
    now: datetime
    sealed: tuple[str, datetime] | None
    """By whom and when, as they say; None where the archive itself is not believed."""
    faults: list[str]
    badges: list[JudgedBadge]
    others: int = 0
    """Badges from elsewhere, whose issuers' documents are not enclosed."""
    as_of: datetime | None = None
    """When the oldest status list was signed that the badges were looked up in; None where none was."""
    age: str = ""
    """The same as a sentence."""
    trouble: str = ""

    @property
    def status(self) -> Status:
        """The gravest of its badges, or that it is not as it was sealed, or that there are none."""
        statuses = {badge.status for badge in self.badges} | {Status.verified}
        if self.faults or self.sealed is None or not self.badges:
            statuses.add(Status.not_verified)
        return next(status for status in GRAVEST if status in statuses)

    @property
    def line(self) -> str:
        """All of it in one line."""
        return one_line(f"{VERDICTS[self.status]} {self.name}: {self._summary}")

    @property
    def details(self) -> list[str]:
        """What is wrong with which file."""
        lines = [f"  ✗ {fault}" for fault in self.faults]
        for badge in self.badges:
            if badge.status is not Status.verified or badge.wrong:
                lines += [f"  {badge.line}", *(f"    {each}" for each in badge.wrong)]
        return lines

    @property
    def told(self) -> str:
        """All of it, where nothing else was given."""
        lines = [badge.line for badge in self.badges if badge.status is Status.verified and not badge.wrong]
        return visible("\n".join([*lines, *self.details, *([""] if lines or self.details else []), self._summary]))

    def to_dict(self) -> dict[str, Any]:
        """The same for programs: of each badge the report on each of its files."""
        signer, made_at = self.sealed or (None, None)
        return {
            "archive": self.name,
            "verified": self.status is Status.verified,
            "sealed_by": signer,
            "made_at": made_at and badges.timestamp(made_at),
            "status_as_of": self.as_of and badges.timestamp(self.as_of),
            "checked_at": badges.timestamp(self.now),
            "faults": self.faults,
            "badges": [
                {"name": each.name, "verified": each.status is Status.verified, "files": each.reports}
                for each in self.badges
            ],
        }

    @property
    def _summary(self) -> str:
        if self.sealed is None:
            return "This archive is not what its manifest says, or has none."
        signer, made_at = self.sealed
        good = sum(each.status is Status.verified for each in self.badges)
        others = f"{self.others} from elsewhere are as they were brought, to be verified one by one. "
        faults = f"{len(self.faults)} files are not as they were sealed; " if self.faults else ""
        return (
            f"{faults}{good} of {len(self.badges)} badges verified. {others if self.others else ''}"
            f"Sealed by {signer} on {made_at:%Y-%m-%d %H:%M} UTC. {self.age} Nor were issuers asked whether the "
            "enclosed keys are still theirs."
        )


def is_archive(name: str) -> bool:
    """Whether a file is a zip archive, by its first bytes."""
    try:
        with Path(name).open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, ValueError):
        return False


def judged_archive(name: str, *, recipient: str | None, now: datetime, with_reports: bool) -> JudgedArchive:
    """What there is to say of an archive and of every badge in it. Raises `Unread`."""
    try:
        with Path(name).open("rb") as file:
            enclosed = _Enclosed(opened(file))
            portfolio = believed(enclosed)
            faults = list(portfolio.faults(now))
            told = list(_badges(portfolio, recipient, now, with_reports))
            others = len(objects(portfolio.about().get("imported")))
    except OSError as error:
        raise Unread(f"{name}: {error.strerror or error}") from None
    except HostileArchive as error:
        return JudgedArchive(name, now, None, [error.detail], [])
    except Fault as fault:
        return JudgedArchive(name, now, None, [str(fault)], [])
    as_of = min((each.signed_at for each in portfolio.snapshots.values()), default=None)
    age = portfolio.status(now) if told else NO_BADGES
    return JudgedArchive(name, now, (portfolio.signer, portfolio.made_at), faults, told, others, as_of, age)


class _Enclosed:
    """The files of an archive, as its checks ask for them."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.names = archive.names

    def read(self, name: str) -> bytes:
        try:
            return self._archive.read(name)
        except HostileArchive as error:
            raise Fault(error.detail) from None


def _badges(portfolio: Portfolio, recipient: str | None, now: datetime, with_reports: bool) -> Iterator[JudgedBadge]:
    """Every badge, each of its files judged as any badge is, and its place in the archive by the archive's own script.

    The library judges a file by itself; that it is the badge that it is called, and was sealed by its issuer, is told
    by `Portfolio.badges`.
    """
    fetch = _fetch(portfolio)
    files: dict[str, list[str]] = {}
    for path in portfolio.listed:
        if path.startswith("badges/") and path.endswith(_BADGES) and not path.endswith(_NO_BADGES):
            files.setdefault("/".join(path.split("/")[:2]), []).append(path)
    for badge in portfolio.badges(now):
        judged = [_file(portfolio, path, fetch, recipient, now) for path in files.get(badge.folder, [])]
        yield _judged(badge, judged, with_reports)


def _judged(badge: Badge, judged: list[Judged], with_reports: bool) -> JudgedBadge:
    statuses = {one.status for one in judged if not is_endorsement(one.name)}
    if badge.faults or not statuses:
        statuses.add(Status.not_verified)
    status = next(each for each in GRAVEST if each in statuses)
    worst = next((one for one in judged if one.status is status and not is_endorsement(one.name)), None)
    wrong = [each for one in judged if one.status is not Status.verified for each in (one.line, *one.details)]
    return JudgedBadge(
        name=f"{badge.name} ({badge.folder})",
        status=status,
        summary=worst.report.summary if worst and worst.report else " ".join(badge.faults),
        wrong=[*badge.faults, *wrong],
        files=len(judged),
        reports={one.name: one.to_dict() for one in judged} if with_reports else {},
    )


def _file(portfolio: Portfolio, path: str, fetch: badges.Fetch, recipient: str | None, now: datetime) -> Judged:
    # An endorsement is of a badge, and nobody's.
    whose = None if is_endorsement(path) else recipient
    return Judged(path, judge(portfolio.read(path), fetch, recipient=whose, now=now))


def _fetch(portfolio: Portfolio) -> badges.Fetch:
    """Asks nobody: what was published is answered as it was when the archive was made."""

    def fetch(url: str, *, accept: str) -> badges.Fetched:
        known = portfolio.addresses.get(url.partition("#")[0])
        if known is None:
            raise badges.Unreachable(f"{url[:200]} is not enclosed, and nobody is asked.")
        try:
            body = portfolio.read(str(known.get("file")))
        except Fault as fault:
            raise badges.Unreachable(str(fault)) from None
        status = known.get("status")
        media_type = str(known.get("media_type"))
        return badges.Fetched(status if isinstance(status, int) else 200, media_type, body, url, portfolio.made_at)

    return fetch
