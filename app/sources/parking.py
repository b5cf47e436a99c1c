"""Awards to accounts that are nobody's yet: kept, sealed, until somebody turns out to have the account."""

from datetime import datetime
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import col

from app.members.addresses import COUNTS
from app.members.tables import Address, Identity
from app.sources.applying import Came, Place
from app.sources.awardees import EMAIL, Awardee, kept_as
from app.sources.events import Known, Party, WouldAward
from app.sources.tables import AwardState, PlatformAward

_WHY = "this account is nobody's here yet; the award waits for whoever proves that it is theirs, or is linked to it"


def park(place: Place, row: PlatformAward, one: WouldAward, whom: Awardee) -> Came:
    """Keeps an award until one of the accounts that it names is somebody's."""
    if row.state is AwardState.parked:
        return Came(one.rule, "duplicate", why=_WHY)
    for way in whom.waits_for:
        account = kept_as(place, way)
        if way.scheme == EMAIL:
            row.address = account.account
        elif row.account is None:
            row.platform, row.account = account.platform, account.account
    row.state, row.reason = AwardState.parked, None
    row.asked = place.at.vault.seal(_written(one, whom), bound_to=f"platform-award/{row.id}/asked")
    place.session.add(row)
    place.session.flush()
    place.on.record(place.session, place.community.id, "award.parked", row.id, {"source": str(row.source_id)})
    return Came(one.rule, "parked", why=_WHY)


def asked(place: Place, row: PlatformAward) -> WouldAward:
    """What was asked for by a row that waits."""
    assert row.asked is not None  # noqa: S101  it waits
    said = orjson.loads(place.at.vault.open(row.asked, bound_to=f"platform-award/{row.id}/asked"))
    return WouldAward(
        rule=said["rule"],
        achievement=str(row.achievement_id),
        to=Party(tuple(Known(*way) for way in said["known"]), "recipient", "by"),
        external_id=row.external_id,
        occurred_at=datetime.fromisoformat(said["occurred_at"]) if said.get("occurred_at") else None,
        as_of=row.as_of,
        narrative=said["narrative"],
        evidence=tuple(said["evidence"]),
        name=said["name"],
        consented=said["consented"],
    )


def waits_for(member: UUID | None = None) -> sa.ColumnElement[bool]:
    """Of a row: that it waits for an account that is this member's, or anybody's, by now."""
    linked = sa.exists().where(
        col(Identity.community_id) == col(PlatformAward.community_id),
        col(Identity.platform) == col(PlatformAward.platform),
        col(Identity.canonical) == col(PlatformAward.account),
    )
    held = sa.exists().where(
        col(Address.community_id) == col(PlatformAward.community_id),
        col(Address.key) == col(PlatformAward.address),
        COUNTS,
    )
    if member is not None:
        linked = linked.where(col(Identity.member_id) == member)
        held = held.where(col(Address.member_id) == member)
    return sa.and_(col(PlatformAward.state) == AwardState.parked, sa.or_(linked, held))


def _written(one: WouldAward, whom: Awardee) -> bytes:
    return orjson.dumps(
        {
            "rule": one.rule,
            "known": [[way.scheme, way.account] for way in whom.known],
            "name": one.name,
            "narrative": one.narrative,
            "evidence": [dict(shown) for shown in one.evidence],
            "occurred_at": one.occurred_at,
            "consented": one.consented,
        }
    )
