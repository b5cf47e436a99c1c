"""Doors: credentials, answered by whom they are about, and looked after. They are awarded in `awarding_api`."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field, Strict
from sqlmodel import Session, col, select

from app.credentials import answering, claiming, service
from app.credentials.editions import newest_edition
from app.credentials.rules import Act, Cause, Visibility
from app.credentials.service import NoSuchCredential
from app.credentials.tables import Credential, Recipient
from app.credentials.views import CredentialOut, looked_after, managed, shown, shown_with
from app.kit.access import public
from app.kit.deps import NowDep, ReadSessionDep, RuntimeDep, SessionDep
from app.kit.errors import Forbidden
from app.kit.idempotency import once
from app.kit.occasions import Occasion
from app.kit.paging import Listing, PageDep, page
from app.kit.schemas import In, Prose
from app.kit.strict import router as strict_router
from app.members.auth import Caller, Holding, HoldingIn, SignedIn, is_recipient, occasion, require_own
from app.members.rules import Scope
from app.members.service import community_by_slug

router = strict_router(tags=["credentials"])

Awarder = Annotated[Caller, Depends(HoldingIn(Scope.awards_write))]
Revoker = Annotated[Caller, Depends(Holding(Scope.credentials_revoke))]
Somebody = Annotated[Caller, Depends(SignedIn())]

Reason = Annotated[Prose, Field(min_length=1, max_length=500)]


class CredentialAnswerIn(In):
    """The recipient's answer."""

    response: Literal["accept", "refuse"]
    visibility: Annotated[Visibility, Strict(False)] = Visibility.private
    participation: bool = Field(
        default=False,
        description="True has what you took part in signed with the badge, where the offer tells of that; else it is "
        "left out.",
    )
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="Of what you read, as the offer says it: with another one, nothing is answered."
    )


class VisibilityIn(In):
    """Who sees it from now on."""

    visibility: Annotated[Visibility, Strict(False)]


class ReasonIn(In):
    """Why; shown to whoever verifies the badge."""

    reason: Reason


class RevocationIn(ReasonIn):
    """Why it ends, in words and perhaps in a word that programs compare; both shown to whoever verifies the badge."""

    cause: Annotated[Cause, Strict(False)] | None = Field(
        default=None, description="`purchased`: somebody paid for it. `untrue`: what it says did not happen."
    )


class ClaimOut(CredentialOut):
    """A credential that was answered for with its claim link.

    `signed` is the accepted credential, shown this once: without a token nobody can fetch one that is not public.
    """

    signed: str | None
    """Open Badges 3.0 as JSON, byte for byte."""


@router.get("/v1/communities/{c}/credentials")
def list_credentials(
    c: str, caller: Awarder, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep, pages: PageDep
) -> Listing[CredentialOut]:
    """List what a community awarded, newest first."""
    community = community_by_slug(session, c)
    rows = select(Credential).where(Credential.community_id == community.id)
    if not caller.stewards(community.id):
        rows = rows.where(Credential.awarded_by == caller.actor)
    found = page(session, rows, pages.window, by=[Credential.row], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda row: shown(session, row, runtime, now, caller))


