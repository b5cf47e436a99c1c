"""Use-cases of the nominator: drafting, editing, submitting, withdrawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, select

from app.achievements import service as achievements
from app.achievements.rules import Policy
from app.credentials.participation import Wanted, check
from app.kit.errors import AppError, FieldError, Invalid
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.targets import is_public
from app.members.people import Person, Standing
from app.members.tables import Community, Member
from app.nominations import limits, offering, panels, seconding
from app.nominations.advancing import advance
from app.nominations.casefile import Case, NoSuchNomination, opened, opened_by_id
from app.nominations.evidence import expect
from app.nominations.nominees import Proposed, proposed
from app.nominations.refusals import (
    AlreadyNominated,
    BotNominated,
    BotsMayNot,
    ConflictOfInterest,
    Departed,
    LinkedIdentity,
    NoTeam,
    PrivateEvidence,
    SelfNomination,
    TooNew,
)
from app.nominations.rules import Act, Clock, State
from app.nominations.stepping import note, require, step
from app.nominations.tables import Nomination, Nominee
from app.nominations.twins import take_keys

STATEMENT = ("person", "contribution", "context", "impact")
"""What a statement says: good praise names the person, what they did, where, and what came of it."""


@dataclass(frozen=True)
class Draft:
    """What a nominator writes."""

    achievement: str
    nominees: Sequence[Proposed]
    statement: dict[str, str]
    """Those of `STATEMENT` that are written already."""
    evidence: list[dict[str, Any]]
    previous: UUID | None = None
    """The nomination that this one takes up again."""
    participation: Wanted | None = None
    """Which contributions of the nominee the badge is to rest on, if they agree."""


def draft(
    session: Session, community: Community, nominator: UUID, text: Draft, *, at: Installation, on: Occasion
) -> Case:
    """A new draft. `check_evidence` comes before. Raises `NoSuchAchievement`, `NoSuchMember`, `NoTeam`,
    `NoSuchNomination` for a `previous` that they did not write, `TooManyNominations`, `Invalid`."""
    check(session, community, text.participation, now=on.now)
    version = achievements.newest(session, community, text.achievement)
    policy = achievements.policy_of(version)
    _lock_nominator(session, nominator)
    limits.check_drafts(session, nominator, policy, now=on.now)
    if len(text.nominees) > 1 and not policy.team:
        raise NoTeam("More than one person is named, and the achievement's policy has no teams.")
    if text.previous is not None and not _wrote(session, nominator, community, text.previous):
        raise NoSuchNomination(f"You wrote no nomination {text.previous} here.")
    clock = Clock.started(State.draft, policy, on.now)
    assert clock is not None  # noqa: S101  drafts have one
    nomination = Nomination(
        id=on.ids.public(),
        row=on.ids.row(),
        community_id=community.id,
        achievement_id=version.achievement_id,
        achievement_version=version.number,
        nominator_id=nominator,
        state=State.draft,
        version=0,
        statement=text.statement,
        evidence=text.evidence,
        participation=text.participation.to_dict() if text.participation is not None else None,
        previous_id=text.previous,
        clock_since=clock.since,
        deadline=clock.deadline,
        remind_at=clock.remind_at,
        created_at=on.now,
    )
    session.add(nomination)
    session.flush()
    session.add_all(proposed(session, community, nomination.id, text.nominees, at=at, on=on))
    session.flush()
    case = opened(session, nomination, now=on.now)
    note(case, "drafted", on=on, achievement=str(version.achievement_id))
    return case


def edit(
    session: Session,
    id: str,
    *,
    statement: dict[str, str] | None,
    evidence: list[dict[str, Any]] | None,
    nominees: Sequence[Proposed] | None,
    participation: Wanted | Literal["stays"] | None,
    at: Installation,
    on: Occasion,
) -> Case:
    """New words of a draft, or, where a reviewer asked, of what is being weighed. What is None stays, but that a
    `participation` of None has the badge rest on nothing that was taken part in.

    `check_evidence` comes before. Raises `InvalidTransition`, `NoTeam`, `NoSuchMember`, `Invalid`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nomination = case.nomination
    if participation != "stays":
        check(session, case.community, participation, now=on.now)
    require(case, Act.edit, on=on)
    if statement is not None:
        nomination.statement = (nomination.statement or {}) | statement
    if evidence is not None:
        nomination.evidence = evidence
    if participation != "stays":
        nomination.participation = participation.to_dict() if participation is not None else None
    if nominees is not None:
        _rename(case, nominees, at=at, on=on)
    nomination.text_version += 1
    if nomination.state is not State.draft:
        _check_text(case)
        panels.ask_again(case, on=on)
        expect(case)
    step(case, Act.edit, on=on)
    return opened(session, nomination, now=on.now)


