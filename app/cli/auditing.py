"""Looking at journals from the command line: a line for each, which names what is broken."""

from app.cli.installing import here
from app.cli.talking import Status
from app.kit.database import read_session
from app.kit.journal import examine
from app.members.service import community_by_slug, every_community
from app.settings import Settings


def verify_journals(slug: str | None) -> Status:
    """Prints how it stands with the journal of a community, or of all: whether it holds, its end and its head.

    Raises `NoSuchCommunity`, `NotMigrated`.
    """
    runtime, status = here(Settings()), Status.verified
    with read_session(runtime.engine) as session:
        chosen = every_community(session) if slug is None else [community_by_slug(session, slug)]
        communities = [(community.id, community.slug) for community in chosen]
    for id, name in communities:
        with read_session(runtime.engine) as session:
            found = examine(session, id)
        broken = found.first_broken is not None
        print(f"{name}\t{f'broken at event {found.first_broken}' if broken else 'holds'}\t{found.seq}\t{found.head}")
        status = Status.not_verified if broken else status
    return status
