"""The demo from nothing to ready to be served."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlmodel import Session, select

from app.achievements import service as achievements
from app.achievements.service import Wording
from app.demo.annals import ANNALS
from app.demo.doings import DOINGS
from app.demo.history import HISTORY
from app.demo.lines import MAILS, lines
from app.demo.people import BADGES, NAME, PEOPLE, SITE, SLUG
from app.demo.platforms import PLATFORM_SCENES, receiver_secret
from app.demo.quarters import Calendar
from app.demo.stage import Stage, play
from app.demo.surveys import asked
from app.demo.tales import TALES
from app.demo.works import WORKS
from app.demo.year import a_year, enters
from app.issuers import service as issuers
from app.kit.database import write_session
from app.kit.deps import Runtime
from app.kit.migrations import upgrade
from app.kit.occasions import Occasion
from app.members import service as members
from app.members.tables import Community
from app.metrics import publishing as figures
from app.milestones import watching as milestones
from app.notifications.reading import read_journals
from app.reports.digest import making as weeks
from app.reports.support import making as reports
from app.reports.support import service as support
from app.settings import Settings
from app.stories.effort import service as effort


@dataclass(frozen=True)
class Prepared:
    """What the demo is served with."""

    settings: Settings
    lines: str
    """To print."""
    mails: Path
    """The file into which mails are written."""
    secret: str | None
    """That of the receiver, while something is sent to it."""


def prepare(folder: Path, port: int) -> Prepared:
    """Seeds the demo (once), and writes its badges and sample deliveries into `folder`/demo."""
    place = folder / "demo"
    database = place / f"laurels-{port}.db"
    settings = Settings(
        database_url=f"sqlite:///{database}",
        public_url=f"http://127.0.0.1:{port}",
        state_dir=place / "state",
        mail="off",
        allow_loopback=True,  # the receiver is here
    )
    runtime = Runtime.of(settings)
    if settings.admin_token is None:
        settings = settings.model_copy(update={"admin_token": SecretStr(runtime.ids.secret())})
    upgrade(runtime.engine)
    _ = runtime.installation
    try:
        with _first_time(runtime) as session:
            first = session is not None
            if session is not None:
                _seed(session, runtime)
        while any(job.run(runtime, runtime.clock()) for job in milestones.JOBS):
            pass  # who has met one is asked whether they want the badge
        _count(runtime)
        while read_journals(runtime, runtime.clock()):
            pass  # what happened so far is in the feeds; from now on mails are shown, too
        with write_session(runtime.engine) as session:
            community = members.community_by_slug(session, SLUG)
            if first:
                _publish(session, runtime, community)
            return Prepared(
                settings.model_copy(update={"mail": "console"}),
                lines(session, runtime, place),
                place / MAILS,
                receiver_secret(session, runtime, community),
            )
    finally:
        runtime.engine.dispose()


@contextmanager
def _first_time(runtime: Runtime) -> Iterator[Session | None]:
    with write_session(runtime.engine) as session:
        known = session.exec(select(Community).where(Community.slug == SLUG)).first()
        yield None if known else session


def _seed(session: Session, runtime: Runtime) -> None:
    """The community with its people and what can be earned, and then all that happened, in its order."""
    now = runtime.clock()
    calendar = Calendar(now)
    start = Occasion(actor="demo", now=calendar.began, ids=runtime.ids)
    community = issuers.found(
        session,
        slug=SLUG,
        name=NAME,
        description="A fictional community of people who teach each other how to look after what is shared.",
        url=SITE,
        email="hello@lantern-commons.example",
        at=runtime.installation,
        on=start,
    )
    stage = Stage(session, runtime, community, now)
    for handle, person in PEOPLE.items():
        if not person.came:
            enters(stage, handle, start)
    for kind in BADGES:
        version = achievements.create(session, community, _wording(kind), on=start)
        stage.earned[kind] = str(version.achievement_id)
    tales = (HISTORY, DOINGS, WORKS, PLATFORM_SCENES, *TALES.values())
    play(stage, a_year(calendar), calendar.dated(ANNALS), asked(calendar), *tales)


def _count(runtime: Runtime) -> None:
    """What all that comes to, so that it is there when the lines say so.

    The figures of the first quarter come out as it is over: those of a community that has none yet look back for little
    more than a year, and from there on they follow each other.
    """
    began = Calendar(runtime.clock()).quarters[0]
    for now, jobs in (
        (began.end + 2 * figures.SETTLING, figures.JOBS),
        (runtime.clock(), (*effort.JOBS, *figures.JOBS, *weeks.JOBS, *reports.JOBS)),
    ):
        while any(job.run(runtime, now) for job in jobs):
            pass


def _publish(session: Session, runtime: Runtime, community: Community) -> None:
    """Ana lets everyone read what the last quarter came to."""
    now = runtime.clock()
    report = support.report_of(session, community, support.period_of(None, now=now))
    ana = members.member_named(session, community, "ana")
    support.publish(session, report, indexed=False, on=Occasion(actor=str(ana.id), now=now, ids=runtime.ids))


def _wording(kind: str) -> Wording:
    said = BADGES[kind]
    return Wording(
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
        value_to_member=said["to_member"],
        value_to_community=said["to_community"],
    )
