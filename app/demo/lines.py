"""What the demo prints: where to look, and lines to try."""

import sys
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from app.achievements import service as achievements
from app.credentials import published
from app.credentials.rules import SIGNED, State, Visibility
from app.credentials.tables import Credential, Participation
from app.demo.outcomes import Asking, outcomes, places, python
from app.demo.people import SLUG
from app.demo.platforms import deliveries
from app.kit.deps import Runtime
from app.kit.occasions import Occasion
from app.kit.publishing import Place
from app.members import service as members
from app.members.auth import ADMIN
from app.members.rules import EVERY_SCOPE, GRANTED, Role, Scope
from app.members.tables import Community, Member
from app.members.tokens import create_token
from app.nominations.rules import State as Nominated
from app.nominations.tables import Nomination, Nominee

MAILS = "mails.txt"
"""Where the demo writes what is mailed."""
_JSON = "-H 'Content-Type: application/json'"


def lines(session: Session, runtime: Runtime, folder: Path) -> str:
    """What to look at and what to try, with fresh tokens; bakes every badge into `folder` on the way."""
    base = runtime.installation.public_url
    community = members.community_by_slug(session, SLUG)
    badge = _bake_all(session, runtime, community, folder)
    ana, hana, mika = (
        _token(session, runtime, community, members.member_named(session, community, handle))
        for handle in ("ana", "hana", "mika")
    )
    counted = outcomes(session, community, Asking(base, mika, ana))
    return f"""
Laurels runs with a small fictional community, Lantern Commons. Look at

  the community        {base}/issuers/{SLUG}
  a badge              {badge}
  verify any badge     {base}/verify
  the API, live        {base}/docs
{places(session, base, community)}  baked images         {folder}/*.png
  verify those         LAURELS_ALLOW_LOOPBACK=true {_command()} verify {folder}/*.png
                       (all but the one that is suspended and the one that is revoked)
  what is mailed       {folder}/{MAILS}, from now on

and try, in another terminal. {_recognising(session, runtime, community, ana)}
Or award something at once; fetch the badge, verify the image, revoke and verify again.

{_awarding(session, community, base, ana)}

What people do adds up: Juna has met a milestone, and is asked whether she wants its badge; Mika, who asks here,
is half-way.

{_reaching(base, mika)}

How peers see Hana, which is for her alone: who recognised her, and for what.

{_mirrored(base, hana)}

{_resting(session, base, community, mika)}{counted}{deliveries(session, runtime, community, folder)}
What happens is told to a small receiver of webhooks in this process, which prints a line for each as it arrives.
The same delivery, sent again, changes nothing.

Ctrl-C stops it; `make demo` continues where it was, and `make clean` forgets it.
"""


def _command() -> str:
    """How this very program is called from a shell."""
    beside = Path(sys.executable).with_name("laurels")
    if not beside.exists():
        return f"{sys.executable} -m app"
    here = Path.cwd()
    return str(beside.relative_to(here)) if beside.is_relative_to(here) else str(beside)


def _recognising(session: Session, runtime: Runtime, community: Community, ana: str) -> str:
    """The stewards' queue, and an offer that its nominee can accept, while there is one."""
    base = runtime.installation.public_url
    each = 'each["state"] + ": " + " and ".join(n["name"] or "a guest" for n in each["nominees"])'
    desk = f'print(*[{each} for each in json.load(sys.stdin)["items"]], sep="\\n")'
    queue = f"""Peers recognise peers: this is what Ana, a steward, has on her desk.

curl -s {base}/v1/communities/{SLUG}/queue -H 'Authorization: Bearer {ana}' | {python(desk)}
"""
    found = _waiting_for_an_answer(session, community)
    if found is None:
        return queue
    nomination, member = found
    name, key = member.name.split()[0], f"-H 'Authorization: Bearer {_token(session, runtime, community, member)}'"
    address = f"{base}/v1/nominations/{nomination}"
    read = 'offer = json.load(sys.stdin); print(offer["achievement_name"], "|", " ".join(offer["narrative"].split()))'
    mine = (
        'found = json.load(sys.stdin); print(*(n["credential"] for n in found.get("nominees", []) '
        f'if n["handle"] == "{member.handle}")); "nominees" in found or sys.exit(found["detail"])'
    )
    return f"""{queue}
{name} was nominated, and is asked. Nobody else sees it until {name} accepts; anyone verifies it after that.

curl -s {address}/offer {key} | {python(read)}
ID=$(curl -s {address}/response {key} {_JSON} -d '{{"response": "accept", "visibility": "public"}}' | {python(mine)})
curl -s -o badge.png {base}/credentials/$ID.png; {_check(base)}
"""


