"""Comprehensive Learner Record 2.0: credentials of somebody put together, and signed as a collection."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from badges.documents import Document
from badges.models import Listed, Model, Types, Uri, When, including
from badges.ob3.profiles import IdentityObject
from badges.ob3.verifiable import CONTEXTS, Contexts, VerifiableCredential

CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
RECORD_CONTEXTS = (CONTEXTS[0], CONTEXT, *CONTEXTS[1:])


def _at_least_one(credentials: tuple[Any, ...]) -> tuple[Any, ...]:
    if not credentials:
        raise ValueError("a record holds at least one credential")
    return credentials


class ClrSubject(Model):
    """CLR 2.0, ClrSubject: whose record it is, and the credentials in it, each with the proof that it came with."""

    id: Uri | None = None
    type: Annotated[Types, including("ClrSubject")] = ("ClrSubject",)
    identifier: Listed[IdentityObject] = ()
    verifiable_credential: Annotated[Listed[Document], AfterValidator(_at_least_one)]


class ClrCredential(VerifiableCredential):
    """CLR 2.0, ClrCredential: its issuer vouches for the collection, and for what is in it only who signed that."""

    type: Annotated[Types, including("VerifiableCredential"), including("ClrCredential")] = (
        "VerifiableCredential",
        "ClrCredential",
    )
    name: str
    valid_from: When
    partial: bool | None = None
    """Whether its issuer knows of more."""
    credential_subject: ClrSubject
    context: Contexts = Field(default=RECORD_CONTEXTS, alias="@context")
