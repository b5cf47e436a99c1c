"""Use-cases: a member proves that an account on a platform is theirs, by a code that the account writes there."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit import rates
from app.kit.errors import Conflict, Invalid, NotFound, TooMany, Unprocessable
from app.kit.ids import id_in
from app.kit.journal import Datum
from app.kit.occasions import Occasion
from app.members import linking
from app.members.person import canonical_account
from app.members.rules import Role
from app.members.tables import Identity, Member
from app.sources.applying import Came, Place
from app.sources.events import Told
from app.sources.tables import AccountProof, Inbound, ProofState, Source
from app.sources.writings import code_of, codes_in, is_heard

OPEN_FOR = timedelta(hours=24)
MOST = 20
"""Codes for one member in a day."""
_DAY = timedelta(days=1)


class NoSuchProof(NotFound):
    """You have asked for no such proof."""

    code = "no-such-account-proof"
    fix = "GET /v1/me/identities lists those that you have asked for."


class NotHeardHere(Unprocessable):
    """Your community hears nothing that people write on this platform."""

    code = "platform-not-heard"
    fix = "Ask a steward to link the account, or to add the platform as a source."


class AnothersToo(Conflict):
    """This account is linked to another member as well, by which you two count as one person."""

    code = "account-is-anothers-too"
    fix = "Ask a steward: who is one person with whom is for them to say."


def ask(session: Session, member: UUID, platform: str, account: str, *, on: Occasion) -> tuple[AccountProof, str]:
    """What is to be proven, and the code that proves it, which is shown this once.

    Raises `Invalid`, `NotHeardHere`, `IdentityExists`, `TooMany`.
    """
    canonical = canonical_account(account)
    if not canonical:
        raise Invalid(errors=[{"pointer": "/account", "message": "names no account"}])
    # Nobody else counts those of this member meanwhile.
    me = session.exec(select(Member).where(Member.id == member).with_for_update(key_share=True)).one()
    its = select(Source).where(Source.community_id == me.community_id, Source.accounts == platform)
    listening = session.exec(its.where(col(Source.removed_at).is_(None))).all()
    if not any(is_heard(source.platform) and _is_trusted(session, source) for source in listening):
        raise NotHeardHere(f"What people write on {platform} is not told here, or by nobody whose word is enough.")
    mine = select(Identity.id).where(Identity.community_id == me.community_id, Identity.member_id == member)
    if session.exec(mine.where(Identity.platform == platform, Identity.canonical == canonical)).first() is not None:
        raise linking.IdentityExists(f"This account on {platform} is yours already.")
    recent = select(AccountProof.asked_at).where(
        AccountProof.member_id == member, AccountProof.asked_at > on.now - _DAY
    )
    if wait := rates.wait(session.exec(recent).all(), most=MOST, within=_DAY, now=on.now):
        raise TooMany(f"A member asks for at most {MOST} codes in a day.", retry_after=wait)
    code = code_of(on.ids.secret())
    row = AccountProof(
        id=on.ids.row(),
        community_id=me.community_id,
        member_id=member,
        platform=platform,
        account=account,
        canonical=canonical,
        digest=_digest(code),
        asked_at=on.now,
        ends_at=on.now + OPEN_FOR,
    )
    session.add(row)
    session.flush()
    on.record(session, me.community_id, "identity.asked", row.id, _told(row))
    return row, code


def proof_of(session: Session, member: UUID, id: UUID, *, lock: bool = False) -> AccountProof:
    """One that a member has asked for, and not withdrawn. Raises `NoSuchProof`."""
    chosen = select(AccountProof).where(
        AccountProof.id == id, AccountProof.member_id == member, AccountProof.state != ProofState.withdrawn
    )
    row = session.exec(chosen.with_for_update() if lock else chosen).one_or_none()
    if row is None:
        raise NoSuchProof(f"You have asked for no proof {id}.")
    return row


def withdraw(session: Session, member: UUID, id: UUID, *, on: Occasion) -> AccountProof:
    """Its code proves nothing any more, and what it proved is unlinked. Raises `NoSuchProof`, `AnothersToo`."""
    row = proof_of(session, member, id, lock=True)
    linked = session.get(Identity, row.identity_id) if row.identity_id is not None else None
    if linked is not None:
        if _is_anothers(session, row):
            raise AnothersToo(f"This account on {row.platform} is another member's as well.")
        session.delete(linked)
        on.record(session, row.community_id, "identity.unlinked", linked.id, {"member": str(member)})
    row.state = ProofState.withdrawn
    session.add(row)
    session.flush()
    on.record(session, row.community_id, "identity.proof_withdrawn", row.id, _told(row))
    return row


def prove(place: Place, told: Sequence[Told], inbound: Inbound) -> list[Came]:
    """Links the accounts that have written, in what a source has delivered, the code that was asked for them.

    An account that is another member's already is not linked: who is one person with whom, stewards say.
    """
    if not _is_trusted(place.session, place.source):
        return []
    found = codes_in(place.source.platform, told)
    written = {(canonical_account(account), _digest(code)) for account, code in found}
    if not written:
        return []
    # All that wait for these accounts, so that of two members who prove one at once the second finds the first.
    waiting = select(AccountProof).where(
        AccountProof.community_id == place.community.id,
        AccountProof.platform == place.source.accounts,
        col(AccountProof.canonical).in_({account for account, _ in written}),
        AccountProof.state == ProofState.open,
    )
    chosen = waiting.order_by(col(AccountProof.id)).with_for_update()
    rows = place.session.exec(chosen.execution_options(populate_existing=True)).all()
    return [
        _proven(place, row, inbound)
        for row in rows
        if (row.canonical, row.digest) in written and row.asked_at <= inbound.received_at < row.ends_at
    ]


def _is_trusted(session: Session, source: Source) -> bool:
    """Whether it is the platform's own word: whoever has a source's secret can make it say anything.

    So only a source that a steward or the admin added in person, under whose own name its accounts are known.
    """
    if source.accounts != source.platform:
        return False
    steward = id_in(source.added_by or "")
    member = session.get(Member, steward) if steward is not None else None
    is_steward = member is not None and member.role is Role.steward and member.left_at is None
    return source.added_by == "admin" or is_steward


def _proven(place: Place, row: AccountProof, inbound: Inbound) -> Came:
    session, member = place.session, place.session.get_one(Member, row.member_id)
    if member.left_at is not None:
        return Came("proof", "refused", why="they have left")
    row.source_id, row.inbound_id, row.proven_at = place.source.id, inbound.id, inbound.received_at
    row.state = ProofState.disputed if _is_anothers(session, row) else ProofState.proven
    session.add(row)
    session.flush()
    place.on.record(session, row.community_id, f"identity.{row.state}", row.id, _told(row))
    if row.state is ProofState.disputed:
        return Came("proof", "refused", why="this account is another member's; a steward says whether they are one")
    try:
        linked = linking.link(session, member, platform=row.platform, account=row.account, is_bot=False, on=place.on)
    except linking.IdentityExists:
        return Came("proof", "duplicate")  # a steward was quicker, and it is not for the member to unlink
    row.identity_id = linked.id
    session.add(row)
    session.flush()
    return Came("proof", "linked")


def _is_anothers(session: Session, row: AccountProof) -> bool:
    theirs = select(Identity.id).where(
        Identity.community_id == row.community_id,
        Identity.platform == row.platform,
        Identity.canonical == row.canonical,
        Identity.member_id != row.member_id,
    )
    return session.exec(theirs.limit(1)).first() is not None


def disputed(community: UUID) -> SelectOfScalar[AccountProof]:
    """Accounts that somebody has proven to be theirs, which are others' and are not linked to them."""
    own = sa.exists().where(_same_account(), col(Identity.member_id) == col(AccountProof.member_id))
    others = sa.exists().where(_same_account(), col(Identity.member_id) != col(AccountProof.member_id))
    chosen = select(AccountProof).where(
        AccountProof.community_id == community, AccountProof.state == ProofState.disputed
    )
    return chosen.where(~own, others)


def held_by(session: Session, row: AccountProof) -> Sequence[UUID]:
    """Whose the account of a proof is."""
    theirs = select(Identity.member_id).join(AccountProof, _same_account()).where(AccountProof.id == row.id)
    return session.exec(theirs.order_by(col(Identity.member_id))).all()


def _same_account() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Identity.community_id) == col(AccountProof.community_id),
        col(Identity.platform) == col(AccountProof.platform),
        col(Identity.canonical) == col(AccountProof.canonical),
    )


def _told(row: AccountProof) -> dict[str, Datum]:
    source = str(row.source_id) if row.source_id is not None else None
    return {"member": str(row.member_id), "platform": row.platform, "source": source}


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
