"""The reasons of those who seconded become endorsements of the badge, signed, where they agreed to be named in it."""

from collections.abc import Iterator

from app.credentials.agreed import Agreed
from app.credentials.tables import Credential
from app.endorsements.service import Spoken, flow_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations.casefile import Case
from app.nominations.consenting import spoken
from app.nominations.tables import Nominee


def vouch(
    case: Case, nominee: Nominee, credential: Credential, agreed: Agreed, *, at: Installation, on: Occasion
) -> None:
    """Endorses a badge that was just signed with what its nominee consented to have said of them.

    Raises `badges.NotConformant`, and whatever keeps the community from signing.
    """
    flow_in(case.session, credential, [*_spoken(case, nominee, agreed)], at=at, on=on)


def _spoken(case: Case, nominee: Nominee, agreed: Agreed) -> Iterator[Spoken]:
    """They are named as the nominee read it; who has had their words erased since then, or is known as a minor by now,
    is not named anew."""
    known = case.people
    seconds = {
        each.id: each for each in case.seconds if each.publish and each.reason and not known[each.member_id].minor
    }
    for id, said in spoken(nominee, agreed):
        if second := seconds.get(id):
            yield Spoken(member=second.member_id, name=said["name"], words=said["narrative"], at=second.at)
