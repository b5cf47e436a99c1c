"""Several credentials in one: presentations (VC Data Model 2.0 §4.13, 1.1 §4.10) and learner records (CLR 2.0).

Whoever puts them together vouches for the collection and no more: each credential inside has a proof of its own and is
judged like one that came alone. The whole is as good as the worst of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from badges.checks.allowances import MOST_CREDENTIALS
from badges.checks.questions import Question, brief
from badges.checks.reading import Badge, Secured, badge_in, secured_in
from badges.documents import Document, as_list
from badges.errors import BadgeError, NoCredential
from badges.reports import Check, Outcome, Report, Verdict

CONTAINS = Question("contains", "VC Data Model 2.0 §4.13; CLR 2.0 ClrSubject")

DEEPEST = 3
"""Collections inside collections that are looked into."""

GRAVITY = (
    Verdict.forged,
    Verdict.revoked,
    Verdict.suspended,
    Verdict.not_conformant,
    Verdict.wrong_recipient,
    Verdict.not_yet_valid,
    Verdict.expired,
    Verdict.unknown,
    Verdict.not_a_badge,
    Verdict.valid,
)
"""The worst first. Of what is no badge nothing is said, so beside badges it leaves a doubt and no more."""


@dataclass(frozen=True)
class Member:
    """A credential as it stands in a collection."""

    pointer: str
    given: Any
    """An object with its own proof or in an envelope, or a compact JWS."""

    def read(self) -> Badge:
        """The badge. Raises `NoCredential`, `Unreadable`, `NotConformant` or `Unsupported` when it is none."""
        if isinstance(self.given, dict):
            return badge_in(Secured(self.given))
        if isinstance(self.given, str):
            return badge_in(secured_in(self.given.strip()))
        raise NoCredential("This is neither a credential nor a token with one.")


@dataclass(frozen=True)
class Examined:
    """What came of one credential inside."""

    pointer: str
    report: Report

    def to_dict(self) -> Document:
        """As in the JSON report; what was fetched is told of the whole, which asks each address once."""
        told = self.report.to_dict()
        del told["fetched"]
        return {"pointer": self.pointer} | told


def members_of(badge: Badge) -> list[Member]:
    """The credentials in a presentation or a learner record; of what is neither, none."""
    if badge.is_presentation:
        return _members(badge.document, "")
    subject = badge.document.get("credentialSubject")
    return _members(subject, "/credentialSubject") if badge.is_learner_record and isinstance(subject, dict) else []


def _members(node: Document, at: str) -> list[Member]:
    given = as_list(node.get("verifiableCredential"))
    return [Member(f"{at}/verifiableCredential/{n}", each) for n, each in enumerate(given)]


def documents_in(badge: Badge, examined: Sequence[Examined]) -> Iterator[tuple[Document, bool]]:
    """What those of the `examined` credentials in a collection say that can be read; and whether the proof holds."""
    for member, found in zip(members_of(badge), examined, strict=False):
        proof = found.report.found("proof")
        with suppress(BadgeError):
            yield member.read().document, proof is not None and proof.outcome is Outcome.passed


def without_members(badge: Badge) -> Document:
    """What a collection says itself."""
    document, subject = badge.document, badge.document.get("credentialSubject")
    if badge.is_learner_record and isinstance(subject, dict):
        return document | {"credentialSubject": _without(subject)}
    return _without(document) if badge.is_presentation else document


def _without(node: Document) -> Document:
    return {name: value for name, value in node.items() if name != "verifiableCredential"}


def contains(examined: Sequence[Examined], shown: int) -> Check:
    """Whether each credential in a collection, `shown` in number, is what it seems."""
    worst = gravest(each.report.verdict for each in examined)
    if shown == len(examined) and not any(map(_matters, examined)):
        return CONTAINS.failed("contains-not_a_badge", f"None of the credentials inside ({shown}) is an Open Badge.")
    if worst is Verdict.valid and shown == len(examined):
        return CONTAINS.passed("contains-valid", f"Each of the credentials inside ({shown}) is genuine.")
    told = f"Of the credentials inside ({shown}), {_counted(examined)}."
    if shown > len(examined):
        told += f" At most {MOST_CREDENTIALS} are looked at, no more than {DEEPEST} collections deep,"
        told += " and not those that are much larger together than what was handed in."
    doubtful = next((each for each in examined if each.report.verdict is worst is not Verdict.valid), None)
    if doubtful:
        told += f" The one at {brief(doubtful.pointer)}: {doubtful.report.summary}"
    if any(each.report.outcome is Outcome.failed and _matters(each) for each in examined):
        return CONTAINS.failed(f"contains-{worst.value}", told)
    return CONTAINS.unknown("contains-unknown" if shown == len(examined) else "too-many-credentials", told)


REQUIRED_OF_PRESENTATION = ("conforms",)
"""It has no issuer and no dates of its own, and a proof only where its holder signed."""


def together(badge: Badge, word: Verdict, told: str, answer: Check) -> tuple[Verdict, str]:
    """Verdict and summary of a collection: of itself (`word`, `told`) and of what is inside, what is worse."""
    inside = _word(answer)
    worst = gravest(iter((word, inside)))
    if worst is not Verdict.valid:
        return worst, told if worst is word else f"This is a {badge.kind}. {answer.detail}"
    return worst, f"This is a {badge.kind}. {answer.detail}" if badge.is_presentation else f"{told} {answer.detail}"


def _word(answer: Check) -> Verdict:
    """What the answer makes of the whole collection."""
    if answer.outcome is Outcome.failed:
        return Verdict(answer.code.removeprefix("contains-"))
    return Verdict.valid if answer.outcome is Outcome.passed else Verdict.unknown


def _matters(each: Examined) -> bool:
    return each.report.verdict is not Verdict.not_a_badge


def gravest(verdicts: Iterator[Verdict]) -> Verdict:
    """The worst of some verdicts; of none, unknown."""
    return min(verdicts, key=GRAVITY.index, default=Verdict.unknown)


def _counted(examined: Sequence[Examined]) -> str:
    counted = Counter(each.report.verdict for each in examined)
    return ", ".join(
        f"{counted[verdict]} {'is' if counted[verdict] == 1 else 'are'} {_WORDS.get(verdict, verdict.value)}"
        for verdict in reversed(GRAVITY)
        if counted[verdict]
    )


_WORDS = {
    Verdict.valid: "genuine",
    Verdict.unknown: "not to be told",
    Verdict.not_conformant: "not as the standard asks",
    Verdict.wrong_recipient: "somebody else's",
    Verdict.not_yet_valid: "not yet valid",
    Verdict.not_a_badge: "no Open Badge",
}
