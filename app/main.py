"""The service, from its parts."""

import sys
from datetime import datetime, timedelta

from fastapi import APIRouter, FastAPI
from sqlmodel import Session

import badges
from app import __version__
from app.achievements.api import router as achievements
from app.achievements.proposals_api import router as proposals
from app.achievements.published import publication as achievement_documents
from app.audit.api import router as audit
from app.audit.trails_api import router as trails
from app.contributions.api import router as contributions
from app.contributions.imports_api import router as contribution_imports
from app.contributions.own_api import router as own_counting
from app.contributions.types_api import router as contribution_types
from app.credentials.api import router as credentials
from app.credentials.awarding_api import router as awards
from app.credentials.participation_published import publication as participation_documents
from app.credentials.published import publication as credential_documents
from app.credentials.service import any_signed
from app.endorsements.api import router as endorsements
from app.endorsements.published import publication as endorsement_documents
from app.endorsements.requests_api import router as endorsement_requests
from app.issuers.api import router as issuers
from app.issuers.published import publication as issuer_documents
from app.kit.assembly import assemble
from app.kit.clock import Clock, system_clock
from app.kit.database import write_session
from app.kit.deps import Runtime
from app.kit.ids import Ids
from app.kit.installation import settle_address
from app.kit.journal import newest
from app.kit.mail import Send
from app.kit.occasions import Occasion
from app.kit.posting import Poster
from app.members.addresses import fill_in
from app.members.api import router as members
from app.members.auth import Visitor
from app.members.tokens import first_admin_token
from app.metrics.api import router as metrics
from app.metrics.course_api import router as course
from app.metrics.maturity_api import router as maturity
from app.metrics.mirror_api import router as mirror
from app.metrics.persons_api import router as metrics_of_persons
from app.milestones.api import router as milestones
from app.milestones.published import publication as milestone_documents
from app.nominations.api import router as nominations
from app.nominations.consent_api import router as consent
from app.nominations.mine_api import router as own_nominations
from app.nominations.moderation_api import router as moderation
from app.nominations.offers_api import router as offers
from app.nominations.panel_api import router as panels
from app.nominations.queue_api import router as queue
from app.nominations.review_api import router as reviews
from app.nominations.seconding_api import router as seconds
from app.nominations.thanks.api import router as thanks
from app.nominations.wishes_api import router as wishes
from app.notifications.api import router as notifications
from app.pages.api import router as pages
from app.pages.api import shared_addresses, verifying
from app.pages.community_api import router as community_pages
from app.pages.data_api import router as data_pages
from app.pages.interest_api import router as interest_pages
from app.pages.offers_api import router as offer_pages
from app.pages.polls_api import router as poll_pages
from app.pages.rendering import problem_page
from app.pages.share_api import router as shares
from app.pages.tokens_api import router as token_pages
from app.pages.vouch_api import router as vouch_pages
from app.portfolio.api import router as portfolios
from app.portfolio.imports_api import router as imported
from app.portfolio.links_api import router as portfolio_links
from app.portfolio.showing import router as presentations
from app.privacy.api import router as privacy
from app.privacy.owning_api import router as own_tokens
from app.reports.charts.api import router as charts
from app.reports.digest.api import router as digests
from app.reports.digest.own_api import by_secret as digest_feeds
from app.reports.digest.own_api import router as own_introduction
from app.reports.support.api import router as support_reports
from app.settings import Settings
from app.sources.api import router as sources
from app.sources.hooks_api import router as hooks
from app.sources.identities_api import router as own_accounts
from app.sources.rules_api import router as source_rules
from app.stories.api import router as stories
from app.stories.artefacts.api import router as artefacts
from app.stories.effort.api import router as effort
from app.stories.needs.api import router as needs
from app.stories.uptake.api import router as uptake
from app.surveys.api import router as surveys
from app.surveys.poll_api import router as polls
from app.surveys.words_api import router as survey_words
from app.verifier.api import router as verifier
from app.webhooks.api import router as webhooks
from app.webhooks.deliveries_api import router as deliveries
from app.webhooks.events_api import router as events

CLOCK_TOLERANCE = timedelta(minutes=5)
"""By how much two machines of one installation may disagree."""

_visitor = Visitor()

ROUTERS: tuple[APIRouter, ...] = (
    members,
    issuers,
    achievements,
    proposals,
    contribution_types,
    contribution_imports,
    contributions,
    own_counting,
    awards,
    credentials,
    endorsements,
    endorsement_requests,
    nominations,
    seconds,
    offers,
    consent,
    own_nominations,
    queue,
    moderation,
    wishes,
    reviews,
    panels,
    audit,
    trails,
    thanks,
    milestones,
    surveys,
    polls,
    survey_words,
    stories,
    uptake,
    needs,
    artefacts,
    effort,
    metrics_of_persons,
    mirror,
    metrics,
    maturity,
    course,
    charts,
    digests,
    digest_feeds,
    own_introduction,
    support_reports,
    verifier,
    notifications,
    portfolios,
    portfolio_links,
    imported,
    privacy,
    own_tokens,
    webhooks,
    deliveries,
    presentations,
    sources,
    source_rules,
    hooks,
    own_accounts,
    issuer_documents.router(_visitor),
    # Before the documents that share their first segment: `/credentials/{id}.html` before `/credentials/{id}`.
    pages,
    community_pages,
    offer_pages,
    shares,
    vouch_pages,
    data_pages,
    token_pages,
    interest_pages,
    poll_pages,
    verifying,
    achievement_documents.router(_visitor),
    credential_documents.router(_visitor),
    participation_documents.router(_visitor),
    endorsement_documents.router(_visitor),
    milestone_documents.router(_visitor),
    shared_addresses,
)
"""What each capability serves; the first route that matches an address answers it."""


def create_app(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    ids: Ids | None = None,
    fetch: badges.Fetch | None = None,
    send: Send | None = None,
    post: Poster | None = None,
) -> FastAPI:
    """The application. Stand-ins for time, ids, the network and mail come in here, and nowhere else."""
    return assemble(
        Runtime.of(settings, clock=clock, ids=ids, fetch=fetch, send=send, post=post),
        ROUTERS,
        webhooks=events,
        title="Laurels",
        description="Peers recognise peers, and the thanks becomes an Open Badge that anyone can verify.",
        version=__version__,
        problem_page=problem_page,
        on_start=_start,
    )


def _start(runtime: Runtime) -> None:
    """What every start makes sure of; raises rather than serve badges under an address that is not theirs."""
    with write_session(runtime.engine) as session:
        _refuse_to_go_back(session, runtime.clock())
        settle_address(session, runtime.installation, badges_exist=any_signed(session))
        fill_in(session, at=runtime.installation)
        if runtime.settings.admin_token is None:
            on = Occasion(actor="system", now=runtime.clock(), ids=runtime.ids)
            _show_once(first_admin_token(session, on=on))


class ClockBehind(RuntimeError):
    """The clock says that it is earlier than what has happened already."""


def _refuse_to_go_back(session: Session, now: datetime) -> None:
    """Badges dated before those that are there could not be told from back-dated ones. Raises `ClockBehind`."""
    last = newest(session)
    if last is not None and now < last - CLOCK_TOLERANCE:
        raise ClockBehind(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, but the journal ends at {last:%Y-%m-%d %H:%M}: set it."
        )


def _show_once(secret: str | None) -> None:
    if secret is not None:
        sys.stdout.write(f"The admin token of this installation, shown this once:\n\n    {secret}\n\n")
        sys.stdout.flush()
