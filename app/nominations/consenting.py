"""What a nominee is asked to consent to: the words of their badge, exactly as it will say them."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import badges
from app.credentials import agreed as credentials
from app.credentials import participation
from app.credentials.agreed import Agreed
from app.credentials.receipts import canonical, digest_of
from app.credentials.recipients import Named
from app.credentials.rules import Visibility
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.members.addresses import emails_of
from app.nominations.casefile import Case
from app.nominations.nominees import contact_of, recipient_of
from app.nominations.refusals import NothingKept
from app.nominations.rules import State
from app.nominations.tables import Nominee, Receipt, Second
from app.nominations.wording import known_by, without_names

NOMINATION, SECOND = "nomination", "second"
"""The genres of evidence that is words."""
STATEMENT = ("contribution", "context", "impact")
"""Of the statement, what a badge tells when no other narrative was agreed on: `person` is for those who decide."""


def asked_of(case: Case, nominee: Nominee, *, at: Installation) -> Agreed:
    """The badge as a nominee is offered it: private, with the whole narrative; before that, as it would be offered.

    From the offer on it is what was written down then, whoever answers, leaves or is called otherwise afterwards.
    Raises `NothingKept` for a stranger who was forgotten.
    """
    named = recipient_of(nominee, at=at)
    if named is None:
        raise NothingKept("Nothing is kept by which the nominee could be reached.")
    if nominee.offered_text is None:
        return _composed(case, nominee, named, at=at)
    said = json.loads(nominee.offered_text)
    return Agreed(
        nomination_id=case.nomination.id,
        version=case.version,
        recipient=named,
        narrative=said["narrative"],
        evidence=said["evidence"],
        visibility=Visibility.private,
        consent={},
        participation=said.get("participation"),
    )


def freeze(case: Case, nominee: Nominee, *, at: Installation, on: Occasion) -> None:
    """Writes down what a nominee is asked to consent to, while it is known whom it must not name.

    What they took part in is counted now, if the nominator wants it told. Raises `NothingKept`.
    """
    asked = asked_of(case, nominee, at=at)
    if nominee.offered_text is None:
        nominee.offered_seconds = [str(each.id) for each, _ in _published(case)]
        asked = _with_participation(case, nominee, asked, on=on)
    _keep(case, nominee, asked)


def reword(case: Case, *, at: Installation) -> None:
    """Offers the narrative that was agreed on to those who have yet to answer; all else stays as it was offered."""
    for nominee in case.nominees:
        if nominee.state is State.offered:
            narrative = without_names(_shared(case), _names_of_others(case, nominee, at=at))
            asked = asked_of(case, nominee, at=at)
            _keep(case, nominee, answered_with(asked, narrative=narrative, visibility=Visibility.private))


def version_asked(case: Case, nominee: Nominee) -> int:
    """The `text_version` of what `asked_of` says."""
    return case.nomination.text_version if nominee.offered_version is None else nominee.offered_version


def answered_with(asked: Agreed, *, narrative: str | None, visibility: Visibility) -> Agreed:
    """The same as a nominee wants it: None leaves the narrative as it is, an empty one leaves it out."""
    text = asked.narrative if narrative is None else narrative.strip() or None
    place = next((n for n, each in enumerate(asked.evidence) if each.get("genre") == NOMINATION), len(asked.evidence))
    evidence = [*asked.evidence[:place], *_story(text), *asked.evidence[place + 1 :]]
    return replace(asked, narrative=text, evidence=evidence, visibility=visibility)


def without_participation(asked: Agreed) -> Agreed:
    """The same, not told what they took part in: for others than the nominee, and for one who leaves that out."""
    return replace(asked, evidence=_of_others(asked.evidence), participation=None)


def tells_participation(nominee: Nominee) -> bool:
    """Whether what somebody was offered tells what they took part in."""
    return nominee.offered_text is not None and "participation" in json.loads(nominee.offered_text)


def forget_participation(nominee: Nominee) -> None:
    """Takes what somebody took part in out of what they were offered, since they did not agree to have it told.

    The digest stays: who has the text can still show that it was this one.
    """
    if nominee.offered_text is None or not tells_participation(nominee):
        return
    said = json.loads(nominee.offered_text)
    del said["participation"]
    said["evidence"] = _of_others(said["evidence"])
    nominee.offered_text = canonical(said)


def spoken(nominee: Nominee, agreed: Agreed) -> list[tuple[UUID, dict[str, str]]]:
    """The reasons in a badge as its nominee read them, each with the id of the second that it was."""
    reasons = [each for each in agreed.evidence if each.get("genre") == SECOND]
    return [(UUID(id), each) for id, each in zip(nominee.offered_seconds or [], reasons, strict=False)]


def text_of(agreed: Agreed) -> str:
    """All that the badge says of somebody, and who sees it, as canonical JSON (RFC 8785): what a receipt keeps."""
    said: dict[str, Any] = {
        "nomination": str(agreed.nomination_id),
        "achievement": str(agreed.version.achievement_id),
        "achievement_version": agreed.version.number,
        "achievement_name": agreed.version.name,
        "narrative": agreed.narrative,
        "evidence": agreed.evidence,
        "visibility": agreed.visibility.value,
    }
    if agreed.participation is not None:
        said["participation"] = agreed.participation
    return canonical(said)


def consented(case: Case, nominee: Nominee, receipt: Receipt, *, at: Installation) -> Agreed:
    """The badge as its receipt says it, word for word. Raises `NothingKept`."""
    said = json.loads(receipt.text) if receipt.text else None
    named = recipient_of(nominee, at=at)
    if said is None or named is None:
        raise NothingKept("What was consented to has been erased.")
    return Agreed(
        nomination_id=case.nomination.id,
        version=case.version,
        recipient=named,
        narrative=said["narrative"],
        evidence=said["evidence"],
        visibility=Visibility(said["visibility"]),
        consent={
            "given": "asked",
            "by": receipt.by,
            "receipt": receipt.digest,
            "text_version": receipt.text_version,
            "accepted_at": receipt.at.isoformat(),
        },
        participation=said.get("participation"),
    )


def preview(case: Case, agreed: Agreed, *, at: Installation, on: Occasion) -> badges.Document:
    """The badge as it would be issued now, unsigned; `PLACEHOLDERS` of `app.credentials.agreed` are not yet drawn."""
    return credentials.preview(case.session, case.community, agreed, at=at, on=on)


def _of_others(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a badge rests on besides what its holder took part in."""
    return [each for each in evidence if each.get("genre") != participation.GENRE]


