"""Use-cases: members put on the board what they need; who answers and who writes it down is credited."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from app.contributions import correcting
from app.contributions import service as contributions
from app.contributions.correcting import ContributionEnded
from app.contributions.reporting import NotRecorded
from app.contributions.rules import Credited, Report, Side
from app.contributions.tables import Contribution
from app.kit import journal
from app.kit.errors import Forbidden, InvalidTransition, NotFound
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.links import accounts_of
from app.members.people import require_present
from app.members.service import member_named
from app.members.tables import Community
from app.stories.needs.rules import CREDITED, NEXT, Act, NeedKind, NeedState, allowed, may_not_be_credited
from app.stories.needs.tables import Need, NeedVote

SOURCE = "needs"
"""Where the contributions are known from that come of the board."""


class NoSuchNeed(NotFound):
    """There is no such need on this community's board."""

    code = "no-such-need"
    fix = "GET …/needs lists them."


class NotYourNeed(Forbidden):
    """Whoever asked decides about it, or a steward."""

    code = "not-your-need"
    fix = "Ask them, or a steward; to say that you want it too, PUT …/vote."


class NotCreditedForNeed(Forbidden):
    """This person is not credited for this."""

    code = "not-credited-for-need"
    fix = "Name whoever did it, if that is neither you nor who asked."


@dataclass(frozen=True)
class By:
    """Who decides: which member, and whether they look after the community."""

    member: UUID | None
    steward: bool


def ask(
    session: Session, community: Community, asker: UUID, kind: NeedKind, title: str, text: str | None, *, on: Occasion
) -> Need:
    """A new need."""
    need = Need(
        id=on.ids.row(), community_id=community.id, asker_id=asker, kind=kind, title=title, text=text, asked_at=on.now
    )
    session.add(need)
    session.flush()
    on.record(session, community.id, "need.asked", need.id, {"kind": kind.value})
    return need


def change(session: Session, need: Need, changes: dict[str, Any], by: By, *, on: Occasion) -> None:
    """Says an open need otherwise. The row is locked. Raises `NotYourNeed`, `InvalidTransition`."""
    if need.asker_id != by.member:
        raise NotYourNeed("Another asked.")
    _step(need, Act.change)
    for name, value in changes.items():
        setattr(need, name, value)
    _changed(session, need, "changed", on=on, fields=sorted(changes))


def withdraw(session: Session, need: Need, by: By, *, on: Occasion) -> None:
    """Takes an open need off the board, with its words. The row is locked.

    Raises `NotYourNeed`, `InvalidTransition`.
    """
    _require(need, by)
    _step(need, Act.withdraw)
    forget(session, need)
    _changed(session, need, "withdrawn", on=on)


def forget(session: Session, need: Need) -> None:
    """Its words are kept no more, nor who wants it."""
    need.title = need.text = None
    session.exec(delete(NeedVote).where(col(NeedVote.need_id) == need.id))
    need.votes = 0


def vote(session: Session, need: Need, member: UUID, wanted: bool, *, on: Occasion) -> None:
    """Somebody wants it too, or does not any more. The row is locked. The journal is told neither who nor how many do,
    and the version stays, which stands in the ETag: who looks again and again is not to see a single one come or go."""
    if wanted:
        changed = insert_if_absent(session, NeedVote(need_id=need.id, member_id=member, at=on.now))
    else:
        mine = delete(NeedVote).where(col(NeedVote.need_id) == need.id, col(NeedVote.member_id) == member)
        changed = bool(session.execute(mine.returning(col(NeedVote.need_id))).all())
    if changed:
        need.votes += 1 if wanted else -1
        session.add(need)
        session.flush()
        somebody = replace(on, actor="somebody")
        somebody.record(session, need.community_id, f"need.{'voted' if wanted else 'vote_withdrawn'}", need.id)


