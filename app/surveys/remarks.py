"""Use-cases: what people said in their own words is read by stewards, and quoted where they agreed to it."""

from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.kit.errors import Conflict, FieldError, Invalid, NotFound
from app.kit.occasions import Occasion
from app.members.tables import Community
from app.nominations.linting import lint
from app.surveys.rules import only_leaves_out
from app.surveys.tables import Remark, RemarkState, Wave


class NoSuchRemark(NotFound):
    """There is no such remark in this community, or it is not quoted."""

    code = "no-such-remark"
    fix = "GET …/remarks lists those that you may read."


class NotToBeQuoted(Conflict):
    """Whoever said this did not agree to be quoted."""

    code = "not-to-be-quoted"
    fix = "Read it, and act on it; nobody can be asked, since nobody knows who said it."


def remarks(community: Community, *, wave: UUID | None, quoted_only: bool) -> SelectOfScalar[Remark]:
    """Those of a community, or of one of its waves; all for stewards, and what is quoted for everybody."""
    chosen = select(Remark).join(Wave, col(Wave.id) == Remark.wave_id).where(Wave.community_id == community.id)
    if wave is not None:
        chosen = chosen.where(Remark.wave_id == wave)
    return chosen.where(Remark.state == RemarkState.quoted) if quoted_only else chosen


def remark_by_id(
    session: Session, community: Community, id: UUID, *, quoted_only: bool = False, lock: bool = False
) -> Remark:
    """Raises `NoSuchRemark`."""
    chosen = remarks(community, wave=None, quoted_only=quoted_only).where(Remark.id == id)
    found = session.exec(chosen.with_for_update(of=Remark) if lock else chosen).one_or_none()
    if found is None:
        raise NoSuchRemark(f"{community.slug} has no remark {id} for you.")
    return found


def quote(session: Session, community: Community, remark: Remark, text: str | None, *, on: Occasion) -> None:
    """Has a remark quoted, whole or with words left out. The row is locked. Raises `NotToBeQuoted`, `Invalid`."""
    if not remark.may_quote:
        raise NotToBeQuoted("It is for the stewards to read.")
    said = remark.text if text is None else text
    found = [] if only_leaves_out(said, remark.text) else ["leaves words out of what was said, and adds none"]
    found += [hint.message for hint in lint({"/text": said})]
    if found:
        raise Invalid(errors=[FieldError(pointer="/text", message=why) for why in found])
    remark.state, remark.quote = RemarkState.quoted, said
    _changed(session, community, remark, on=on)


def keep(session: Session, community: Community, remark: Remark, *, on: Occasion) -> None:
    """Has a remark quoted no more, or never. The row is locked."""
    remark.state, remark.quote = RemarkState.kept, None
    _changed(session, community, remark, on=on)


def _changed(session: Session, community: Community, remark: Remark, *, on: Occasion) -> None:
    session.add(remark)
    session.flush()
    on.record(session, community.id, f"remark.{remark.state}", remark.id)
