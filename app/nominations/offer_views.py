"""An offer as whoever is asked reads it: every word of the badge before it is signed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.credentials.agreed import PLACEHOLDERS, WITH_PARTICIPATION, Agreed
from app.credentials.receipts import digest_of
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.kit.schemas import Out
from app.nominations.answering import on_hold_until
from app.nominations.casefile import Case
from app.nominations.consenting import asked_of, preview, text_of, version_asked, without_participation
from app.nominations.sight import StateTold
from app.nominations.tables import Nominee


class PreviewOut(Out):
    """The badge exactly as it would be issued now, but for its proof and for what `placeholders` points to."""

    credential: dict[str, Any]
    placeholders: list[str]
    """JSON pointers to what is not known before it is signed."""
    narrative: str | None
    evidence: list[dict[str, Any]]
    text_version: int


class OfferOut(PreviewOut):
    """What you are asked to consent to. Accept it as it is, leave sentences out, choose who sees it, or refuse."""

    nomination: UUID
    state: StateTold
    community: str
    achievement: UUID
    achievement_name: str
    achievement_description: str
    digest: str | None
    """SHA-256 of all this as the receipt of a private acceptance would hold it (canonical JSON, RFC 8785); null with a
    token that another made for you, to which `participation` is not told."""
    participation: dict[str, Any] | None
    """What you took part in, where the nominator wants your badge to rest on that too: `window`, `counts`, and the
    `contributions` by id, type, digest and event of the journal. Signed only if your answer says
    `"participation": true`, and then found by whoever sees the badge; else left out of all that is shown here. Nobody
    but you sees it before."""
    narrative_proposed: str | None
    """What you proposed that it say instead, while nobody has agreed yet."""
    deadline: datetime | None
    on_hold_until: datetime | None
    """Before then it cannot be answered, since your address or DID changed a short while ago."""


def previewed(case: Case, nominee: Nominee, *, at: Installation, on: Occasion) -> PreviewOut:
    """The badge as it would be issued, without what the nominee took part in: that is theirs to see first.

    Raises `NothingKept`.
    """
    asked = without_participation(asked_of(case, nominee, at=at))
    return PreviewOut(**_previewed(case, nominee, asked, at=at, on=on))


def offered(case: Case, nominee: Nominee, *, whole: bool, at: Installation, on: Occasion) -> OfferOut:
    """The offer of one nominee; not `whole`, it is without what they took part in. Raises `NothingKept`."""
    asked = asked_of(case, nominee, at=at)
    told = asked if whole else without_participation(asked)
    return OfferOut(
        **_previewed(case, nominee, told, at=at, on=on),
        nomination=case.nomination.id,
        state=nominee.state.value if nominee.state is not None else "",
        community=case.community.name,
        achievement=case.version.achievement_id,
        achievement_name=case.version.name,
        achievement_description=case.version.description,
        digest=digest_of(text_of(asked)) if whole else None,
        participation=told.participation,
        narrative_proposed=case.nomination.narrative_proposed,
        deadline=case.deadline(),
        on_hold_until=on_hold_until(case, nominee, now=on.now),
    )


def _previewed(case: Case, nominee: Nominee, agreed: Agreed, *, at: Installation, on: Occasion) -> dict[str, Any]:
    return {
        "credential": preview(case, agreed, at=at, on=on),
        "placeholders": [*PLACEHOLDERS, *(WITH_PARTICIPATION if agreed.participation is not None else ())],
        "narrative": agreed.narrative,
        "evidence": agreed.evidence,
        "text_version": version_asked(case, nominee),
    }
