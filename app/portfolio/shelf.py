"""A member's badges as one viewer may see them: the one shape of which every format is made.

A shelf knows what stands on it, and reads it in pieces while it is written out, each in a short transaction of its own:
so that a thousand badges need little memory, and nothing is held while somebody's slow line is waited for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.achievements.service import version_of
from app.achievements.tables import AchievementVersion
from app.credentials import service as credentials
from app.credentials.rules import Provenance, State, Visibility, basis_of
from app.credentials.tables import Credential, Edition, Recipient
from app.issuers.tables import SignedEndorsement
from app.kit.database import read_session
from app.kit.deps import Runtime
from app.members.addresses import reached_at
from app.members.auth import Caller, is_recipient
from app.members.tables import Community, Member
from app.portfolio.choosing import NoSuchPortfolio, chosen
from app.portfolio.imports import original_if_there
from app.portfolio.rules import Reveal, Wanted, in_order, may_see
from app.portfolio.tables import ImportedBadge
from app.portfolio.viewing import View
from app.portfolio.voices import Voice, voices

AT_ONCE = 20
"""Badges that are in memory at a time: each may have a megabyte of signed texts."""


@dataclass(frozen=True)
class Entry:
    """One badge."""

    credential: Credential
    state: State
    """At the instant of the shelf."""
    version: AchievementVersion
    """What it was awarded for; without its images, for which ask `Shelf.pictures`."""
    edition: Edition
    """The newest; `Shelf.editions` has all."""
    voices: Sequence[Voice]
    """Of those who vouch for it, the oldest first."""
    basis: Provenance
    """On whose word it was issued."""

    @property
    def endorsements(self) -> Sequence[SignedEndorsement]:
        """Those that stand, as they were signed."""
        return [each.signed for each in self.voices]

    @property
    def provenance(self) -> Provenance:
        """On whose word it rests now."""
        return Provenance.endorsed if self.voices else self.basis


@dataclass(frozen=True)
class Owner:
    """Whose it is, as far as that is revealed to the viewer."""

    id: UUID
    name: str | None
    email: str | None
    did: str | None
    affiliation: str | None
    joined_at: datetime | None


@dataclass(frozen=True)
class Pictures:
    """The unbaked image of a version."""

    png: bytes
    svg: bytes


@dataclass(frozen=True)
class Shelf:
    """What stands in a portfolio."""

    runtime: Runtime
    community: Community
    owner: Owner
    wanted: Wanted
    ids: tuple[UUID, ...]
    """Of the badges, in order."""
    imported: tuple[UUID, ...]
    """Of the badges from elsewhere, in order."""
    made_at: datetime
    view: View
    minor: bool = False
    """Whether it is a minor's: nothing of it is seen by others."""

    def visibility(self, badge: Credential | ImportedBadge) -> Visibility:
        """Who sees a badge of it one by one."""
        return Visibility.private if self.minor else badge.visibility

    @property
    def public_url(self) -> str:
        """The service's address."""
        return self.runtime.installation.public_url

    @property
    def title(self) -> str:
        """As its owner called it."""
        return self.wanted.title or (f"Badges of {self.owner.name}" if self.owner.name else "Badges")

    def entries(self) -> Iterator[Entry]:
        """Every badge in order, `AT_ONCE` in memory; one that was hidden or revoked meanwhile is left out."""
        for start in range(0, len(self.ids), AT_ONCE):
            with read_session(self.runtime.engine) as session:
                found = _read(session, self.view, self.ids[start : start + AT_ONCE], self.made_at)
            yield from found

    def editions(self, entry: Entry) -> Iterator[Edition]:
        """Everything that was ever signed of a badge, the oldest first; one in memory at a time."""
        for number in range(1, entry.edition.number):
            with read_session(self.runtime.engine) as session:
                yield session.get_one(Edition, (entry.credential.id, number))
        yield entry.edition

    def imports(self) -> Iterator[ImportedBadge]:
        """Every badge from elsewhere; one that was hidden or removed meanwhile is left out. Their bytes: `original`."""
        for start in range(0, len(self.imported), AT_ONCE):
            some = self.imported[start : start + AT_ONCE]
            with read_session(self.runtime.engine) as session:
                shown = select(ImportedBadge).where(col(ImportedBadge.id).in_(some), self.view.of_brought())
                rows = {row.id: row for row in session.exec(shown).all()}
            yield from (rows[id] for id in some if id in rows)

    def original(self, imported: ImportedBadge) -> bytes | None:
        """What was handed in, byte for byte; None where it was removed meanwhile."""
        with read_session(self.runtime.engine) as session:
            return original_if_there(session, imported.id)

    def pictures(self, version: AchievementVersion) -> Pictures:
        """The image of what a badge was awarded for."""
        with read_session(self.runtime.engine) as session:
            found = session.get_one(AchievementVersion, version.id)
            return Pictures(found.image_png, found.image_svg)


