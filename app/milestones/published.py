"""What a badge's evidence address says: the contributions that it rests on, by id and digest, and nobody's name."""

import orjson

from app.credentials.published import visible
from app.credentials.recipients import visibility_of
from app.credentials.rules import Visibility
from app.credentials.service import NoSuchCredential
from app.kit.ids import id_in
from app.kit.publishing import FRESH, UNSHARED, Place, Publication, Published
from app.milestones.evidence import address
from app.milestones.progressing import NoSuchAttainment, standing
from app.milestones.tables import Attainment, Milestone

publication = Publication("milestones")


@publication.at("/evidence/{attainment_id}")
def evidence(place: Place, attainment_id: str) -> Published:
    """The contributions that a badge of a milestone rests on, each with the digest that the badge names.

    Seen by whoever sees the badge. `stands` says whether what is on record still has that digest.
    """
    attainment, cache = _seen(place, attainment_id)
    milestone = place.session.get_one(Milestone, attainment.milestone_id)
    now = standing(place.session, attainment)
    contributions = [
        each | {"stands": now.get(known) == each["digest"] if (known := id_in(each["id"])) else False}
        for each in attainment.contributions
    ]
    document = {
        "id": address(place.at, attainment),
        "credential": f"{place.at.public_url}/credentials/{attainment.credential_id}",
        "milestone": {"name": milestone.name, "description": milestone.description, "rule": milestone.rule},
        "met_at": attainment.met_at.isoformat(),
        "digest": "SHA-256 of the canonical JSON (RFC 8785) of id, type, occurred_at and evidence_digest",
        "contributions": contributions,
    }
    return Published(orjson.dumps(document, option=orjson.OPT_INDENT_2), "application/json", cache=cache)


def _seen(place: Place, id: str) -> tuple[Attainment, str]:
    """Raises `NoSuchAttainment` alike for none, and for one whose badge the viewer may not see."""
    known = id_in(id)
    attainment = place.session.get(Attainment, known) if known else None
    if attainment is None or attainment.credential_id is None:
        raise NoSuchAttainment(f"Nobody met a milestone under {id}.")
    try:
        credential = visible(place, str(attainment.credential_id))
    except NoSuchCredential:
        raise NoSuchAttainment(f"Nobody met a milestone under {id}.") from None
    return attainment, FRESH if visibility_of(place.session, credential) is Visibility.public else UNSHARED
