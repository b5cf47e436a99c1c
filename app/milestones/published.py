"""What a badge's evidence address says: the contributions that it rests on, by id and digest, and nobody's name."""

import orjson
from sqlmodel import col, select

from app.contributions.citing import standing
from app.credentials.published import visible
from app.credentials.recipients import visibility_of
from app.credentials.rules import Visibility
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Recipient
from app.kit.ids import id_in
from app.kit.publishing import FRESH, UNSHARED, Place, Publication, Published
from app.members.links import accounts_of
from app.milestones.evidence import rests, standing_address
from app.milestones.progressing import NoSuchAttainment
from app.milestones.tables import Attainment, EvidenceText

publication = Publication("milestones")


@publication.at("/evidence/{attainment_id}")
def evidence(place: Place, attainment_id: str) -> Published:
    """The contributions that a badge of a milestone rests on, byte for byte as the badge pins them.

    Seen by whoever sees the badge. Each has the digest that the badge names. Its `standing` is where to ask whether
    what is on record still has it.
    """
    _, text, cache = _seen(place, attainment_id)
    return Published(text.body.encode(), "application/json", cache=cache)


@publication.at("/standing/evidence/{attainment_id}")
@publication.at("/evidence/{attainment_id}/standing")  # as the first that was pinned has it
def stands(place: Place, attainment_id: str) -> Published:
    """Whether each contribution that a badge rests on stands today as it did: not taken back, nor corrected since, and
    still its holder's."""
    attainment, _, cache = _seen(place, attainment_id)
    now = standing(place.session, attainment.contributions, of=attainment.member_id)
    contributions = [
        {"id": each["id"], "stands": (known := id_in(each["id"])) is not None and known in now}
        for each in attainment.contributions
    ]
    document = {"id": standing_address(place.at, attainment), "contributions": contributions}
    return Published(orjson.dumps(document, option=orjson.OPT_INDENT_2), "application/json", cache=cache)


def _seen(place: Place, id: str) -> tuple[Attainment, EvidenceText, str]:
    """Raises `NoSuchAttainment` alike for none, and for one whose badge the viewer may not see."""
    known = id_in(id)
    attainment = place.session.get(Attainment, known) if known else None
    text = place.session.get(EvidenceText, known) if known else None
    credential = _badge_of(place, attainment) if attainment else None
    if attainment is None or text is None or credential is None:
        raise NoSuchAttainment(f"Nobody met a milestone under {id}.")
    public = visibility_of(place.session, credential) is Visibility.public
    return attainment, text, FRESH if public else UNSHARED


def _badge_of(place: Place, attainment: Attainment) -> Credential | None:
    """The badge that was offered, or that came of the nomination, if it rests on this and the viewer may see it."""
    id = attainment.credential_id
    if id is None and attainment.nomination_id is not None:
        chosen = select(Credential.id).join(Recipient, col(Recipient.id) == Credential.recipient_id)
        same = accounts_of(place.session, attainment.community_id, [attainment.member_id])
        theirs = chosen.where(Credential.nomination_id == attainment.nomination_id, col(Recipient.member_id).in_(same))
        id = place.session.exec(theirs.limit(1)).first()
    try:
        credential = visible(place, str(id)) if id is not None else None
    except NoSuchCredential:
        return None
    return credential if credential is not None and rests(credential.evidence, attainment) else None
