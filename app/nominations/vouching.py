"""The reasons of those who seconded become endorsements of the badge, signed, where they agreed to be named in it."""

from collections.abc import Iterator, Mapping

from app.credentials.agreed import Agreed
from app.credentials.tables import Credential
from app.endorsements.service import Spoken, flow_in
from app.kit.installation import Installation
from app.kit.occasions import Occasion
from app.nominations.casefile import Case
from app.nominations.consenting import SECOND
from app.nominations.tables import Second


def vouch(case: Case, credential: Credential, agreed: Agreed, *, at: Installation, on: Occasion) -> None:
    """Endorses a badge that was just signed with what its nominee consented to have said of them.

    Raises `badges.NotConformant`, and whatever keeps the community from signing.
    """
    flow_in(case.session, credential, [*_spoken(case, agreed)], at=at, on=on)


def _spoken(case: Case, agreed: Agreed) -> Iterator[Spoken]:
    """Whose words they are is known by the words, since the offer froze them without saying; who has had theirs erased
    since then is not named anew."""
    seconds = [each for each in case.seconds if each.publish and each.reason]
    for said in agreed.evidence:
        second = next((each for each in seconds if said.get("genre") == SECOND and _wrote(case, each, said)), None)
        if second is not None:
            seconds.remove(second)
            yield Spoken(member=second.member_id, name=said["name"], words=said["narrative"], at=second.at)


def _wrote(case: Case, second: Second, said: Mapping[str, str]) -> bool:
    return case.people[second.member_id].name == said["name"]