def credit(
    session: Session,
    community: Community,
    need: Need,
    act: Act,
    named: str,
    url: str | None,
    by: By,
    *,
    at: Installation,
    on: Occasion,
) -> None:
    """It was answered, or captured, by the member `named`, who is credited with a contribution. The row is locked.

    Raises `NotYourNeed`, `InvalidTransition`, `NoSuchMember`, `MemberLeft`, `NotCreditedForNeed`, `NotRecorded`.
    """
    if not (act is Act.capture and need.answered_by is not None and need.answered_by == by.member):
        _require(need, by)
    _step(need, act)
    member = member_named(session, community, named)
    require_present(member)
    askers = set(accounts_of(session, community.id, [need.asker_id]))
    why = may_not_be_credited(member.id, askers=askers, caller=by.member)
    if why is not None:
        raise NotCreditedForNeed(f"{member.handle}: {why}.")
    credits = (Credited(str(member.id)), Credited(str(need.asker_id), side=Side.benefits))
    report = Report(type=CREDITED[act], occurred_at=on.now, credits=credits, source=SOURCE, url=url)
    [made] = contributions.record(session, community, [report], at=at, on=on)
    if made.fault is not None:
        raise NotRecorded(made.fault)
    if act is Act.answer:
        need.answered_at, need.answered_by, need.answer_url, need.answer_id = on.now, member.id, url, made.contribution
    else:
        need.captured_at, need.captured_by = on.now, member.id
        need.capture_url, need.capture_id = url, made.contribution
    _changed(session, need, need.state.value, on=on, by=str(member.id), contribution=str(made.contribution))


def reopen(session: Session, community: Community, need: Need, by: By, *, on: Occasion) -> None:
    """It was not answered after all: what was credited is taken back. The row is locked.

    Raises `NotYourNeed`, `InvalidTransition`.
    """
    _require(need, by)
    _step(need, Act.reopen)
    credited = [id for id in (need.answer_id, need.capture_id) if id is not None]
    both = select(Contribution.id).where(col(Contribution.id).in_(credited)).order_by(col(Contribution.id))
    session.exec(both.with_for_update()).all()  # before the journal, which the first takes
    for contribution in credited:
        _take_back(session, community, contribution, on=on)
    need.answered_at = need.answered_by = need.answer_url = need.answer_id = None
    need.captured_at = need.captured_by = need.capture_url = need.capture_id = None
    _changed(session, need, "reopened", on=on)


def needs(community: Community, state: NeedState | None = None) -> SelectOfScalar[Need]:
    """Those on the board of a community."""
    rows = select(Need).where(Need.community_id == community.id)
    return rows.where(Need.state != NeedState.withdrawn if state is None else Need.state == state)


def need_by_id(session: Session, community: Community, id: UUID, *, lock: bool = False) -> Need:
    """Raises `NoSuchNeed`."""
    chosen = select(Need).where(Need.id == id, Need.community_id == community.id)
    chosen = chosen.where(Need.state != NeedState.withdrawn)
    locked = chosen.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.exec(locked if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchNeed(f"{community.slug} has no need {id}.")
    return found


def _take_back(session: Session, community: Community, contribution: UUID, *, on: Occasion) -> None:
    try:
        reason = "The need that it answered was opened again."
        correcting.retract(session, community, contribution, reason=reason, for_good=False, on=on)
    except ContributionEnded:
        pass  # somebody has taken it back, or corrected it, by itself


def _require(need: Need, by: By) -> None:
    if not by.steward and need.asker_id != by.member:
        raise NotYourNeed("Another asked.")


def _step(need: Need, act: Act) -> None:
    if (need.state, act) not in NEXT:
        raise InvalidTransition(f"It is {need.state}.", allowed=allowed(need.state))
    need.state = NEXT[need.state, act]


def _changed(session: Session, need: Need, happened: str, *, on: Occasion, **said: journal.Datum) -> None:
    need.version += 1
    session.add(need)
    session.flush()
    on.record(session, need.community_id, f"need.{happened}", need.id, said)