def shelf_of(
    session: Session, member: Member, viewer: Caller | None, *, everything: bool, runtime: Runtime, now: datetime
) -> Shelf:
    """What `viewer` sees of a member's portfolio: `everything`, or what its owner chose to show.

    For others there is none of a minor, nor of who has left and cannot choose any more; for strangers none before they
    see a badge in it. Raises `NoSuchPortfolio`.
    """
    in_person = is_recipient(viewer, member.id)
    steward = viewer is not None and viewer.stewards(member.community_id)
    fellow = viewer is not None and viewer.member is not None and viewer.within(member.community_id)
    wanted = chosen(session, member)
    whole = everything and (in_person or steward)
    seen = may_see(in_person=in_person, steward=steward, in_community=fellow)
    unhidden, revoked = in_person or steward, whole or wanted.items is not None
    view = View(member.id, seen, revoked=revoked, whole=whole, unhidden=unhidden)
    shelf = _shelf(session, member, view, wanted, None if whole else wanted.items, runtime=runtime, now=now)
    hidden = member.minor or member.left_at is not None
    if not unhidden and (hidden or not (shelf.ids or shelf.imported or fellow)):
        raise NoSuchPortfolio(f"Nobody has the id {member.id}.")
    return shelf


def shelf_shared(
    session: Session,
    member: Member,
    *,
    title: str | None,
    items: tuple[UUID, ...] | None,
    runtime: Runtime,
    now: datetime,
) -> Shelf:
    """What a member shows to whoever holds a link: the badges they named for it, private ones too.

    Where they named none, what everybody sees of their portfolio. Search engines are never to list it.
    """
    chosen_for_all = chosen(session, member)
    wanted = replace(chosen_for_all, title=title or chosen_for_all.title, indexed=False)
    seen = frozenset(Visibility)
    if items is None:
        items, seen = wanted.items, may_see(in_person=False, steward=False, in_community=False)
    view = View(member.id, seen, revoked=items is not None)
    return _shelf(session, member, view, wanted, items, runtime=runtime, now=now)


def _shelf(
    session: Session,
    member: Member,
    view: View,
    wanted: Wanted,
    items: Sequence[UUID] | None,
    *,
    runtime: Runtime,
    now: datetime,
) -> Shelf:
    """What is seen in a view; of the `items`, if there are any, in their order."""
    revealed = frozenset(Reveal) if view.whole else frozenset(wanted.reveal)
    told = {each.value: getattr(member, each.value) if each in revealed else None for each in Reveal}
    if told["email"] is not None:
        told["email"] = reached_at(session, member)  # what others have put there is not theirs before they say so
    return Shelf(
        runtime=runtime,
        community=session.get_one(Community, member.community_id),
        owner=Owner(id=member.id, **told),
        wanted=wanted,
        ids=in_order(view.issued(session), items),
        imported=in_order(view.brought(session), items),
        made_at=now,
        view=view,
        minor=member.minor,
    )


def _read(session: Session, view: View, ids: Sequence[UUID], now: datetime) -> list[Entry]:
    """The badges of these ids that are seen, in their order."""
    shown = select(Credential).join(Recipient, col(Recipient.id) == Credential.recipient_id)
    shown = shown.where(col(Credential.id).in_(ids), view.of_issued())
    rows = {each.id: each for each in session.exec(shown).all()}
    newest = select(Edition.credential_id, func.max(Edition.number)).where(col(Edition.credential_id).in_(ids))
    key = sa.tuple_(col(Edition.credential_id), col(Edition.number))
    signed = session.exec(select(Edition).where(key.in_(newest.group_by(col(Edition.credential_id))))).all()
    editions = {each.credential_id: each for each in signed}
    vouched = voices(session, ids)
    named = {(each.achievement_id, each.achievement_version) for each in rows.values()}
    versions = {name: version_of(session, *name) for name in named}
    return [
        Entry(
            credential=rows[id],
            state=credentials.state_of(rows[id], now),
            version=versions[rows[id].achievement_id, rows[id].achievement_version],
            edition=editions[id],
            voices=vouched.get(id, ()),
            basis=basis_of(rows[id].awarded_by, view.member_id),
        )
        for id in ids
        if id in rows and id in editions
    ]
