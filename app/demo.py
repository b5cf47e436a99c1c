"""A small living community to look at: plainly fictional people, months of recognition, badges in every state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlmodel import Session, select

from app.achievements import service as achievements
from app.achievements.service import Wording
from app.credentials import published, service
from app.credentials.awarding import Offer, award
from app.credentials.recipients import Named
from app.credentials.rules import SIGNED, Act, State, Visibility
from app.credentials.tables import Credential
from app.issuers import service as issuers
from app.kit.database import write_session
from app.kit.deps import Runtime
from app.kit.migrations import upgrade
from app.kit.occasions import Occasion
from app.kit.publishing import Place
from app.members import service as members
from app.members.auth import ADMIN
from app.members.rules import EVERY_SCOPE, GRANTED, Role, Scope
from app.members.tables import Community
from app.notifications.reading import read_journals
from app.settings import Settings

SLUG = "lantern-commons"

PEOPLE = {
    "ana": ("Ana Lindqvist-Example", Role.steward, "Harbour Library"),
    "bo": ("Bo Imaginary", Role.member, "Night School"),
    "chidi": ("Chidi Placeholder", Role.member, "River Co-op"),
    "dilan": ("Dilan Fictive", Role.member, "Harbour Library"),
    "esra": ("Esra Madeup", Role.steward, "River Co-op"),
    "finn": ("Finn Pretend", Role.member, "Night School"),
}

BADGES: Mapping[str, dict[str, Any]] = {
    "hosting": {
        "name": "Session Host",
        "description": "Opens a space in which others dare to learn from each other.",
        "criteria": "Hosted at least three open sessions and passed on what was learnt.",
    },
    "mentoring": {
        "name": "Patient Mentor",
        "description": "Walks beside a newcomer until they no longer need it.",
        "criteria": "Mentored one person over at least two months, by that person's own account.",
        "policy": {"status": "suspension"},
    },
    "co_creating": {
        "name": "Co-Creator",
        "description": "Makes something with others that none would have made alone.",
        "criteria": "Contributed to a shared work with people of at least one other organisation.",
    },
    "welcoming": {
        "name": "First Hello",
        "description": "Sees to it that nobody's first message stays unanswered.",
        "criteria": "Welcomed newcomers in at least six of eight weeks.",
    },
    "documenting": {
        "name": "Keeper of the Notebook",
        "description": "Writes down what was learnt, so that it is not learnt in vain.",
        "criteria": "Documented at least five sessions for those who could not come.",
    },
    "encouraging": {
        "name": "Warm Thanks",
        "description": "For a kindness that somebody wanted to be remembered.",
        "criteria": "Somebody in the community was grateful, and says for what.",
        "policy": {"stackable": True, "period": "quarter"},
    },
}

HISTORY = (
    # days ago, who, for what, visibility, why
    (120, "bo", "hosting", Visibility.public, "Bo opened the Tuesday table twelve times, and stacked the chairs."),
    (95, "chidi", "co_creating", Visibility.public, "The shared glossary would not exist without Chidi's patience."),
    (80, "dilan", "mentoring", Visibility.public, "Dilan sat with three newcomers, one evening a week."),
    (60, "esra", "documenting", Visibility.private, "Esra's notes were read by everyone who could not come."),
    (45, "finn", "welcoming", Visibility.public, "Finn answers every first message, often within the hour."),
    (30, "finn", "hosting", Visibility.public, "Awarded to the wrong Finn, as it turned out."),
)  # fmt: skip


def prepare(folder: Path, port: int) -> tuple[Settings, str]:
    """Seeds the demo (once), bakes its badges into `folder`/demo, and gives the settings and the lines to print."""
    place = folder / "demo"
    database = place / f"laurels-{port}.db"
    settings = Settings(
        database_url=f"sqlite:///{database}",
        public_url=f"http://127.0.0.1:{port}",
        state_dir=place / "state",
        mail="off",
    )
    runtime = Runtime.of(settings)
    if settings.admin_token is None:
        settings = settings.model_copy(update={"admin_token": SecretStr(runtime.ids.secret())})
    upgrade(runtime.engine)
    _ = runtime.installation
    try:
        with _first_time(runtime) as session:
            if session is not None:
                _seed(session, runtime)
        while read_journals(runtime, runtime.clock()):
            pass  # what happened so far is in the feeds; from now on mails are shown, too
        with write_session(runtime.engine) as session:
            return settings.model_copy(update={"mail": "console"}), _lines(session, runtime, place)
    finally:
        runtime.engine.dispose()


@contextmanager
def _first_time(runtime: Runtime) -> Iterator[Session | None]:
    with write_session(runtime.engine) as session:
        known = session.exec(select(Community).where(Community.slug == SLUG)).first()
        yield None if known else session


def _seed(session: Session, runtime: Runtime) -> None:
    now = runtime.clock()
    start = _at(runtime, now - timedelta(days=150))
    community = issuers.found(
        session,
        slug=SLUG,
        name="Lantern Commons",
        description="A fictional community of people who teach each other how to look after what is shared.",
        url="https://lantern-commons.example",
        email="hello@lantern-commons.example",
        at=runtime.installation,
        on=start,
    )
    for handle, (name, role, affiliation) in PEOPLE.items():
        address = f"{handle}@lantern-commons.example"
        members.join(
            session, community, handle=handle, name=name, email=address, did=None, affiliation=affiliation, role=role,
            joined_at=None, on=start,
        )  # fmt: skip
    earned = {kind: _achievement(session, community, kind, start) for kind in BADGES}
    awarded = [
        _award(
            session, community, runtime, earned[kind], who, why, visibility, _at(runtime, now - timedelta(days=days))
        )
        for days, who, kind, visibility, why in HISTORY
    ]
    yesterday = _at(runtime, now - timedelta(days=1))
    service.revoke(session, awarded[5], "Meant for another Finn.", at=runtime.installation, on=yesterday)
    service.suspend(session, awarded[2], "Under review at Dilan's own wish.", at=runtime.installation, on=yesterday)
    pending = _offer(earned["co_creating"], "bo", "Bo drew the map that everybody uses.", consented=False)
    award(session, community, pending, at=runtime.installation, on=yesterday)
    refused = award(
        session,
        community,
        _offer(earned["welcoming"], "chidi", "Chidi greets by name.", consented=False),
        at=runtime.installation,
        on=yesterday,
    )
    service.answer(
        session, refused.credential, Act.refuse, Visibility.private, by="token", at=runtime.installation, on=yesterday
    )


def _achievement(session: Session, community: Community, kind: str, on: Occasion) -> str:
    said = BADGES[kind]
    wording = Wording(
        name=said["name"],
        description=said["description"],
        criteria_narrative=said["criteria"],
        criteria_url=None,
        achievement_type="CommunityService",
        contribution_type=kind,
        tags=[kind],
        alignments=[],
        results=[],
        policy=said.get("policy", {}),
        image=None,
    )
    return str(achievements.create(session, community, wording, on=on).achievement_id)


def _offer(
    achievement: str, who: str, why: str, *, consented: bool, visibility: Visibility = Visibility.private
) -> Offer:
    return Offer(
        achievement=achievement,
        recipient=Named(member=who),
        external_id=None,
        narrative=why,
        evidence=[{"url": f"https://lantern-commons.example/notes/{who}", "name": "Session notes"}],
        valid_until=None,
        consented=consented,
        visibility=visibility,
    )


def _award(
    session: Session,
    community: Community,
    runtime: Runtime,
    achievement: str,
    who: str,
    why: str,
    visibility: Visibility,
    on: Occasion,
) -> Credential:
    offer = _offer(achievement, who, why, consented=True, visibility=visibility)
    return award(session, community, offer, at=runtime.installation, on=on).credential


def _lines(session: Session, runtime: Runtime, folder: Path) -> str:
    """What to look at and what to try, with a fresh token; bakes every badge into `folder` on the way."""
    now, base = runtime.clock(), runtime.installation.public_url
    community = members.community_by_slug(session, SLUG)
    badge = _bake_all(session, runtime, community, folder)
    _, token = members.create_token(
        session,
        community,
        owner=members.member_named(session, community, "ana"),
        role=Role.steward,
        scopes=sorted(GRANTED[Role.steward] | {Scope.awards_consented}),
        expires_at=now + timedelta(days=30),
        granter=EVERY_SCOPE,
        on=_at(runtime, now),
    )
    thanks = next(v for v in achievements.newest_of_all(session, community) if v.contribution_type == "encouraging")
    body = (
        f'{{"achievement": "{thanks.achievement_id}", "recipient": {{"email": "grace@guests.example", '
        '"name": "Grace Guest"}, "narrative": "For the soup.", "consent": "given", "visibility": "public"}'
    )
    key = f"-H 'Authorization: Bearer {token}' -H 'Content-Type: application/json'"
    read_id = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"id\"])'"
    verdict = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"summary\"])'"
    check = f"curl -s --data-binary @badge.png -H 'Content-Type: image/png' {base}/v1/verify | {verdict}"
    return f"""
Laurels runs with a small fictional community, Lantern Commons. Look at

  the community        {base}/issuers/{SLUG}
  a badge              {badge}
  verify any badge     {base}/verify
  the API, live        {base}/docs
  baked images         {folder}/*.png
  verify those         LAURELS_ALLOW_LOOPBACK=true laurels verify {folder}/*.png

and try, in another terminal: award, fetch the badge, verify the image, revoke and verify again.

ID=$(curl -s {base}/v1/communities/{SLUG}/credentials {key} -d '{body}' | {read_id}); echo $ID
curl -s {base}/credentials/$ID.json; echo
curl -s -o badge.png {base}/credentials/$ID.png; {check}
curl -s {base}/v1/credentials/$ID/revoke {key} -o /dev/null -d '{{"reason": "Only a try."}}'; {check}

Ctrl-C stops it; `make demo` continues where it was, and `make clean` forgets it.
"""


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


def _at(runtime: Runtime, now: datetime) -> Occasion:
    return Occasion(actor="demo", now=now, ids=runtime.ids)
