"""Use-cases: badges from elsewhere come into a member's portfolio, are shown, and leave it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.credentials.rules import Visibility
from app.kit.errors import Conflict, NotFound
from app.kit.ids import id_in
from app.kit.installation import Installation
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.kit.prepared import insert_if_absent
from app.members.addresses import valid_emails
from app.members.auth import Caller, is_recipient
from app.members.dids import proven
from app.members.tables import Member
from app.portfolio import import_rules as rules
from app.portfolio.choosing import NoSuchPortfolio, lock, owner_named
from app.portfolio.import_rules import Fate, Match, Why
from app.portfolio.inspecting import Inspected
from app.portfolio.rules import may_see
from app.portfolio.tables import ImportedBadge, ImportedOriginal


class NoSuchImport(NotFound):
    """There is no such badge from elsewhere, or none that you may see."""

    code = "no-such-import"
    fix = "GET /v1/members/{id}/portfolio/imports lists those that you may see."


class MinorsKeepImportsPrivate(Conflict):
    """What a minor has brought along is shown to nobody else."""

    code = "minors-keep-imports-private"
    fix = "Leave it private."


@dataclass(frozen=True)
class Taken:
    """What became of one thing that was handed in."""

    inspected: Inspected
    fate: Fate
    why: Why
    recipient: Match | None = None
    import_id: UUID | None = None
    """Of the badge that was taken, or that is there already."""


def take(
    session: Session,
    member: Member,
    handed_in: Sequence[Inspected],
    visibility: Visibility,
    *,
    at: Installation,
    on: Occasion,
) -> list[Taken]:
    """Keeps what is, or may be, a badge of the member; what became of each thing, in its order.

    Two unique constraints decide what is there already. Raises `MinorsKeepImportsPrivate`.
    """
    _refuse_minors(member, visibility)
    lock(session, member)  # nobody else counts what they have meanwhile
    theirs = select(func.count(), func.coalesce(func.sum(ImportedBadge.size), 0))
    count, size = session.exec(theirs.where(ImportedBadge.member_id == member.id)).one()
    known, came = known_as(session, member), []
    for each in handed_in:
        one = _judged(each, known, at=at)
        if one.fate is Fate.taken:
            room = count < rules.MOST_IMPORTS and size + len(each.parcel.data) <= rules.MOST_BYTES
            one = _kept(session, member, one, visibility, on=on, room=room)
            if one.fate is Fate.taken:
                count, size = count + 1, size + len(each.parcel.data)
        came.append(one)
    _record(session, member, came, on=on)
    return came


def known_as(session: Session, member: Member) -> frozenset[str]:
    """The addresses and the DIDs that are known to be a member's."""
    return frozenset({*proven(session, member.id), *valid_emails(session, member.id)})


def seen(session: Session, member: Member, viewer: Caller | None) -> ColumnElement[bool]:
    """Which of a member's badges from elsewhere somebody may see. Raises `NoSuchPortfolio` where they see of none."""
    in_person = is_recipient(viewer, member.id)
    steward = viewer is not None and viewer.stewards(member.community_id)
    fellow = viewer is not None and viewer.member is not None and viewer.within(member.community_id)
    visible = may_see(in_person=in_person, steward=steward, in_community=fellow)
    theirs = and_(ImportedBadge.member_id == member.id, col(ImportedBadge.visibility).in_(visible))
    if not (in_person or steward):
        theirs = and_(theirs, genuine())
        any_there = session.exec(select(ImportedBadge.id).where(theirs).limit(1)).first()
        if member.minor or member.left_at is not None or (any_there is None and not fellow):
            raise NoSuchPortfolio(f"Nobody has the id {member.id}.")
    return theirs


def genuine() -> ColumnElement[bool]:
    """Which badges from elsewhere are shown to others, if their owner wants it: proven, and the member's."""
    proven_one = col(ImportedBadge.verdict).in_(rules.SHOWN_TO_OTHERS)
    return and_(proven_one, col(ImportedBadge.recipient) == Match.matched)


def all_seen(session: Session, member: Member, viewer: Caller | None) -> SelectOfScalar[ImportedBadge]:
    """Those of a member that somebody may see. Raises `NoSuchPortfolio`."""
    return select(ImportedBadge).where(seen(session, member, viewer))


def original_path(badge: ImportedBadge) -> str:
    """Where the bytes of one are served."""
    return f"/v1/members/{badge.member_id}/portfolio/imports/{badge.id}/original"


def import_seen(session: Session, member_id: str, id: str, viewer: Caller | None) -> ImportedBadge:
    """One that somebody may see. Raises `NoSuchPortfolio`, `NoSuchImport`."""
    member, known = owner_named(session, member_id, viewer), id_in(id)
    theirs = seen(session, member, viewer)
    found = session.exec(select(ImportedBadge).where(theirs, ImportedBadge.id == known)).first() if known else None
    if found is None:
        raise NoSuchImport(f"There is no badge from elsewhere {id}.")
    return found


def show_to(session: Session, member: Member, id: str, visibility: Visibility, *, on: Occasion) -> ImportedBadge:
    """Who sees it from now on. Raises `NoSuchImport`, `MinorsKeepImportsPrivate`."""
    _refuse_minors(member, visibility)
    found = _own(session, member, id)
    was, found.visibility = found.visibility, visibility
    session.add(found)
    session.flush()
    if was is not visibility:
        told = {"member": str(member.id), "from": was.value, "to": visibility.value}
        on.record(session, member.community_id, "import.visibility_changed", found.id, told)
    return found


