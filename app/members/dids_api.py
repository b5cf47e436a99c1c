"""Doors: the DIDs of whoever calls, each proven by signing a challenge."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlmodel import col, select

import badges
from app.kit.addresses import Did
from app.kit.database import read_session
from app.kit.deps import NowDep, ReadSessionDep, Runtime, RuntimeDep, SessionDep
from app.kit.errors import Conflict, Forbidden, NotFound
from app.kit.idempotency import once
from app.kit.pacing import Deadline, until
from app.kit.paging import Listing, PageDep, page
from app.kit.pools import Turn
from app.kit.schemas import In, Out, Signed
from app.kit.strict import router as strict_router
from app.members import dids
from app.members.auth import Caller, SignedIn, occasion
from app.members.tables import MemberDid

router = strict_router()

Oneself = Annotated[Caller, Depends(SignedIn("a member or steward, about themself"))]

SECONDS = 10.0
"""After so long nobody is asked for a DID's document any more."""


class DidIn(In):
    """A DID of yours."""

    did: Did = Field(
        description="did:key, did:web or did:jwk.",
        examples=["did:web:ana.example"],
    )


class DidChallenge(Out):
    """What is to be signed, with an authentication or assertion key of the DID."""

    challenge: str
    """As `challenge` of the proof, or `nonce` of the token."""
    domain: str
    """As `domain` of the proof, or `aud` of the token. It stands for this claim alone: sign for none but your own."""
    expires_at: datetime


class DidOut(Out):
    """A DID of yours."""

    id: UUID
    did: str
    proven_at: datetime | None
    """Null until its challenge is answered."""
    challenge: DidChallenge | None
    """Null once it is answered."""


class DidProofIn(In):
    """A VerifiablePresentation for the challenge, with no credentials in it."""

    presentation: Signed = Field(description="JSON with a Data Integrity proof, or a VC-JWT (`vp+jwt`).")


@router.post("/v1/me/dids", status_code=201)
@once
def begin_did(body: DidIn, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> DidOut:
    """Say that a DID is yours: the answer holds the challenge to sign, which is open for ten minutes."""
    return _shown(dids.begin(session, _person(caller), body.did, on=occasion(caller, runtime, now)), runtime)


@router.get("/v1/me/dids")
def list_dids(caller: Oneself, session: ReadSessionDep, runtime: RuntimeDep, pages: PageDep) -> Listing[DidOut]:
    """List your DIDs, with those that are yet to be proven."""
    rows = select(MemberDid).where(col(MemberDid.member_id).is_not(None), MemberDid.member_id == caller.member)
    return pages.show(page(session, rows, pages.window, by=[col(MemberDid.id)]), lambda row: _shown(row, runtime))


@router.get("/v1/me/dids/{did_id}")
def read_did(did_id: str, caller: Oneself, session: ReadSessionDep, runtime: RuntimeDep) -> DidOut:
    """One DID of yours."""
    return _shown(dids.did_of(session, _person(caller), did_id), runtime)


async def _looked_at(
    did_id: str, body: DidProofIn, caller: Oneself, runtime: RuntimeDep, now: NowDep
) -> dids.Shown | NotFound | Conflict:
    """What a presentation shows, asked of whoever serves the DID before anything is locked."""
    looking = partial(_look, runtime, _person(caller), did_id, body, now)
    found: dids.Shown | NotFound | Conflict = await runtime.verifiers.run(looking)
    return found


def _look(
    runtime: Runtime, member: UUID, did_id: str, body: DidProofIn, now: datetime, turn: Turn
) -> dids.Shown | NotFound | Conflict:
    with read_session(runtime.engine) as session:
        try:
            row = dids.asked(session, member, did_id, now=now)
        except (NotFound, Conflict) as refusal:
            return refusal  # unless the call is repeated under its key, for which it was answered
        did, challenge, domain = row.did, row.challenge or "", _domain(row, runtime)
    given = body.presentation if isinstance(body.presentation, str) else badges.serialize(body.presentation)
    fetch = until(Deadline(SECONDS), turn.aside(runtime.fetch))
    said = {"challenge": challenge, "domain": domain}
    return dids.Shown(challenge, badges.control(did, given, **said, empty=True, fetch=fetch, now=now))


@router.post("/v1/me/dids/{did_id}/proof")
@once
def prove_did(
    did_id: str,
    shown: Annotated[dids.Shown | NotFound | Conflict, Depends(_looked_at)],
    caller: Oneself,
    session: SessionDep,
    runtime: RuntimeDep,
    now: NowDep,
) -> DidOut:
    """Prove that a DID is yours, by a presentation that its key signed for the challenge and the domain."""
    if not isinstance(shown, dids.Shown):
        raise shown
    return _shown(dids.prove(session, _person(caller), did_id, shown, on=occasion(caller, runtime, now)), runtime)


@router.delete("/v1/me/dids/{did_id}")
def remove_did(did_id: str, caller: Oneself, session: SessionDep, runtime: RuntimeDep, now: NowDep) -> DidOut:
    """Remove a DID: what was signed with it stays as it is."""
    return _shown(dids.remove(session, _person(caller), did_id, on=occasion(caller, runtime, now)), runtime)


def _person(caller: Caller) -> UUID:
    if caller.member is None:
        raise Forbidden("Only a person has DIDs.", fix="Use the token of a member.")
    return caller.member


def _shown(row: MemberDid, runtime: Runtime) -> DidOut:
    waits = None
    if row.challenge is not None:
        domain = _domain(row, runtime)
        waits = DidChallenge(challenge=row.challenge, domain=domain, expires_at=row.challenge_ends)
    return DidOut(id=row.id, did=row.did, proven_at=row.proven_at, challenge=waits)


def _domain(row: MemberDid, runtime: Runtime) -> str:
    """For what alone the proof is signed: whoever is asked to sign for it reads that a DID is to become somebody's."""
    return f"{runtime.installation.public_url}/v1/me/dids/{row.id}"