def _keep(case: Case, nominee: Nominee, agreed: Agreed) -> None:
    text = text_of(agreed)
    nominee.offered_text, nominee.offered_digest = text, digest_of(text)
    nominee.offered_version = case.nomination.text_version
    case.session.add(nominee)


def _with_participation(case: Case, nominee: Nominee, asked: Agreed, *, on: Occasion) -> Agreed:
    """The same, resting on what they took part in, if that is wanted and there is anything."""
    wanted = case.nomination.participation
    if wanted is None:
        return asked
    which = participation.Wanted.of(wanted)
    facts = participation.facts_of(case.session, case.community.id, nominee.member_id, which, now=on.now)
    if facts is None:
        return asked
    return replace(asked, evidence=[participation.piece(facts), *asked.evidence], participation=facts)


def _composed(case: Case, nominee: Nominee, named: Named, *, at: Installation) -> Agreed:
    """What the rows say now.

    It names no teammate, since each speaks for themselves alone, and not the nominator; who seconded is named with
    their reason where they agreed to that.
    """
    others = _names_of_others(case, nominee, at=at)
    narrative = without_names(_shared(case), others) or None
    return Agreed(
        nomination_id=case.nomination.id,
        version=case.version,
        recipient=named,
        narrative=narrative,
        evidence=[*_shown(case, others), *_story(narrative), *_reasons(case, others)],
        visibility=Visibility.private,
        consent={},
    )


def _shared(case: Case) -> str:
    """The narrative that was agreed on, or what the nominator wrote."""
    nomination = case.nomination
    if nomination.narrative is not None:
        return nomination.narrative
    statement = nomination.statement or {}
    return "\n\n".join(statement[part] for part in STATEMENT if statement.get(part))


def _shown(case: Case, others: frozenset[str]) -> list[dict[str, str]]:
    """What the nominator shows for it."""
    return [
        {part: value if part == "url" else without_names(value, others) for part, value in each.items()}
        for each in case.nomination.evidence
    ]


def _story(narrative: str | None) -> list[dict[str, str]]:
    """The nomination as evidence: its words, and no name."""
    return [{"name": "Nomination", "genre": NOMINATION, "narrative": narrative}] if narrative else []


def _reasons(case: Case, others: frozenset[str]) -> list[dict[str, str]]:
    """The reasons of those who stand behind it with their names."""
    return [
        {"name": case.people[each.member_id].name, "genre": SECOND, "narrative": without_names(reason, others)}
        for each, reason in _published(case)
    ]


def _published(case: Case) -> list[tuple[Second, str]]:
    """What goes into the badge in its seconder's name; nothing in that of a minor."""
    named = (each for each in case.seconds if each.publish and not case.people[each.member_id].minor)
    return [(each, each.reason) for each in named if each.reason]


def _names_of_others(case: Case, nominee: Nominee, *, at: Installation) -> frozenset[str]:
    """By what the other nominees are known. Never by what this one is known, too."""
    own = {name.casefold() for name in _names(case, nominee, at=at)}
    others = {name for other in case.nominees if other.id != nominee.id for name in _names(case, other, at=at)}
    return frozenset(name for name in others if name.casefold() not in own)


def _names(case: Case, nominee: Nominee, *, at: Installation) -> frozenset[str]:
    if nominee.member_id is not None:
        person = case.people[nominee.member_id]
        by_name = known_by(person.name, handle=person.handle)
        return by_name.union(*(known_by(person.name, email=email) for email in emails_of(case.session, person.id)))
    contact = contact_of(nominee, at=at)
    return known_by(contact.name, email=contact.email) if contact is not None else frozenset()