def submit(session: Session, id: str, *, merge: bool = False, at: Installation, on: Occasion) -> Case:
    """Puts a draft before others; with `merge`, as a second of an open one for the same, if there is one.

    Raises `InvalidTransition`, `Invalid`, `SelfNomination`, `LinkedIdentity`, `BotsMayNot`, `BotNominated`, `TooNew`,
    `Departed`, `TooManyNominations`, `CoolingDown`, `AlreadyNominated`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    nomination = case.nomination
    require(case, Act.submit, on=on)
    newest = achievements.version_of(session, nomination.achievement_id)
    nomination.achievement_version = newest.number
    case = opened(session, nomination, now=on.now)
    _lock_nominator(session, nomination.nominator_id)
    _check_people(case, on)
    _check_text(case)
    # Before anything is said of others' nominations: who may submit no more learns nothing by trying.
    limits.check_rates(session, nomination.nominator_id, case.policy, now=on.now)
    for nominee in case.nominees:
        limits.check_cooldowns(case, nominee, now=on.now)
    twin = take_keys(case, since=on.now)
    if twin is not None:
        return _merged(case, twin, merge=merge, at=at, on=on)
    nomination.submitted_at = on.now
    expect(case)
    step(case, Act.submit, on=on, achievement=str(nomination.achievement_id))
    return advance(case, at=at, on=on)


def withdraw(session: Session, id: str, reason: str | None, *, by_steward: bool, on: Occasion) -> Case:
    """Takes a nomination back, before there is an offer; nobody ends the appeal against their own decision.

    Raises `InvalidTransition`, `ConflictOfInterest`.
    """
    case = opened_by_id(session, id, now=on.now, lock=True)
    if by_steward and any(str(seat.member_id) == on.actor and seat.verdict is not None for seat in case.earlier):
        raise ConflictOfInterest("The decision that is appealed is yours too.", conflicts=["first_panel"])
    case.nomination.note = reason
    step(case, Act.withdraw, on=on)
    offering.end(case)
    return case


def check_evidence(evidence: Sequence[dict[str, Any]], *, allow_loopback: bool) -> None:
    """Whether everybody can look at it. Raises `PrivateEvidence`."""
    errors: list[FieldError] = [
        {"pointer": f"/evidence/{position}/url", "message": "leads to nothing that everybody can reach"}
        for position, item in enumerate(evidence)
        if not is_public(item["url"], allow_loopback=allow_loopback)
    ]
    if errors:
        raise PrivateEvidence("Some evidence is not at a public address.", errors=errors)


def _wrote(session: Session, nominator: UUID, community: Community, id: UUID) -> bool:
    """Whether this is an earlier nomination of theirs."""
    found = session.get(Nomination, id)
    return found is not None and (found.nominator_id, found.community_id) == (nominator, community.id)


def _lock_nominator(session: Session, nominator: UUID) -> None:
    """Has two nominations by one person wait for each other, so that the limits count both.

    Not a whole `FOR UPDATE`: two who nominate each other would wait for each other, since a row that names a member
    takes a share of theirs.
    """
    session.exec(select(Member.id).where(Member.id == nominator).with_for_update(key_share=True)).one()


def _check_people(case: Case, on: Occasion) -> None:
    """Who may nominate whom."""
    nominator, policy = case.nominator, case.policy
    if nominator.is_bot:
        raise BotsMayNot("The nominator is a bot.")
    start = nominator.joined_at + timedelta(days=policy.min_tenure_days)
    if on.now < start:
        raise TooNew(
            f"Who nominates for this has been a member for {policy.min_tenure_days} days.",
            not_before=start.isoformat(),
        )
    for nominee in case.nominees:
        if nominee.member_id is not None:
            _check_nominee(nominator, case.people[nominee.member_id], nominee, policy)


def _check_nominee(nominator: Person, person: Person, nominee: Nominee, policy: Policy) -> None:
    """Whoever named an address does not learn here whose it is, unless it is their own."""
    if person.standing is Standing.left and not nominee.by_address:
        raise Departed(f"{person.handle} has left the community.")
    if person.is_bot:
        raise BotNominated(f"{person.handle} is a bot.")
    if person.identity == nominator.identity and policy.self_nomination == "never":
        if person.id == nominator.id:
            raise SelfNomination("You are the nominee.")
        raise LinkedIdentity("Nominator and nominee are known to be one person.")


def _check_text(case: Case) -> None:
    """Raises `Invalid`, naming every field that is missing."""
    statement, needed = case.nomination.statement or {}, case.policy.evidence_min
    errors: list[FieldError] = [
        {"pointer": f"/statement/{field}", "message": "is needed before it is submitted"}
        for field in STATEMENT
        if not statement.get(field)
    ]
    if len(case.nomination.evidence) < needed:
        errors.append({"pointer": "/evidence", "message": f"at least {needed} needed"})
    if errors:
        raise Invalid("The nomination is not complete.", errors=errors)


def _rename(case: Case, named: Sequence[Proposed], *, at: Installation, on: Occasion) -> None:
    """Other nominees, while it is a draft."""
    if case.nomination.state is not State.draft:
        raise Invalid(errors=[{"pointer": "/nominees", "message": "can only be changed in a draft"}])
    if len(named) > 1 and not case.policy.team:
        raise NoTeam("More than one person is named, and the achievement's policy has no teams.")
    for row in case.nominees:
        case.session.delete(row)
    case.session.flush()
    case.session.add_all(proposed(case.session, case.community, case.nomination.id, named, at=at, on=on))
    case.session.flush()


def _merged(case: Case, twin: UUID, *, merge: bool, at: Installation, on: Occasion) -> Case:
    """The draft becomes a second of its twin. Raises `AlreadyNominated` unless that was asked for and is possible.

    Why it is not possible is nobody's to learn who has no part in the twin: how far it is would tell it.
    """
    nomination, session = case.nomination, case.session
    already = AlreadyNominated("There is an open nomination for the same.", nomination_id=str(twin))
    other = opened_by_id(session, str(twin), now=on.now, lock=True)
    if other.nomination.nominator_id == nomination.nominator_id:
        already.fix = "That one is your own: go on with it, or withdraw it first."
        raise already
    if len(case.nominees) > 1:
        already.fix = "A team does not merge: leave out whom the other nomination is about, or nominate each alone."
        raise already
    if not merge:
        raise already
    reason = "\n\n".join((nomination.statement or {})[field] for field in STATEMENT)
    nomination.merged_into_id = twin
    step(case, Act.merge, on=on, into=str(twin))
    try:
        with_it = seconding.add(other, nomination.nominator_id, reason, publish=False, invited=True, on=on)
    except AppError:
        raise already from None
    advance(with_it, at=at, on=on)
    return case