def _awarding(session: Session, community: Community, base: str, ana: str) -> str:
    thanks = next(v for v in achievements.newest_of_all(session, community) if v.contribution_type == "encouraging")
    body = (
        f'{{"achievement": "{thanks.achievement_id}", "recipient": {{"email": "grace@guests.example", '
        '"name": "Grace Guest"}, "narrative": "For the soup.", "consent": "given", "visibility": "public"}'
    )
    key, id = f"-H 'Authorization: Bearer {ana}' {_JSON}", python('print(json.load(sys.stdin)["id"])')
    return f"""ID=$(curl -s {base}/v1/communities/{SLUG}/credentials {key} -d '{body}' | {id}); echo $ID
curl -s {base}/credentials/$ID.json; echo
curl -s -o badge.png {base}/credentials/$ID.png; {_check(base)}
curl -s {base}/v1/credentials/$ID/revoke {key} -o /dev/null -d '{{"reason": "Only a try."}}'; {_check(base)}"""


def _reaching(base: str, mika: str) -> str:
    part = 'part["kind"] + " " + str(int(part["have"])) + " of " + str(int(part["need"]))'
    each = f'each["name"] + ": " + ", ".join({part} for part in each["parts"])'
    read = f'print(*[{each} for each in json.load(sys.stdin)["items"]], sep="\\n")'
    address = f"{base}/v1/communities/{SLUG}/members/mika/milestones"
    return f"curl -s {address} -H 'Authorization: Bearer {mika}' | {python(read)}"


def _mirrored(base: str, hana: str) -> str:
    by = '(each["by"] or {"name": "the community"})["name"]'
    each = f'each["form"] + " by " + {by} + ": " + (each["about"] or each["type"])'
    read = f'print(*[{each} for each in json.load(sys.stdin)["sayings"]], sep="; ")'
    return f"curl -s {base}/v1/me/mirror -H 'Authorization: Bearer {hana}' | {python(read)}"


def _resting(session: Session, base: str, community: Community, mika: str) -> str:
    """The walk from the first badge that rests on participation to what was done, and back."""
    chosen = select(Participation).join(Credential).where(Credential.community_id == community.id)
    signed = chosen.where(col(Participation.token).is_not(None), Credential.visibility == Visibility.public)
    found, key = session.exec(signed.order_by(col(Credential.row))).first(), f"-H 'Authorization: Bearer {mika}'"
    if found is None:
        return ""
    step = 'each["contribution"]["title"] + ("" if each["stands"] else " (does not stand)")'
    steps = f'"; ".join({step} for each in told["contributions"])'
    there = f'told = json.load(sys.stdin); print(told["achievement_name"] + ": " + {steps})'
    back = 'print(*[each["achievement_name"] + ": " + each["url"] for each in json.load(sys.stdin)["items"]])'
    did = found.facts["contributions"][0]["id"]
    return f"""A badge can rest on what its holder took part in, as Hana's does: from it to what she did, and back.

curl -s {base}/v1/credentials/{found.credential_id}/trail {key} | {python(there)}
curl -s {base}/v1/communities/{SLUG}/contributions/{did}/recognitions {key} | {python(back)}

"""


def _check(base: str) -> str:
    verdict = python('print(json.load(sys.stdin)["summary"])')
    return f"curl -s --data-binary @badge.png -H 'Content-Type: image/png' {base}/v1/verify | {verdict}"


def _waiting_for_an_answer(session: Session, community: Community) -> tuple[str, Member] | None:
    """A member who has been asked and has not answered, and what about: the newest offer."""
    asked = (
        select(Nomination.id, Member)
        .join(Nominee, col(Nominee.nomination_id) == Nomination.id)
        .join(Member, col(Member.id) == Nominee.member_id)
        .where(Nomination.community_id == community.id, Nomination.state == Nominated.offered)
        .where(Nominee.state == Nominated.offered)
        .order_by(col(Nomination.deadline).desc(), col(Nominee.id))
    )
    found = session.exec(asked).first()
    return None if found is None else (str(found[0]), found[1])


def _token(session: Session, runtime: Runtime, community: Community, owner: Member) -> str:
    """A fresh one of this member's, for thirty days; a steward's may vouch for consent, too."""
    now, more = runtime.clock(), {Scope.awards_consented} if owner.role is Role.steward else set()
    _, secret = create_token(
        session,
        community,
        owner=owner,
        role=owner.role,
        scopes=sorted(GRANTED[owner.role] | more),
        expires_at=now + timedelta(days=30),
        granter=EVERY_SCOPE,
        own=True,
        on=Occasion(actor="admin", now=now, ids=runtime.ids),
    )
    return secret


def _bake_all(session: Session, runtime: Runtime, community: Community, folder: Path) -> str:
    """Writes every signed badge as an image; gives the page of one that is in force, else that of the community."""
    place, base = Place(session, runtime.installation, runtime.clock(), ADMIN), runtime.installation.public_url
    shown = f"{base}/issuers/{SLUG}"
    for credential in session.exec(select(Credential).where(Credential.community_id == community.id)).all():
        if credential.state not in SIGNED:
            continue
        awarded = achievements.version_of(session, credential.achievement_id, credential.achievement_version)
        title = awarded.name.lower().replace(" ", "-")
        path = folder / f"{title}-{str(credential.id)[:8]}.png"
        path.write_bytes(published.as_png(place, str(credential.id)).body)
        if credential.visibility is Visibility.public and credential.state is State.active:
            shown = f"{base}/credentials/{credential.id}.html"
    return shown