def remove(session: Session, member: Member, id: str, *, on: Occasion) -> None:
    """It is gone, its bytes too. Raises `NoSuchImport`."""
    found = _own(session, member, id)
    session.exec(delete(ImportedOriginal).where(col(ImportedOriginal.import_id) == found.id))
    session.delete(found)
    session.flush()
    on.record(session, member.community_id, "import.removed", found.id, {"member": str(member.id)})


def original_if_there(session: Session, id: UUID) -> bytes | None:
    """What was handed in, byte for byte; None where it has been removed."""
    found = session.get(ImportedOriginal, id)
    return None if found is None else found.body


def original(session: Session, id: UUID) -> bytes:
    """What was handed in, byte for byte."""
    return session.get_one(ImportedOriginal, id).body


def findings(report: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """What a look at a badge says of it, by the columns that keep it."""
    return {
        "standard": report["version"],
        "format": report["format"],
        "name": rules.named(report["achievement"], "name"),
        "issuer_id": rules.named(report["issuer"], "id"),
        "issuer_name": rules.named(report["issuer"], "name"),
        "awarded_at": rules.awarded_at(document),
        "valid_until": rules.ends_at(document),
    }


def _judged(each: Inspected, known: Iterable[str], *, at: Installation) -> Taken:
    """What is to become of it by itself, whatever there is already."""
    if each.parcel.refused is not None:
        return Taken(each, Fate.refused, each.parcel.refused)
    why = rules.refused(each.report, each.document, public_url=at.public_url)
    if why is not None:
        return Taken(each, Fate.refused, why)
    recipient = rules.matched(each.document, frozenset(known))
    if recipient is Match.unmatched:
        told = (
            "It was awarded to somebody else than you are known as here. If that is an address or a DID of yours, "
            "prove it first, then import this again."
        )
        return Taken(each, Fate.refused, Why("wrong-recipient", told), recipient)
    return Taken(each, Fate.taken, Why(each.report["verdict"].replace("_", "-"), each.report["summary"]), recipient)


def _kept(session: Session, member: Member, one: Taken, visibility: Visibility, *, on: Occasion, room: bool) -> Taken:
    report, document, data = one.inspected.report, one.inspected.document, one.inspected.parcel.data
    digest, id = hashlib.sha256(data).hexdigest(), document.get("id")
    key = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest() if isinstance(id, str) else digest
    there = _there(session, member, digest, key)
    if there is None and not room:
        told = f"A portfolio has at most {rules.MOST_IMPORTS} badges from elsewhere, and {rules.MOST_BYTES} bytes."
        return Taken(one.inspected, Fate.refused, Why("portfolio-full", told), one.recipient)
    badge = ImportedBadge(
        id=on.ids.public(),
        row=on.ids.row(),
        due_at=on.now + rules.CHECKED_EVERY,
        community_id=member.community_id,
        member_id=member.id,
        sha256=digest,
        credential_key=key,
        size=len(data),
        media_type=rules.media_type(report, data),
        container=report["container"],
        source_url=one.inspected.parcel.url,
        recipient=one.recipient or Match.cannot_tell,
        visibility=visibility,
        verdict=rules.verdict_of(report),
        report=dict(report),
        checked_at=on.now,
        asked_at=on.now,
        imported_at=on.now,
        **findings(report, document),
    )
    if there is None and insert_if_absent(session, badge):
        session.add(ImportedOriginal(import_id=badge.id, body=data))
        session.flush()
        return Taken(one.inspected, Fate.taken, one.why, one.recipient, badge.id)
    there = there or _there(session, member, digest, key)
    same = there is not None and there.sha256 == digest
    told = "The same file is in the portfolio." if same else "The same badge is in the portfolio, in another file."
    why = Why("same-file" if same else "same-badge", told)
    return Taken(one.inspected, Fate.already, why, one.recipient, None if there is None else there.id)


def _there(session: Session, member: Member, digest: str, key: str) -> ImportedBadge | None:
    """The badge that is there already; the very file before the same badge in another."""
    same = (ImportedBadge.sha256 == digest) | (ImportedBadge.credential_key == key)
    found = session.exec(select(ImportedBadge).where(ImportedBadge.member_id == member.id, same)).all()
    return min(found, key=lambda each: each.sha256 != digest, default=None)


def _own(session: Session, member: Member, id: str) -> ImportedBadge:
    chosen = select(ImportedBadge).where(ImportedBadge.id == id_in(id), ImportedBadge.member_id == member.id)
    found = session.exec(chosen.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchImport(f"There is no badge from elsewhere {id}.")
    return found


def _record(session: Session, member: Member, came: Sequence[Taken], *, on: Occasion) -> None:
    happened: list[tuple[str, UUID, Mapping[str, Datum]]] = [
        (
            "import.taken",
            one.import_id,
            {
                "member": str(member.id),
                "verdict": rules.verdict_of(one.inspected.report).value,
                "recipient": one.recipient.value,
            },
        )
        for one in came
        if one.fate is Fate.taken and one.import_id is not None and one.recipient is not None
    ]
    if happened:
        on.record_all(session, member.community_id, happened)


def _refuse_minors(member: Member, visibility: Visibility) -> None:
    if member.minor and visibility is not Visibility.private:
        raise MinorsKeepImportsPrivate("The member is not of age.")
