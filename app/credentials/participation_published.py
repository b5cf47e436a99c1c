"""What badges rest on of what people took part in: signed documents, and what stands of them today."""

import orjson

from app.credentials.participation import MEDIA_TYPE, NoSuchParticipation, standing_address, standing_today
from app.credentials.published import cache_of, visible
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Participation
from app.kit.ids import id_in
from app.kit.publishing import Place, Publication, Published

publication = Publication("credentials")


@publication.at("/participation/{id}")
def participation(place: Place, id: str) -> Published:
    """What the holder of a badge took part in, signed by the badge's issuer, byte for byte as the badge pins it.

    Seen by whoever sees the badge. Its `standing` is where to ask whether what is on record still is what it cites.
    """
    _, token, cache = _rested_on(place, id)
    return Published(token.encode(), MEDIA_TYPE, cache=cache)


@publication.at("/standing/participation/{id}")
@publication.at("/participation/{id}/standing")  # as the first of them that were signed have it
def participation_today(place: Place, id: str) -> Published:
    """Whether each contribution that it cites stands today as it did: not taken back, nor corrected since, still its
    holder's, and told of by the same event of the journal."""
    found, _, cache = _rested_on(place, id)
    credential = place.session.get_one(Credential, found.credential_id)
    now = standing_today(place.session, credential, found.facts["contributions"])
    document = {"id": standing_address(place.at.public_url, found.id), "contributions": now}
    return Published(orjson.dumps(document, option=orjson.OPT_INDENT_2), "application/json", cache=cache)


def _rested_on(place: Place, id: str) -> tuple[Participation, str, str]:
    """Raises `NoSuchParticipation` alike for none, and for that of a badge that the viewer may not see."""
    known = id_in(id)
    found = place.session.get(Participation, known) if known else None
    try:
        credential = visible(place, str(found.credential_id)) if found is not None else None
    except NoSuchCredential:
        credential = None
    if found is None or found.token is None or credential is None:
        raise NoSuchParticipation(f"No badge rests on {id}.")
    return found, found.token, cache_of(place.session, credential)
