"""Working published figures out again from the command line: a line for each."""

from app.cli.installing import here
from app.cli.talking import Status
from app.kit.database import read_session, still_session
from app.members.service import community_by_slug, every_community
from app.metrics.recomputing import Again, held_against
from app.settings import Settings


def verify_figures(slug: str | None) -> Status:
    """Prints what came of each published family of figures of a community, or of all.

    Raises `NoSuchCommunity`, `NotMigrated`.
    """
    runtime, status = here(Settings()), Status.verified
    with read_session(runtime.engine) as session:
        communities = every_community(session) if slug is None else [community_by_slug(session, slug)]
    for community in communities:
        with still_session(runtime.engine) as session:
            for held in held_against(session, community):
                print(f"{community.slug}\t{held.period}\t{held.family}\t{held.again}")
                status = Status.not_verified if held.again is Again.differs else status
    return status