@router.get("/v1/communities/{c}/credentials/{id}")
def read_credential_of_community(
    c: str, id: str, caller: Awarder, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """One credential of a community, for its stewards and whoever awarded it."""
    credential = looked_after(session, id, caller)
    if credential.community_id != community_by_slug(session, c).id:
        raise NoSuchCredential(f"{c} awarded no credential {id}.")
    return shown(session, credential, runtime, now, caller)


@router.get("/v1/credentials")
def list_own_credentials(
    caller: Somebody, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep, pages: PageDep
) -> Listing[CredentialOut]:
    """List what you were offered and hold, newest first."""
    mine = select(Recipient.id).where(col(Recipient.member_id).is_not(None), Recipient.member_id == caller.member)
    rows = select(Credential).where(col(Credential.recipient_id).in_(mine))
    found = page(session, rows, pages.window, by=[Credential.row], newest_first=True)  # type: ignore[list-item]
    return pages.show(found, lambda row: shown(session, row, runtime, now, caller))


@router.get("/v1/credentials/{id}")
def read_credential(
    id: str, caller: Somebody, session: ReadSessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """One credential, for its recipient, its stewards and whoever awarded it."""
    return shown(session, looked_after(session, id, caller), runtime, now, caller)


@router.post("/v1/credentials/{id}/response")
@once
def answer(
    id: str, body: CredentialAnswerIn, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """Accept or refuse what you were offered; nobody can do it for you."""
    credential = _own(session, id, caller, "Only the recipient answers an offer.")
    if body.participation or body.digest is not None:
        require_own(caller)  # nobody answers to what is not told to them
    credential = answering.answer(
        session,
        credential,
        Act(body.response),
        body.visibility,
        by="token",
        with_participation=body.participation,
        read=body.digest,
        at=runtime.installation,
        on=occasion(caller, runtime, now),
    )
    return shown(session, credential, runtime, now, caller)


@router.post("/v1/credentials/{id}/visibility")
@once
def show_to(
    id: str, body: VisibilityIn, caller: Somebody, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """Hide a badge of yours at once and in every form, or show it to more people. Copies of it stay valid."""
    credential = _own(session, id, caller, "Only the recipient says who sees it.")
    credential = service.show_to(session, credential, body.visibility, on=occasion(caller, runtime, now))
    return shown(session, credential, runtime, now, caller)


@router.post("/v1/claims/{secret}", dependencies=[public])
@once
def answer_claim(
    secret: str, body: CredentialAnswerIn, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> ClaimOut:
    """Answer an offer with its single-use claim link, without a token."""
    credential = claiming.answer_claim(
        session,
        secret,
        Act(body.response),
        body.visibility,
        with_participation=body.participation,
        read=body.digest,
        at=runtime.installation,
        on=Occasion(actor="recipient", now=now, ids=runtime.ids),
    )
    recipient = session.get_one(Recipient, credential.recipient_id)
    answered = shown_with(session, credential, recipient, runtime, now)
    signed = newest_edition(session, credential).data_integrity if credential.awarded_at else None
    return ClaimOut(**dict(answered), signed=signed)


@router.post("/v1/credentials/{id}/revoke")
@once
def revoke(
    id: str, body: RevocationIn, caller: Revoker, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """Revoke a credential, for ever."""
    credential = managed(session, id, caller)
    at, on = runtime.installation, occasion(caller, runtime, now)
    service.revoke(session, credential, body.reason, cause=body.cause, at=at, on=on)
    return shown(session, credential, runtime, now, caller)


@router.post("/v1/credentials/{id}/suspend")
@once
def suspend(
    id: str, body: ReasonIn, caller: Revoker, session: SessionDep, runtime: RuntimeDep, now: NowDep
) -> CredentialOut:
    """Set a credential aside until it is reinstated, where the achievement's policy allows it."""
    credential = managed(session, id, caller)
    service.suspend(session, credential, body.reason, at=runtime.installation, on=occasion(caller, runtime, now))
    return shown(session, credential, runtime, now, caller)


@router.post("/v1/credentials/{id}/reinstate")
@once
def reinstate(id: str, caller: Revoker, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> CredentialOut:
    """Put a suspended credential back into force."""
    credential = managed(session, id, caller)
    service.reinstate(session, credential, at=runtime.installation, on=occasion(caller, runtime, now))
    return shown(session, credential, runtime, now, caller)


def _own(session: Session, id: str, caller: Caller, refusal: str) -> Credential:
    """The credential, for its recipient in person. Raises `NoSuchCredential`, `Forbidden`."""
    credential = looked_after(session, id, caller)
    if not is_recipient(caller, session.get_one(Recipient, credential.recipient_id).member_id):
        raise Forbidden(refusal, fix="Use the recipient's own token.")
    return credential
